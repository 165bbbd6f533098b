
/*
 * What every part of the core shares.
 *
 * The core knows no nginx, no clock, no log and no network.  A part takes a
 * pointer and a length, writes into the caller's buffer and allocates
 * nothing; the exceptions wrap a library (xpecto_doc, xpecto_mac,
 * xpecto_place) or compile a document into an image, and say so.  Time and
 * randomness are arguments.
 */


#ifndef _XPECTO_H_INCLUDED_
#define _XPECTO_H_INCLUDED_


#include <stddef.h>
#include <stdint.h>


typedef enum {
    XPECTO_OK = 0,
    XPECTO_DECLINED,            /* well-formed, but the answer is no */
    XPECTO_AGAIN,               /* more input is needed */
    XPECTO_ERROR                /* malformed input, or no room for the answer */
} xpecto_rc_e;


/* bytes that somebody else owns; not terminated by a zero */

typedef struct {
    size_t          len;
    const uint8_t  *data;
} xpecto_str_t;


/*
 * Why a document was refused: one line in English, terminated by a zero,
 * fit for a log.  It never quotes a secret or a personal value.
 */

typedef struct {
    char            text[256];
} xpecto_err_t;


/*
 * A country: ISO 3166-1 alpha-2, upper case, first letter in the high byte;
 * 0 is "unknown".
 */

typedef uint16_t  xpecto_country_t;

#define XPECTO_COUNTRY(a, b)                                                 \
    ((xpecto_country_t) ((unsigned) (a) << 8 | (unsigned) (b)))

#define XPECTO_COUNTRIES_MAX  32


/* a sorted set of countries without repetitions */

typedef struct {
    uint16_t          n;
    xpecto_country_t  cc[XPECTO_COUNTRIES_MAX];
} xpecto_countries_t;


/* a document compiled into position-independent bytes; data is malloc'ed */

typedef struct {
    void           *data;
    size_t          len;
} xpecto_image_t;


#endif /* _XPECTO_H_INCLUDED_ */
