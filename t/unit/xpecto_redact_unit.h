
/*
 * What the tests of redaction share; included after cmocka.h.
 */


#ifndef _XPECTO_REDACT_UNIT_H_INCLUDED_
#define _XPECTO_REDACT_UNIT_H_INCLUDED_


#include "xpecto_redact.h"


#define BUFFER  8192


static void
labels(xpecto_redact_t *rd)
{
    unsigned  i;

    xpecto_redact_defaults(rd);

    for (i = 0; i < XPECTO_CLASSES; i++) {
        assert_int_equal(xpecto_redact_style(rd, (xpecto_class_e) i,
                                             XPECTO_STYLE_LABEL), XPECTO_OK);
    }
}


static xpecto_redact_place_t
place_of(xpecto_form_e form)
{
    xpecto_redact_place_t  place;

    place.form = form;
    place.class = XPECTO_CLASS_CONTENT;

    return place;
}


/* the input itself if nothing changed; checks what holds for all input */

static const char *
redact_at(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const char *in, int tail)
{
    size_t                  len, cap;
    uint8_t                *copy, *again;
    xpecto_rc_e             rc;
    xpecto_redact_result_t  res;

    static char  out[4 * BUFFER];

    len = strlen(in);
    cap = xpecto_redact_bound(len);
    assert_true(cap < sizeof(out));

    /* on the heap: a read behind the end is seen */

    copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, in, len);

    rc = xpecto_redact(rd, place, copy, len, tail, (uint8_t *) out, cap, &res);
    assert_memory_equal(copy, in, len);
    free(copy);

    if (rc == XPECTO_DECLINED) {
        return in;
    }

    assert_int_equal(rc, XPECTO_OK);
    assert_true(res.len <= cap);
    out[res.len] = '\0';

    again = malloc(xpecto_redact_bound(res.len));
    assert_non_null(again);

    rc = xpecto_redact(rd, place, (uint8_t *) out, res.len, tail, again,
                       xpecto_redact_bound(res.len), &res);

    if (rc != XPECTO_DECLINED) {
        print_error("again: %s -> %s -> %.*s\n", in, out, (int) res.len,
                    (char *) again);
    }

    assert_int_equal(rc, XPECTO_DECLINED);
    free(again);

    return out;
}


typedef struct {
    const char  *in;
    const char  *out;                   /* NULL: nothing to redact */
} pair_t;


static inline void
check(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const pair_t *pairs, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        assert_string_equal(redact_at(rd, place, pairs[i].in, 0),
                            pairs[i].out ? pairs[i].out : pairs[i].in);
    }
}

#define check_all(rd, place, pairs)                                          \
    check(rd, place, pairs, sizeof(pairs) / sizeof(pairs[0]))


#endif /* _XPECTO_REDACT_UNIT_H_INCLUDED_ */
