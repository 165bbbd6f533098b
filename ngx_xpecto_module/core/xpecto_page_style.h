
/*
 * What the check of a style sheet consists of.
 */


#ifndef _XPECTO_PAGE_STYLE_H_INCLUDED_
#define _XPECTO_PAGE_STYLE_H_INCLUDED_


#include "xpecto_page_check.h"


/* of a value: a word, a number with its unit, or a function with all in it */

typedef struct {
    xpecto_str_t             text;
    int                      function;  /* up to its ")" */
    int                      number;    /* in thousandths, with a unit */
    int                      slash;     /* behind a "/" */
    int64_t                  value;
    xpecto_str_t             unit;
} xpecto_page_token_t;


/* the next one; an empty one: the end.  ERROR: no browser is to guess */

xpecto_rc_e xpecto_page_token(const uint8_t **p, const uint8_t *last,
    xpecto_page_token_t *token);

/*
 * A declaration: "name:value".  label: of a label, in which no button is.
 * ERROR: err is set, without a line.
 */

xpecto_rc_e xpecto_page_property(const uint8_t *p, const uint8_t *last,
    int label, xpecto_page_err_t *err);


#endif /* _XPECTO_PAGE_STYLE_H_INCLUDED_ */
