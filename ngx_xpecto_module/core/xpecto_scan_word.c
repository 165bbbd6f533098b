
#include <string.h>

#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_REACH     30        /* characters from a word to a number */
#define XPECTO_SCAN_HINT      48        /* the same in bytes */
#define XPECTO_SCAN_BESIDE    6         /* bytes that are looked at first */
#define XPECTO_SCAN_SPLIT     72        /* bytes from a code to its number */
#define XPECTO_SCAN_NATIONAL  7         /* digits of a number at least */


static int xpecto_scan_is_beside(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_is_day(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_is_national(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_is_date(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_hint(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_name(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_text(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_says(const char *const *words, const char *text,
    size_t len);


/*
 * Words that announce a number without its calling code: at the end of the
 * name of a member, and in a text.  Each holds a pair of letters that
 * xpecto_scan_hint() looks for.
 */

static const char *const  xpecto_scan_names[] = {
    "phone", "phone_number", "phonenumber", "phone_no", "phoneno",
    "mobile", "mobile_number", "mobilenumber", "mobile_no", "mobileno",
    "whatsapp", "whatsapp_number", "whatsappnumber", "dial_code", "dialcode",
    "telephone", "telefon", "telefone", "telefono", "celular", "msisdn",
    "tel", "cell", "fax", "sms", "mob", "waid", NULL
};

static const char *const  xpecto_scan_words[] = {
    "phone", "telephone", "cellphone", "mobile", "whatsapp", "telefon",
    "celular", "msisdn", "tel", "fax", "sms", "mob", NULL
};


/* the order is that of cost */

int
xpecto_scan_announced(const xpecto_scan_t *s, const uint8_t *p)
{
    int  named;

    if (xpecto_scan_is_day(s, p) || !xpecto_scan_is_beside(s, p)
        || (xpecto_view_is_digit(*p) && !xpecto_scan_is_national(s, p))
        || !xpecto_scan_hint(s, p)
        || !xpecto_scan_open_left(s, p))
    {
        return 0;
    }

    named = xpecto_scan_name(s, p);

    return (named < 0) ? !xpecto_scan_is_date(s, p) && xpecto_scan_text(s, p)
                       : named;
}


/* what stands before a value, then a letter, or %20, \x22, \u0022 */

static int
xpecto_scan_is_beside(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t    w, left;
    unsigned  n;

    for (n = 0; p > s->start && n < XPECTO_SCAN_BESIDE; n++) {
        p--;

        if (xpecto_view_is_alpha(*p) || *p >= 0x80) {
            return 1;
        }

        if (xpecto_view_is_digit(*p)) {
            left = (size_t) (p - s->start);

            return (left > 1 && (p[-2] == '%' || p[-2] == 'x'))
                   || (left > 3 && (p[-4] == '%' || p[-4] == 'u'));
        }

        /* of a word it makes another one: "mobile-1234567" */

        if (*p == '-'
            && !xpecto_view_is_alnum(xpecto_view_prev(s->start, p, &w)))
        {
            continue;
        }

        if (*p != ' ' && *p != ':' && *p != '=' && *p != '"' && *p != '('
            && *p != '.' && *p != '\'' && *p != '+' && *p != '#')
        {
            return 0;
        }
    }

    return 0;
}


/* 2026-11-22, 2026/11/22 */

static int
xpecto_scan_is_day(const xpecto_scan_t *s, const uint8_t *p)
{
    return s->end - p > 7 && (p[4] == '-' || p[4] == '/') && p[7] == p[4]
           && ((p[0] == '2' && p[1] == '0') || (p[0] == '1' && p[1] == '9'))
           && xpecto_view_is_digit(p[2]) && xpecto_view_is_digit(p[3]);
}


/* the digits at p could be a national number: there are enough of them */

static int
xpecto_scan_is_national(const xpecto_scan_t *s, const uint8_t *p)
{
    unsigned        n, gap;
    const uint8_t  *at;

    at = xpecto_scan_digits_end(p, s->end);
    n = (unsigned) (at - p);
    gap = 0;

    for ( /* void */ ; at < s->end && n < XPECTO_SCAN_NATIONAL && gap < 3; at++)
    {
        if (xpecto_view_is_digit(*at)) {
            n++;
            gap = 0;
            continue;
        }

        if (*at != ' ' && *at != '-' && *at != '.' && *at != '/'
            && *at != '(' && *at != ')' && *at != '+' && *at != '%')
        {
            return 0;
        }

        gap++;
    }

    return n >= XPECTO_SCAN_NATIONAL;
}


/* 20261122 */

static int
xpecto_scan_is_date(const xpecto_scan_t *s, const uint8_t *p)
{
    unsigned        month, day;
    const uint8_t  *at;

    for (at = p; at < s->end && xpecto_view_is_digit(*at); at++) {
        /* void */
    }

    if (at - p != 8 || !((p[0] == '2' && p[1] == '0')
                         || (p[0] == '1' && p[1] == '9')))
    {
        return 0;
    }

    month = (unsigned) (p[4] - '0') * 10 + p[5] - '0';
    day = (unsigned) (p[6] - '0') * 10 + p[7] - '0';

    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}


/* a look at the bytes: one pair of letters that such a word has */

static int
xpecto_scan_hint(const xpecto_scan_t *s, const uint8_t *p)
{
    unsigned        c, before, quotes;
    const uint8_t  *at, *from;

    static const uint8_t  pairs[32] = {
        ['a' & 31] = 'h', ['b' & 31] = 'o', ['d' & 31] = 's',
        ['i' & 31] = 'd', ['l' & 31] = 'e', ['m' & 31] = 's',
        ['o' & 31] = 'h', ['x' & 31] = 'a'
    };

    /* no pair of it is one of theirs */

    if (p - s->start > 4 && (p[-2] | 0x20) == 'd' && (p[-3] | 0x20) == 'i'
        && (p[-4] | 0x20) == 'a' && (p[-5] | 0x20) == 'w')
    {
        return 1;
    }

    from = (p - s->start > XPECTO_SCAN_HINT) ? p - XPECTO_SCAN_HINT
                                             : s->start;
    before = 0;
    quotes = 0;

    for (at = p; at > from; at--) {
        c = at[-1] | 0x20u;

        if (c == before) {
            return 1;
        }

        /* two quotes stand between the name of a member and its value */

        quotes += (at[-1] == '"');

        if (at[-1] == '&' || at[-1] == '?' || at[-1] == '/' || quotes == 3) {
            return 0;
        }

        before = pairs[c & 31];
    }

    return 0;
}


/* 1: the value of a member of that name, 0: of an id, -1: of another */

static int
xpecto_scan_name(const xpecto_scan_t *s, const uint8_t *p)
{
    char            name[XPECTO_SCAN_REACH];
    size_t          w, len;
    unsigned        c, colon;
    const uint8_t  *at;

    at = p;
    colon = 0;

    for ( ;; ) {
        c = xpecto_view_prev(s->start, at, &w);

        if (c == ':' || c == '=') {

            if (colon) {
                return -1;
            }

            colon = 1;

        } else if (c > 0x7f || c == 0 || strchr("\"' (.-+#", (int) c) == NULL) {
            break;
        }

        at -= w;
    }

    if (!colon) {
        return -1;
    }

    for (len = sizeof(name); len > 0; len--) {

        if (!xpecto_view_is_alnum(c) && c != '_' && c != '-') {
            break;
        }

        name[len - 1] = (char) (xpecto_view_is_upper(c) ? c | 0x20 : c);
        at -= w;
        c = xpecto_view_prev(s->start, at, &w);
    }

    if (xpecto_scan_says(xpecto_scan_names, name + len, sizeof(name) - len)) {
        return 1;
    }

    len = sizeof(name) - len;

    return (len > 1 && memcmp(name + sizeof(name) - 2, "id", 2) == 0) ? 0 : -1;
}


/* a word within reach; no other value or label ("[phone]") between */

static int
xpecto_scan_text(const xpecto_scan_t *s, const uint8_t *p)
{
    char            text[XPECTO_SCAN_REACH];
    size_t          w, i, len, end;
    unsigned        c;
    const uint8_t  *at;

    at = p;

    for (len = sizeof(text); len > 0; len--) {
        c = xpecto_view_prev(s->start, at, &w);

        if (c < ' ' || c > 0x7f || xpecto_view_is_digit(c)
            || strchr("\"&,{}[]|<>", (int) c) != NULL)
        {
            break;
        }

        text[len - 1] = (char) (xpecto_view_is_upper(c) ? c | 0x20 : c);
        at -= w;
    }

    end = sizeof(text);

    for (i = sizeof(text); i > len; i--) {

        if (xpecto_view_is_alpha((uint8_t) text[i - 1])) {
            continue;
        }

        if (xpecto_scan_says(xpecto_scan_words, text + i, end - i)) {
            return 1;
        }

        end = i - 1;
    }

    return xpecto_scan_says(xpecto_scan_words, text + len, end - len);
}


/*
 * "country_code":"91","dial_code":"9876543210": the digits of the calling
 * code that is the value of the member before
 */

size_t
xpecto_scan_country(const xpecto_scan_t *s, const uint8_t *p,
    uint8_t code[XPECTO_SCAN_CODE])
{
    size_t          w, n;
    unsigned        c;
    const uint8_t  *at, *from;

    static const char  name[] = "ountry";

    if ((size_t) (p - s->start) <= sizeof(name)) {
        return 0;
    }

    from = (p - s->start > XPECTO_SCAN_SPLIT) ? p - XPECTO_SCAN_SPLIT
                                              : s->start;

    for (at = p - sizeof(name); at > from; at--) {
        if (memcmp(at, name, sizeof(name) - 1) == 0) {
            break;
        }
    }

    if (at <= from || (at[-1] | 0x20) != 'c') {
        return 0;
    }

    n = 0;

    for (at += sizeof(name) - 1; at < p; at += w) {
        c = xpecto_view_next(at, p, &w);

        if (xpecto_view_is_digit(c)) {

            if (n == XPECTO_SCAN_CODE) {
                return 0;
            }

            code[n++] = (uint8_t) c;
            continue;
        }

        if (n > 0) {
            break;
        }

        if (c > 0x7f || c == 0
            || (!xpecto_view_is_alpha(c)
                && strchr("_-\"':= +", (int) c) == NULL))
        {
            return 0;
        }
    }

    return n;
}


/* text ends with one of the words, and nothing of a longer one before it */

static int
xpecto_scan_says(const char *const *words, const char *text, size_t len)
{
    size_t  n;

    while (len > 0 && xpecto_view_is_digit((uint8_t) text[len - 1])) {
        len--;
    }

    for ( /* void */ ; *words != NULL; words++) {
        n = strlen(*words);

        if (len >= n && memcmp(text + len - n, *words, n) == 0
            && (len == n || n > 4
                || !xpecto_view_is_alpha((uint8_t) text[len - n - 1])))
        {
            return 1;
        }
    }

    return 0;
}
