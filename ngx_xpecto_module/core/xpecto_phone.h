
/*
 * Phone numbers in bytes: ITU-T E.164 and the forms WhatsApp's wa_id keeps.
 *
 * The numbering plan is an automaton over the digits of a number, generated
 * into data/xpecto_numbering.c together with the table calling code ->
 * countries, so that the two cannot disagree.
 */


#ifndef _XPECTO_PHONE_H_INCLUDED_
#define _XPECTO_PHONE_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_PHONE_MIN  7             /* digits, calling code included */
#define XPECTO_PHONE_MAX  15            /* ITU-T E.164 */


/* a number in its one canonical form: digits, calling code first, no plus */

typedef struct {
    uint8_t             len;
    uint8_t             digits[XPECTO_PHONE_MAX];
} xpecto_phone_t;


/* how much a run of digits must prove before it counts as a number */

typedef enum {
    XPECTO_PHONE_POSSIBLE = 0,  /* calling code and length fit: marked ones */
    XPECTO_PHONE_VALID          /* a range of the plan, or a WhatsApp form */
} xpecto_phone_level_e;


/* 1 or 0; digits are '0' to '9' */

int xpecto_phone_check(const uint8_t *digits, size_t len,
    xpecto_phone_level_e level);

/*
 * One value that is meant to be a number ("to" of a message): a leading
 * "whatsapp:", "tel:", "+" or "00", spaces, dashes, dots, slashes,
 * parentheses and the trunk digit of "+44 (0) 20" are dropped, parameters
 * (";ext=9") and what follows the number of a JID ("@c.us", ":3@c.us",
 * "@s.whatsapp.net") are cut.  The input is already decoded
 * (no %2B, no \u002b).
 *
 * OK         ph holds the canonical form: WhatsApp's old forms of Mexico
 *            (52 1 ...) and Brazil (without the ninth digit) become the
 *            current ones, so that one number has one form
 * DECLINED   digits, but no possible number
 * ERROR      something else (a BSUID, a group id, empty)
 */

xpecto_rc_e xpecto_phone_parse(xpecto_phone_t *ph, const uint8_t *p,
    size_t len);

/* the canonical form of at most XPECTO_PHONE_MAX digits */

void xpecto_phone_set(xpecto_phone_t *ph, const uint8_t *digits, size_t len);

/* digits of the calling code of a run of digits; 0: there is no such code */

unsigned xpecto_phone_code(const uint8_t *digits, size_t len);

/*
 * Digits without a "+" or another sign of the full form ("00", the host of a
 * JID): they may be national ones.  OK: *n of them are in digits, as they
 * stand, at most XPECTO_PHONE_MAX.
 */

xpecto_rc_e xpecto_phone_bare(const uint8_t *p, size_t len, uint8_t *digits,
    size_t *n);

/* the calling codes of a country */

#define XPECTO_PHONE_HOMES  4

typedef struct {
    unsigned            n;
    uint16_t            code[XPECTO_PHONE_HOMES];
} xpecto_phone_homes_t;

void xpecto_phone_homes(xpecto_phone_homes_t *homes, xpecto_country_t country);

/*
 * What national digits are in full, as they stand or without the "0" that is
 * dialled in front; DECLINED: no VALID number
 */

xpecto_rc_e xpecto_phone_national(xpecto_phone_t *ph, unsigned code,
    const uint8_t *digits, size_t len);

/*
 * The countries whose number this can be: a shared calling code gives all
 * candidates, a non-geographic one none.
 */

void xpecto_phone_countries(const xpecto_phone_t *ph, xpecto_countries_t *set);


#endif /* _XPECTO_PHONE_H_INCLUDED_ */
