
#include <string.h>

#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_NAME  32            /* of a member; longer: unknown */


/* what is said right before a number */

static const struct {
    unsigned            last;
    unsigned            before;         /* the one before the last */
    const char         *word;
} xpecto_scan_marks[] = {
    { ':', 'l', "tel:" },
    { ':', 'p', "whatsapp:" },
    { ':', 'p', "sip:" },
    { ':', 's', "sips:" },
    { '/', 'e', "wa.me/" },
    { '=', 'd', "waid=" },
    { '=', 'e', "phone=" },
    { 0, 0, NULL }
};


static const char *const  xpecto_scan_hosts[] = {
    "@c.us", "@s.whatsapp.net", NULL
};


/* members of the Cloud API that hold numbers of other kinds, sorted */

static const char *const  xpecto_scan_safe[] = {
    "app_id", "application_id", "business_id", "catalog_id", "code",
    "content-length", "created_timestamp", "duration", "end_time",
    "error_subcode", "expiration_timestamp", "fbtrace_id", "flow_id",
    "media_id", "phone_number_id", "source_id", "start_time", "time",
    "timestamp", "waba_id", "whatsapp_business_account_id", NULL
};


xpecto_scan_mark_e
xpecto_scan_mark_before(const xpecto_scan_t *s, const uint8_t *p,
    const uint8_t **from)
{
    size_t          w, i;
    unsigned        c, before;
    const uint8_t  *at;

    at = p;
    c = xpecto_view_prev(s->start, at, &w);

    if (c == '(') {
        at -= w;
        c = xpecto_view_prev(s->start, at, &w);
    }

    if (c == '+') {
        at -= w;
        *from = at;

        c = xpecto_view_prev(s->start, at, &w);

        return xpecto_view_is_alnum(c) ? XPECTO_SCAN_WEAK
                                       : XPECTO_SCAN_MARKED;
    }

    if (c == ' ') {
        at -= w;

        if (xpecto_view_prev(s->start, at, &w) == '+') {
            *from = at - w;
            return XPECTO_SCAN_WEAK;
        }

        return XPECTO_SCAN_UNMARKED;
    }

    if (c != ':' && c != '/' && c != '=') {
        return XPECTO_SCAN_UNMARKED;
    }

    before = xpecto_view_prev(s->start, at - w, &w) | 0x20;

    for (i = 0; xpecto_scan_marks[i].word != NULL; i++) {
        if (c == xpecto_scan_marks[i].last
            && before == xpecto_scan_marks[i].before
            && xpecto_view_match_back(s->start, at, xpecto_scan_marks[i].word))
        {
            return XPECTO_SCAN_MARKED;
        }
    }

    return XPECTO_SCAN_UNMARKED;
}


int
xpecto_scan_jid(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t              w;
    unsigned            c, n, first;
    const char *const  *host;

    c = xpecto_view_next(p, s->end, &w);
    first = c;

    /* the device, an agent before it: ".0:12"; the time of a group */

    for (n = 0; n < 2 && (c == ':' || c == '-' || c == '.'); n++) {

        do {
            p += w;
            c = xpecto_view_next(p, s->end, &w);
        } while (xpecto_view_is_digit(c));
    }

    if (c != '@') {
        return 0;
    }

    if (first == '-') {
        return xpecto_view_match(p, s->end, "@g.us") > 0;
    }

    for (host = xpecto_scan_hosts; *host != NULL; host++) {
        if (xpecto_view_match(p, s->end, *host)) {
            return 1;
        }
    }

    return 0;
}


int
xpecto_scan_open_left(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t    w;
    unsigned  c;

    c = xpecto_view_prev(s->start, p, &w);

    if (xpecto_view_is_alnum(c) || c == '$') {
        return 0;
    }

    if (c == '.') {
        c = xpecto_view_prev(s->start, p - w, &w);

        return !xpecto_view_is_digit(c);
    }

    return 1;
}


int
xpecto_scan_open_right(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t    w;
    unsigned  c;

    c = xpecto_view_next(p, s->end, &w);

    /* a percentage, but for the wildcard of a search: "%25" */

    if (xpecto_view_is_alnum(c) || (c == '%' && w == 1)) {
        return 0;
    }

    if (c == '.') {
        c = xpecto_view_next(p + w, s->end, &w);

        return !xpecto_view_is_digit(c);
    }

    return 1;
}


int
xpecto_scan_is_edge(unsigned c)
{
    return c == XPECTO_VIEW_END
           || (c < 0x80 && c > 0
               && strchr("\"'=:,;&<>()[]{}|/?#\n\r", (int) c) != NULL);
}


int
xpecto_scan_follows_digit(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t    w;
    unsigned  c, digit;

    c = xpecto_view_prev(s->start, p, &w);

    if (c != '-' && c != '/' && c != ':' && c != ' ') {
        return 0;
    }

    for (digit = 0; /* void */ ; digit = 1) {
        p -= w;
        c = xpecto_view_prev(s->start, p, &w);

        if (!xpecto_view_is_digit(c)) {
            break;
        }
    }

    /* "/v1/" */

    return digit && !xpecto_view_is_alpha(c);
}


int
xpecto_scan_goes_on(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t  w;

    if (xpecto_view_next(p, s->end, &w) != '-') {
        return 0;
    }

    return xpecto_view_is_alnum(xpecto_view_next(p + w, s->end, &w));
}


int
xpecto_scan_is_uuid(const xpecto_scan_t *s, const uint8_t *p)
{
    int  i;

    if (p - s->start < 24) {
        return 0;
    }

    for (i = 1; i <= 24; i++) {

        if (i == 1 || i == 6 || i == 11 || i == 16) {
            if (p[-i] != '-') {
                return 0;
            }

        } else if (xpecto_view_hex(p[-i]) > 15) {
            return 0;
        }
    }

    return 1;
}


int
xpecto_scan_is_safe(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t              w, len;
    unsigned            c, colon;
    const uint8_t      *at;
    uint8_t             name[XPECTO_SCAN_NAME + 1];
    const char *const  *safe;

    at = p;
    c = xpecto_view_prev(s->start, at, &w);

    if (c == '/') {
        at -= w;

        for (colon = 0; colon < 2; colon++) {

            len = 0;

            while (c = xpecto_view_prev(s->start, at, &w),
                   xpecto_view_is_digit(c) && len < 4)
            {
                at -= w;
                len++;
            }

            if (len == 0 || c != (colon ? 'v' : '.')) {
                return 0;
            }

            at -= w;
        }

        return xpecto_view_prev(s->start, at, &w) == '/';
    }

    /* name, perhaps quoted, then ":" or "=", then a perhaps quoted value */

    for (colon = 0; c == '"' || c == '\'' || c == ' '
                    || ((c == ':' || c == '=') && !colon); )
    {
        colon |= (c == ':' || c == '=');
        at -= w;
        c = xpecto_view_prev(s->start, at, &w);
    }

    if (!colon) {
        return 0;
    }

    for (len = XPECTO_SCAN_NAME; len > 0; len--) {
        c = xpecto_view_prev(s->start, at, &w);

        if (!xpecto_view_is_alnum(c) && c != '_' && c != '-') {
            break;
        }

        name[len - 1] = (uint8_t) (xpecto_view_is_upper(c) ? (c | 0x20) : c);
        at -= w;
    }

    name[XPECTO_SCAN_NAME] = '\0';

    for (safe = xpecto_scan_safe; *safe != NULL; safe++) {
        if ((uint8_t) **safe == name[len]
            && strcmp(*safe, (char *) name + len) == 0)
        {
            return 1;
        }
    }

    return 0;
}
