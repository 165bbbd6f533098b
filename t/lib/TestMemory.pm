package TestMemory;

# One allocation of a worker fails, the one that is wanted.
#
#   use TestXpecto;
#   use TestMemory;
#
#   loads_allocator();          # before run_tests(): skips all without a gcc
#   fail_at 7;                  # the seventh from now on; 0: none
#   left();                     # 0: it has failed

use strict;
use warnings;

use Exporter qw( import );
use File::Temp qw( tempdir );
use Test::More ();

our @EXPORT = qw( loads_allocator fail_at left );

my $Dir = tempdir(CLEANUP => 1);
my $Lib = "$Dir/fail.so";
my $Next = "$Dir/fail.next";

# *next counts down, in a page that we share with the worker

my $Code = <<'_EOC_';
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

static long  *next;

static int
fails(void)
{
    return next != NULL && *next > 0 && --*next == 0;
}

__attribute__((constructor)) static void
start(void)
{
    int  fd = open(getenv("XPECTO_FAIL_NEXT"), O_RDWR);

    if (fd != -1) {
        next = mmap(NULL, sizeof(long), PROT_READ|PROT_WRITE, MAP_SHARED, fd,
                    0);
    }
}

void *
malloc(size_t size)
{
    static void *(*real)(size_t);

    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "malloc");
    }

    if (fails()) {
        errno = ENOMEM;
        return NULL;
    }

    return real(size);
}

int
posix_memalign(void **p, size_t align, size_t size)
{
    static int (*real)(void **, size_t, size_t);

    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "posix_memalign");
    }

    return fails() ? ENOMEM : real(p, align, size);
}
_EOC_


# the tests themselves are not made to fail, nor is the start

sub loads_allocator () {
    Test::More::plan(skip_all => 'an allocator of another kind')
        if $ENV{ASAN_OPTIONS} || $ENV{TEST_NGINX_USE_VALGRIND};

    open my $gcc, '|-', "gcc -w -fPIC -shared -x c -o '$Lib' - -ldl"
                        . ' 2>/dev/null'
        or Test::More::plan(skip_all => 'no gcc');
    print $gcc $Code;
    close $gcc or Test::More::plan(skip_all => 'no gcc');

    chmod 0755, $Dir;
    system "head -c 8 /dev/zero > '$Next'; chmod 666 '$Next'";
    $ENV{XPECTO_FAIL_NEXT} = $Next;
    $Test::Nginx::Util::ld_preload = $Lib;
}


sub fail_at ($) {
    open my $out, '+<:raw', $Next or die "$Next: $!";
    syswrite $out, pack 'q', shift;
    close $out;
}


sub left () {
    open my $in, '<:raw', $Next or die "$Next: $!";
    sysread $in, my $text, 8;

    return unpack 'q', $text;
}


1;
