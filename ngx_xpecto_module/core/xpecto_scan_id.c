
#include <string.h>

#include "xpecto_base64.h"
#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_USER      10        /* digits of a BSUID at least */
#define XPECTO_SCAN_USER_MIX  16        /* characters, letters among them */
#define XPECTO_SCAN_USER_MAX  128

#define XPECTO_SCAN_HEAD      36        /* characters that hold the number */
#define XPECTO_SCAN_BYTES     XPECTO_BASE64_DECODED(XPECTO_SCAN_HEAD)


static const uint8_t *xpecto_scan_base64(const xpecto_scan_t *s,
    const uint8_t *p, size_t max, size_t *n, uint8_t *head);
static int xpecto_scan_is_thrift(const uint8_t *head, size_t n, int cut);
static int xpecto_scan_is_bcd(const uint8_t *head, size_t n);
static size_t xpecto_scan_thrift(const uint8_t *head, size_t n,
    uint8_t *digits);
static size_t xpecto_scan_bcd(const uint8_t *head, size_t n,
    uint8_t *digits);
static size_t xpecto_scan_group(const uint8_t *head, size_t n,
    uint8_t *digits);


/*
 * Ids that hold a phone number.
 *
 *     wamid. wacid.     base64 of one of these:
 *     HBg[I-P]          1c 18 len, digits in ASCII (Thrift compact)
 *     [Ag]B[EG][EG]     00|80 11 n|80, n bytes of BCD, f pads an odd one
 *     Y2FwaV9ncm91cDo   "capi_group:", digits in ASCII
 */

int
xpecto_scan_id(const xpecto_scan_t *s, const uint8_t *from,
    const uint8_t **p, xpecto_span_t *span)
{
    int             known, cut;
    size_t          n;
    uint8_t         head[XPECTO_SCAN_HEAD];
    const uint8_t  *at;

    if (s->end - from < 4 || !xpecto_scan_at_word(s, from)) {
        return 0;
    }

    switch (from[0]) {

    case 'w':
        if (!xpecto_scan_plain(s, from, "wamid.")
            && !xpecto_scan_plain(s, from, "wacid."))
        {
            return 0;
        }

        at = xpecto_scan_base64(s, from + 6, XPECTO_SCAN_HEAD, &n, head);

        known = (n >= XPECTO_SCAN_PIECE || (s->tail && at == s->end));
        break;

    case 'Y':
        known = xpecto_scan_plain(s, from, "Y2FwaV9ncm91cDo");
        break;

    default:
        if (from[1] != 'B') {
            return 0;
        }

        at = xpecto_scan_base64(s, from, XPECTO_SCAN_HEAD, &n, head);
        cut = (s->tail && at == s->end);

        known = xpecto_scan_is_thrift(head, n, cut)
                || xpecto_scan_is_bcd(head, n);
    }

    if (!known) {
        return 0;
    }

    at = xpecto_scan_base64(s, (from[0] == 'w') ? from + 6 : from, SIZE_MAX,
                            &n, head);
    *p = at;

    return xpecto_scan_found(s, span, XPECTO_CLASS_ID, from, at);
}


/*
 * At most max characters of base64 or base64url, n of them, with their
 * padding; the first go to head as base64url.  A plain "/" is no part: it
 * ends a segment of a path.
 */

static const uint8_t *
xpecto_scan_base64(const xpecto_scan_t *s, const uint8_t *p, size_t max,
    size_t *n, uint8_t *head)
{
    size_t          w, len, padding;
    unsigned        c;
    const uint8_t  *end;

    *n = 0;

    while (*n < max) {

        /* most of it is letters and digits as they are */

        end = xpecto_scan_word_end(p, s->end);
        len = (size_t) (end - p);
        len = (len < max - *n) ? len : max - *n;

        if (*n < XPECTO_SCAN_HEAD) {
            w = XPECTO_SCAN_HEAD - *n;
            memcpy(head + *n, p, (len < w) ? len : w);
        }

        p += len;
        *n += len;

        if (*n == max) {
            break;
        }

        c = xpecto_view_next(p, s->end, &w);

        if (c == '+') {
            c = '-';

        } else if (c == '/' && w > 1) {
            c = '_';
        }

        if (!xpecto_view_is_alnum(c) && c != '-' && c != '_') {
            break;
        }

        if (*n < XPECTO_SCAN_HEAD) {
            head[*n] = (uint8_t) c;
        }

        (*n)++;
        p += w;
    }

    for (padding = 0; padding < 2; padding++) {

        if (xpecto_view_next(p, s->end, &w) != '=') {
            break;
        }

        p += w;
    }

    return p;
}


static int
xpecto_scan_is_thrift(const uint8_t *head, size_t n, int cut)
{
    size_t   len;
    uint8_t  bytes[3], digits[XPECTO_PHONE_MAX];

    if (n < 4 || xpecto_base64url_decode(bytes, &len, head, 4) != XPECTO_OK
        || bytes[0] != 0x1c || bytes[1] != 0x18
        || bytes[2] < XPECTO_PHONE_MIN || bytes[2] > XPECTO_PHONE_MAX)
    {
        return 0;
    }

    /* whole quanta up to the last digit */

    if (n < 4 + (size_t) (bytes[2] + 2) / 3 * 4) {
        return cut && n >= XPECTO_SCAN_PIECE;
    }

    return xpecto_scan_thrift(head, n, digits) > 0;
}


static int
xpecto_scan_is_bcd(const uint8_t *head, size_t n)
{
    size_t   len;
    uint8_t  digits[XPECTO_PHONE_MAX + 1];

    len = xpecto_scan_bcd(head, n, digits);

    return len > 0 && xpecto_phone_check(digits, len, XPECTO_PHONE_POSSIBLE);
}


/* these return how many digits there are, 0: the head is something else */

static size_t
xpecto_scan_thrift(const uint8_t *head, size_t n, uint8_t *digits)
{
    size_t   i, len;
    uint8_t  bytes[XPECTO_SCAN_BYTES];

    n = (n < XPECTO_SCAN_HEAD) ? n / 4 * 4 : XPECTO_SCAN_HEAD;

    if (xpecto_base64url_decode(bytes, &len, head, n) != XPECTO_OK
        || len < 3 || bytes[0] != 0x1c || bytes[1] != 0x18
        || bytes[2] < XPECTO_PHONE_MIN || bytes[2] > XPECTO_PHONE_MAX
        || len < 3 + (size_t) bytes[2])
    {
        return 0;
    }

    for (i = 0; i < bytes[2]; i++) {

        digits[i] = bytes[3 + i];

        if (!xpecto_view_is_digit(digits[i])) {
            return 0;
        }
    }

    return i;
}


static size_t
xpecto_scan_bcd(const uint8_t *head, size_t n, uint8_t *digits)
{
    size_t    i, len, total;
    uint8_t   bytes[XPECTO_SCAN_BYTES];
    unsigned  nibble;

    n = (n < XPECTO_SCAN_HEAD) ? n / 4 * 4 : XPECTO_SCAN_HEAD;

    if (xpecto_base64url_decode(bytes, &len, head, n) != XPECTO_OK
        || len < 4 || (bytes[0] & 0x7f) != 0 || bytes[1] != 0x11)
    {
        return 0;
    }

    total = (size_t) (bytes[2] & 0x7f) * 2;

    if (total < XPECTO_PHONE_MIN || total > XPECTO_PHONE_MAX + 1
        || len < 3 + total / 2)
    {
        return 0;
    }

    for (i = 0; i < total; i++) {
        nibble = bytes[3 + i / 2];
        nibble = (i % 2) ? (nibble & 0x0f) : nibble >> 4;

        if (nibble > 9) {
            return (nibble == 0x0f && i == total - 1) ? i : 0;
        }

        digits[i] = (uint8_t) ('0' + nibble);
    }

    return i;
}


static size_t
xpecto_scan_group(const uint8_t *head, size_t n, uint8_t *digits)
{
    size_t   i, len;
    uint8_t  bytes[XPECTO_SCAN_BYTES];

    static const char  prefix[] = "capi_group:";

    n = (n < XPECTO_SCAN_HEAD) ? n / 4 * 4 : XPECTO_SCAN_HEAD;

    if (xpecto_base64url_decode(bytes, &len, head, n) != XPECTO_OK
        || len < sizeof(prefix) - 1
        || memcmp(bytes, prefix, sizeof(prefix) - 1) != 0)
    {
        return 0;
    }

    for (n = 0, i = sizeof(prefix) - 1;
         i < len && n < XPECTO_PHONE_MAX && xpecto_view_is_digit(bytes[i]);
         i++)
    {
        digits[n++] = bytes[i];
    }

    return (i < len && bytes[i] == ':') ? n : 0;
}


xpecto_rc_e
xpecto_scan_id_phone(const uint8_t *p, size_t len, xpecto_phone_t *ph)
{
    size_t         n;
    uint8_t        head[XPECTO_SCAN_HEAD], digits[XPECTO_PHONE_MAX + 1];
    xpecto_scan_t  s;

    memset(&s, 0, sizeof(xpecto_scan_t));

    s.start = p;
    s.end = p + len;

    if (xpecto_scan_plain(&s, p, "wamid.")
        || xpecto_scan_plain(&s, p, "wacid."))
    {
        p += 6;
    }

    (void) xpecto_scan_base64(&s, p, XPECTO_SCAN_HEAD, &n, head);

    len = xpecto_scan_thrift(head, n, digits);

    if (len == 0) {
        len = xpecto_scan_bcd(head, n, digits);
    }

    if (len == 0) {
        len = xpecto_scan_group(head, n, digits);
    }

    if (!xpecto_phone_check(digits, len, XPECTO_PHONE_POSSIBLE)) {
        return XPECTO_DECLINED;
    }

    xpecto_phone_set(ph, digits, len);

    return XPECTO_OK;
}


/* a business-scoped user id: "US.13491208655302741918", "US.ENT...." */

int
xpecto_scan_user(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    size_t          n, digits;
    const uint8_t  *from, *at;

    at = (*p)++;

    if (at - s->start < 2 || !xpecto_view_is_upper(at[-1])
        || !xpecto_view_is_upper(at[-2]))
    {
        return 0;
    }

    from = at - 2;
    at++;

    if (xpecto_scan_plain(s, at, "ENT.")) {
        at += 4;
    }

    n = 0;
    digits = 0;

    while (at < s->end && xpecto_view_is_alnum(*at)
           && n <= XPECTO_SCAN_USER_MAX)
    {
        digits += xpecto_view_is_digit(*at);
        at++;
        n++;
    }

    if (n > XPECTO_SCAN_USER_MAX
        || !((n >= XPECTO_SCAN_USER && digits == n)
             || (n >= XPECTO_SCAN_USER_MIX && digits * 3 >= n))
        || !xpecto_scan_at_word(s, from))
    {
        return 0;
    }

    *p = at;

    return xpecto_scan_found(s, span, XPECTO_CLASS_USER, from, at);
}
