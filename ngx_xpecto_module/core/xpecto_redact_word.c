
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* Values without quotes in a line of an error log: where they end. */


#include <string.h>

#include "xpecto_redact_quoted.h"
#include "xpecto_view.h"


/* bytes behind a word that a number in it may have */

#define XPECTO_LOG_NUMBER  64


static size_t xpecto_log_found_end(const xpecto_edit_t *e, size_t i,
    size_t end, size_t to, int json);
static size_t xpecto_log_number_end(const xpecto_edit_t *e, size_t i,
    size_t end, size_t to);
static size_t xpecto_log_group(const uint8_t *p, size_t *i, size_t to);
static int xpecto_log_is_dialled(uint8_t c);
static int xpecto_log_is_apart(const uint8_t *p, size_t i, size_t to);


/* "[content 57B]" has a space in it */

size_t
xpecto_log_word_end(const xpecto_edit_t *e, size_t i, size_t to)
{
    size_t          n;
    const uint8_t  *p;

    p = e->p;

    for ( /* void */ ; i < to; i++) {

        if (p[i] <= ' ' || p[i] == '&' || p[i] == '"') {
            break;
        }

        if (p[i] == ',' && to - i > 1 && p[i + 1] == ' ') {
            break;
        }

        if (p[i] == '[') {
            n = xpecto_edit_label_len(e->rd, p + i, to - i);
            i += (n > 0) ? n - 1 : 0;
        }
    }

    return i;
}


size_t
xpecto_log_scalar_end(const uint8_t *p, size_t i, size_t to)
{
    while (i < to && p[i] > ' ' && p[i] != ',' && p[i] != '}' && p[i] != ']') {
        i++;
    }

    return i;
}


size_t
xpecto_log_bare_end(const xpecto_edit_t *e, size_t i, size_t word, size_t to,
    xpecto_class_e class, int json)
{
    size_t  end;

    if (i == word
        || xpecto_edit_redacted(e->rd, e->p + i, word - i, class))
    {
        return word;
    }

    end = xpecto_log_found_end(e, i, word, to, json);

    if (end == word && class == XPECTO_CLASS_PHONE) {
        end = xpecto_log_number_end(e, i, word, to);
        end = xpecto_log_found_end(e, i, end, to, json);
    }

    return end;
}


/*
 * What is found by content and begins in a value ends it, spaces or not:
 * "text=+1 (650) 555-1234".  Left alone, its rest would be no number.
 */

static size_t
xpecto_log_found_end(const xpecto_edit_t *e, size_t i, size_t end, size_t to,
    int json)
{
    size_t         n, last;
    xpecto_span_t  span;

    n = 0;

    for ( ;; ) {
        last = (to - end < XPECTO_LOG_NUMBER) ? to : end + XPECTO_LOG_NUMBER;

        if (xpecto_scan_next(e->p + i, last - i, &n, e->rd->classes, 0, &span)
            != XPECTO_OK
            || i + span.start >= end)
        {
            return end;
        }

        if (i + span.end > end) {
            end = json ? xpecto_log_scalar_end(e->p, i + span.end, to)
                       : xpecto_log_word_end(e, i + span.end, to);
        }
    }
}


/*
 * What begins as a number in the place of one, and is too short for it, goes
 * on behind spaces: "to=1 650 555 1234"
 */

static size_t
xpecto_log_number_end(const xpecto_edit_t *e, size_t i, size_t end, size_t to)
{
    size_t          n, next, last, digits;
    const uint8_t  *p;

    p = e->p;

    for (next = end; next > i && xpecto_log_is_dialled(p[next - 1]); next--) {
        /* void */
    }

    digits = xpecto_log_group(p, &next, end);

    if (digits == 0 || digits >= XPECTO_PHONE_MIN) {
        return end;
    }

    for (last = end; last < to && p[last] == ' '; last = next) {

        next = last + 1;
        n = xpecto_log_group(p, &next, to);

        if (n == 0 || digits + n > XPECTO_PHONE_MAX
            || !xpecto_log_is_apart(p, next, to))
        {
            break;
        }

        digits += n;
    }

    return (digits < XPECTO_PHONE_MIN) ? end
                                       : xpecto_log_word_end(e, last, to);
}


/* the digits of a group at *i, which is then behind it */

static size_t
xpecto_log_group(const uint8_t *p, size_t *i, size_t to)
{
    size_t  digits;

    for (digits = 0; *i < to && xpecto_log_is_dialled(p[*i]); (*i)++) {
        digits += (p[*i] >= '0' && p[*i] <= '9');
    }

    return digits;
}


static int
xpecto_log_is_dialled(uint8_t c)
{
    return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '('
           || c == ')';
}


/* at i no word and no fraction goes on: "200 0.003" are two figures */

static int
xpecto_log_is_apart(const uint8_t *p, size_t i, size_t to)
{
    if (i + 1 < to && memchr(".,:", p[i], 3) != NULL) {
        i++;
    }

    return i == to || !xpecto_view_is_alnum(p[i]);
}
