
#include <string.h>

#include "xpecto_scan_parts.h"


#define XPECTO_SCAN_SEPARATED  4        /* characters between two groups */
#define XPECTO_SCAN_ESCAPE     6        /* bytes of an escape that was cut */


static const uint8_t *xpecto_scan_group(const xpecto_scan_t *s,
    const uint8_t *p, xpecto_scan_run_t *run);
static const uint8_t *xpecto_scan_separators(const xpecto_scan_t *s,
    const uint8_t *p, int plus, xpecto_scan_run_t *run, unsigned *separators);
static int xpecto_scan_is_piece(const xpecto_scan_t *s, const uint8_t *p);


void
xpecto_scan_gather(const xpecto_scan_t *s, const uint8_t *p, int plus,
    xpecto_scan_run_t *run)
{
    unsigned        separators;
    const uint8_t  *next;

    run->from = p;
    run->ngroups = 0;
    run->overflow = 0;
    run->cut = 0;

    separators = 0;

    do {
        run->groups[run->ngroups].separators = separators;
        p = xpecto_scan_group(s, p, run);

        if (run->overflow) {
            return;
        }

        /*
         * Without a mark only a calling code or "00" begins groups, and
         * "1650-555-1234".
         */

        if (!plus && run->groups[0].total > 3 && run->digits[0] != '0'
            && (run->groups[0].total != 4 || run->digits[0] != '1'))
        {
            run->cut = (xpecto_scan_is_piece(s, p) != 0);
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
    size_t          w, more;
    unsigned        c, n, total;
    const uint8_t  *from, *end, *last;

    n = run->ngroups;
    last = s->end;
    total = (n > 0) ? run->groups[n - 1].total : 0;
    end = p;

    for ( ;; ) {

        for (from = p; p < last && xpecto_view_is_digit(*p); p++) {
            /* void */
        }

        if (p > from) {

            if (total < XPECTO_PHONE_MAX) {
                more = (size_t) (p - from);
                memcpy(run->digits + total, from,
                       more < XPECTO_PHONE_MAX - total
                       ? more : XPECTO_PHONE_MAX - total);
            }

            total += (unsigned) (p - from);
            end = p;
        }

        c = xpecto_view_next(p, last, &w);

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
    size_t          w;
    unsigned        c, n;
    const uint8_t  *from;

    from = p;
    *separators = 0;

    for (n = 0; n <= XPECTO_SCAN_SEPARATED; n++) {

        /* the trunk digit of "+44 (0) 20" is not dialled from abroad */

        w = xpecto_view_match(p, s->end, "(0)");
        p += w;

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
            *separators |= XPECTO_SCAN_PAREN;
            break;

        case XPECTO_VIEW_NONE:
            break;

        case '_':
        case '~':
        case '[':
        case ']':

            if (!plus) {
                return NULL;
            }

            break;

        default:
            if (p > from && xpecto_view_is_digit(c)) {
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

    if (s->end - p > XPECTO_SCAN_ESCAPE) {
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
