
/*
 * Recipients: whom one value ("to" of a message) names.
 *
 * Upstreams take lists in a value, so each of these counts by itself:
 *
 *   - a part between "," ";" "|", line breaks and other control characters,
 *     or before a "+" behind a blank, if it is a number, a user id or a
 *     group, or has XPECTO_PHONE_MIN digits.  What begins with a letter
 *     behind a number and a ";" and has less is a parameter (";ext=9");
 *   - a word of a part, between blanks or bytes that are not ASCII, if all
 *     are possible numbers by themselves, or their part is none:
 *     "+1 650-555-1234" is one, "16505551234 16505551235" are two.
 *
 * For who drops all but the digits "1,650,555,1234" is one number: parts, or
 * words, that have XPECTO_PHONE_MAX digits or less in all and are not all
 * possible numbers by themselves count together as well, as an invalid one.
 *
 * Zeros in front of a value are no digits here.  A value in which nobody is
 * found is one invalid recipient.
 */


#ifndef _XPECTO_RECIPIENT_H_INCLUDED_
#define _XPECTO_RECIPIENT_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_phone.h"


typedef enum {
    XPECTO_RECIPIENT_PHONE = 0,
    XPECTO_RECIPIENT_BSUID,     /* "US.13491208655302741918", "US.ENT.1" */
    XPECTO_RECIPIENT_GROUP,     /* base64 of "capi_group:", or "...@g.us" */
    XPECTO_RECIPIENT_INVALID    /* looked like a number, is none */
} xpecto_recipient_e;


typedef struct {
    xpecto_recipient_e  kind;
    xpecto_str_t        text;   /* as it stands in the value */
    xpecto_phone_t      phone;  /* PHONE */
    uint8_t             ndigits;    /* PHONE, INVALID: without a "+", */
    uint8_t             digits[XPECTO_PHONE_MAX];   /* as they stand */
} xpecto_recipient_t;


/* anything but OK ends it */

typedef xpecto_rc_e (*xpecto_recipient_pt)(void *data,
    const xpecto_recipient_t *recipient);


/*
 * Hands on at least one recipient of a decoded value, in its order; those
 * that count together come before what they consist of.
 *
 * Returns what the handler has returned last.
 */

xpecto_rc_e xpecto_recipients(const uint8_t *p, size_t len,
    xpecto_recipient_pt handler, void *data);


#endif /* _XPECTO_RECIPIENT_H_INCLUDED_ */
