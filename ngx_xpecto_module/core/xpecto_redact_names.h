
/*
 * Names and what they say about the values they stand before: one table for
 * arguments, headers, path segments and JSON members, and what an operator
 * added to it.
 */


#ifndef _XPECTO_REDACT_NAMES_H_INCLUDED_
#define _XPECTO_REDACT_NAMES_H_INCLUDED_


#include <string.h>

#include "xpecto_redact.h"


#define XPECTO_CLASS_NONE  XPECTO_CLASSES


/* the longest name of an argument as it was sent, percent codes included */

#define XPECTO_RAW_NAME_MAX  (6 * XPECTO_REDACT_NAME_MAX)


/* where a name may stand to count, and what is special about its value */

#define XPECTO_NAME_QUERY   0x01    /* of a query or form argument */
#define XPECTO_NAME_JSON    0x02
#define XPECTO_NAME_HEADER  0x04
#define XPECTO_NAME_PATH    0x08    /* the path segment behind it */
#define XPECTO_NAME_LEAF    0x10    /* not what objects in the value hold */
#define XPECTO_NAME_EMBED   0x20    /* an argument that may hold JSON */


typedef struct {
    const char               *name;     /* folded */
    uint8_t                   class;
    uint8_t                   flags;
    const char               *parent;   /* NULL: any */
} xpecto_name_t;


typedef struct {
    xpecto_class_e            class;    /* NONE: not named */
    unsigned                  flags;
    const char               *name;     /* that of a table's row, or NULL */
} xpecto_named_t;


/* by a folded name; parent is that of a JSON name, its length may be 0 */

xpecto_named_t xpecto_name_find(const xpecto_redact_t *rd,
    const uint8_t *name, size_t len, unsigned where, const uint8_t *parent,
    size_t plen);

/* the rows of all names of a length up to XPECTO_REDACT_NAME_MAX */

const xpecto_name_t *xpecto_name_rows(size_t len, size_t *n);


/* the row of a folded name of two letters or more, that needs no parent */

static inline const xpecto_name_t *
xpecto_name_row(const uint8_t *name, size_t len, unsigned where)
{
    size_t                n;
    const xpecto_name_t  *row, *last;

    row = xpecto_name_rows(len, &n);

    for (last = row + n; row < last; row++) {
        if ((row->flags & where) && row->parent == NULL
            && (uint8_t) row->name[0] == name[0]
            && (uint8_t) row->name[1] == name[1]
            && (len == 2 || memcmp(row->name + 2, name + 2, len - 2) == 0))
        {
            return row;
        }
    }

    return NULL;
}


/* what is no name of the tables may end as that of a secret does: a quick no */

static inline int
xpecto_name_may_be_secret(const uint8_t *name, size_t len)
{
    uint8_t  c;

    if (len < 6) {
        return 0;
    }

    c = name[len - 2] | 0x20;

    switch (name[len - 1] | 0x20) {

    case 'n':
        return c == 'e' || c == 'o';

    case 't':
    case 'y':
        return c == 'e';

    case 'd':
        return c == 'i' || c == 'r' || c == 'w';

    case 'e':
        return c == 'd' || c == 'r' || c == 's';

    default:
        return 0;
    }
}


/* of a name that no table has, and that stands alone */

xpecto_named_t xpecto_name_secret(const uint8_t *name, size_t len);

/* notes in rd what need not be looked up */

void xpecto_name_index(xpecto_redact_t *rd);

/* by a name as it was sent: "to", "to%5B0%5D", "contact[wa_id]", "MediaUrl0" */

xpecto_named_t xpecto_name_argument(const xpecto_redact_t *rd,
    const uint8_t *name, size_t len, unsigned where);

/*
 * The same for a name [name, to) and what is before it, from p on; broken: one
 * that cannot be read will count as a name, whatever it is
 */

xpecto_named_t xpecto_name_behind(const xpecto_redact_t *rd, const uint8_t *p,
    size_t name, size_t to, unsigned where, int broken);

/*
 * What ends the name [name, to) on its left may go with a number or a token
 * that stands around it: "to+1650/5551234".  Where that begins; name: it stays
 */

size_t xpecto_name_left(const xpecto_redact_t *rd, const uint8_t *p,
    size_t floor, size_t name, size_t to);

/* xpecto_name_fold(), 0 if more than max bytes are left */

size_t xpecto_name_fold_max(uint8_t *dst, size_t max, const uint8_t *p,
    size_t len);

/* 1: a percent sign in it begins no code */

int xpecto_name_is_broken(const uint8_t *name, size_t len);

/* how a header's value is read */

xpecto_redact_place_t xpecto_name_header(const xpecto_redact_t *rd,
    const uint8_t *name, size_t len);


#endif /* _XPECTO_REDACT_NAMES_H_INCLUDED_ */
