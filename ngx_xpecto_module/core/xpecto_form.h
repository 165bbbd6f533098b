
/*
 * Name-value pairs of a query or a form body (application/x-www-form-
 * urlencoded).  Names and values are given as they stand in the input, so
 * that a caller may replace them in place; what they say is had from
 * xpecto_form_decode().
 */


#ifndef _XPECTO_FORM_H_INCLUDED_
#define _XPECTO_FORM_H_INCLUDED_


#include "xpecto.h"


/* both lead into the input */

typedef struct {
    xpecto_str_t        name;
    xpecto_str_t        value;
} xpecto_form_pair_t;


/*
 * The next pair of "a=b&c=d" from *p on; *p moves behind it.  Empty pairs
 * are left out; one without a "=" has an empty value behind its name.
 *
 * OK         *pair is set
 * DECLINED   nothing more
 */

xpecto_rc_e xpecto_form_next(const uint8_t **p, const uint8_t *last,
    xpecto_form_pair_t *pair);

/*
 * Decodes "%XX", and "+" as a space.  *len is what was written.
 *
 * OK         out holds all of it
 * DECLINED   longer than cap: out holds the first cap bytes
 * ERROR      a "%" without two hexadecimal digits, wherever it stands
 */

xpecto_rc_e xpecto_form_decode(const xpecto_str_t *raw, uint8_t *out,
    size_t cap, size_t *len);


#endif /* _XPECTO_FORM_H_INCLUDED_ */
