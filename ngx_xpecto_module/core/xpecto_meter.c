
/*
 * Meters: see xpecto_meter.h.
 */


#include <string.h>

#include "xpecto_meter.h"


/* of values that are hashed together, each in four words */

#define XPECTO_METER_SHORT  8
#define XPECTO_METER_LONG   14


static size_t xpecto_meter_lanes(uint64_t (*hash)[2],
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN], const uint64_t within[2],
    const xpecto_meter_value_t *values, size_t n);


void
xpecto_meter_key(xpecto_meter_t *meter,
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN], const xpecto_str_t *policy)
{
    xpecto_siphash128(meter->key, secret, policy->data, policy->len);
}


void
xpecto_meter_value(uint64_t hash[2],
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN], const uint64_t within[2],
    uint8_t scope, const uint8_t *value, size_t len)
{
    size_t    n;
    uint8_t   buf[1 + 2 * sizeof(uint64_t) + XPECTO_METER_VALUE_MAX];
    uint64_t  h[2];

    n = 0;
    buf[n++] = scope;

    if (within != NULL) {
        memcpy(buf + n, within, 2 * sizeof(uint64_t));
        n += 2 * sizeof(uint64_t);
    }

    if (len > XPECTO_METER_VALUE_MAX) {
        xpecto_siphash128(h, secret, value, len);
        value = (const uint8_t *) h;
        len = sizeof(h);
    }

    if (len != 0) {
        memcpy(buf + n, value, len);
    }

    xpecto_siphash128(hash, secret, buf, n + len);
}


void
xpecto_meter_values(uint64_t (*hash)[2],
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN], const uint64_t within[2],
    const xpecto_meter_value_t *values, size_t n)
{
    size_t  i, done;

    for (i = 0; i < n; i += done) {
        done = xpecto_meter_lanes(hash + i, secret, within, values + i, n - i);

        if (done == 0) {
            xpecto_meter_value(hash[i], secret, within, values[i].scope,
                               values[i].value.data, values[i].value.len);
            done = 1;
        }
    }
}


/*
 * How many of the first were hashed together, as xpecto_meter_value() does;
 * 0: they have not four words each
 */

static size_t
xpecto_meter_lanes(uint64_t (*hash)[2],
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN], const uint64_t within[2],
    const xpecto_meter_value_t *values, size_t n)
{
#if defined(XPECTO_SIPHASH_LANES)

    size_t    i, len;
    uint64_t  low, high, out[2][XPECTO_SIPHASH_LANES];
    uint64_t  words[4][XPECTO_SIPHASH_LANES];

    if (n < XPECTO_SIPHASH_LANES || within == NULL
        || !__builtin_cpu_supports("avx2"))
    {
        return 0;
    }

    for (i = 0; i < XPECTO_SIPHASH_LANES; i++) {
        len = values[i].value.len;

        if (len < XPECTO_METER_SHORT || len > XPECTO_METER_LONG) {
            return 0;
        }

        /* the last eight bytes go on behind the first */

        memcpy(&low, values[i].value.data, 8);
        memcpy(&high, values[i].value.data + len - 8, 8);

        high = (len == 8) ? 0 : high >> (128 - 8 * len);

        words[0][i] = values[i].scope | within[0] << 8;
        words[1][i] = within[0] >> 56 | within[1] << 8;
        words[2][i] = within[1] >> 56 | low << 8;
        words[3][i] = low >> 56 | high << 8 | (uint64_t) (17 + len) << 56;
    }

    xpecto_siphash128_avx2(out, secret, words, 4);

    for (i = 0; i < XPECTO_SIPHASH_LANES; i++) {
        hash[i][0] = out[0][i];
        hash[i][1] = out[1][i];
    }

    return XPECTO_SIPHASH_LANES;

#else

    (void) hash;
    (void) secret;
    (void) within;
    (void) values;
    (void) n;

    return 0;

#endif
}


uint64_t
xpecto_meter_tag(const xpecto_meter_t *meter, const uint64_t hash[2])
{
    uint64_t  to[2];

    xpecto_meter_hash(meter, hash, to);

    return xpecto_cells_tag(to[0], xpecto_meter_cell(meter->kind))
           ^ meter->mix;
}


/*
 * Both factors are as good as random and secret.  The product of two of 64
 * bits has 128; each bit of the first half depends on all of them, as do the
 * high bits of the second.
 */

void
xpecto_meter_hash(const xpecto_meter_t *meter, const uint64_t hash[2],
    uint64_t to[2])
{
    xpecto_u128_t  product;

    product = (xpecto_u128_t) (hash[0] ^ meter->key[0])
              * (hash[1] ^ meter->key[1]);

    to[0] = (uint64_t) (product >> 64) ^ (uint64_t) product;
    to[1] = (uint64_t) product;
}


uint64_t
xpecto_meter_give(const xpecto_meter_t *meter, uint64_t *word, uint64_t cost,
    uint64_t now, uint64_t paid)
{
    switch (meter->kind) {

    case XPECTO_METER_PAIR:
        return xpecto_pair_give(word, &meter->gcra, now, cost, paid);

    case XPECTO_METER_COUNT:
        return xpecto_count_give(word, cost, paid);

    case XPECTO_METER_SLIDE:
        return xpecto_slide_give(word, &meter->count, cost, paid);

    default: /* XPECTO_METER_RATE */
        return xpecto_gcra_give(word, &meter->gcra, now, cost, paid);
    }
}


xpecto_cell_kind_e
xpecto_meter_cell(xpecto_meter_e kind)
{
    switch (kind) {

    case XPECTO_METER_COUNT:
        return XPECTO_CELL_COUNT;

    case XPECTO_METER_SLIDE:
        return XPECTO_CELL_SLIDE;

    case XPECTO_METER_HELD:
        return XPECTO_CELL_HELD;

    default:
        return XPECTO_CELL_TAT;
    }
}
