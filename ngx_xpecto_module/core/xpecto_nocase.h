
/*
 * Names that are compared without the case of their letters.  Those of ASCII
 * alone, whatever the locale: protocols know no others.
 */


#ifndef _XPECTO_NOCASE_H_INCLUDED_
#define _XPECTO_NOCASE_H_INCLUDED_


#include <string.h>

#include "xpecto.h"


#define xpecto_lower(c)                                                      \
    ((uint8_t) ((c) >= 'A' && (c) <= 'Z' ? (c) | 0x20 : (c)))


/* 1: equal but for the case; name is in lower case */

static inline int
xpecto_is_nocase(const uint8_t *p, size_t len, const char *name)
{
    size_t  i;

    if (len != strlen(name)) {
        return 0;
    }

    for (i = 0; i < len; i++) {
        if (xpecto_lower(p[i]) != (uint8_t) name[i]) {
            return 0;
        }
    }

    return 1;
}


#endif /* _XPECTO_NOCASE_H_INCLUDED_ */
