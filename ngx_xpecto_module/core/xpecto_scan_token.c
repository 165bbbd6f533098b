
#include <string.h>

#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_EAA      40         /* characters of a Meta token */
#define XPECTO_SCAN_SECRET   8          /* of what follows "Bearer" */
#define XPECTO_SCAN_SID      32         /* hexadecimal digits behind "SK" */
#define XPECTO_SCAN_APP_ID   16         /* digits of an app's id at most */
#define XPECTO_SCAN_APP_MIN  27         /* characters of its secret */
#define XPECTO_SCAN_APP_MAX  40


static int xpecto_scan_eaa(const xpecto_scan_t *s, const uint8_t *from,
    const uint8_t **p, xpecto_span_t *span);
static int xpecto_scan_jwt(const xpecto_scan_t *s, const uint8_t *from,
    const uint8_t **p, xpecto_span_t *span);
static const uint8_t *xpecto_scan_segment(const xpecto_scan_t *s,
    const uint8_t *p);
static int xpecto_scan_auth(const xpecto_scan_t *s, const uint8_t *from,
    const uint8_t **p, xpecto_span_t *span);
static int xpecto_scan_sid(const xpecto_scan_t *s, const uint8_t *from,
    const uint8_t **p, xpecto_span_t *span);


int
xpecto_scan_token(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    unsigned        ids, credentials;
    const uint8_t  *at, *from;

    at = *p;
    *p = at + 1;

    if ((s->classes & XPECTO_CLASS_BIT(XPECTO_CLASS_ACCOUNT))
        && s->end - at > 4
        && xpecto_view_is_upper(at[0]) && xpecto_view_is_upper(at[1])
        && xpecto_view_is_digit(at[2]) && xpecto_view_is_digit(at[3]))
    {
        *p = at;

        if (xpecto_scan_iban(s, p, span)) {
            return 1;
        }
    }

    ids = s->classes & XPECTO_CLASS_BIT(XPECTO_CLASS_ID);
    credentials = s->classes & XPECTO_CLASS_BIT(XPECTO_CLASS_CREDENTIAL);

    switch (*at) {

    case 'E':
        return credentials && xpecto_scan_plain(s, at, "EAA")
               && xpecto_scan_eaa(s, at, p, span);

    case 'J':
        return credentials && at - s->start > 1
               && at[-1] == 'y' && at[-2] == 'e'
               && xpecto_scan_jwt(s, at - 2, p, span);

    case 'S':
        return credentials && xpecto_scan_plain(s, at, "SK")
               && xpecto_scan_sid(s, at, p, span);

    case 'w':
    case 'Y':
        return ids && xpecto_scan_id(s, at, p, span);

    case 'B':
        from = at - 1;

        if (ids && at > s->start
            && (*from == 'H' || *from == 'A' || *from == 'g'))
        {
            return xpecto_scan_id(s, from, p, span);
        }

        /* fall through */

    case 'b':
        return credentials && xpecto_scan_auth(s, at, p, span);

    default:
        return 0;
    }
}


int
xpecto_scan_at_word(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t    w;
    unsigned  c;

    c = xpecto_view_prev(s->start, p, &w);

    return !xpecto_view_is_alnum(c) && c != '_' && c != '-';
}


int
xpecto_scan_plain(const xpecto_scan_t *s, const uint8_t *p, const char *text)
{
    size_t  len;

    len = strlen(text);

    return (size_t) (s->end - p) >= len && memcmp(p, text, len) == 0;
}


static int
xpecto_scan_eaa(const xpecto_scan_t *s, const uint8_t *from,
    const uint8_t **p, xpecto_span_t *span)
{
    size_t          n;
    const uint8_t  *end;

    end = xpecto_scan_word_end(from, s->end);

    *p = end;
    n = (size_t) (end - from);

    if (n < XPECTO_SCAN_EAA
        && !(s->tail && end == s->end && n >= XPECTO_SCAN_PIECE))
    {
        return 0;
    }

    if (!xpecto_scan_at_word(s, from)) {
        return 0;
    }

    return xpecto_scan_found(s, span, XPECTO_CLASS_CREDENTIAL, from, end);
}


/* header.claims.signature; five segments if encrypted */

static int
xpecto_scan_jwt(const xpecto_scan_t *s, const uint8_t *from,
    const uint8_t **p, xpecto_span_t *span)
{
    unsigned        n;
    const uint8_t  *end, *next;

    end = xpecto_scan_segment(s, from);
    *p = end;

    if (end - from < XPECTO_SCAN_PIECE || !xpecto_scan_at_word(s, from)) {
        return 0;
    }

    for (n = 1; n < 5 && end < s->end && *end == '.'; n++) {
        next = xpecto_scan_segment(s, end + 1);

        if (n == 1 && next - end < 3) {
            break;
        }

        end = next;
    }

    if (n == 1 && !(s->tail && end == s->end)) {
        return 0;
    }

    *p = end;

    return xpecto_scan_found(s, span, XPECTO_CLASS_CREDENTIAL, from, end);
}


static const uint8_t *
xpecto_scan_segment(const xpecto_scan_t *s, const uint8_t *p)
{
    p = xpecto_scan_word_end(p, s->end);

    while (p < s->end && (*p == '-' || *p == '_')) {
        p = xpecto_scan_word_end(p + 1, s->end);
    }

    return p;
}


/* "Bearer token", "Basic base64": the scheme stays */

static int
xpecto_scan_auth(const xpecto_scan_t *s, const uint8_t *from,
    const uint8_t **p, xpecto_span_t *span)
{
    int             mixed;
    size_t          w, n;
    unsigned        c;
    const uint8_t  *at;

    w = xpecto_view_match(from, s->end, "bearer");

    if (w == 0) {
        w = xpecto_view_match(from, s->end, "basic");
    }

    if (w == 0 || !xpecto_scan_at_word(s, from)) {
        return 0;
    }

    from += w;
    n = 0;

    while (c = xpecto_view_next(from, s->end, &w),
           n < 3 && (c == ' ' || (c == '+' && w == 1)))
    {
        from += w;
        n++;
    }

    if (n == 0) {
        return 0;
    }

    mixed = 0;
    n = 0;

    for (at = from; /* void */ ; at += w) {
        c = xpecto_view_next(at, s->end, &w);

        if (c > 0x7f || c == 0
            || (!xpecto_view_is_alnum(c) && strchr("-._~+/=|", (int) c)
                                            == NULL))
        {
            break;
        }

        mixed |= (n > 0 && !(c >= 'a' && c <= 'z') && c != '.' && c != '-');
        n++;
    }

    if (n < XPECTO_SCAN_SECRET && !(s->tail && at == s->end && n > 0)) {
        return 0;
    }

    /* "basic authentication" is a word, not a secret */

    if (!mixed && n < XPECTO_SCAN_EAA) {
        return 0;
    }

    *p = at;

    return xpecto_scan_found(s, span, XPECTO_CLASS_CREDENTIAL, from, at);
}


/* an API key of Twilio; "AC" and the like name things and are no secrets */

static int
xpecto_scan_sid(const xpecto_scan_t *s, const uint8_t *from,
    const uint8_t **p, xpecto_span_t *span)
{
    const uint8_t  *end;

    end = from + 2;

    while (end < s->end && (xpecto_view_is_digit(*end)
                            || (*end >= 'a' && *end <= 'f')))
    {
        end++;
    }

    *p = end;

    if (end - from != 2 + XPECTO_SCAN_SID
        || (end < s->end && xpecto_view_is_alnum(*end))
        || !xpecto_scan_at_word(s, from))
    {
        return 0;
    }

    return xpecto_scan_found(s, span, XPECTO_CLASS_CREDENTIAL, from, end);
}


/* an app's id, "|" and its secret */

int
xpecto_scan_app_token(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    size_t          w, n;
    unsigned        c;
    const uint8_t  *from, *at;

    from = *p;
    at = xpecto_scan_digits_end(from, s->end);

    if (at - from > XPECTO_SCAN_APP_ID || !xpecto_scan_at_word(s, from)
        || xpecto_view_next(at, s->end, &w) != '|')
    {
        return 0;
    }

    at += w;
    n = 0;

    while (c = xpecto_view_next(at, s->end, &w),
           n <= XPECTO_SCAN_APP_MAX
           && (xpecto_view_is_alnum(c) || c == '-' || c == '_'))
    {
        at += w;
        n++;
    }

    if ((n < XPECTO_SCAN_APP_MIN && !(s->tail && at == s->end))
        || n > XPECTO_SCAN_APP_MAX)
    {
        return 0;
    }

    *p = at;

    return xpecto_scan_found(s, span, XPECTO_CLASS_CREDENTIAL, from, at);
}
