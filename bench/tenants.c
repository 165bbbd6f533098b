
/*
 * What a credential's tenant costs: the digest of the key and the lookup, and
 * how long the file that bench/stall writes takes to be compiled.
 *
 *     build/bench/tenants FILE
 *
 * The keys are "key-0", "key-1" and so on, in random order.  ns: the least
 * mean of many runs.
 */


#define _GNU_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "xpecto_mac.h"
#include "xpecto_tenants.h"


#define RUNS     20
#define LOOKUPS  65536


static uint8_t  digests[LOOKUPS][XPECTO_DIGEST_LEN];
static char     keys[LOOKUPS][24];


static uint64_t
clock_ns(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000000u + (uint64_t) ts.tv_nsec;
}


static xpecto_rc_e
zone(void *data, const char *name, xpecto_zone_t *z)
{
    (void) data;
    (void) name;

    memset(z, 0, sizeof(xpecto_zone_t));

    return XPECTO_OK;
}


static xpecto_str_t
read_file(const char *name)
{
    FILE          *f;
    uint8_t       *p;
    xpecto_str_t   text;

    p = malloc(64 << 20);
    f = fopen(name, "rb");

    if (p == NULL || f == NULL) {
        perror(name);
        exit(1);
    }

    text.data = p;
    text.len = fread(p, 1, 64 << 20, f);
    (void) fclose(f);

    return text;
}


/* the sum of what was found, so that nothing is left out */

static uint64_t
find(const void *image, int digest)
{
    size_t    i;
    uint8_t   d[XPECTO_DIGEST_LEN];
    uint32_t  index;
    uint64_t  sum;

    sum = 0;

    for (i = 0; i < LOOKUPS; i++) {
        memcpy(d, digests[i], sizeof(d));

        if (digest) {
            (void) xpecto_sha256((const uint8_t *) keys[i], strlen(keys[i]),
                                 d);
        }

        if (xpecto_tenants_find(image, d, &index) != XPECTO_OK) {
            (void) fprintf(stderr, "no tenant with \"%s\"\n", keys[i]);
            exit(1);
        }

        sum += index;
    }

    return sum;
}


int
main(int argc, char **argv)
{
    int             i;
    uint64_t        start, ns, least[2], sum;
    xpecto_err_t    err;
    xpecto_str_t    text;
    xpecto_image_t  image;

    if (argc != 2) {
        (void) fprintf(stderr, "usage: tenants FILE\n");
        return 2;
    }

    text = read_file(argv[1]);
    start = clock_ns();

    if (xpecto_tenants_compile(text.data, text.len, zone, NULL, &image, &err)
        != XPECTO_OK)
    {
        (void) fprintf(stderr, "%s: %s\n", argv[1], err.text);
        return 1;
    }

    (void) printf("%u tenants compiled in %.2f s, %.1f MiB\n",
                  xpecto_tenants_count(image.data),
                  (double) (clock_ns() - start) / 1e9,
                  (double) image.len / 1048576);

    srand(1);

    for (i = 0; i < LOOKUPS; i++) {
        (void) snprintf(keys[i], sizeof(keys[i]), "key-%d",
                        rand() % (int) xpecto_tenants_count(image.data));
        (void) xpecto_sha256((const uint8_t *) keys[i], strlen(keys[i]),
                             digests[i]);
    }

    least[0] = UINT64_MAX;
    least[1] = UINT64_MAX;
    sum = 0;

    for (i = 0; i < 2 * RUNS; i++) {
        start = clock_ns();
        sum += find(image.data, i & 1);
        ns = clock_ns() - start;

        if (ns < least[i & 1]) {
            least[i & 1] = ns;
        }
    }

    (void) printf("lookup of a digest %.0f ns, with SHA-256 %.0f ns (%lu)\n",
                  (double) least[0] / LOOKUPS, (double) least[1] / LOOKUPS,
                  (unsigned long) (sum & 1));

    free(image.data);

    return 0;
}
