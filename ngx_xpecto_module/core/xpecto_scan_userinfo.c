
/* "https://user:password@host": what is between "//" and the last "@". */


#include <string.h>

#include "xpecto_scan_parts.h"


/* characters between another finding and an "@" that it is looked for */

#define XPECTO_SCAN_USERINFO  1024

/* what ends them, of the bytes below 64: up to " ", and "\"#'/<>?" */

#define XPECTO_SCAN_ENDS      UINT64_C(0xd000808dffffffff)


static int xpecto_scan_userinfo_of(const xpecto_scan_t *s,
    const uint8_t *back, const uint8_t **p, xpecto_span_t *span);
static int xpecto_scan_ends_authority(unsigned c, size_t width);


int
xpecto_scan_userinfo(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    return xpecto_scan_userinfo_of(s, *p, p, span);
}


/* back: where it is looked for from, up to p nothing ends it */

static int
xpecto_scan_userinfo_of(const xpecto_scan_t *s, const uint8_t *back,
    const uint8_t **p, xpecto_span_t *span)
{
    size_t          w;
    unsigned        c;
    const uint8_t  *at, *from, *end;

    if ((s->classes & XPECTO_CLASS_BIT(XPECTO_CLASS_CREDENTIAL)) == 0) {
        return 0;
    }

    from = back;

    for ( ;; ) {
        c = xpecto_view_prev(s->start, from, &w);

        if (xpecto_scan_ends_authority(c, w)) {
            break;
        }

        /* from there it was looked for before, and up to here */

        if (c == '@' && w == 1) {
            return 0;
        }

        from -= w;
    }

    if (from == *p || !xpecto_view_match_back(s->start, from, "://")) {
        return 0;
    }

    end = *p;
    at = *p;

    /* to its very end: a part of it would be found once more in what is left */

    for ( ;; ) {
        c = xpecto_view_next(at, s->end, &w);

        if (xpecto_scan_ends_authority(c, w)) {
            break;
        }

        end = (c == '@') ? at : end;
        at += w;
    }

    /* it was removed before, and is no mailbox */

    if (end - from == 1 && *from == '-') {
        *p = end + xpecto_view_match(end, s->end, "@");
        return -1;
    }

    *p = end;

    return xpecto_scan_found(s, span, XPECTO_CLASS_CREDENTIAL, from, end);
}


/*
 * "https://user:secret:16505551234@host": the span is a piece of what goes as
 * a whole.  Most spans end where no authority goes on.
 */

void
xpecto_scan_widen(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    size_t          w;
    unsigned        c, n;
    xpecto_span_t   whole;
    const uint8_t  *at;

    at = *p;

    for (n = 0; n < XPECTO_SCAN_USERINFO; n++) {

        if (at < s->end && *at < 0x80
            && *at != '%' && *at != '\\' && *at != '@')
        {
            if (*at < 64 && (XPECTO_SCAN_ENDS >> *at & 1)) {
                return;
            }

            at++;
            continue;
        }

        c = xpecto_view_next(at, s->end, &w);

        if (xpecto_scan_ends_authority(c, w)) {
            return;
        }

        if (c == '@') {
            break;
        }

        at += w;
    }

    whole = *span;

    /* what ends an authority does not within a span: a label has no blanks */

    if (n < XPECTO_SCAN_USERINFO
        && xpecto_scan_userinfo_of(s, s->base + span->start, &at, &whole)
           > 0)
    {
        *span = whole;
        *p = at;
    }
}


/* "%2523" is a "#" of a password */

static int
xpecto_scan_ends_authority(unsigned c, size_t width)
{
    if (c == XPECTO_VIEW_END || c <= ' ') {
        return 1;
    }

    return (c < 0x80 && strchr("/\"'<>\\", (int) c) != NULL)
           || ((c == '?' || c == '#') && width < sizeof("%2523") - 1);
}
