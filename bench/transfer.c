
/*
 * What a transfer decision costs, from three signals to the texts that a
 * request keeps: the tenant's establishment and attestations, a recipient's
 * number, the country of an address; our region and a sub-processor.
 *
 *     build/bench/transfer RULES JURISDICTIONS NUMBERS
 *
 * RULES is a rules file, NUMBERS has lines "DE 4915123456789".  Every
 * request is another one.  ns per decision: the least mean of many runs, and
 * the quantiles of single decisions, in which 2 readings of the clock are.
 */


#define _GNU_SOURCE

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "xpecto_area.h"
#include "xpecto_transfer.h"


#define RUNS      40
#define REQUESTS  8192
#define NUMBERS   4096


typedef struct {
    xpecto_country_t   tenant;
    xpecto_country_t   address;
    xpecto_phone_t     phone;
} request_t;


static request_t         requests[REQUESTS];
static uint64_t          samples[REQUESTS];

static const char *const  attests[] = { "us_dpf", "scc_fallback" };
static const char         path[] = "/v21.0/106540352242922/messages";


static uint64_t
clock_ns(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000000u + (uint64_t) ts.tv_nsec;
}


static xpecto_str_t
read_file(const char *name)
{
    FILE          *f;
    uint8_t       *p;
    xpecto_str_t   text;

    p = malloc(4 << 20);
    f = fopen(name, "rb");

    if (p == NULL || f == NULL) {
        perror(name);
        exit(1);
    }

    text.data = p;
    text.len = fread(p, 1, 4 << 20, f);
    (void) fclose(f);

    return text;
}


static void
make_requests(const char *name, const xpecto_rules_t *rules)
{
    char             line[128];
    FILE            *f;
    size_t           len;
    unsigned         i, n;
    xpecto_phone_t   phones[NUMBERS];

    f = fopen(name, "r");

    if (f == NULL) {
        perror(name);
        exit(1);
    }

    for (n = 0; n < NUMBERS && fgets(line, sizeof(line), f) != NULL; ) {
        len = strcspn(line, "\n");

        if (len > 3 + XPECTO_PHONE_MIN && line[2] == ' ') {
            xpecto_phone_set(&phones[n++], (uint8_t *) line + 3, len - 3);
        }
    }

    (void) fclose(f);

    srandom(1);

    for (i = 0; i < REQUESTS; i++) {
        requests[i].phone = phones[(unsigned) random() % n];
        requests[i].tenant =
            rules->countries[(unsigned) random() % rules->ncountries].code;
        requests[i].address =
            rules->countries[(unsigned) random() % rules->ncountries].code;
    }
}


static unsigned
decide(const xpecto_rules_t *rules, const request_t *r)
{
    uint8_t               why[XPECTO_TRANSFER_WHY];
    uint8_t               regimes[XPECTO_TRANSFER_REGIMES];
    unsigned              i, n;
    xpecto_set_t          origins;
    xpecto_str_t          name;
    xpecto_decision_t     d;
    xpecto_transfer_t     t;
    xpecto_countries_t    set;
    const xpecto_area_t  *area;

    memset(&t, 0, sizeof(xpecto_transfer_t));
    t.today = 20779;

    xpecto_set_add(&t.declared, xpecto_rules_country(rules, r->tenant));
    xpecto_set_add(&t.hinted, xpecto_rules_country(rules, r->address));

    for (i = 0; i < sizeof(attests) / sizeof(attests[0]); i++) {
        name.data = (const uint8_t *) attests[i];
        name.len = strlen(attests[i]);
        t.attests |= xpecto_transfer_attest(rules, name);
    }

    t.attests = xpecto_transfer_attests(rules, t.attests, t.today);

    xpecto_phone_countries(&r->phone, &set);

    for (i = 0; i < set.n; i++) {
        xpecto_set_add(&t.hinted, xpecto_rules_country(rules, set.cc[i]));
    }

    n = xpecto_area_find(&r->phone, &area);

    for (i = 0; i < n; i++) {
        t.areas |= xpecto_rules_area(rules, area[i].code);
    }

    name.data = (const uint8_t *) path;
    name.len = sizeof(path) - 1;

    xpecto_rules_processors(rules, name, &t.destinations);

    (void) xpecto_transfer_region(rules, &t, 1, 0, &d);

    for (i = 0; i < 4; i++) {
        origins.bits[i] = t.declared.bits[i] | t.hinted.bits[i];
    }

    n = (unsigned) xpecto_transfer_why(rules, &d.why, why);
    n += (unsigned) xpecto_transfer_regimes(rules, &origins, t.areas,
                                            regimes);
    n += xpecto_transfer_min_age(rules, &origins, t.areas, 0);

    return n + (unsigned) d.action + why[0] + regimes[0];
}


static int
compare(const void *one, const void *two)
{
    uint64_t  a, b;

    a = *(const uint64_t *) one;
    b = *(const uint64_t *) two;

    return (a > b) - (a < b);
}


int
main(int argc, char **argv)
{
    double            ns, best;
    size_t            before;
    uint64_t          start;
    unsigned          i, k, sum;
    xpecto_str_t      rules_text, law_text;
    xpecto_err_t      err;
    xpecto_image_t    image;

    if (argc != 4) {
        fprintf(stderr, "usage: transfer RULES JURISDICTIONS NUMBERS\n");
        return 2;
    }

    rules_text = read_file(argv[1]);
    law_text = read_file(argv[2]);

    if (xpecto_rules_compile(rules_text, law_text, &image, &err) != XPECTO_OK)
    {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }

    make_requests(argv[3], image.data);

    before = mallinfo2().uordblks;
    best = 1e9;
    sum = 0;

    for (k = 0; k < RUNS; k++) {
        start = clock_ns();

        for (i = 0; i < REQUESTS; i++) {
            sum += decide(image.data, &requests[i]);
        }

        ns = (double) (clock_ns() - start) / REQUESTS;
        best = (ns < best) ? ns : best;
    }

    for (i = 0; i < REQUESTS; i++) {
        start = clock_ns();
        sum += decide(image.data, &requests[i]);
        samples[i] = clock_ns() - start;
    }

    qsort(samples, REQUESTS, sizeof(uint64_t), compare);

    printf("mean %.0f ns, p50 %u ns, p99 %u ns, image %zu bytes, "
           "%zu bytes allocated (%u)\n", best,
           (unsigned) samples[REQUESTS / 2],
           (unsigned) samples[REQUESTS / 100 * 99], image.len,
           mallinfo2().uordblks - before, sum & 1);

    return 0;
}
