# The developer's verbs; all state is in build/.

NGINX_SRC ?= /usr/share/nginx/src
BUILD     := $(CURDIR)/build
SOURCES   := $(wildcard ngx_xpecto_module/*.[ch] ngx_xpecto_module/*/*.[ch])

all: $(BUILD)/ngx_xpecto_module.so

$(BUILD)/ngx_xpecto_module.so: config $(SOURCES)
	@tools/build-dynamic $(NGINX_SRC) $(BUILD)

clean:
	rm -rf $(BUILD)

.PHONY: all clean
