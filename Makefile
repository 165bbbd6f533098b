# The developer's verbs; all state is in build/.  docs/develop.md explains.

NGINX_SRC    ?= /usr/share/nginx/src
NGX          ?= 1.22.1
FUZZ_SECONDS ?= 60
T            ?= $(wildcard t/*.t)

BUILD        := $(CURDIR)/build
SOURCES      := $(wildcard ngx_xpecto_module/*.[ch] ngx_xpecto_module/*/*.[ch])
UNITS        := $(patsubst t/unit/%.c,build/unit/%,$(wildcard t/unit/*.c))
FUZZERS      := $(patsubst t/fuzz/%.c,build/fuzz/%,$(wildcard t/fuzz/*.c))

WARN         := -std=c99 -pedantic -Wall -Wextra -Wshadow -Wconversion -Werror
SAN          := -fsanitize=address,undefined -fno-sanitize-recover=undefined
CORE_INC     := -Ingx_xpecto_module -Ingx_xpecto_module/core
UNIT_CFLAGS  := -g -O1 -fno-omit-frame-pointer $(WARN) $(SAN) $(CORE_INC)
FUZZ_CFLAGS  := -g -O1 -std=c99 $(CORE_INC) \
                -fsanitize=fuzzer-no-link,address,undefined

all: $(BUILD)/ngx_xpecto_module.so

$(BUILD)/ngx_xpecto_module.so: config tools/build-dynamic $(SOURCES)
	@tools/build-dynamic $(NGINX_SRC) $(BUILD)


# A test of core names what it is linked with in one comment,
#
#     /* links: core/xpecto_phone.c data/xpecto_numbering.c -lcrypto */

links = $(shell sed -n '/^.\* links:/,/\*\//{s|.*links:||;s|\*/||;p}' $(1))
objs  = $(patsubst %.c,$(1)/ngx_xpecto_module/%.o,$(filter %.c,$(2)))

define unit
build/unit/$(1): build/unit/o/t/unit/$(1).o $(call objs,build/unit/o,$(2))
	gcc $$(SAN) $$^ $(filter -l%,$(2)) -lcmocka -o $$@
endef

define fuzzer
build/fuzz/$(1): build/fuzz/o/t/fuzz/$(1).o $(call objs,build/fuzz/o,$(2))
	clang -fsanitize=fuzzer,address,undefined $$^ $(filter -l%,$(2)) -o $$@
endef

$(foreach u,$(notdir $(UNITS)), \
    $(eval $(call unit,$(u),$(call links,t/unit/$(u).c))))
$(foreach f,$(notdir $(FUZZERS)), \
    $(eval $(call fuzzer,$(f),$(call links,t/fuzz/$(f).c))))

build/unit/o/%.o: %.c Makefile
	@mkdir -p $(@D)
	gcc $(UNIT_CFLAGS) -MMD -MP -c $< -o $@

build/fuzz/o/%.o: %.c Makefile
	@mkdir -p $(@D)
	clang $(FUZZ_CFLAGS) -MMD -MP -c $< -o $@

-include $(shell find build/unit/o build/fuzz/o -name '*.d' 2>/dev/null)

units:
	@$(MAKE) -s -j2 $(UNITS)

unit: units
	@tools/prove $(UNITS)

test: all units
	@tools/prove $(UNITS) $(T)

# the transfer decision against the reference in Python, SEED=n for others

SEED         ?= 1

reference: build/unit/xpecto_transfer_basis
	@t/reference/vectors.py --check
	@t/reference/vectors.py --fuzz $(SEED) 5000 build/vectors.json
	@XPECTO_VECTORS=build/vectors.json tools/prove $<

# the modes: the same .t files

static:
	@tools/build-static $(NGX) $(BUILD)/static-$(NGX)

test-static: static
	@XPECTO_STATIC=1 TEST_NGINX_BINARY=$(BUILD)/static-$(NGX)/nginx \
	    tools/prove $(T)

test-asan:
	@tools/build-static 1.22.1 $(BUILD)/asan sanitize
	@tools/test-asan $(T)

test-valgrind: all
	@tools/test-valgrind $(T)

test-hup: all
	@TEST_NGINX_USE_HUP=1 tools/prove $(T)

test-promises: all
	@tools/test-promises docs/promises.md

fuzz:
	@tools/deps fuzz
	@$(MAKE) -s -j2 $(FUZZERS)
	@tools/fuzz $(FUZZ_SECONDS) $(FUZZERS)

lint:
	@tools/lint

sizes:
	@tools/sizes

build/bench/tokens: bench/tokens.c $(SOURCES)
	@mkdir -p $(@D)
	gcc -g -O2 $(WARN) $(CORE_INC) $< $(patsubst %.c,ngx_xpecto_module/%.c,\
	    $(call links,$<)) -o $@

build/bench/transfer: bench/transfer.c $(SOURCES)
	@mkdir -p $(@D)
	gcc -g -O2 $(WARN) $(CORE_INC) $< $(patsubst %.c,ngx_xpecto_module/%.c,\
	    $(filter %.c,$(call links,$<))) $(filter -l%,$(call links,$<)) -o $@

build/bench/place: bench/place.c $(SOURCES)
	@mkdir -p $(@D)
	gcc -g -O2 $(WARN) $(CORE_INC) $< $(patsubst %,ngx_xpecto_module/%,\
	    $(filter %.c,$(call links,$<))) -lmaxminddb -o $@

build/bench/mmdb: bench/mmdb.c
	@mkdir -p $(@D)
	gcc -g -O2 $(WARN) -D_DEFAULT_SOURCE $< -o $@

bench: all
	@tools/deps bench
	@bench/run

run:
	@tools/run

dist:
	@tools/dist

clean:
	rm -rf $(BUILD)

.PHONY: all units unit test reference static test-static test-asan test-valgrind \
        test-hup test-promises fuzz lint sizes bench run dist clean
