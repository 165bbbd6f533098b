
/*
 * What a request counts: a number, a unit for each message, its bytes, or a
 * number that depends on what kind of message it is.
 *
 *     12                       whatever it is
 *     recipients               messages: one to each recipient
 *     bytes, kbytes            of the body; begun 1024 bytes
 *     text:1,media:3,other:0   for each message, by its type
 *
 * A type is text, media (audio, document, image, sticker, video), template,
 * interactive, reaction, location, contacts or other; what is not named
 * counts as other does, and other is 1.
 */


#ifndef _XPECTO_WEIGHT_H_INCLUDED_
#define _XPECTO_WEIGHT_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_WEIGHT_MAX    1000000u       /* of a number, of a type */

#define XPECTO_WEIGHT_TYPES  8

/* for what is said to whoever says another */

#define XPECTO_WEIGHT_WRONG                                                  \
    "not \"recipients\", \"bytes\", \"kbytes\", a number such as \"3\" or "  \
    "types such as \"text:1,media:3\""


typedef enum {
    XPECTO_WEIGHT_NONE = 0,     /* nothing was said */
    XPECTO_WEIGHT_NUMBER,
    XPECTO_WEIGHT_RECIPIENTS,
    XPECTO_WEIGHT_BYTES,
    XPECTO_WEIGHT_KBYTES,
    XPECTO_WEIGHT_TYPE
} xpecto_weight_e;


typedef struct {
    uint32_t  kind;             /* xpecto_weight_e */
    uint32_t  number;
    uint32_t  types[XPECTO_WEIGHT_TYPES];
} xpecto_weight_t;


/* what is counted: of a request, or of what goes to one recipient */

typedef struct {
    uint64_t      bytes;
    uint64_t      messages;
    xpecto_str_t  type;         /* "image"; empty: not known */
} xpecto_load_t;


/* ERROR: none of the above */

xpecto_rc_e xpecto_weight_parse(xpecto_weight_t *w, const uint8_t *p,
    size_t len);

/* 1: it is 0, whatever comes */

int xpecto_weight_none(const xpecto_weight_t *w);

/* 1: only the body tells */

int xpecto_weight_of_body(const xpecto_weight_t *w);

uint64_t xpecto_weight(const xpecto_weight_t *w, const xpecto_load_t *load);


#endif /* _XPECTO_WEIGHT_H_INCLUDED_ */
