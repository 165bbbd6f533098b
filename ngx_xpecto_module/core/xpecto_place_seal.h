
/*
 * A file copied into sealed memory, and the sentence that says why not.
 * Private to the files xpecto_place*.c.
 */


#ifndef _XPECTO_PLACE_SEAL_H_INCLUDED_
#define _XPECTO_PLACE_SEAL_H_INCLUDED_


#include "xpecto.h"


/* copy: a descriptor to close, -1 where there is none, after ERROR as well */

xpecto_rc_e xpecto_place_seal(const char *path, int *copy, size_t *size,
    xpecto_err_t *err);

/* writes the sentence; always ERROR */

xpecto_rc_e xpecto_place_error(xpecto_err_t *err, const char *fmt, ...);


#endif /* _XPECTO_PLACE_SEAL_H_INCLUDED_ */
