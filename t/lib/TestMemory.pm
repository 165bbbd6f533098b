package TestMemory;

# One allocation of a worker fails, the one that is wanted, or one time that it
# waits for the disk.
#
#   use TestXpecto;
#   use TestMemory;
#
#   loads_allocator();          # before run_tests(): skips all without a gcc
#   fail_at 7;                  # the seventh from now on; 0: none
#   left();                     # 0: it has failed
#
#   fail_sync 1;                # the next fdatasync()
#   syncs();                    # how many there were

use strict;
use warnings;

use Exporter qw( import );
use File::Temp qw( tempdir );
use Test::More ();

our @EXPORT = qw( loads_allocator fail_at left fail_sync syncs );

my $Dir = tempdir(CLEANUP => 1);
my $Lib = "$Dir/fail.so";
my $Next = "$Dir/fail.next";

# in a page that we share with the worker: two that count down, and one up

my $Code = <<'_EOC_';
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

static long  *page;

static int
fails(int n)
{
    return page != NULL && page[n] > 0 && --page[n] == 0;
}

__attribute__((constructor)) static void
start(void)
{
    int  fd = open(getenv("XPECTO_FAIL_NEXT"), O_RDWR);

    if (fd != -1) {
        page = mmap(NULL, 3 * sizeof(long), PROT_READ|PROT_WRITE, MAP_SHARED,
                    fd, 0);
    }
}

void *
malloc(size_t size)
{
    static void *(*real)(size_t);

    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "malloc");
    }

    if (fails(0)) {
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

    return fails(0) ? ENOMEM : real(p, align, size);
}

int
fdatasync(int fd)
{
    static int (*real)(int);

    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "fdatasync");
    }

    if (page != NULL) {
        page[2]++;
    }

    if (fails(1)) {
        errno = EIO;
        return -1;
    }

    return real(fd);
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
    system "head -c 24 /dev/zero > '$Next'; chmod 666 '$Next'";
    $ENV{XPECTO_FAIL_NEXT} = $Next;
    $Test::Nginx::Util::ld_preload = $Lib;
}


sub number ($;$) {
    my ($n, $value) = @_;

    open my $page, '+<:raw', $Next or die "$Next: $!";
    sysseek $page, 8 * $n, 0;

    if (defined $value) {
        syswrite $page, pack 'q', $value;
        return $value;
    }

    sysread $page, my $text, 8;

    return unpack 'q', $text;
}


sub fail_at ($) { number 0, shift }
sub left () { return number 0 }
sub fail_sync ($) { number 1, shift }
sub syncs () { return number 2 }


1;
