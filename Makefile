# The developer's verbs; all state is in build/.  docs/develop.md explains.

NGINX_SRC    ?= /usr/share/nginx/src
NGX          ?= 1.22.1
FUZZ_SECONDS ?= 60
T            ?= $(wildcard t/*.t)
PREFIX       ?= /usr/local

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

all: $(BUILD)/ngx_xpecto_module.so $(BUILD)/xpecto-redact

$(BUILD)/ngx_xpecto_module.so: config tools/build-dynamic $(SOURCES)
	@tools/build-dynamic $(NGINX_SRC) $(BUILD)


# the command in C, with the very objects of the module's core

$(BUILD)/xpecto-redact: tools/xpecto-redact.c $(BUILD)/ngx_xpecto_module.so
	@rm -f $(BUILD)/core.a
	@ar rcs $(BUILD)/core.a $(BUILD)/dynamic/addon/core/*.o \
	    $(BUILD)/dynamic/addon/data/*.o
	@gcc -g -O2 $(WARN) $(CORE_INC) $< $(BUILD)/core.a -lcrypto -o $@
	@echo "built $@"


# A test of core takes from the archive what it needs.

LIBS         := -Wl,--as-needed -lcrypto -ljansson -lmaxminddb
CORE_OBJS    := $(patsubst %.c,%.o,$(wildcard ngx_xpecto_module/core/*.c \
                    ngx_xpecto_module/data/*.c))

build/unit/core.a: $(addprefix build/unit/o/,$(CORE_OBJS))
	@rm -f $@
	ar rcs $@ $^

build/fuzz/core.a: $(addprefix build/fuzz/o/,$(CORE_OBJS))
	@rm -f $@
	ar rcs $@ $^

$(UNITS): build/unit/%: build/unit/o/t/unit/%.o build/unit/core.a
	gcc $(SAN) $^ -lcmocka $(LIBS) -lpthread -o $@

$(FUZZERS): build/fuzz/%: build/fuzz/o/t/fuzz/%.o build/fuzz/core.a
	clang -fsanitize=fuzzer,address,undefined $^ $(LIBS) -o $@

build/unit/o/%.o: %.c Makefile
	@mkdir -p $(@D)
	gcc $(UNIT_CFLAGS) -MMD -MP -c $< -o $@

build/fuzz/o/%.o: %.c Makefile
	@mkdir -p $(@D)
	clang $(FUZZ_CFLAGS) -MMD -MP -c $< -o $@

-include $(shell find build/*/o -name '*.d' 2>/dev/null)

units:
	@$(MAKE) -s -j2 $(UNITS)

unit: units
	@tools/prove $(UNITS)

test: all units
	@tools/prove $(UNITS) $(T)

# the transfer decision and the limits against the references in Python,
# SEED=n for others

SEED         ?= 1

reference: build/unit/xpecto_transfer_basis build/unit/xpecto_trace
	@t/reference/vectors.py --check
	@t/reference/vectors.py --fuzz $(SEED) 5000 build/vectors.json
	@XPECTO_VECTORS=build/vectors.json tools/prove $<
	@t/reference/limits.py | cmp - t/data/traces.txt
	@t/reference/limits.py $(SEED) 300 > build/traces.txt
	@XPECTO_TRACES=build/traces.txt tools/prove build/unit/xpecto_trace

# the modes: the same .t files

static:
	@tools/build-static $(NGX) $(BUILD)/static-$(NGX)

# those of .ci/run, one after the other: they share the sources

builds:
	@$(MAKE) -s static NGX=1.22.1
	@$(MAKE) -s static NGX=1.26.3
	@$(MAKE) -s asan

test-static: static $(BUILD)/xpecto-redact
	@XPECTO_STATIC=1 TEST_NGINX_BINARY=$(BUILD)/static-$(NGX)/nginx \
	    tools/prove $(T)

asan:
	@tools/build-static 1.22.1 $(BUILD)/asan sanitize

test-asan: asan $(BUILD)/xpecto-redact
	@tools/test-asan $(T)

# threads in place of processes, and what is not atomic between them

build/tsan/o/%.o: %.c Makefile
	@mkdir -p $(@D)
	gcc -g -O1 $(WARN) $(CORE_INC) -fsanitize=thread -MMD -MP -c $< -o $@

build/tsan/core.a: $(addprefix build/tsan/o/,$(CORE_OBJS))
	@rm -f $@
	ar rcs $@ $^

build/tsan/threads-limit: build/tsan/o/t/unit/threads-limit.o \
        build/tsan/core.a
	gcc -fsanitize=thread $^ -lcmocka $(LIBS) -lpthread -o $@

test-tsan: build/tsan/threads-limit
	@tools/prove $<

test-valgrind: all
	@tools/test-valgrind $(T)

test-hup: all
	@TEST_NGINX_USE_HUP=1 tools/prove $(T)

test-promises: all
	@tools/test-promises docs/promises.md

test-arm64:
	@tools/deps arm64
	@tools/test-arm64

fuzz:
	@tools/deps fuzz
	@$(MAKE) -s -j2 $(FUZZERS)
	@tools/fuzz $(FUZZ_SECONDS) $(FUZZERS)

numbering:
	@tools/check-numbering

lint:
	@tools/lint

sizes:
	@tools/sizes

build/bench/o/%.o: %.c Makefile
	@mkdir -p $(@D)
	gcc -g -O2 $(WARN) $(CORE_INC) -MMD -MP -c $< -o $@

build/bench/core.a: $(addprefix build/bench/o/,$(CORE_OBJS))
	@rm -f $@
	ar rcs $@ $^

BENCHES      := $(addprefix build/bench/,consent contend limit place \
                recipients tenants tokens transfer)

$(BENCHES): build/bench/%: build/bench/o/bench/%.o build/bench/core.a
	gcc $^ $(LIBS) -o $@

build/bench/mmdb: bench/mmdb.c
	@mkdir -p $(@D)
	gcc -g -O2 $(WARN) -D_DEFAULT_SOURCE $< -o $@

build/bench/loop.so build/bench/steps.so: build/bench/%.so: bench/%.c
	@mkdir -p $(@D)
	gcc -g -O2 $(WARN) -fPIC -shared $< -ldl -o $@

# the long form of the stress test, as fast as the module is

STRESS       ?= 100000000

build/bench/stress-%: build/bench/o/t/unit/stress-%.o build/bench/core.a
	gcc $^ -lcmocka $(LIBS) -o $@

stress: build/bench/stress-cells build/bench/stress-unique
	@XPECTO_STRESS=$(STRESS) nice -n 19 build/bench/stress-cells
	@XPECTO_STRESS=100000 nice -n 19 build/bench/stress-unique

# the scanner beside its peers, as far as they are installed

build/bench/scan: $(wildcard bench/scan*) build/bench/core.a
	@bench/scan-build $@ build/bench/core.a $(CORE_INC) $(WARN)

bench-scan: build/bench/scan
	@build/bench/scan

bench: all
	@tools/deps bench
	@bench/run

run:
	@tools/run

install: $(BUILD)/xpecto-redact
	install -D $(BUILD)/xpecto-redact $(DESTDIR)$(PREFIX)/bin/xpecto-redact
	install -D -m 644 docs/xpecto-redact.1 \
	    $(DESTDIR)$(PREFIX)/share/man/man1/xpecto-redact.1
	install -D tools/xpecto-ledger $(DESTDIR)$(PREFIX)/bin/xpecto-ledger
	install -D tools/xpecto-keys $(DESTDIR)$(PREFIX)/bin/xpecto-keys
	install -D -m 644 docs/xpecto-ledger.1 \
	    $(DESTDIR)$(PREFIX)/share/man/man1/xpecto-ledger.1

dist:
	@tools/dist

clean:
	rm -rf $(BUILD)

.PHONY: all units unit test reference static builds test-static asan test-asan test-tsan \
        test-valgrind \
        test-hup test-promises test-arm64 stress fuzz numbering lint sizes bench \
        bench-scan run install \
        dist clean
