
/*
 * What one decision costs: the clock, the key's hash, the cells.
 *
 * Prints ns per decision, the least of many runs: what disturbs only adds.
 * Then the bytes per key when the table has no cell for one for the first
 * time, and at a load of 0.70.
 */


#define _DEFAULT_SOURCE             /* CLOCK_BOOTTIME */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "xpecto_limit.h"


#define RUNS      40
#define BATCH     20000
#define NBUCKETS  32768                 /* 262,144 cells, 4 MiB */
#define POLICIES  6


typedef struct {
    const char  *name;
    unsigned     keys;
    unsigned     policies;
    uint64_t     burst;                 /* 1: all but the first are refused */
} case_t;


static uint8_t         secret[XPECTO_SIPHASH_KEY_LEN] = "0123456789abcde";
static uint64_t        stamp;
static xpecto_meter_t  meters[POLICIES];

static const xpecto_str_t  names[POLICIES] = {
    { 17, (const uint8_t *) "iaaaaaaaaaaaaaaaa" },
    { 17, (const uint8_t *) "ibbbbbbbbbbbbbbbb" },
    { 17, (const uint8_t *) "icccccccccccccccc" },
    { 17, (const uint8_t *) "idddddddddddddddd" },
    { 17, (const uint8_t *) "ieeeeeeeeeeeeeeee" },
    { 17, (const uint8_t *) "iffffffffffffffff" }
};


static uint64_t
clock_ns(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_BOOTTIME, &ts);

    return (uint64_t) ts.tv_sec * 1000000000u + (uint64_t) ts.tv_nsec;
}


static void
prepare(const xpecto_cells_t *t, uint64_t burst)
{
    unsigned  i;

    for (i = 0; i < POLICIES; i++) {
        memset(&meters[i], 0, sizeof(xpecto_meter_t));

        meters[i].cells = t;
        meters[i].gcra.interval = XPECTO_TICKS_SEC;
        meters[i].gcra.tolerance = XPECTO_TICKS_SEC * burst;

        xpecto_meter_key(&meters[i], secret, &names[i]);
    }
}


static xpecto_rc_e
decide(unsigned key, unsigned n)
{
    uint8_t              value[16];
    uint64_t             hash[2];
    unsigned             i;
    xpecto_rc_e          rc;
    xpecto_limit_item_t  items[POLICIES];

    memset(items, 0, n * sizeof(xpecto_limit_item_t));
    memset(value, 'k', sizeof(value));
    memcpy(value, &key, sizeof(key));

    xpecto_meter_value(hash, secret, NULL, 'k', value, sizeof(value));

    for (i = 0; i < n; i++) {
        items[i].meter = &meters[i];
        items[i].tag = xpecto_meter_tag(&meters[i], hash);
        items[i].cost = 1;
    }

    xpecto_limit_ahead(items, n);

    do {
        rc = xpecto_limit_decide(items, n, &stamp,
                                 clock_ns() * XPECTO_TICKS_NS);
    } while (rc == XPECTO_AGAIN);

    return rc;
}


static double
least(const xpecto_cells_t *t, const case_t *c)
{
    double    ns, best;
    uint64_t  start, rnd;
    unsigned  i, k;

    prepare(t, c->burst);

    for (i = 0; i < c->keys; i++) {
        decide(i, c->policies);
    }

    best = 1e9;
    rnd = 88172645463325252ull + (uint64_t) (unsigned) getpid();

    for (k = 0; k < RUNS; k++) {
        start = clock_ns();

        for (i = 0; i < BATCH; i++) {
            rnd ^= rnd << 13;
            rnd ^= rnd >> 7;
            rnd ^= rnd << 17;

            decide((unsigned) (rnd >> 33) % c->keys, c->policies);
        }

        ns = (double) (clock_ns() - start) / BATCH;

        if (ns < best) {
            best = ns;
        }
    }

    return best;
}


static void *
shared(size_t len)
{
    void  *p;

    p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_SHARED,
             -1, 0);

    if (p == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }

    return p;
}


static void
load(void *mem, size_t len)
{
    uint64_t        word, tag, hash[2], n, first;
    unsigned        key;
    xpecto_cells_t  t;
    xpecto_place_t  place;

    memset(mem, 0, len);
    (void) xpecto_cells_init(&t, mem, len);

    word = UINT64_MAX;
    prepare(&t, 1);

    first = 0;
    n = t.nbuckets * XPECTO_BUCKET_CELLS * 7 / 10;

    for (key = 0; /* void */ ; key++) {
        xpecto_meter_value(hash, secret, NULL, 'k', (uint8_t *) &key,
                           sizeof(key));
        tag = xpecto_meter_tag(&meters[0], hash);

        if (xpecto_cells_claim(&t, tag, 1, &stamp, &place)
            == XPECTO_DECLINED)
        {
            first = key;
            break;
        }

        (void) xpecto_cells_swap(&place, tag, word);
    }

    printf("bytes per key at a load of 0.70: %.1f\n",
           (double) len / (double) n);
    printf("first key without a cell at a load of %.3f (%.1f bytes per "
           "key)\n",
           (double) first / (double) (t.nbuckets * XPECTO_BUCKET_CELLS),
           (double) len / (double) first);
}


int
main(void)
{
    void            *mem;
    size_t           i, len;
    uint64_t         start;
    xpecto_cells_t   t;

    static const case_t  cases[] = {
        { "1 policy, hot key", 1, 1, 1u << 28 },
        { "1 policy, hot key, refused", 1, 1, 1 },
        { "1 policy, 1,000 keys", 1000, 1, 1u << 24 },
        { "1 policy, 100,000 keys", 100000, 1, 1u << 24 },
        { "6 policies, hot key", 1, 6, 1u << 28 },
        { "6 policies, 1,000 keys", 1000, 6, 1u << 24 }
    };

    len = (size_t) NBUCKETS * XPECTO_BUCKET_SIZE;
    mem = shared(len);

    stamp = (uint64_t) getpid() << 32;

    start = clock_ns();

    for (i = 0; i < 1000000; i++) {
        (void) clock_ns();
    }

    printf("%-28s %8.1f ns\n", "the clock alone",
           (double) (clock_ns() - start) / 1000000);

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memset(mem, 0, len);
        (void) xpecto_cells_init(&t, mem, len);

        printf("%-28s %8.1f ns\n", cases[i].name, least(&t, &cases[i]));
    }

    load(mem, len);

    return 0;
}
