
/*
 * Where what is the same ends: eight bytes at a time, as far as those of a
 * word stand in their order.
 */


#include <string.h>

#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_EIGHT(c)  ((c) * UINT64_C(0x0101010101010101))


/* of seven bits each, the highest bit is that of c or more */

#define xpecto_scan_from(w, c)  ((w) + XPECTO_SCAN_EIGHT(0x80u - (c)))


const uint8_t *
xpecto_scan_digits_end(const uint8_t *p, const uint8_t *end)
{
#if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

    uint64_t  w, other;

    while (end - p >= 8) {
        memcpy(&w, p, 8);
        w ^= XPECTO_SCAN_EIGHT('0');
        other = (w | xpecto_scan_from(w & XPECTO_SCAN_EIGHT(0x7f), 10))
                & XPECTO_SCAN_EIGHT(0x80);

        if (other) {
            return p + __builtin_ctzll(other) / 8;
        }

        p += 8;
    }

#endif

    while (p < end && xpecto_view_is_digit(*p)) {
        p++;
    }

    return p;
}


const uint8_t *
xpecto_scan_word_end(const uint8_t *p, const uint8_t *end)
{
#if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

    uint64_t  w, low, lower, same, other;

    while (end - p >= 8) {
        memcpy(&w, p, 8);
        low = w & XPECTO_SCAN_EIGHT(0x7f);
        lower = low | XPECTO_SCAN_EIGHT(0x20);

        same = (xpecto_scan_from(low, '0') & ~xpecto_scan_from(low, '9' + 1))
               | (xpecto_scan_from(lower, 'a')
                  & ~xpecto_scan_from(lower, 'z' + 1));

        other = (~same | w) & XPECTO_SCAN_EIGHT(0x80);

        if (other) {
            return p + __builtin_ctzll(other) / 8;
        }

        p += 8;
    }

#endif

    while (p < end && xpecto_view_is_alnum(*p)) {
        p++;
    }

    return p;
}
