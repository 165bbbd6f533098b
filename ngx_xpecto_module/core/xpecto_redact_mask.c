
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Masked numbers, "49*********12".  A mask that leaves few candidates is
 * none: how many there are is counted in the numbering plan itself, by
 * calling code and length.
 */


#include <string.h>

#include "xpecto_redact_edit.h"
#include "../data/xpecto_numbering.h"


/* digits of a number that are hidden at least, as few as 100,000 need */

#define XPECTO_MASK_STARS  5


static void xpecto_mask_count(uint64_t *count, unsigned state, unsigned len,
    uint64_t n);
static unsigned xpecto_mask_state(const uint8_t *digits, unsigned len);


unsigned
xpecto_mask_build(xpecto_mask_t *mask, unsigned last)
{
    uint8_t   digits[3];
    unsigned  i, n, code, codes, lens, state, before;
    uint64_t  count[XPECTO_PHONE_MAX + 1], least;

    mask->last = (uint8_t) last;

    for (least = XPECTO_MASK_CANDIDATES, n = 0; n < last; n++) {
        least *= 10;
    }

    codes = 0;
    before = 0;
    lens = 0;

    for (i = 0; i < XPECTO_MASK_CODES; i++) {

        digits[0] = (uint8_t) ('0' + i / 100);
        digits[1] = (uint8_t) ('0' + i / 10 % 10);
        digits[2] = (uint8_t) ('0' + i % 10);

        n = xpecto_phone_code(digits, 3);

        if (n == 0) {
            mask->lens[i] = 0;
            continue;
        }

        /* those of one code stand side by side */

        for (code = n; n < 3; n++) {
            digits[n] = '0';
        }

        n = code;
        code = (unsigned) (digits[0] - '0') * 100
               + (unsigned) (digits[1] - '0') * 10
               + (unsigned) (digits[2] - '0');

        if (code != before) {
            before = code;
            lens = 0;
            memset(count, 0, sizeof(count));

            state = xpecto_mask_state(digits, n);

            if (state != 0) {
                xpecto_mask_count(count, state, n, 1);
            }

            for (n = 0; n <= XPECTO_PHONE_MAX; n++) {
                lens |= (unsigned) (count[n] >= least) << n;
            }

            codes += (lens != 0);
        }

        mask->lens[i] = (uint16_t) lens;
    }

    return codes;
}


/* the numbers that go on from a state, n times each, by their length */

static void
xpecto_mask_count(uint64_t *count, unsigned state, unsigned len, uint64_t n)
{
    uint64_t                        m;
    unsigned                        digits, target;
    const xpecto_numbering_edge_t  *edge;

    if (len++ == XPECTO_PHONE_MAX) {
        return;
    }

    edge = &xpecto_numbering_edges[state];

    do {
        target = edge->target & ~XPECTO_NUMBERING_EXISTS;
        m = 0;

        for (digits = edge->digits & 0x3ff; digits; digits &= digits - 1) {
            m += n;
        }

        if (edge->target & XPECTO_NUMBERING_EXISTS) {
            count[len] += m;
        }

        if (target != 0) {
            xpecto_mask_count(count, target, len, m);
        }

    } while ((edge++->digits & XPECTO_NUMBERING_LAST) == 0);
}


/* behind the digits of a calling code; 0: there is none */

static unsigned
xpecto_mask_state(const uint8_t *digits, unsigned len)
{
    unsigned                        i, state;
    const xpecto_numbering_edge_t  *edge;

    state = XPECTO_NUMBERING_ROOT;

    for (i = 0; i < len && state != 0; i++) {

        edge = &xpecto_numbering_edges[state];

        while ((edge->digits & 1u << (digits[i] - '0')) == 0) {

            if (edge->digits & XPECTO_NUMBERING_LAST) {
                return 0;
            }

            edge++;
        }

        state = edge->target & ~XPECTO_NUMBERING_EXISTS;
    }

    return state;
}


/* 0: no number, or too few candidates would remain */

size_t
xpecto_edit_mask(const xpecto_redact_t *rd, uint8_t *dst, const uint8_t *p,
    size_t len, const xpecto_phone_t *phone)
{
    size_t          code, last;
    unsigned        index;
    xpecto_phone_t  ph;

    if (rd->mask == NULL
        || xpecto_edit_number(&ph, p, len, phone) != XPECTO_OK
        || ph.len < XPECTO_PHONE_MIN)
    {
        return 0;
    }

    index = (unsigned) (ph.digits[0] - '0') * 100
            + (unsigned) (ph.digits[1] - '0') * 10
            + (unsigned) (ph.digits[2] - '0');

    if ((rd->mask->lens[index] >> ph.len & 1) == 0) {
        return 0;
    }

    code = xpecto_phone_code(ph.digits, ph.len);
    last = rd->mask->last;

    memset(dst, '*', ph.len);
    memcpy(dst, ph.digits, code);
    memcpy(dst + ph.len - last, ph.digits + ph.len - last, last);

    return ph.len;
}


/* one to three digits, stars, one to four digits */

size_t
xpecto_edit_mask_len(const uint8_t *p, size_t len)
{
    size_t  i, n;

    for (n = 0; n < len && p[n] >= '0' && p[n] <= '9'; n++) { /* void */ }

    for (i = n; i < len && p[i] == '*'; i++) { /* void */ }

    if (n < 1 || n > 3 || i < n + XPECTO_MASK_STARS) {
        return 0;
    }

    n = i;

    while (i < len && i - n < XPECTO_MASK_LAST && p[i] >= '0' && p[i] <= '9') {
        i++;
    }

    return (i > n && i <= XPECTO_PHONE_MAX) ? i : 0;
}


int
xpecto_edit_in_mask(const uint8_t *p, size_t star, size_t to, size_t from,
    size_t end)
{
    size_t  n, start;

    start = star;

    while (start > 0 && p[start - 1] == '*') {
        start--;
    }

    while (start > 0 && p[start - 1] >= '0' && p[start - 1] <= '9') {
        start--;
    }

    n = xpecto_edit_mask_len(p + start, to - start);

    return n > star - start && from >= start && end <= start + n;
}
