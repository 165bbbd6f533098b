
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_mark_16.h"


xpecto_rc_e
xpecto_mark_scalar(xpecto_mark_t *m, const uint8_t *p, size_t len)
{
    size_t    i, w;
    uint8_t   c;
    uint64_t  bit;

    if (len > XPECTO_MARK_MAX) {
        return XPECTO_DECLINED;
    }

    for (w = 0; w * 64 < len; w++) {
        m->digit[w] = 0;
        m->join[w] = 0;
        m->letter[w] = 0;
        m->other[w] = 0;
    }

    for (i = 0; i < len; i++) {

        c = p[i];
        w = i / 64;
        bit = (uint64_t) 1 << i % 64;

        if (c >= '0' && c <= '9') {
            m->digit[w] |= bit;

        } else if (c == '_' || c == '-' || c == '.') {
            m->join[w] |= bit;

        } else if ((c >= 'A' && c <= 'Z') || c == 'b' || c == 'w') {
            m->letter[w] |= bit;

        } else if (c < 'a' || c > 'z') {
            m->other[w] |= bit;
        }
    }

    return XPECTO_OK;
}


#if defined(__GNUC__)

typedef xpecto_mark_part_t (*xpecto_mark_part_pt)(const uint8_t *p);


/* the last vector of a word ends with the text, as far as that is so long */

__attribute__((always_inline))
static inline void
xpecto_mark_words(xpecto_mark_t *m, const uint8_t *p, size_t len,
    xpecto_mark_part_pt part)
{
    size_t              w, rest, shift;
    uint8_t             padded[XPECTO_MARK_VECTOR];
    xpecto_mark_part_t  a, b;

    for (w = 0, rest = len; rest > XPECTO_MARK_VECTOR; w++) {

        shift = (rest < 64 ? rest : 64) - XPECTO_MARK_VECTOR;

        a = part(p + w * 64);
        b = part(p + w * 64 + shift);

        m->digit[w] = a.digit | (uint64_t) b.digit << shift;
        m->join[w] = a.join | (uint64_t) b.join << shift;
        m->letter[w] = a.letter | (uint64_t) b.letter << shift;
        m->other[w] = a.other | (uint64_t) b.other << shift;

        rest -= shift + XPECTO_MARK_VECTOR;
    }

    if (rest > 0) {

        if (len >= XPECTO_MARK_VECTOR) {
            a = part(p + len - XPECTO_MARK_VECTOR);

        } else {
            memset(padded, 0, sizeof(padded));
            memcpy(padded + XPECTO_MARK_VECTOR - len, p, len);
            a = part(padded);
        }

        shift = XPECTO_MARK_VECTOR - rest;

        m->digit[w] = a.digit >> shift;
        m->join[w] = a.join >> shift;
        m->letter[w] = a.letter >> shift;
        m->other[w] = a.other >> shift;
    }
}

#endif


#if defined(__x86_64__) && defined(__GNUC__)

const uint8_t  xpecto_mark_nibble[] = xpecto_mark_all(0x0f);
const uint8_t  xpecto_mark_join[] = xpecto_mark_all(0x03);
const uint8_t  xpecto_mark_word[] = xpecto_mark_all(0x33);
const uint8_t  xpecto_mark_letter[] = xpecto_mark_all(0x4c);


__attribute__((target("avx2")))
xpecto_rc_e
xpecto_mark(xpecto_mark_t *m, const uint8_t *p, size_t len)
{
    if (len > XPECTO_MARK_MAX || !__builtin_cpu_supports("avx2")) {
        return XPECTO_DECLINED;
    }

    xpecto_mark_words(m, p, len, xpecto_mark_part);

    return XPECTO_OK;
}


#else

xpecto_rc_e
xpecto_mark(xpecto_mark_t *m, const uint8_t *p, size_t len)
{
    (void) m;
    (void) p;
    (void) len;

    return XPECTO_DECLINED;
}

#endif


#if (XPECTO_MARK_16)

xpecto_rc_e
xpecto_mark_16(xpecto_mark_t *m, const uint8_t *p, size_t len)
{
    if (len > XPECTO_MARK_MAX) {
        return XPECTO_DECLINED;
    }

    xpecto_mark_words(m, p, len, xpecto_mark_part_16);

    return XPECTO_OK;
}


#else

xpecto_rc_e
xpecto_mark_16(xpecto_mark_t *m, const uint8_t *p, size_t len)
{
    (void) m;
    (void) p;
    (void) len;

    return XPECTO_DECLINED;
}

#endif
