
/*
 * What a request to 10,000 recipients costs in limits: their hashes, once,
 * and then each kind of limit that asks for them one by one.  The tables
 * hold more than a million others; they are half full.
 *
 * Prints us per request, of the processor's time, the least of many runs.
 * "first": nobody of them was written to before; "again": all of them were.
 *
 * Then how many of 10,000,000 who are written to in a day find no room in a
 * table of 128 MiB, and how full one is when the first of them does.
 */


#define _DEFAULT_SOURCE             /* MAP_ANONYMOUS */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "xpecto_limit.h"


#define RUNS        30
#define RECIPIENTS  10000
#define OTHERS      100                 /* requests of so many before */
#define WHOM_SIZE   ((size_t) 20 << 20)
#define CELLS_SIZE  ((size_t) 40 << 20)
#define DAY_SIZE    ((size_t) 128 << 20)
#define SMALL_SIZE  ((size_t) 8 << 20)


static uint8_t              secret[XPECTO_SIPHASH_KEY_LEN] = "0123456789abcde";
static uint64_t             stamp;
static uint8_t              phones[RECIPIENTS][24];
static xpecto_meter_value_t  values[RECIPIENTS];
static uint64_t             hashes[RECIPIENTS][2];
static uint64_t             owner[2] = { 0x123456789abcdef0, 0xfedcba98765432 };
static xpecto_meter_t       meter;
static xpecto_cells_t       cells;
static xpecto_unique_t      unique;
static xpecto_limit_item_t  items[RECIPIENTS];

static struct {
    xpecto_unique_list_t    list;
    xpecto_unique_entry_t   entries[RECIPIENTS];
} whom;


static uint64_t
clock_ns(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);

    return (uint64_t) ts.tv_sec * 1000000000u + (uint64_t) ts.tv_nsec;
}


/* the numbers of one request, others than of all requests before it */

static void
number(unsigned request)
{
    unsigned  i;

    for (i = 0; i < RECIPIENTS; i++) {
        values[i].scope = '1';
        values[i].value.data = phones[i];
        values[i].value.len = (size_t) snprintf((char *) phones[i],
                                                sizeof(phones[i]), "91%010u",
                                                request * RECIPIENTS + i);
    }
}


static void
hash(void)
{
    xpecto_meter_values(hashes, secret, owner, values, RECIPIENTS);
}


static void
one_by_one(void)
{
    unsigned  i;

    memset(items, 0, sizeof(items));

    for (i = 0; i < RECIPIENTS; i++) {
        items[i].meter = &meter;
        items[i].tag = xpecto_meter_tag(&meter, hashes[i]);
        items[i].cost = 1;
    }
}


static void
together(void)
{
    unsigned  i;

    memset(items, 0, sizeof(xpecto_limit_item_t));
    memset(&whom, 0, sizeof(whom));

    items[0].meter = &meter;
    items[0].tag = xpecto_meter_tag(&meter, owner);
    items[0].cost = RECIPIENTS;
    items[0].list = &whom.list;

    whom.list.n = RECIPIENTS;
    whom.list.entries = whom.entries;

    for (i = 0; i < RECIPIENTS; i++) {
        xpecto_meter_hash(&meter, hashes[i], whom.entries[i].hash);
    }
}


static void
decide(void)
{
    xpecto_rc_e  rc;

    if (meter.kind == XPECTO_METER_UNIQUE) {
        together();

    } else {
        one_by_one();
    }

    do {
        rc = xpecto_limit_decide(items,
                                 (meter.kind == XPECTO_METER_UNIQUE)
                                 ? 1 : RECIPIENTS,
                                 &stamp, clock_ns() * XPECTO_TICKS_NS);
    } while (rc == XPECTO_AGAIN);

    if (rc != XPECTO_OK) {
        fprintf(stderr, "refused\n");
        exit(1);
    }
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

    memset(p, 0, len);

    return p;
}


static void
prepare(const char *name, xpecto_meter_e kind)
{
    xpecto_str_t  policy;

    policy.data = (const uint8_t *) name;
    policy.len = strlen(name);

    memset(&meter, 0, sizeof(meter));
    meter.kind = kind;
    meter.cells = &cells;
    meter.unique = &unique;
    meter.gcra.interval = 86400 * XPECTO_TICKS_SEC;
    meter.gcra.tolerance = 45 * meter.gcra.interval;
    meter.count.wall = 1800000000 * (uint64_t) XPECTO_USEC;
    meter.count.start = 1800000000;
    meter.count.end = 1800086400;
    meter.count.limit = XPECTO_UNIQUE_MAX;

    xpecto_meter_key(&meter, secret, &policy);
}


/* requests until there is no slot, or all of a day; who had none */

static uint64_t
fill(size_t size, unsigned requests, unsigned *n)
{
    void      *mem;
    uint64_t   full;

    mem = shared(size);
    (void) xpecto_unique_init(&unique, mem, size);

    full = 0;

    for (*n = 0; *n < requests; (*n)++) {
        meter.count.wall = (1800000000 + (uint64_t) *n * 86400 / requests)
                           * XPECTO_USEC;
        number(*n);
        hash();
        decide();

        full += whom.list.full;

        if (full != 0 && size == SMALL_SIZE) {
            break;
        }
    }

    (void) munmap(mem, size);

    return full;
}


static void
day(void)
{
    unsigned  n;

    prepare("unique", XPECTO_METER_UNIQUE);

    printf("10,000,000 recipients in 128 MiB: %lu without room\n",
           (unsigned long) fill(DAY_SIZE, 10000000 / RECIPIENTS, &n));

    (void) fill(SMALL_SIZE, 10000000 / RECIPIENTS, &n);

    printf("the first without room at %.1f bytes of the table for each\n",
           (double) SMALL_SIZE / n / RECIPIENTS);
}


static void
measure(const char *name, xpecto_meter_e kind)
{
    uint64_t  start, ns, hashing, first, again;
    unsigned  i;

    prepare(name, kind);

    hashing = first = again = UINT64_MAX;

    for (i = 0; i < OTHERS + RUNS; i++) {

        number(i);

        start = clock_ns();
        hash();
        ns = clock_ns() - start;
        hashing = (ns < hashing) ? ns : hashing;

        start = clock_ns();
        decide();
        ns = clock_ns() - start;
        first = (ns < first && i >= OTHERS) ? ns : first;

        start = clock_ns();
        decide();
        ns = clock_ns() - start;
        again = (ns < again && i >= OTHERS) ? ns : again;
    }

    printf("%-12s hashes %6.0f us, first %6.0f us, again %6.0f us\n", name,
           (double) hashing / 1000, (double) first / 1000,
           (double) again / 1000);
}


int
main(void)
{
    stamp = (uint64_t) getpid() << 32;

    (void) xpecto_unique_init(&unique, shared(WHOM_SIZE), WHOM_SIZE);

    measure("unique", XPECTO_METER_UNIQUE);

    (void) xpecto_cells_init(&cells, shared(CELLS_SIZE), CELLS_SIZE);
    measure("rate", XPECTO_METER_RATE);

    (void) xpecto_cells_init(&cells, shared(CELLS_SIZE), CELLS_SIZE);
    measure("pair", XPECTO_METER_PAIR);

    (void) xpecto_cells_init(&cells, shared(CELLS_SIZE), CELLS_SIZE);
    cells.wall = 1800000000;
    measure("window", XPECTO_METER_COUNT);

    day();

    return 0;
}
