
/*
 * What the files of the JSON matcher share: xpecto_json.c knows the grammar,
 * xpecto_json_scalar.c strings, numbers and literals, xpecto_json_path.c
 * which paths a value matches.
 */


#ifndef _XPECTO_JSON_INC_H_INCLUDED_
#define _XPECTO_JSON_INC_H_INCLUDED_


#include <string.h>

#include "xpecto_json.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <emmintrin.h>

#define XPECTO_JSON_SSE2  1

#endif


#define XPECTO_JSON_ONES  UINT64_C(0x0101010101010101)


/* what may come next; the states of a number stand in the grammar's order */

typedef enum {
    XPECTO_JSON_S_VALUE = 0,
    XPECTO_JSON_S_ELEMENT,              /* a value, or the end of the array */
    XPECTO_JSON_S_NAME,
    XPECTO_JSON_S_MEMBER,               /* a name, or the end of the object */
    XPECTO_JSON_S_COLON,
    XPECTO_JSON_S_AFTER,                /* a comma, or the end */
    XPECTO_JSON_S_DONE,                 /* white space only */
    XPECTO_JSON_S_STRING,
    XPECTO_JSON_S_ESCAPE,
    XPECTO_JSON_S_HEX,
    XPECTO_JSON_S_LITERAL,
    XPECTO_JSON_S_NUMBER,
    XPECTO_JSON_S_MINUS,
    XPECTO_JSON_S_ZERO,
    XPECTO_JSON_S_INT,
    XPECTO_JSON_S_POINT,
    XPECTO_JSON_S_FRACTION,
    XPECTO_JSON_S_E,
    XPECTO_JSON_S_E_SIGN,
    XPECTO_JSON_S_EXPONENT
} xpecto_json_state_e;


#define xpecto_json_pos(js, p)                                               \
    ((js)->offset + (uint64_t) ((p) - (js)->chunk))

#define xpecto_json_in_object(js)                                            \
    ((int) ((js)->objects >> ((js)->depth - 1)) & 1)

#define xpecto_json_is_space(c)                                              \
    ((c) == ' ' || (c) == '\n' || (c) == '\r' || (c) == '\t')

/* the state behind a value */

#define xpecto_json_behind(js)                                               \
    ((js)->depth == 0 ? XPECTO_JSON_S_DONE : XPECTO_JSON_S_AFTER)

/* the number can end here */

#define xpecto_json_numeral(state)                                           \
    ((state) == XPECTO_JSON_S_ZERO || (state) == XPECTO_JSON_S_INT           \
     || (state) == XPECTO_JSON_S_FRACTION                                    \
     || (state) == XPECTO_JSON_S_EXPONENT)

/* the frame of a value that stands in the innermost open one */

#define xpecto_json_child(js)  (&(js)->frames[(js)->depth + 1])


/* the first byte that is a quote, a backslash or a control character */

static inline const uint8_t *
xpecto_json_plain(const uint8_t *p, const uint8_t *last)
{
    uint64_t  v, quote, slash, found;

#if (XPECTO_JSON_SSE2)
    int      hits;
    __m128i  x;

    while (last - p >= 16) {
        x = _mm_loadu_si128((const __m128i *) (const void *) p);

        hits = _mm_movemask_epi8(
                   _mm_or_si128(
                       _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('"')),
                                    _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'))),
                       _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1f)),
                                      x)));

        if (hits != 0) {
            return p + __builtin_ctz((unsigned) hits);
        }

        p += 16;
    }
#endif

    while (last - p >= 8) {
        memcpy(&v, p, 8);

        quote = v ^ (XPECTO_JSON_ONES * '"');
        slash = v ^ (XPECTO_JSON_ONES * '\\');

        found = ((quote - XPECTO_JSON_ONES) & ~quote)
                | ((slash - XPECTO_JSON_ONES) & ~slash)
                | ((v - XPECTO_JSON_ONES * 0x20) & ~v);

        found &= XPECTO_JSON_ONES * 0x80;

        if (found != 0) {
#if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
            /* a borrow runs upwards only: the lowest hit is a true one */

            return p + __builtin_ctzll(found) / 8;
#else
            break;
#endif
        }

        p += 8;
    }

    while (p < last && *p != '"' && *p != '\\' && *p >= 0x20) {
        p++;
    }

    return p;
}


/* xpecto_json.c: a value is complete, p is behind it */

void xpecto_json_end(xpecto_json_t *js, xpecto_json_type_e type,
    xpecto_str_t *str, const uint8_t *p);

/* xpecto_json_scalar.c: they take what they can and return what is left */

void xpecto_json_begin(xpecto_json_t *js, const uint8_t *p, unsigned state,
    int capture);
const uint8_t *xpecto_json_string(xpecto_json_t *js, const uint8_t *p,
    const uint8_t *last);
const uint8_t *xpecto_json_escape(xpecto_json_t *js, const uint8_t *p);
const uint8_t *xpecto_json_hex(xpecto_json_t *js, const uint8_t *p);
const uint8_t *xpecto_json_literal(xpecto_json_t *js, const uint8_t *p,
    const uint8_t *last);
const uint8_t *xpecto_json_number(xpecto_json_t *js, const uint8_t *p,
    const uint8_t *last);

/* xpecto_json_path.c: a member's name, an array, an element of it */

void xpecto_json_named(xpecto_json_t *js, const xpecto_str_t *name);
void xpecto_json_step(xpecto_json_t *js, const uint64_t *masks,
    unsigned steps);
void xpecto_json_seek(xpecto_json_t *js, const xpecto_str_t *name);


#endif /* _XPECTO_JSON_INC_H_INCLUDED_ */
