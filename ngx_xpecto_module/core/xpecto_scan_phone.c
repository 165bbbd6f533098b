
#include <string.h>

#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_CUT   4             /* digits at the end of a buffer */


static int xpecto_scan_marked(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run, xpecto_scan_mark_e mark);
static int xpecto_scan_bare(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run);
static int xpecto_scan_dialled(const xpecto_scan_t *s, const uint8_t *p,
    xpecto_scan_run_t *run);
static int xpecto_scan_national(const xpecto_scan_t *s, const uint8_t *first,
    const uint8_t **p, xpecto_span_t *span);
static void xpecto_scan_join(const xpecto_scan_t *s, const uint8_t *first,
    const xpecto_scan_run_t *run, size_t total, xpecto_phone_t *phone);
static int xpecto_scan_grouped(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run);
static int xpecto_scan_is_joined(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run, unsigned n);
static int xpecto_scan_looks_grouped(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run, unsigned n);
static int xpecto_scan_begins(const xpecto_scan_t *s, const uint8_t *p);
static int xpecto_scan_cut(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run, xpecto_scan_mark_e mark);


int
xpecto_scan_phone(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span)
{
    int                  n;
    const uint8_t       *from, *first, *at;
    xpecto_span_t        email;
    xpecto_scan_run_t    run;
    xpecto_scan_mark_e   mark;

    first = *p;
    from = first;
    mark = xpecto_scan_mark_before(s, first, &from);

    xpecto_scan_gather(s, first, mark != XPECTO_SCAN_UNMARKED, &run);
    *p = run.groups[0].end;

    if (mark == XPECTO_SCAN_UNMARKED
        && run.ngroups > 0 && !run.overflow
        && xpecto_scan_jid(s, run.groups[0].end)
        && xpecto_scan_open_left(s, from))
    {
        mark = XPECTO_SCAN_MARKED;
        run.ngroups = 1;
    }

    if (mark != XPECTO_SCAN_UNMARKED) {
        n = xpecto_scan_marked(s, &run, mark);

    } else {
        n = xpecto_scan_bare(s, &run);

        if (n == 0) {
            n = xpecto_scan_grouped(s, &run);
        }
    }

    if (n < (int) run.ngroups && xpecto_scan_cut(s, &run, mark)) {
        *p = s->end;
        return xpecto_scan_found(s, span, XPECTO_CLASS_PHONE, from, s->end);
    }

    /* a mark says nothing of "tel:0044...", "phone=020...", "+011..." */

    if (n == 0 && (mark == XPECTO_SCAN_UNMARKED || run.digits[0] == '0')) {
        mark = XPECTO_SCAN_UNMARKED;
        n = xpecto_scan_dialled(s, first, &run);

        if (n == 0 && xpecto_scan_announced(s, first)) {
            return xpecto_scan_national(s, first, p, span);
        }
    }

    if (n == 0) {
        return 0;
    }

    n--;
    at = run.groups[n].end;

    /* digits before an "@" that is no JID are somebody's mailbox */

    if (mark != XPECTO_SCAN_MARKED
        && (s->classes & XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL))
        && xpecto_view_match(at, s->end, "@")
        && xpecto_scan_email(s, &at, &email))
    {
        *p = at;
        *span = email;
        return 1;
    }

    *p = run.groups[n].end;

    (void) xpecto_scan_found(s, span, XPECTO_CLASS_PHONE, from, *p);
    xpecto_phone_set(&span->phone, run.digits, run.groups[n].total);

    return 1;
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

    /* the cheaper question first, where there is but one answer to both */

    if (run->ngroups == 1 && mark == XPECTO_SCAN_MARKED
        && xpecto_phone_check(run->digits, run->groups[0].total,
                              XPECTO_PHONE_POSSIBLE)
        && !xpecto_view_is_alpha(xpecto_view_next(run->groups[0].end, s->end,
                                                  &w)))
    {
        return 1;
    }

    for (n = run->ngroups; n > 0; n--) {
        if (xpecto_phone_check(run->digits, run->groups[n - 1].total,
                               XPECTO_PHONE_VALID)
            && (mark == XPECTO_SCAN_MARKED
                || xpecto_scan_open_right(s, run->groups[n - 1].end)))
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
 * "00" or the "011" of North America before a whole number, which then stands
 * in the run: the number of its groups.  Bytes in a dump look alike: some
 * group has three digits.
 */

static int
xpecto_scan_dialled(const xpecto_scan_t *s, const uint8_t *p,
    xpecto_scan_run_t *run)
{
    size_t          w;
    unsigned        i, n, total, wide;
    const uint8_t  *at;

    if (*p >= '1' && *p <= '9') {
        return 0;
    }

    w = xpecto_view_match(p, s->end, "00");

    if (w == 0) {
        w = xpecto_view_match(p, s->end, "011");
    }

    if (w == 0) {
        return 0;
    }

    at = p + w;

    switch (xpecto_view_next(at, s->end, &w)) {

    case ' ':
    case '-':
    case '.':
    case '+':
        at += w;
        break;

    default:
        break;
    }

    if (!xpecto_view_is_digit(xpecto_view_next(at, s->end, &w))
        || !xpecto_scan_open_left(s, p) || xpecto_scan_is_uuid(s, p))
    {
        return 0;
    }

    xpecto_scan_gather(s, at, 1, run);

    wide = 0;

    for (i = 0; i < run->ngroups; i++) {
        wide |= run->groups[i].total - (i ? run->groups[i - 1].total : 0) > 2;
    }

    for (n = run->ngroups; n > 0 && wide; n--) {
        total = run->groups[n - 1].total;

        if (total >= XPECTO_SCAN_BARE && total <= XPECTO_PHONE_MAX
            && xpecto_phone_check(run->digits, total, XPECTO_PHONE_VALID)
            && xpecto_scan_open_right(s, run->groups[n - 1].end)
            && !xpecto_scan_goes_on(s, run->groups[n - 1].end))
        {
            return (int) n;
        }
    }

    return 0;
}


/* a number that a word announces, with or without its calling code */

static int
xpecto_scan_national(const xpecto_scan_t *s, const uint8_t *first,
    const uint8_t **p, xpecto_span_t *span)
{
    size_t             w;
    unsigned           n;
    const uint8_t     *from;
    xpecto_scan_run_t  run;

    from = first;

    if (xpecto_view_prev(s->start, from, &w) == '(') {
        from -= w;
    }

    xpecto_scan_gather(s, first, 1, &run);

    for (n = run.ngroups; n > 0; n--) {

        if (run.groups[n - 1].total >= XPECTO_PHONE_MIN
            && run.groups[n - 1].total <= XPECTO_PHONE_MAX
            && xpecto_scan_open_right(s, run.groups[n - 1].end))
        {
            *p = run.groups[n - 1].end;

            (void) xpecto_scan_found(s, span, XPECTO_CLASS_PHONE, from, *p);
            xpecto_scan_join(s, first, &run, run.groups[n - 1].total,
                             &span->phone);

            return 1;
        }
    }

    return 0;
}


/* one number in its two halves is the same as in one piece */

static void
xpecto_scan_join(const xpecto_scan_t *s, const uint8_t *first,
    const xpecto_scan_run_t *run, size_t total, xpecto_phone_t *phone)
{
    size_t   len, trunk;
    uint8_t  digits[XPECTO_SCAN_CODE + XPECTO_PHONE_MAX];

    len = xpecto_scan_country(s, first, digits);

    if (len == 0) {
        return;
    }

    trunk = (run->digits[0] == '0');

    memcpy(digits + len, run->digits + trunk, total - trunk);
    len += total - trunk;

    if (xpecto_phone_check(digits, len, XPECTO_PHONE_POSSIBLE)) {
        xpecto_phone_set(phone, digits, len);
    }
}


/*
 * "1-650-555-1234", "91 98765 43210": the calling code is a group, or stands
 * before an area of North America.  Columns of figures look alike: spaces
 * count only within a value that has an end, or where all else speaks for it.
 */

static int
xpecto_scan_grouped(const xpecto_scan_t *s, const xpecto_scan_run_t *run)
{
    int       joined;
    unsigned  n, total;

    if (run->ngroups < 2) {
        return 0;
    }

    joined = (run->groups[0].total == 4 && run->digits[0] == '1');

    if ((!joined
         && run->groups[0].total
            != xpecto_phone_code(run->digits, run->groups[1].total))
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
            && (joined ? xpecto_scan_is_joined(s, run, n)
                       : xpecto_scan_looks_grouped(s, run, n)))
        {
            return (int) n;
        }
    }

    return 0;
}


/* 1650-555-1234 */

static int
xpecto_scan_is_joined(const xpecto_scan_t *s, const xpecto_scan_run_t *run,
    unsigned n)
{
    return n == 3 && run->groups[1].total == 7
           && run->groups[1].separators == XPECTO_SCAN_DASH
           && run->groups[2].separators == XPECTO_SCAN_DASH
           && !xpecto_scan_goes_on(s, run->groups[2].end);
}


static int
xpecto_scan_looks_grouped(const xpecto_scan_t *s, const xpecto_scan_run_t *run,
    unsigned n)
{
    size_t    w;
    unsigned  i, kinds, last;

    kinds = 0;

    for (i = 1; i < n; i++) {
        kinds |= run->groups[i].separators & ~XPECTO_SCAN_PAREN;
    }

    last = run->groups[n - 1].separators;

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

        /* 1 (650) 555-1234, 1 650-555-1234 */

        if (n == 4 && last == XPECTO_SCAN_DASH
            && (kinds & (XPECTO_SCAN_DOT|XPECTO_SCAN_OTHER)) == 0
            && (run->groups[2].separators == XPECTO_SCAN_DASH
                || (run->groups[1].separators
                    & run->groups[2].separators & XPECTO_SCAN_PAREN))
            && !xpecto_scan_goes_on(s, run->groups[3].end))
        {
            return 1;
        }

    } else if (kinds == (XPECTO_SCAN_SPACE|XPECTO_SCAN_DASH)) {

        /* 55 (11) 96123-4567 */

        for (i = 1; i < n - 1; i++) {
            if (run->groups[i].separators & XPECTO_SCAN_DASH) {
                return 0;
            }
        }

        /* an area may look like a calling code: "phone: (670) 234-5678" */

        if (last != XPECTO_SCAN_DASH
            || xpecto_view_prev(s->start, run->from, &w) == '(')
        {
            return 0;
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

    return xpecto_scan_begins(s, run->from)
           && xpecto_scan_is_edge(xpecto_view_next(run->groups[n - 1].end,
                                                   s->end, &w));
}


/* a value begins here, or with a dash or a dot */

static int
xpecto_scan_begins(const xpecto_scan_t *s, const uint8_t *p)
{
    size_t    w;
    unsigned  c;

    c = xpecto_view_prev(s->start, p, &w);

    if (c == '-' || c == '.') {
        c = xpecto_view_prev(s->start, p - w, &w);
    }

    return xpecto_scan_is_edge(c);
}


/* the beginning of a number that a buffer cut off */

static int
xpecto_scan_cut(const xpecto_scan_t *s, const xpecto_scan_run_t *run,
    xpecto_scan_mark_e mark)
{
    unsigned  total;

    if (!s->tail || !run->cut || run->overflow) {
        return 0;
    }

    if (mark == XPECTO_SCAN_UNMARKED) {
        return run->ngroups == 1 && run->groups[0].total >= XPECTO_SCAN_CUT
               && xpecto_scan_open_left(s, run->from);
    }

    total = run->groups[run->ngroups - 1].total;

    return total >= XPECTO_SCAN_CUT && total < XPECTO_PHONE_MAX;
}
