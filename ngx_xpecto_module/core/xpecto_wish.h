
/*
 * What a call of the consent API wants, as JSON or as a form: which purposes
 * are accepted and rejected, or when somebody was born.
 *
 * Nothing is taken of a body of which something is not understood.
 */


#ifndef _XPECTO_WISH_H_INCLUDED_
#define _XPECTO_WISH_H_INCLUDED_


#include "xpecto_consent.h"


#define XPECTO_WISH_DEPTH   4           /* of JSON */
#define XPECTO_WISH_BACK    1024        /* bytes of the path of a redirect */


/* why it is not understood */

typedef enum {
    XPECTO_WISH_OK = 0,
    XPECTO_WISH_JSON,
    XPECTO_WISH_DEEP,
    XPECTO_WISH_MEMBERS,
    XPECTO_WISH_LISTS,
    XPECTO_WISH_UNKNOWN,
    XPECTO_WISH_FORM,
    XPECTO_WISH_FIELD,
    XPECTO_WISH_RETURN,
    XPECTO_WISH_BIRTH,
    XPECTO_WISH_UNUSED,
    XPECTO_WISH_NECESSARY,
    XPECTO_WISH_TWICE,
    XPECTO_WISH_NOTHING,
    XPECTO_WISH_PARTIAL
} xpecto_wish_e;


typedef enum {
    XPECTO_RESTRICT_AS_IS = 0,
    XPECTO_RESTRICT_ON,
    XPECTO_RESTRICT_OFF
} xpecto_restrict_e;


typedef struct {
    uint16_t            accept;
    uint16_t            reject;
    xpecto_restrict_e   restriction;
    unsigned            month;          /* of birth, 1 to 12 */
    unsigned            year;           /* 0: not said */
    unsigned            accept_all:1;
    unsigned            reject_all:1;
    unsigned            redirect:1;
    size_t              back_len;
    uint8_t             back[XPECTO_WISH_BACK];
} xpecto_wish_t;


/*
 * wish starts zeroed; undefined unless OK.
 *
 * choice: {"accept":["analytics"],"reject":["*"],"restrict":false}, or
 * accept=all, reject=all, restrict=1, p.analytics=1, return=/path
 * birth: {"month":4,"year":2010}, or month=4, year=2010, return=/path
 */

xpecto_wish_e xpecto_wish_json(xpecto_wish_t *wish, const uint8_t *body,
    size_t len);
xpecto_wish_e xpecto_wish_form(xpecto_wish_t *wish, const uint8_t *body,
    size_t len);
xpecto_wish_e xpecto_wish_birth_json(xpecto_wish_t *wish, const uint8_t *body,
    size_t len);
xpecto_wish_e xpecto_wish_birth_form(xpecto_wish_t *wish, const uint8_t *body,
    size_t len);

/*
 * Turns "all" into purposes: all that are asked for and not named.  whole:
 * each that is asked for must be accepted or rejected.
 */

xpecto_wish_e xpecto_wish_complete(xpecto_wish_t *wish, uint16_t asked,
    int whole);

/* whether month and year can be those of a birth */

xpecto_wish_e xpecto_wish_born(const xpecto_wish_t *wish);

/* a sentence for whoever sent it */

const char *xpecto_wish_text(xpecto_wish_e reason);

/* 1: a path of this site, nothing that a browser reads as a host */

int xpecto_wish_is_path(const uint8_t *path, size_t len);


#endif /* _XPECTO_WISH_H_INCLUDED_ */
