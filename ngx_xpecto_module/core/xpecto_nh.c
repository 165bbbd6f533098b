
/*
 * NH: see xpecto_nh.h.
 *
 * The input is cut into blocks of two words; a last block that is not whole
 * begins as much earlier, so that all bytes are in some block.  An input of
 * less than a block is filled up with zeroes.  The length, which is added at
 * the end, tells apart inputs that have the same blocks.
 */


#include <string.h>

#include "xpecto_nh.h"


#define XPECTO_NH_BLOCK  16


__extension__ typedef unsigned __int128  xpecto_nh_sum_t;


static inline void xpecto_nh_end(uint64_t out[2], xpecto_nh_sum_t sum,
    const uint64_t *key, const uint8_t *p, const uint8_t *last);
static inline xpecto_nh_sum_t xpecto_nh_four(const uint64_t *key,
    const uint8_t *p);
static inline xpecto_nh_sum_t xpecto_nh_block(const uint64_t *key,
    const uint8_t *p);


/* a credential is seldom longer: no registers are saved for the rest */

void
xpecto_nh128(uint64_t out[2], const xpecto_nh_key_t *key, const void *data,
    size_t len)
{
    const uint8_t  *p;

    if (len < XPECTO_NH_BLOCK || len > XPECTO_NH_SHORT) {

        if (len > XPECTO_NH_SHORT && len <= XPECTO_NH_MAX
            && xpecto_nh_has_carryless())
        {
            xpecto_nh_carryless(out, key, data, len);

        } else {
            xpecto_nh_any(out, key, data, len);
        }

        return;
    }

    p = data;

    xpecto_nh_end(out, len, key->words, p, p + len - XPECTO_NH_BLOCK);
}


void
xpecto_nh_any(uint64_t out[2], const xpecto_nh_key_t *key, const void *data,
    size_t len)
{
    uint8_t           buf[XPECTO_NH_BLOCK];
    const uint8_t    *p, *last;
    const uint64_t   *k;
    xpecto_nh_sum_t   sum;

    if (len > XPECTO_NH_MAX) {
        xpecto_siphash128(out, key->sip, data, len);
        return;
    }

    p = data;
    k = key->words;
    sum = len;

    if (len < XPECTO_NH_BLOCK) {
        memset(buf, 0, XPECTO_NH_BLOCK);

        if (len != 0) {
            memcpy(buf, data, len);
        }

        p = buf;
        last = buf;

    } else {
        last = p + len - XPECTO_NH_BLOCK;
    }

    /* none of these blocks is the last one */

    for ( /* void */ ; last - p > 7 * XPECTO_NH_BLOCK; p += 8 * XPECTO_NH_BLOCK)
    {
        sum += xpecto_nh_four(k, p);
        sum += xpecto_nh_four(k + 8, p + 4 * XPECTO_NH_BLOCK);
        k += 16;
    }

    if (last - p > 3 * XPECTO_NH_BLOCK) {
        sum += xpecto_nh_four(k, p);
        p += 4 * XPECTO_NH_BLOCK;
        k += 8;
    }

    xpecto_nh_end(out, sum, k, p, last);
}


/* whole blocks up to the last one, and that one, which may begin within them */

static inline void
xpecto_nh_end(uint64_t out[2], xpecto_nh_sum_t sum, const uint64_t *key,
    const uint8_t *p, const uint8_t *last)
{
    for ( /* void */ ; p < last; p += XPECTO_NH_BLOCK) {
        sum += xpecto_nh_block(key, p);
        key += 2;
    }

    sum += xpecto_nh_block(key, last);

    out[0] = (uint64_t) sum;
    out[1] = (uint64_t) (sum >> 64);
}


static xpecto_nh_sum_t
xpecto_nh_four(const uint64_t *key, const uint8_t *p)
{
    return xpecto_nh_block(key, p)
           + xpecto_nh_block(key + 2, p + XPECTO_NH_BLOCK)
           + xpecto_nh_block(key + 4, p + 2 * XPECTO_NH_BLOCK)
           + xpecto_nh_block(key + 6, p + 3 * XPECTO_NH_BLOCK);
}


static xpecto_nh_sum_t
xpecto_nh_block(const uint64_t *key, const uint8_t *p)
{
    uint64_t  m[2];

    memcpy(m, p, XPECTO_NH_BLOCK);

    return (xpecto_nh_sum_t) (m[0] + key[0]) * (m[1] + key[1]);
}
