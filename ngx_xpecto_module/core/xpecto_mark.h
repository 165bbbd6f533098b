
/*
 * What the bytes of a URI are: one bit for each, 64 of them a word.  Most are
 * letters and digits; a reader goes from one of the others to the next.
 */


#ifndef _XPECTO_MARK_H_INCLUDED_
#define _XPECTO_MARK_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_MARK_WORDS  4
#define XPECTO_MARK_MAX    (64 * XPECTO_MARK_WORDS)


typedef struct {
    uint64_t            digit[XPECTO_MARK_WORDS];   /* 0-9 */
    uint64_t            join[XPECTO_MARK_WORDS];    /* _ - . */
    uint64_t            letter[XPECTO_MARK_WORDS];  /* A-Z b w */
    uint64_t            other[XPECTO_MARK_WORDS];   /* no letter either */
} xpecto_mark_t;


/*
 * Sets the words that len bytes need, bits behind the last byte are 0.
 * DECLINED: too long, or not on this processor.
 */

xpecto_rc_e xpecto_mark(xpecto_mark_t *m, const uint8_t *p, size_t len);

/* byte by byte, on any processor */

xpecto_rc_e xpecto_mark_scalar(xpecto_mark_t *m, const uint8_t *p,
    size_t len);


#endif /* _XPECTO_MARK_H_INCLUDED_ */
