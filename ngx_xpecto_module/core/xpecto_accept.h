
/*
 * Which of our answers a client likes best: the Accept field of RFC 9110,
 * 12.5.1, with its weights.
 *
 * The most specific range that names a type decides about it, and the highest
 * weight wins.  Of types of one weight the one that is named more closely
 * wins, then a problem if it is named in full: nobody writes that who could
 * not read it.  Where the client does not care, or likes none, it is a Graph
 * error.
 *
 * A range that is malformed is left out; parameters other than "q" do not
 * tell our types apart and are not looked at.
 */


#ifndef _XPECTO_ACCEPT_H_INCLUDED_
#define _XPECTO_ACCEPT_H_INCLUDED_


#include "xpecto.h"


typedef enum {
    XPECTO_ACCEPT_GRAPH = 0,            /* application/json */
    XPECTO_ACCEPT_PROBLEM,              /* application/problem+json */
    XPECTO_ACCEPT_TEXT,                 /* text/plain */
    XPECTO_ACCEPT_TYPES
} xpecto_accept_e;


/* what the lines of the field have said so far; zeroed at first */

typedef struct {
    struct {
        unsigned  near;                 /* 0 not named, 1 by "*", 2 by its
                                           type, 3 in full */
        unsigned  weight;               /* 0 to 1000 */
    } type[XPECTO_ACCEPT_TYPES];
} xpecto_accept_t;


void xpecto_accept_line(xpecto_accept_t *a, const uint8_t *p, size_t len);
xpecto_accept_e xpecto_accept_best(const xpecto_accept_t *a);


#endif /* _XPECTO_ACCEPT_H_INCLUDED_ */
