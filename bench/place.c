
/*
 * What the country of an address costs, and whether it is the right one:
 * the compiled table beside libmaxminddb, on the same file in the same run.
 *
 *     build/bench/place FILE [MILLIONS]
 *
 * Half of the addresses that are compared are random ones of IPv4, half lie
 * in random IPv6 networks of the file or next to one.  Then ns per address,
 * the least of many runs: "loop" asks for addresses that are known before,
 * "chain" for one that depends on the answer before.
 */


#define _GNU_SOURCE

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <maxminddb.h>

#include "xpecto_place.h"


#define RUNS       40
#define ADDRESSES  (1 << 17)


typedef struct {
    uint8_t               bytes[16];
    struct sockaddr_in6   sin6;
} addr6_t;


typedef unsigned (*find_pt)(unsigned i);


static uint64_t         seed = 1;
static MMDB_s           mmdb;
static xpecto_image_t   image;

static size_t           nnetworks, maxnetworks;
static uint8_t        (*networks)[16];

static uint32_t         v4[ADDRESSES];
static struct sockaddr_in  sin4[ADDRESSES];
static addr6_t          v6[ADDRESSES];

static const char      *country[] = { "country", "iso_code", NULL };
static const char      *flat[] = { "country_code", NULL };


static uint64_t
any(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;

    return seed;
}


static double
clock_ns(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (double) ts.tv_sec * 1e9 + (double) ts.tv_nsec;
}


static unsigned
value(const struct sockaddr *sa)
{
    int                   rc;
    const char           *p;
    MMDB_entry_data_s     data;
    MMDB_lookup_result_s  found;

    found = MMDB_lookup_sockaddr(&mmdb, sa, &rc);

    if (rc != MMDB_SUCCESS || !found.found_entry) {
        return 0;
    }

    if ((MMDB_aget_value(&found.entry, &data, flat) != MMDB_SUCCESS
         || !data.has_data)
        && (MMDB_aget_value(&found.entry, &data, country) != MMDB_SUCCESS
            || !data.has_data))
    {
        return 0;
    }

    p = data.utf8_string;

    return (unsigned) ((uint8_t) p[0] << 8 | (uint8_t) p[1]);
}


/* what is no country, as the table has it */

static unsigned
expected(const struct sockaddr *sa)
{
    unsigned  v;

    v = value(sa);

    return (v == XPECTO_COUNTRY('E', 'U') || v == XPECTO_COUNTRY('A', 'P')
            || v == XPECTO_COUNTRY('X', 'X') || v == XPECTO_COUNTRY('Z', 'Z'))
           ? 0 : v;
}


static void
collect(uint32_t node, uint8_t *addr, unsigned depth)
{
    unsigned            side;
    uint64_t            record;
    MMDB_search_node_s  found;

    if (MMDB_read_node(&mmdb, node, &found) != MMDB_SUCCESS) {
        return;
    }

    for (side = 0; side < 2; side++) {
        record = side ? found.right_record : found.left_record;

        if (side) {
            addr[depth / 8] |= (uint8_t) (0x80 >> depth % 8);
        }

        if (record < mmdb.metadata.node_count) {
            if (depth < 127) {
                collect((uint32_t) record, addr, depth + 1);
            }

        } else if (record > mmdb.metadata.node_count
                   && (addr[0] & 0xe0) == 0x20)
        {
            if (nnetworks == maxnetworks) {
                maxnetworks = maxnetworks ? 2 * maxnetworks : 65536;
                networks = realloc(networks, maxnetworks * 16);
                if (networks == NULL) {
                    exit(1);
                }
            }

            memcpy(networks[nnetworks++], addr, 16);
        }
    }

    addr[depth / 8] &= (uint8_t) ~(0x80 >> depth % 8);
}


/* in a network or, next: before it */

static void
make6(addr6_t *a, unsigned next)
{
    unsigned  i;

    if (nnetworks == 0) {
        memset(a->bytes, 0, 16);
        a->bytes[0] = 0x2a;

    } else {
        memcpy(a->bytes, networks[any() % nnetworks], 16);
    }

    if (next) {
        for (i = 16; i-- > 0 && a->bytes[i]-- == 0; /* void */) { /* void */ }

    } else {
        for (i = 8; i < 16; i++) {
            a->bytes[i] |= (uint8_t) any();
        }
    }

    memset(&a->sin6, 0, sizeof(struct sockaddr_in6));
    a->sin6.sin6_family = AF_INET6;
    memcpy(&a->sin6.sin6_addr, a->bytes, 16);
}


static uint64_t
compare(uint64_t n)
{
    char                text[INET6_ADDRSTRLEN];
    addr6_t             six;
    uint32_t            four;
    uint64_t            i, wrong, special;
    unsigned            got, want;
    struct sockaddr_in  sin;

    wrong = 0;
    special = 0;
    memset(&sin, 0, sizeof(struct sockaddr_in));
    sin.sin_family = AF_INET;

    for (i = 0; i < n; i++) {

        if (i & 1) {
            make6(&six, i % 8 == 7);
            got = xpecto_place_ipv6(image.data, six.bytes);
            want = expected((struct sockaddr *) &six.sin6);
            (void) inet_ntop(AF_INET6, six.bytes, text, sizeof(text));

        } else {
            four = (uint32_t) (any() >> 32);
            sin.sin_addr.s_addr = htonl(four);
            got = xpecto_place_ipv4(image.data, four);
            want = expected((struct sockaddr *) &sin);
            (void) inet_ntop(AF_INET, &sin.sin_addr, text, sizeof(text));
        }

        if (got == XPECTO_PLACE_PRIVATE || got == XPECTO_PLACE_TUNNEL) {
            special++;
            continue;
        }

        if (got != want && wrong++ < 10) {
            printf("%s: %04x, libmaxminddb has %04x\n", text, got, want);
        }
    }

    printf("%llu addresses compared, %llu of them special, %llu mismatches\n",
           (unsigned long long) n, (unsigned long long) special,
           (unsigned long long) wrong);

    return wrong;
}


static unsigned
ours4(unsigned i)
{
    return xpecto_place_ipv4(image.data, v4[i]);
}


static unsigned
ours6(unsigned i)
{
    return xpecto_place_ipv6(image.data, v6[i].bytes);
}


static unsigned
theirs4(unsigned i)
{
    return value((struct sockaddr *) &sin4[i]);
}


static unsigned
theirs6(unsigned i)
{
    return value((struct sockaddr *) &v6[i].sin6);
}


/*
 * The indirect call is part of every figure.  Of two passes the second counts:
 * the first brings back what the others have driven out of the caches.
 */

static double
measure(find_pt find, unsigned chain)
{
    double             ns;
    unsigned           i, last, pass;
    volatile unsigned  sink;

    ns = 0;
    last = 0;

    for (pass = 0; pass < 2; pass++) {
        ns = clock_ns();

        for (i = 0; i < ADDRESSES; i++) {
            last = chain ? find((i + (last & 1)) % ADDRESSES)
                         : last + find(i);
        }

        ns = (clock_ns() - ns) / ADDRESSES;
    }

    sink = last;
    (void) sink;

    return ns;
}


/* all in turn, so that a quiet moment of the machine serves each of them */

static void
print_times(void)
{
    double    ns, least[8];
    unsigned  i, run;

    static const find_pt  finds[] = { ours4, ours6, theirs4, theirs6 };

    for (run = 0; run < RUNS; run++) {
        for (i = 0; i < 8; i++) {
            ns = measure(finds[i / 2], i % 2);
            least[i] = (run == 0 || ns < least[i]) ? ns : least[i];
        }
    }

    printf("%-8s%14s%14s%14s%14s\n", "ns", "IPv4 loop", "IPv4 chain",
           "IPv6 loop", "IPv6 chain");
    printf("%-8s%14.1f%14.1f%14.1f%14.1f\n", "ours", least[0], least[1],
           least[2], least[3]);
    printf("%-8s%14.1f%14.1f%14.1f%14.1f\n", "theirs", least[4], least[5],
           least[6], least[7]);
}


int
main(int argc, char **argv)
{
    double                ms;
    uint8_t               zero[16] = { 0 };
    unsigned              i;
    uint64_t              wrong;
    xpecto_err_t          err;
    xpecto_place_conf_t   conf;

    memset(&conf, 0, sizeof(xpecto_place_conf_t));

    if (argc < 2 || MMDB_open(argv[1], MMDB_MODE_MMAP, &mmdb) != 0) {
        fprintf(stderr, "usage: %s FILE [MILLIONS]\n", argv[0]);
        return 1;
    }

    ms = clock_ns();

    if (xpecto_place_compile(argv[1], &conf, &image, &err) != XPECTO_OK) {
        fprintf(stderr, "%s: %s\n", argv[1], err.text);
        return 1;
    }

    ms = (clock_ns() - ms) / 1e6;

    if (mmdb.metadata.ip_version == 6) {
        collect(0, zero, 0);
    }

    printf("%s: %u nodes, compiled in %.0f ms into %.1f MiB, "
           "%zu networks of IPv6\n", argv[1], mmdb.metadata.node_count, ms,
           (double) image.len / 1048576, nnetworks);

    for (i = 0; i < ADDRESSES; i++) {
        v4[i] = (uint32_t) (any() >> 32);
        sin4[i].sin_family = AF_INET;
        sin4[i].sin_addr.s_addr = htonl(v4[i]);
        make6(&v6[i], 0);
    }

    wrong = compare(1000000 * (uint64_t) (argc > 2 ? atoi(argv[2]) : 10));

    print_times();

    free(networks);
    free(image.data);
    MMDB_close(&mmdb);

    return wrong ? 1 : 0;
}
