
/* What the files of the scanner share; not for its callers. */


#ifndef _XPECTO_SCAN_PARTS_H_INCLUDED_
#define _XPECTO_SCAN_PARTS_H_INCLUDED_


#include "xpecto_scan.h"
#include "xpecto_view.h"


typedef struct {
    const uint8_t      *start;          /* of the input: context */
    const uint8_t      *low;            /* spans do not begin before it */
    const uint8_t      *end;
    unsigned            classes;
    int                 tail;
} xpecto_scan_t;


/*
 * A part looks at one candidate.  1: found, span is set.  0: it is nothing,
 * *p is behind all that need not be looked at again.
 */

/* *p: the first digit of a run */

int xpecto_scan_phone(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: the first letter of a known prefix ("EAA", "eyJ", "wamid.") */

int xpecto_scan_token(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: the first of 15 or more digits, which "|" follows */

int xpecto_scan_app_token(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: the dot of "US.1349..." */

int xpecto_scan_user(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: the "@", in any encoding */

int xpecto_scan_email(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: the first digit */

int xpecto_scan_ipv4(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: a colon, in any encoding */

int xpecto_scan_ipv6(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);


/* sets the span, without a phone number; 1 */

int xpecto_scan_found(const xpecto_scan_t *s, xpecto_span_t *span,
    xpecto_class_e class, const uint8_t *from, const uint8_t *to);


#endif /* _XPECTO_SCAN_PARTS_H_INCLUDED_ */
