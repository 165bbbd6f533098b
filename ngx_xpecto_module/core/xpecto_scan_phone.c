
#include <string.h>

#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_BARE  10            /* digits of a number without a mark */
#define XPECTO_SCAN_CUT   4             /* digits at the end of a buffer */


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
static int xpecto_scan_cut(const xpecto_scan_t *s,
    const xpecto_scan_run_t *run, xpecto_scan_mark_e mark);


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
        && xpecto_scan_jid(s, run.groups[0].end)
        && xpecto_scan_open_left(s, from))
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

    if (mark != XPECTO_SCAN_MARKED
        && (s->classes & XPECTO_CLASS_BIT(XPECTO_CLASS_EMAIL))
        && xpecto_view_match(at, s->end, "@")
        && xpecto_scan_email(s, &at, &email))
    {
        *p = at;
        *span = email;
        return 1;
    }

    *p = end;

    (void) xpecto_scan_found(s, span, XPECTO_CLASS_PHONE, from, end);
    xpecto_phone_set(&span->phone, run.digits + skip,
                     run.groups[n].total - skip);

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

    if (total < 4 || total > XPECTO_PHONE_MAX || run->digits[0] != '0'
        || !xpecto_scan_open_left(s, run->from)
        || xpecto_scan_is_uuid(s, run->from))
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
