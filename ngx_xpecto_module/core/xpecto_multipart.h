
/*
 * Name-value pairs of multipart/form-data (RFC 7578).
 *
 * Whatever parsers are known to read in different ways is an error: a
 * preamble, bare line feeds, folded headers, two names, names with escapes
 * or in RFC 5987 form, transfer encodings.
 */


#ifndef _XPECTO_MULTIPART_H_INCLUDED_
#define _XPECTO_MULTIPART_H_INCLUDED_


#include "xpecto_form.h"


#define XPECTO_BOUNDARY_MAX  70         /* RFC 2046, 5.1.1 */


/* a multipart body; its members are not for the caller */

typedef struct {
    const uint8_t      *p;
    const uint8_t      *last;
    size_t              len;
    uint8_t             delimiter[2 + XPECTO_BOUNDARY_MAX];
} xpecto_multipart_t;


/*
 * A body with the value of its Content-Type header.
 *
 * OK         go on with xpecto_multipart_next()
 * DECLINED   it is not multipart/form-data
 * ERROR      it is, without one usable boundary
 */

xpecto_rc_e xpecto_multipart_init(xpecto_multipart_t *mp,
    const xpecto_str_t *type, const uint8_t *body, size_t len);

/*
 * The next part.  A name and a value that stand here need no decoding.
 *
 * OK         *pair is set; *file is 1 if the part has a file name
 * DECLINED   the closing delimiter: nothing more
 * ERROR      malformed, or cut off
 */

xpecto_rc_e xpecto_multipart_next(xpecto_multipart_t *mp,
    xpecto_form_pair_t *pair, int *file);


#endif /* _XPECTO_MULTIPART_H_INCLUDED_ */
