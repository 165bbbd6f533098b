
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_form.h"
#include "xpecto_wish.h"


#define XPECTO_WISH_NAME  32            /* bytes of a field's name */


typedef xpecto_wish_e (*xpecto_wish_field_pt)(xpecto_wish_t *wish,
    const xpecto_str_t *name, const xpecto_str_t *value);


static xpecto_wish_e xpecto_wish_fields(xpecto_wish_t *wish,
    const uint8_t *body, size_t len, xpecto_wish_field_pt field);
static xpecto_wish_e xpecto_wish_choice_field(xpecto_wish_t *wish,
    const xpecto_str_t *name, const xpecto_str_t *value);
static xpecto_wish_e xpecto_wish_birth_field(xpecto_wish_t *wish,
    const xpecto_str_t *name, const xpecto_str_t *value);
static xpecto_wish_e xpecto_wish_digits(const xpecto_str_t *value,
    unsigned *number);
static int xpecto_wish_is(const xpecto_str_t *s, const char *text);


xpecto_wish_e
xpecto_wish_form(xpecto_wish_t *wish, const uint8_t *body, size_t len)
{
    return xpecto_wish_fields(wish, body, len, xpecto_wish_choice_field);
}


xpecto_wish_e
xpecto_wish_birth_form(xpecto_wish_t *wish, const uint8_t *body, size_t len)
{
    xpecto_wish_e  reason;

    reason = xpecto_wish_fields(wish, body, len, xpecto_wish_birth_field);

    return (reason == XPECTO_WISH_OK) ? xpecto_wish_born(wish) : reason;
}


/* "return" is a field of all forms */

static xpecto_wish_e
xpecto_wish_fields(xpecto_wish_t *wish, const uint8_t *body, size_t len,
    xpecto_wish_field_pt field)
{
    uint8_t              n[XPECTO_WISH_NAME], v[XPECTO_WISH_BACK];
    xpecto_str_t         name, value;
    const uint8_t       *p, *last;
    xpecto_wish_e        reason;
    xpecto_form_pair_t   pair;

    p = body;
    last = p + len;

    name.data = n;
    value.data = v;

    while (xpecto_form_next(&p, last, &pair) == XPECTO_OK) {

        if (xpecto_form_decode(&pair.name, n, sizeof(n), &name.len)
            != XPECTO_OK
            || xpecto_form_decode(&pair.value, v, sizeof(v), &value.len)
               != XPECTO_OK)
        {
            return XPECTO_WISH_FORM;
        }

        if (!wish->redirect && xpecto_wish_is(&name, "return")) {

            if (!xpecto_wish_is_path(v, value.len)) {
                return XPECTO_WISH_RETURN;
            }

            wish->redirect = 1;
            wish->back_len = value.len;
            memcpy(wish->back, v, value.len);

            continue;
        }

        reason = field(wish, &name, &value);

        if (reason != XPECTO_WISH_OK) {
            return reason;
        }
    }

    return XPECTO_WISH_OK;
}


static xpecto_wish_e
xpecto_wish_choice_field(xpecto_wish_t *wish, const xpecto_str_t *name,
    const xpecto_str_t *value)
{
    int  purpose;

    if (xpecto_wish_is(name, "accept") && xpecto_wish_is(value, "all")
        && !wish->accept_all)
    {
        wish->accept_all = 1;
        return XPECTO_WISH_OK;
    }

    if (xpecto_wish_is(name, "reject") && xpecto_wish_is(value, "all")
        && !wish->reject_all)
    {
        wish->reject_all = 1;
        return XPECTO_WISH_OK;
    }

    if (value->len != 1 || (value->data[0] != '0' && value->data[0] != '1')) {
        return XPECTO_WISH_FIELD;
    }

    if (xpecto_wish_is(name, "restrict")
        && wish->restriction == XPECTO_RESTRICT_AS_IS)
    {
        wish->restriction = (value->data[0] == '1') ? XPECTO_RESTRICT_ON
                                                    : XPECTO_RESTRICT_OFF;
        return XPECTO_WISH_OK;
    }

    if (name->len <= 2 || name->data[0] != 'p' || name->data[1] != '.') {
        return XPECTO_WISH_FIELD;
    }

    purpose = xpecto_purpose_find(name->data + 2, name->len - 2);

    if (purpose < 0
        || ((wish->accept | wish->reject) & XPECTO_PURPOSE_BIT(purpose)))
    {
        return XPECTO_WISH_FIELD;
    }

    if (value->data[0] == '1') {
        wish->accept = (uint16_t) (wish->accept
                                   | XPECTO_PURPOSE_BIT(purpose));

    } else {
        wish->reject = (uint16_t) (wish->reject
                                   | XPECTO_PURPOSE_BIT(purpose));
    }

    return XPECTO_WISH_OK;
}


static xpecto_wish_e
xpecto_wish_birth_field(xpecto_wish_t *wish, const xpecto_str_t *name,
    const xpecto_str_t *value)
{
    if (xpecto_wish_is(name, "month") && wish->month == 0) {
        return xpecto_wish_digits(value, &wish->month);
    }

    if (xpecto_wish_is(name, "year") && wish->year == 0) {
        return xpecto_wish_digits(value, &wish->year);
    }

    return XPECTO_WISH_FIELD;
}


static xpecto_wish_e
xpecto_wish_digits(const xpecto_str_t *value, unsigned *number)
{
    size_t    i;
    unsigned  n;

    if (value->len == 0 || value->len > 4) {
        return XPECTO_WISH_BIRTH;
    }

    n = 0;

    for (i = 0; i < value->len; i++) {

        if (value->data[i] < '0' || value->data[i] > '9') {
            return XPECTO_WISH_BIRTH;
        }

        n = 10 * n + (unsigned) (value->data[i] - '0');
    }

    *number = n;

    return (n == 0) ? XPECTO_WISH_BIRTH : XPECTO_WISH_OK;
}


/* printable ASCII behind one slash */

int
xpecto_wish_is_path(const uint8_t *path, size_t len)
{
    size_t  i;

    if (len == 0 || path[0] != '/') {
        return 0;
    }

    for (i = 1; i < len; i++) {

        if (path[i] <= ' ' || path[i] >= 0x7f || path[i] == '\\'
            || (i == 1 && path[i] == '/'))
        {
            return 0;
        }
    }

    return 1;
}


static int
xpecto_wish_is(const xpecto_str_t *s, const char *text)
{
    return s->len == strlen(text) && memcmp(s->data, text, s->len) == 0;
}
