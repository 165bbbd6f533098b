
/*
 * What the files of the JSON matcher share: xpecto_json.c knows the grammar,
 * xpecto_json_scalar.c strings, numbers and literals, xpecto_json_path.c
 * which paths a value matches.
 */


#ifndef _XPECTO_JSON_INC_H_INCLUDED_
#define _XPECTO_JSON_INC_H_INCLUDED_


#include "xpecto_json.h"


/* what may come next; the states of a number stand in the grammar's order */

typedef enum {
    XPECTO_JSON_S_VALUE = 0,
    XPECTO_JSON_S_ELEMENT,              /* a value, or the end of the array */
    XPECTO_JSON_S_NAME,
    XPECTO_JSON_S_MEMBER,               /* a name, or the end of the object */
    XPECTO_JSON_S_COLON,
    XPECTO_JSON_S_AFTER,                /* a comma, or the end */
    XPECTO_JSON_S_DONE,                 /* white space only */
    XPECTO_JSON_S_STRING,
    XPECTO_JSON_S_ESCAPE,
    XPECTO_JSON_S_HEX,
    XPECTO_JSON_S_LITERAL,
    XPECTO_JSON_S_NUMBER,
    XPECTO_JSON_S_MINUS,
    XPECTO_JSON_S_ZERO,
    XPECTO_JSON_S_INT,
    XPECTO_JSON_S_POINT,
    XPECTO_JSON_S_FRACTION,
    XPECTO_JSON_S_E,
    XPECTO_JSON_S_E_SIGN,
    XPECTO_JSON_S_EXPONENT
} xpecto_json_state_e;


#define xpecto_json_pos(js, p)                                               \
    ((js)->offset + (uint64_t) ((p) - (js)->chunk))

#define xpecto_json_in_object(js)                                            \
    ((int) ((js)->objects >> ((js)->depth - 1)) & 1)

/* the number can end here */

#define xpecto_json_numeral(state)                                           \
    ((state) == XPECTO_JSON_S_ZERO || (state) == XPECTO_JSON_S_INT           \
     || (state) == XPECTO_JSON_S_FRACTION                                    \
     || (state) == XPECTO_JSON_S_EXPONENT)

/* the frame of a value that stands in the innermost open one */

#define xpecto_json_child(js)  (&(js)->frames[(js)->depth + 1])


/* xpecto_json.c: a value is complete, p is behind it */

void xpecto_json_end(xpecto_json_t *js, xpecto_json_type_e type,
    xpecto_str_t *str, const uint8_t *p);

/* xpecto_json_scalar.c: they take what they can and return what is left */

void xpecto_json_begin(xpecto_json_t *js, const uint8_t *p, unsigned state,
    int capture);
const uint8_t *xpecto_json_string(xpecto_json_t *js, const uint8_t *p,
    const uint8_t *last);
const uint8_t *xpecto_json_escape(xpecto_json_t *js, const uint8_t *p);
const uint8_t *xpecto_json_hex(xpecto_json_t *js, const uint8_t *p);
const uint8_t *xpecto_json_literal(xpecto_json_t *js, const uint8_t *p,
    const uint8_t *last);
const uint8_t *xpecto_json_number(xpecto_json_t *js, const uint8_t *p,
    const uint8_t *last);

/* xpecto_json_path.c: a member's name, an array, an element of it */

void xpecto_json_named(xpecto_json_t *js, const xpecto_str_t *name);
void xpecto_json_step(xpecto_json_t *js, const uint64_t *masks);
void xpecto_json_seek(xpecto_json_t *js, const xpecto_str_t *name);


#endif /* _XPECTO_JSON_INC_H_INCLUDED_ */
