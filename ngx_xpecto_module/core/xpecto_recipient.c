
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * Recipients: see xpecto_recipient.h.
 */


#include <string.h>

#include "xpecto_recipient.h"


#define XPECTO_RECIPIENT_BSUID_MAX  128


/* what a value is cut into */

typedef enum {
    XPECTO_RECIPIENT_PARTS = 0,
    XPECTO_RECIPIENT_WORDS
} xpecto_recipient_level_e;


typedef struct {
    xpecto_recipient_pt        handler;
    void                      *data;
} xpecto_recipient_to_t;


/* the pieces of a value; those that name nobody are left out */

typedef struct {
    xpecto_recipient_level_e   level;
    const uint8_t             *p;       /* the next one is from here on */
    const uint8_t             *last;
    size_t                     total;   /* digits of all up to this one */
    size_t                     digits;  /* of this one */
    int                        words;   /* 1: it may have more than one */
    xpecto_recipient_t         piece;
} xpecto_recipient_cut_t;


static xpecto_rc_e xpecto_recipient_list(const xpecto_recipient_to_t *to,
    const xpecto_str_t *value, xpecto_recipient_level_e level);
static xpecto_rc_e xpecto_recipient_each(const xpecto_recipient_to_t *to,
    const xpecto_str_t *value, xpecto_recipient_level_e level, int many);
static xpecto_rc_e xpecto_recipient_piece(const xpecto_recipient_to_t *to,
    const xpecto_recipient_cut_t *cut);
static void xpecto_recipient_cut(xpecto_recipient_cut_t *cut,
    const xpecto_str_t *value, xpecto_recipient_level_e level);
static int xpecto_recipient_next(xpecto_recipient_cut_t *cut);
static const uint8_t *xpecto_recipient_end(xpecto_recipient_cut_t *cut,
    const uint8_t *p);
static int xpecto_recipient_separates(uint8_t c,
    xpecto_recipient_level_e level);
static xpecto_rc_e xpecto_recipient_one(const xpecto_recipient_to_t *to,
    const xpecto_str_t *value);
static xpecto_rc_e xpecto_recipient_invalid(const xpecto_recipient_to_t *to,
    const xpecto_str_t *value);
static void xpecto_recipient_read(xpecto_recipient_t *recipient,
    const uint8_t *p, size_t len);
static int xpecto_recipient_group(const uint8_t *p, size_t len);
static int xpecto_recipient_bsuid(const uint8_t *p, size_t len);


xpecto_rc_e
xpecto_recipients(const uint8_t *p, size_t len, xpecto_recipient_pt handler,
    void *data)
{
    xpecto_str_t           value;
    xpecto_recipient_to_t  to;

    to.handler = handler;
    to.data = data;

    value.data = p;
    value.len = len;

    return xpecto_recipient_list(&to, &value, XPECTO_RECIPIENT_PARTS);
}


static xpecto_rc_e
xpecto_recipient_list(const xpecto_recipient_to_t *to,
    const xpecto_str_t *value, xpecto_recipient_level_e level)
{
    int                     possible;
    size_t                  n;
    xpecto_rc_e             rc;
    xpecto_phone_t          phone;
    xpecto_recipient_cut_t  cut, only;

    n = 0;
    possible = 1;

    /* no further than until it must be a list */

    xpecto_recipient_cut(&cut, value, level);

    while ((n < 2 || cut.total <= XPECTO_PHONE_MAX)
           && xpecto_recipient_next(&cut))
    {
        if (cut.piece.kind == XPECTO_RECIPIENT_INVALID) {
            possible = 0;
        }

        if (n++ == 0) {
            only = cut;
        }
    }

    if (n == 1 && level == XPECTO_RECIPIENT_PARTS) {
        return xpecto_recipient_piece(to, &only);
    }

    if (n < 2) {
        return xpecto_recipient_one(to, value);
    }

    if (cut.total <= XPECTO_PHONE_MAX && possible) {
        return xpecto_recipient_each(to, value, level, 0);
    }

    if (level == XPECTO_RECIPIENT_WORDS
        && xpecto_phone_parse(&phone, value->data, value->len) == XPECTO_OK)
    {
        return xpecto_recipient_one(to, value);
    }

    if (cut.total > XPECTO_PHONE_MAX) {
        return xpecto_recipient_each(to, value, level, 1);
    }

    rc = xpecto_recipient_invalid(to, value);

    if (rc != XPECTO_OK) {
        return rc;
    }

    return xpecto_recipient_each(to, value, level, 0);
}


/* many: they cannot be one number */

static xpecto_rc_e
xpecto_recipient_each(const xpecto_recipient_to_t *to,
    const xpecto_str_t *value, xpecto_recipient_level_e level, int many)
{
    int                     found;
    xpecto_rc_e             rc;
    xpecto_recipient_cut_t  cut;

    found = 0;
    xpecto_recipient_cut(&cut, value, level);

    while (xpecto_recipient_next(&cut)) {

        if (cut.piece.kind == XPECTO_RECIPIENT_INVALID
            && (cut.digits < XPECTO_PHONE_MIN
                || (level == XPECTO_RECIPIENT_WORDS && !many)))
        {
            continue;
        }

        rc = xpecto_recipient_piece(to, &cut);

        if (rc != XPECTO_OK) {
            return rc;
        }

        found = 1;
    }

    return (many && !found) ? xpecto_recipient_invalid(to, value) : XPECTO_OK;
}


static xpecto_rc_e
xpecto_recipient_piece(const xpecto_recipient_to_t *to,
    const xpecto_recipient_cut_t *cut)
{
    if (cut->level == XPECTO_RECIPIENT_PARTS && cut->words) {
        return xpecto_recipient_list(to, &cut->piece.text,
                                     XPECTO_RECIPIENT_WORDS);
    }

    return to->handler(to->data, &cut->piece);
}


static void
xpecto_recipient_cut(xpecto_recipient_cut_t *cut, const xpecto_str_t *value,
    xpecto_recipient_level_e level)
{
    cut->level = level;
    cut->p = value->data;
    cut->last = value->data + value->len;
    cut->total = 0;
    cut->piece.kind = XPECTO_RECIPIENT_INVALID;
}


/* 0: there is none any more */

static int
xpecto_recipient_next(xpecto_recipient_cut_t *cut)
{
    int             semicolon, parameter;
    uint8_t         c;
    const uint8_t  *p, *end;

    semicolon = 0;
    p = cut->p;

    while (p < cut->last) {

        if (xpecto_recipient_separates(*p, cut->level)) {
            semicolon = (*p++ == ';');
            continue;
        }

        if (*p == ' ' || *p == '\t') {
            p++;
            continue;
        }

        c = (uint8_t) (*p | 0x20);
        parameter = semicolon && c >= 'a' && c <= 'z'
                    && cut->piece.kind != XPECTO_RECIPIENT_INVALID;

        end = xpecto_recipient_end(cut, p);
        cut->p = end;

        while (end[-1] == ' ' || end[-1] == '\t') {
            end--;
        }

        if (parameter && cut->digits < XPECTO_PHONE_MIN
            && !xpecto_recipient_bsuid(p, (size_t) (end - p))
            && !xpecto_recipient_group(p, (size_t) (end - p)))
        {
            p = cut->p;
            continue;
        }

        xpecto_recipient_read(&cut->piece, p, (size_t) (end - p));

        if (cut->digits != 0 || cut->piece.kind != XPECTO_RECIPIENT_INVALID) {
            cut->total += cut->digits;
            return 1;
        }

        p = cut->p;
        semicolon = 0;
    }

    return 0;
}


/* of the piece that begins at p */

static const uint8_t *
xpecto_recipient_end(xpecto_recipient_cut_t *cut, const uint8_t *p)
{
    const uint8_t  *start;

    start = p;
    cut->digits = 0;
    cut->words = 0;

    for ( /* void */ ; p < cut->last; p++) {

        if (*p >= '0' && *p <= '9') {

            if (*p != '0' || cut->digits + cut->total != 0) {
                cut->digits++;
            }

            continue;
        }

        if (xpecto_recipient_separates(*p, cut->level)) {
            break;
        }

        if (xpecto_recipient_separates(*p, XPECTO_RECIPIENT_WORDS)) {
            cut->words = 1;

        } else if (*p == '+' && p > start && cut->digits != 0
                   && (p[-1] == ' ' || p[-1] == '\t'))
        {
            break;
        }
    }

    return p;
}


static int
xpecto_recipient_separates(uint8_t c, xpecto_recipient_level_e level)
{
    if (level == XPECTO_RECIPIENT_WORDS) {
        return c == ' ' || c == '\t' || c >= 0x80;
    }

    return c == ',' || c == ';' || c == '|' || c == 0x7f
           || (c < ' ' && c != '\t');
}


static xpecto_rc_e
xpecto_recipient_one(const xpecto_recipient_to_t *to,
    const xpecto_str_t *value)
{
    xpecto_recipient_t  recipient;

    xpecto_recipient_read(&recipient, value->data, value->len);

    return to->handler(to->data, &recipient);
}


static xpecto_rc_e
xpecto_recipient_invalid(const xpecto_recipient_to_t *to,
    const xpecto_str_t *value)
{
    xpecto_recipient_t  recipient;

    recipient.kind = XPECTO_RECIPIENT_INVALID;
    recipient.text = *value;
    recipient.ndigits = 0;

    return to->handler(to->data, &recipient);
}


static void
xpecto_recipient_read(xpecto_recipient_t *recipient, const uint8_t *p,
    size_t len)
{
    size_t  n;

    recipient->text.data = p;
    recipient->text.len = len;
    recipient->ndigits = 0;

    if (xpecto_recipient_group(p, len)) {
        recipient->kind = XPECTO_RECIPIENT_GROUP;

    } else if (xpecto_recipient_bsuid(p, len)) {
        recipient->kind = XPECTO_RECIPIENT_BSUID;

    } else if (xpecto_phone_parse(&recipient->phone, p, len) == XPECTO_OK) {
        recipient->kind = XPECTO_RECIPIENT_PHONE;

    } else {
        recipient->kind = XPECTO_RECIPIENT_INVALID;
    }

    if ((recipient->kind == XPECTO_RECIPIENT_PHONE
         || recipient->kind == XPECTO_RECIPIENT_INVALID)
        && xpecto_phone_bare(p, len, recipient->digits, &n) == XPECTO_OK)
    {
        recipient->ndigits = (uint8_t) n;
    }
}


static int
xpecto_recipient_group(const uint8_t *p, size_t len)
{
    static const char  id[] = "Y2FwaV9ncm91cDo";
    static const char  host[] = "@g.us";

    if (len > sizeof(id) - 1 && memcmp(p, id, sizeof(id) - 1) == 0) {
        return 1;
    }

    return len > sizeof(host) - 1
           && memcmp(p + len - (sizeof(host) - 1), host, sizeof(host) - 1)
              == 0;
}


static int
xpecto_recipient_bsuid(const uint8_t *p, size_t len)
{
    size_t  i;

    if (len < 4 || p[0] < 'A' || p[0] > 'Z' || p[1] < 'A' || p[1] > 'Z'
        || p[2] != '.')
    {
        return 0;
    }

    i = 3;

    if (len > 7 && memcmp(p + 3, "ENT.", 4) == 0) {
        i = 7;
    }

    if (len - i > XPECTO_RECIPIENT_BSUID_MAX) {
        return 0;
    }

    for ( /* void */ ; i < len; i++) {

        if ((p[i] < '0' || p[i] > '9') && (p[i] < 'A' || p[i] > 'Z')
            && (p[i] < 'a' || p[i] > 'z'))
        {
            return 0;
        }
    }

    return 1;
}
