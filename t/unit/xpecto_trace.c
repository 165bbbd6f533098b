
/*
 * Requests to several policies of all kinds, some of which are given back:
 * the decisions of t/reference/limits.py, which shares nothing with the
 * module.  XPECTO_TRACES names another file than t/data/traces.txt.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_limit.h"


#define NPOLICIES  4
#define NREQUESTS  256
#define NWHOM      3
#define CELLS      65536
#define RECIPIENTS 131072


typedef struct {
    xpecto_limit_item_t    items[NPOLICIES];
    xpecto_unique_list_t   lists[NPOLICIES];
    xpecto_unique_entry_t  entries[NPOLICIES][NWHOM];
} request_t;


/* what a trace has */

typedef struct {
    void                  *cells_mem;
    void                  *unique_mem;
    xpecto_cells_t         cells;
    xpecto_unique_t        unique;
    xpecto_meter_t         meters[NPOLICIES];
    request_t              requests[NREQUESTS];
    unsigned               npolicies;
    unsigned               nrequests;
    unsigned               calendar;        /* bit n: policy n */
} trace_t;


static uint8_t   secret[XPECTO_SIPHASH_KEY_LEN] = "0123456789abcde";
static uint64_t  stamp = 1ull << 32;
static uint64_t  ticks;


static uint64_t
clock_ticks(void)
{
    return ticks;
}


static void
begin(trace_t *t)
{
    memset(t->cells_mem, 0, CELLS);
    memset(t->unique_mem, 0, RECIPIENTS);
    memset(t->meters, 0, sizeof(t->meters));

    assert_int_equal(xpecto_cells_init(&t->cells, t->cells_mem, CELLS),
                     XPECTO_OK);
    assert_int_equal(xpecto_unique_init(&t->unique, t->unique_mem,
                                        RECIPIENTS), XPECTO_OK);
    t->cells.clock = clock_ticks;
    t->cells.holder = 1;

    t->npolicies = 0;
    t->nrequests = 0;
    t->calendar = 0;
}


static void
policy(trace_t *t, const char *kind, const char *a, uint64_t b)
{
    uint8_t          id;
    xpecto_str_t     name;
    xpecto_meter_t  *m;

    assert_in_range(t->npolicies, 0, NPOLICIES - 1);
    m = &t->meters[t->npolicies];

    m->cells = &t->cells;
    m->unique = &t->unique;
    m->gcra.interval = strtoull(a, NULL, 10);
    m->gcra.tolerance = m->gcra.interval * b;
    m->count.length = (uint32_t) m->gcra.interval;
    m->count.limit = b;

    if (strcmp(kind, "rate") == 0) {
        m->kind = XPECTO_METER_RATE;

    } else if (strcmp(kind, "pair") == 0) {
        m->kind = XPECTO_METER_PAIR;

    } else if (strcmp(kind, "slide") == 0) {
        m->kind = XPECTO_METER_SLIDE;

    } else if (strcmp(kind, "unique") == 0) {
        m->kind = XPECTO_METER_UNIQUE;

    } else if (strcmp(kind, "held") == 0) {
        m->kind = XPECTO_METER_HELD;

    } else {
        m->kind = XPECTO_METER_COUNT;

        if (strcmp(kind, "calendar") == 0) {
            t->calendar |= 1u << t->npolicies;

        } else {
            assert_string_equal(kind, "window");
        }
    }

    id = (uint8_t) ('a' + t->npolicies++);
    name.data = &id;
    name.len = 1;
    xpecto_meter_key(m, secret, &name);
}


/* when it is, and to which period of the n-th policy that belongs */

static void
period(trace_t *t, unsigned n, uint64_t wall, uint32_t start, uint32_t end)
{
    xpecto_count_t  *c;

    c = &t->meters[n].count;
    c->wall = wall;

    if (t->calendar & 1u << n) {

        /* as xpecto_count_clock(): none is left for an earlier one */

        if (end > c->end) {
            c->start = start;
            c->end = end;
        }

    } else if (c->length != 0) {
        c->start = (uint32_t) (wall / XPECTO_USEC / c->length * c->length);
        c->end = c->start + c->length;
    }

    t->cells.wall = wall / XPECTO_USEC;
}


static void
row(trace_t *t, request_t *r, unsigned n, const char *line,
    xpecto_gcra_result_t *expected, unsigned *refused)
{
    int                    at, used;
    unsigned               k, whom;
    uint64_t               hash[2];
    long long              retry;
    unsigned long long     cost, left, more;
    xpecto_limit_item_t   *item;
    xpecto_unique_list_t  *list;

    assert_int_equal(sscanf(line, "%llu %u %llu %llu %lld%n", &cost, refused,
                            &left, &more, &retry, &at), 5);

    expected->remaining = left;
    expected->reset = more;
    expected->retry_after = (uint64_t) retry;

    item = &r->items[n];
    item->meter = &t->meters[n];
    item->cost = cost;

    hash[0] = n;
    hash[1] = ~(uint64_t) n;
    item->tag = xpecto_meter_tag(item->meter, hash);

    if (item->meter->kind != XPECTO_METER_UNIQUE) {
        return;
    }

    list = &r->lists[n];
    list->entries = r->entries[n];
    item->list = list;

    for (k = 0; sscanf(line + at, "%u%n", &whom, &used) == 1; k++) {
        assert_in_range(k, 0, NWHOM - 1);
        at += used;

        xpecto_meter_value(hash, secret, NULL, '0', (const uint8_t *) &whom,
                           sizeof(whom));
        xpecto_meter_hash(item->meter, hash, list->entries[k].hash);
    }

    list->n = k;
}


static void
ask(trace_t *t, FILE *f, const char *head)
{
    char                   line[256];
    unsigned               i, passed, start, end, refused[NPOLICIES];
    request_t             *r;
    unsigned long long     now, wall;
    xpecto_gcra_result_t  *is, expected[NPOLICIES];

    assert_int_equal(sscanf(head, "ask %llu %llu %u %u %u", &now, &wall,
                            &start, &end, &passed), 5);
    assert_in_range(t->nrequests, 0, NREQUESTS - 1);

    r = &t->requests[t->nrequests++];
    memset(r, 0, sizeof(request_t));

    for (i = 0; i < t->npolicies; i++) {
        assert_non_null(fgets(line, sizeof(line), f));
        period(t, i, wall, start, end);
        row(t, r, i, line, &expected[i], &refused[i]);
    }

    ticks = now;

    while (xpecto_limit_decide(r->items, t->npolicies, &stamp, now)
           == XPECTO_AGAIN)
    { /* void */ }

    for (i = 0; i < t->npolicies; i++) {
        is = &r->items[i].result;

        if (r->items[i].refused != refused[i]
            || is->remaining != expected[i].remaining
            || is->reset != expected[i].reset
            || is->retry_after != expected[i].retry_after)
        {
            print_error("%spolicy %u: %u %llu %llu %lld, expected %u %llu "
                        "%llu %lld\n", head, i, r->items[i].refused,
                        (unsigned long long) is->remaining,
                        (unsigned long long) is->reset,
                        (long long) is->retry_after, refused[i],
                        (unsigned long long) expected[i].remaining,
                        (unsigned long long) expected[i].reset,
                        (long long) expected[i].retry_after);
            fail();
        }

        assert_int_equal(r->items[i].paid,
                         passed && r->items[i].cost != 0);
    }
}


static void
decisions(void **state)
{
    char                a[32], kind[16], line[256];
    FILE               *f;
    trace_t            *t;
    unsigned            n, request, i;
    const char         *name;
    unsigned long long  b, now;

    (void) state;

    name = getenv("XPECTO_TRACES");

    f = fopen((name != NULL) ? name : "t/data/traces.txt", "r");
    assert_non_null(f);

    t = calloc(1, sizeof(trace_t));
    assert_non_null(t);
    t->cells_mem = malloc(CELLS);
    assert_non_null(t->cells_mem);
    t->unique_mem = malloc(RECIPIENTS);
    assert_non_null(t->unique_mem);

    n = 0;

    while (fgets(line, sizeof(line), f) != NULL) {

        if (strcmp(line, "trace\n") == 0) {
            begin(t);

        } else if (sscanf(line, "policy %15s %31s %llu", kind, a, &b) == 3) {
            policy(t, kind, a, b);

        } else if (sscanf(line, "back %u %u %llu %llu", &request, &i, &b,
                          &now) == 4)
        {
            assert_in_range(request, 0, t->nrequests - 1);
            assert_in_range(i, 0, t->npolicies - 1);

            ticks = now;
            (void) xpecto_limit_refund(&t->requests[request].items[i], b);

        } else {
            ask(t, f, line);
            n++;
        }
    }

    (void) fclose(f);
    free(t->cells_mem);
    free(t->unique_mem);
    free(t);

    assert_in_range(n, 1000, 10000000);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(decisions)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
