
#include <string.h>

#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_GROUPS     8        /* of digits in one number */
#define XPECTO_SCAN_SEPARATED  4        /* characters between two groups */
#define XPECTO_SCAN_BARE       10       /* digits of a number without a mark */
#define XPECTO_SCAN_CUT        4        /* digits at the end of a buffer */
#define XPECTO_SCAN_PIECE      6        /* bytes of an escape that was cut */
#define XPECTO_SCAN_NAME       24       /* of a member; longer: unknown */


/* digits in groups, as far as one number could reach */

typedef struct {
    const uint8_t      *from;
    uint8_t             digits[XPECTO_PHONE_MAX];
    unsigned            ngroups;
    struct {
        unsigned        total;          /* digits up to and with this group */
        unsigned        separators;     /* SPACE, DASH, DOT before it */
        const uint8_t  *end;
    } groups[XPECTO_SCAN_GROUPS];
    unsigned            overflow:1;     /* a group goes past 15 digits */
    unsigned            cut:1;          /* the digits touch the end */
} xpecto_scan_run_t;


#define XPECTO_SCAN_SPACE  1
#define XPECTO_SCAN_DASH   2
#define XPECTO_SCAN_DOT    4
#define XPECTO_SCAN_OTHER  8            /* slash */


typedef enum {
    XPECTO_SCAN_UNMARKED = 0,
    XPECTO_SCAN_WEAK,           /* "+" that may stand for a space */
    XPECTO_SCAN_MARKED
} xpecto_scan_mark_e;


static void xpecto_scan_gather(const xpecto_scan_t *s, const uint8_t *p,
    int plus, xpecto_scan_run_t *run);
static const uint8_t *xpecto_scan_group(const xpecto_scan_t *s,
    const uint8_t *p, xpecto_scan_run_t *run);
static const uint8_t *xpecto_scan_separators(const xpecto_scan_t *s,
    const uint8_t *p, int plus, xpecto_scan_run_t *run, unsigned *separators);
static int xpecto_scan_is_piece(const xpecto_scan_t *s, const uint8_t *p);
static xpecto_scan_mark_e xpecto_scan_mark_before(const xpecto_scan_t *s,
    const uint8_t *p, const uint8_t **from);
static int xpecto_scan_jid(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_marked(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run, xpecto_scan_mark_e mark);
static int xpecto_scan_bare(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run);
static int xpecto_scan_dialled(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run, unsigned *skip);
static int xpecto_scan_grouped(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run);
static int xpecto_scan_looks_grouped(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run, unsigned n);
static int xpecto_scan_is_edge(unsigned c);
static int xpecto_scan_follows_digit(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_open_left(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_open_right(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_is_uuid(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_is_safe(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_cut(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run, xpecto_scan_mark_e mark);


/* what is said right before a number */

static const char *const  xpecto_scan_marks[] = {
    "tel:", "whatsapp:", "sip:", "sips:", "wa.me/", "waid=", "phone=", NULL
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


int
xpecto_scan_phone(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    int                  n;
    unsigned             skip;
    const uint8_t       *from, *at, *end;
    xpecto_span_t        email;
    xpecto_scan_run_t    run;
    xpecto_scan_mark_e   mark;

    from = *p;
    mark = xpecto_scan_mark_before(s, *p, &from);

    xpecto_scan_gather(s, *p, mark != XPECTO_SCAN_UNMARKED, &run);
    *p = run.groups[0].end;

    if (mark == XPECTO_SCAN_UNMARKED
        && run.ngroups > 0 && !run.overflow
        && xpecto_scan_jid(s, run.groups[0].end))
    {
        mark = XPECTO_SCAN_MARKED;
        run.ngroups = 1;
    }

    skip = 0;

    if (mark != XPECTO_SCAN_UNMARKED) {
        n = xpecto_scan_marked(s, &run, mark);

    } else {
        n = xpecto_scan_bare(s, &run);

        if (n == 0) {
            n = xpecto_scan_dialled(s, &run, &skip);
        }

        if (n == 0) {
            skip = 0;
            n = xpecto_scan_grouped(s, &run);
        }
    }

    if (n == 0) {

        if (xpecto_scan_cut(s, &run, mark)) {
            *p = s->end;
            return xpecto_scan_found(s, span, XPECTO_CLASS_PHONE, from,
                                     s->end);
        }

        return 0;
    }

    n--;
    end = run.groups[n].end;

    /* digits before an "@" that is no JID are somebody's mailbox */

    at = end;

    if (mark == XPECTO_SCAN_UNMARKED && (s->classes
        & XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL))
        && xpecto_view_match(at, s->end, "@")
        && xpecto_scan_email(s, &at, &email))
    {
        *p = at;
        *span = email;
        return 1;
    }

    *p = end;

    (void) xpecto_scan_found(s, span, XPECTO_CLASS_PHONE, from, end);
    (void) xpecto_phone_parse(&span->phone, run.digits + skip,
                              run.groups[n].total - skip);

    return 1;
}


/* "+" and "(" before the first digit, or a word that announces a number */

static xpecto_scan_mark_e
xpecto_scan_mark_before(const xpecto_scan_t *s, const uint8_t *p,
    const uint8_t **from)
{
    size_t               w;
    unsigned             c;
    const uint8_t       *at;
    const char *const   *word;

    at = p;
    c = xpecto_view_prev(s->start, at, &w);

    if (c == '(') {
        at -= w;
        c = xpecto_view_prev(s->start, at, &w);
    }

    if (c == '+') {
        at -= w;

        if (at < s->low) {
            return XPECTO_SCAN_WEAK;
        }

        *from = at;

        c = xpecto_view_prev(s->start, at, &w);

        return xpecto_view_is_alnum(c) ? XPECTO_SCAN_WEAK
                                       : XPECTO_SCAN_MARKED;
    }

    if (c == ':' || c == '/' || c == '=') {
        for (word = xpecto_scan_marks; *word != NULL; word++) {
            if (xpecto_view_match_back(s->start, at, *word)) {
                return XPECTO_SCAN_MARKED;
            }
        }
    }

    return XPECTO_SCAN_UNMARKED;
}


static void
xpecto_scan_gather(const xpecto_scan_t *s, const uint8_t *p, int plus,
    xpecto_scan_run_t *run)
{
    unsigned        separators;
    const uint8_t  *next;

    memset(run, 0, sizeof(xpecto_scan_run_t));

    run->from = p;
    separators = 0;

    do {
        run->groups[run->ngroups].separators = separators;
        p = xpecto_scan_group(s, p, run);

        if (run->overflow) {
            return;
        }

        next = xpecto_scan_separators(s, p, plus, run, &separators);

        if (next == NULL) {
            return;
        }

        p = next;

    } while (run->ngroups < XPECTO_SCAN_GROUPS);
}


/* adds the digits at p; a group that would be too much is not counted */

static const uint8_t *
xpecto_scan_group(const xpecto_scan_t *s, const uint8_t *p,
    xpecto_scan_run_t *run)
{
    size_t          w;
    unsigned        c, n, total;
    const uint8_t  *end;

    n = run->ngroups;
    total = (n > 0) ? run->groups[n - 1].total : 0;
    end = p;

    for ( ;; ) {
        c = xpecto_view_next(p, s->end, &w);

        if (c == XPECTO_VIEW_NONE) {
            p += w;
            continue;
        }

        if (!xpecto_view_is_digit(c)) {
            break;
        }

        if (total < XPECTO_PHONE_MAX) {
            run->digits[total] = (uint8_t) c;
        }

        total++;
        p += w;
        end = p;
    }

    if (n == 0 || total <= XPECTO_PHONE_MAX) {
        run->groups[n].total = total;
        run->groups[n].end = end;
        run->ngroups++;
    }

    run->overflow = (total > XPECTO_PHONE_MAX);

    return end;
}


/* NULL: no digit follows within reach */

static const uint8_t *
xpecto_scan_separators(const xpecto_scan_t *s, const uint8_t *p, int plus,
    xpecto_scan_run_t *run, unsigned *separators)
{
    size_t    w;
    unsigned  c, n;

    *separators = 0;

    for (n = 0; n <= XPECTO_SCAN_SEPARATED; n++) {

        /* the trunk digit of "+44 (0) 20" is not dialled from abroad */

        if (plus) {
            w = xpecto_view_match(p, s->end, "(0)");
            p += w;
        }

        c = xpecto_view_next(p, s->end, &w);

        switch (c) {

        case ' ':
        case '\t':
            *separators |= XPECTO_SCAN_SPACE;
            break;

        case '+':

            /* a space of a query; an encoded one begins another number */

            if (w != 1) {
                return NULL;
            }

            *separators |= XPECTO_SCAN_SPACE;
            break;

        case '-':
            *separators |= XPECTO_SCAN_DASH;
            break;

        case '.':
            *separators |= XPECTO_SCAN_DOT;
            break;

        case '/':
            *separators |= XPECTO_SCAN_OTHER;
            break;

        case '(':
        case ')':
        case XPECTO_VIEW_NONE:
            break;

        default:
            if (n > 0 && xpecto_view_is_digit(c)) {
                return p;
            }

            run->cut = (plus || n == 0) && xpecto_scan_is_piece(s, p);

            return NULL;
        }

        p += w;
    }

    return NULL;
}


/* nothing but, perhaps, the beginning of an escape: "%", "%2", "\u00" */

static int
xpecto_scan_is_piece(const xpecto_scan_t *s, const uint8_t *p)
{
    const uint8_t  *at;

    if (s->end - p > XPECTO_SCAN_PIECE) {
        return 0;
    }

    if (p < s->end && *p != '%' && *p != '\\') {
        return 0;
    }

    for (at = p; at < s->end; at++) {
        if (*at != '%' && *at != '\\' && *at != 'u' && *at != 'x'
            && xpecto_view_hex(*at) > 15)
        {
            return 0;
        }
    }

    return 1;
}


/* "@c.us", ":12@s.whatsapp.net", "-1400000000@g.us" */

static int
xpecto_scan_jid(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t              w;
    unsigned            c, first;
    const char *const  *host;

    c = xpecto_view_next(p, s->end, &w);
    first = c;

    if (first == ':' || first == '-') {

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


/* the number of groups that make the number, 0: none */

static int
xpecto_scan_marked(const xpecto_scan_t *s, const xpecto_scan_run_t *run,
    xpecto_scan_mark_e mark)
{
    size_t    w;
    unsigned  n;

    if (run->groups[0].total > XPECTO_PHONE_MAX) {
        return 0;
    }

    for (n = run->ngroups; n > 0; n--) {
        if (xpecto_phone_check(run->digits, run->groups[n - 1].total,
                               XPECTO_PHONE_VALID))
        {
            return (int) n;
        }
    }

    if (mark == XPECTO_SCAN_WEAK) {
        return 0;
    }

    for (n = run->ngroups; n > 0; n--) {
        if (xpecto_phone_check(run->digits, run->groups[n - 1].total,
                               XPECTO_PHONE_POSSIBLE)
            && !xpecto_view_is_alpha(xpecto_view_next(run->groups[n - 1].end,
                                                      s->end, &w)))
        {
            return (int) n;
        }
    }

    return 0;
}


static int
xpecto_scan_bare(const xpecto_scan_t *s, const xpecto_scan_run_t *run)
{
    unsigned  total;

    total = run->groups[0].total;

    return total >= XPECTO_SCAN_BARE && total <= XPECTO_PHONE_MAX
           && xpecto_phone_check(run->digits, total, XPECTO_PHONE_VALID)
           && xpecto_scan_open_left(s, run->from)
           && xpecto_scan_open_right(s, run->groups[0].end)
           && !xpecto_scan_is_uuid(s, run->from)
           && !xpecto_scan_is_safe(s, run->from);
}


/*
 * "00" or the "011" of North America before a whole number: n groups, and
 * the digits to skip
 */

static int
xpecto_scan_dialled(const xpecto_scan_t *s, const xpecto_scan_run_t *run,
    unsigned *skip)
{
    unsigned  n, total;

    total = run->groups[0].total;

    if (total < 4 || total > XPECTO_PHONE_MAX
        || run->digits[0] != '0' || !xpecto_scan_open_left(s, run->from))
    {
        return 0;
    }

    if (run->digits[1] == '0') {
        *skip = 2;

    } else if (memcmp(run->digits, "011", 3) == 0) {
        *skip = 3;

    } else {
        return 0;
    }

    for (n = run->ngroups; n > 0; n--) {
        total = run->groups[n - 1].total - *skip;

        if (total >= XPECTO_SCAN_BARE
            && xpecto_phone_check(run->digits + *skip, total,
                                  XPECTO_PHONE_VALID)
            && xpecto_scan_open_right(s, run->groups[n - 1].end))
        {
            return (int) n;
        }
    }

    return 0;
}


/*
 * "1-650-555-1234", "91 98765 43210": the calling code is a group.  Columns
 * of figures look alike: spaces count only within a value that has an end.
 */

static int
xpecto_scan_grouped(const xpecto_scan_t *s, const xpecto_scan_run_t *run)
{
    unsigned  n, total;

    if (run->ngroups < 2
        || run->groups[0].total
           != xpecto_phone_code(run->digits, run->groups[1].total)
        || !xpecto_scan_open_left(s, run->from)
        || xpecto_scan_follows_digit(s, run->from))
    {
        return 0;
    }

    for (n = run->ngroups; n > 1; n--) {
        total = run->groups[n - 1].total;

        if (total >= XPECTO_SCAN_BARE
            && xpecto_phone_check(run->digits, total, XPECTO_PHONE_VALID)
            && xpecto_scan_open_right(s, run->groups[n - 1].end)
            && xpecto_scan_looks_grouped(s, run, n))
        {
            return (int) n;
        }
    }

    return 0;
}


static int
xpecto_scan_looks_grouped(const xpecto_scan_t *s, const xpecto_scan_run_t *run,
    unsigned n)
{
    size_t    w;
    unsigned  i, kinds;

    kinds = 0;

    for (i = 1; i < n; i++) {
        kinds |= run->groups[i].separators;
    }

    if (run->digits[0] == '1') {

        /* 1 650 555 1234, 1 650 5551234, 1 6505551234 */

        if (n == 4 && (run->groups[1].total != 4 || run->groups[2].total != 7))
        {
            return 0;
        }

        if ((n == 3 && run->groups[1].total != 4) || n > 4) {
            return 0;
        }

        if (kinds == XPECTO_SCAN_DOT) {
            return n == 4;
        }

    } else if ((kinds & (kinds - 1)) != 0) {
        return 0;
    }

    if (kinds & (XPECTO_SCAN_DOT|XPECTO_SCAN_OTHER)) {
        return 0;
    }

    if ((kinds & XPECTO_SCAN_SPACE) == 0) {
        return 1;
    }

    return xpecto_scan_is_edge(xpecto_view_prev(s->start, run->from, &w))
           && xpecto_scan_is_edge(xpecto_view_next(run->groups[n - 1].end,
                                                   s->end, &w));
}


/* what a value begins after or ends before */

static int
xpecto_scan_is_edge(unsigned c)
{
    return c == XPECTO_VIEW_END
           || (c < 0x80 && c > 0 && strchr("\"'=:,;&<>()[]{}|/\n\r", (int) c));
}


/* a date or a time goes on: "-31", ":59" */

static int
xpecto_scan_follows_digit(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t    w;
    unsigned  c;

    c = xpecto_view_prev(s->start, p, &w);

    if (c != '-' && c != '/' && c != ':' && c != ' ') {
        return 0;
    }

    return xpecto_view_is_digit(xpecto_view_prev(s->start, p - w, &w));
}


/* nothing stands before it that makes the digits a part of something */

static int
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


static int
xpecto_scan_open_right(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t    w;
    unsigned  c;

    c = xpecto_view_next(p, s->end, &w);

    if (xpecto_view_is_alnum(c) || c == '%') {
        return 0;
    }

    if (c == '.') {
        c = xpecto_view_next(p + w, s->end, &w);

        return !xpecto_view_is_digit(c);
    }

    return 1;
}


/* the last twelve digits of "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" */

static int
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


/* "/v19.0/106540352242922", "phone_number_id":"106540352242922" */

static int
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

    for (safe = xpecto_scan_safe; *safe != NULL; safe++) {
        if (strlen(*safe) == XPECTO_SCAN_NAME - len
            && memcmp(*safe, name + len, strlen(*safe)) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* the beginning of a number that a buffer cut off */

static int
xpecto_scan_cut(const xpecto_scan_t *s, const xpecto_scan_run_t *run,
    xpecto_scan_mark_e mark)
{
    size_t    w;
    unsigned  total;

    if (!s->tail || !run->cut || run->overflow) {
        return 0;
    }

    if (mark == XPECTO_SCAN_UNMARKED) {
        return run->ngroups == 1 && run->groups[0].total >= XPECTO_SCAN_CUT
               && !xpecto_view_is_alnum(xpecto_view_prev(s->start, run->from,
                                                         &w));
    }

    total = run->groups[run->ngroups - 1].total;

    return total >= XPECTO_SCAN_CUT && total < XPECTO_PHONE_MAX;
}
