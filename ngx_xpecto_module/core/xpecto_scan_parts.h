
/* What the files of the scanner share; not for its callers. */


#ifndef _XPECTO_SCAN_PARTS_H_INCLUDED_
#define _XPECTO_SCAN_PARTS_H_INCLUDED_


#include "xpecto_prefilter.h"
#include "xpecto_scan.h"
#include "xpecto_view.h"


typedef struct {
    const uint8_t      *base;           /* of the offsets */
    const uint8_t      *start;          /* nothing before it is looked at */
    const uint8_t      *end;
    unsigned            classes;
    int                 tail;
} xpecto_scan_t;


#define XPECTO_SCAN_PIECE      8        /* of an id or token that was cut off */
#define XPECTO_SCAN_GROUPS     8        /* of digits in one number */
#define XPECTO_SCAN_CODE       3        /* digits of a calling code at most */
#define XPECTO_SCAN_BARE       10       /* digits of a number without a mark */


#define XPECTO_SCAN_SPACE      1
#define XPECTO_SCAN_DASH       2
#define XPECTO_SCAN_DOT        4
#define XPECTO_SCAN_OTHER      8        /* slash */
#define XPECTO_SCAN_PAREN      16u      /* with any of them, or alone */


/* digits in groups, as far as one number could reach */

typedef struct {
    const uint8_t      *from;
    uint8_t             digits[XPECTO_PHONE_MAX];
    unsigned            ngroups;
    struct {
        unsigned        total;          /* digits up to and with this group */
        unsigned        separators;     /* the kinds that stand before it */
        const uint8_t  *end;
    } groups[XPECTO_SCAN_GROUPS];
    unsigned            overflow:1;     /* a group goes past 15 digits */
    unsigned            cut:1;          /* the digits touch the end */
} xpecto_scan_run_t;


typedef enum {
    XPECTO_SCAN_UNMARKED = 0,
    XPECTO_SCAN_WEAK,                   /* "+" that may stand for a space */
    XPECTO_SCAN_MARKED
} xpecto_scan_mark_e;


/* xpecto_scan_more() with a prefilter of the caller's choice */

xpecto_rc_e xpecto_scan_by(xpecto_prefilter_pt find, xpecto_scan_rest_t *rest,
    const uint8_t *p, size_t len, size_t *pos, unsigned classes, int tail,
    xpecto_span_t *span);


/*
 * A part looks at one candidate.  1: found, span is set.  0: it is nothing,
 * *p is behind all that need not be looked at again.
 */

/* the digits from p to end could be a phone number, or a part of one */

int xpecto_scan_worth(const xpecto_scan_t *s, const uint8_t *p,
    const uint8_t *end);

/*
 * The ten digits or more from p to end stand alone, with nothing around that
 * could make more of them or less: 1, they are a number, the span is that of
 * xpecto_scan_phone(); 0, they are none.  -1: they may stand alone or not.
 */

int xpecto_scan_alone(const xpecto_scan_t *s, const uint8_t *p,
    const uint8_t *end, xpecto_span_t *span);

/* *p: the first digit of a run */

int xpecto_scan_phone(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: the letter that gives a prefix away: "EAA", "eyJ" by its "J" */

int xpecto_scan_token(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* from: the first letter of "wamid." and of other ids that hold a number */

int xpecto_scan_id(const xpecto_scan_t *s, const uint8_t *from,
    const uint8_t **p, xpecto_span_t *span);

/* *p: the first of 15 or more digits, which "|" follows */

int xpecto_scan_app_token(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: the first digit of a run, or of four; one of the first */

int xpecto_scan_card(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: the first of two capital letters, which digits follow */

int xpecto_scan_iban(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: the dot of "US.1349..." */

int xpecto_scan_user(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: the "@", in any encoding */

int xpecto_scan_email(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: an "@" behind the user of a URL; -1: nothing else, and removed before */

int xpecto_scan_userinfo(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* the span, which *p is behind, becomes all before the host of a URL */

void xpecto_scan_widen(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* *p: the first digit */

int xpecto_scan_ipv4(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);

/* behind four numbers up to 255 with dots between, NULL: there are none */

const uint8_t *xpecto_scan_quad(const xpecto_scan_t *s, const uint8_t *p);

/* *p: a colon, in any encoding */

int xpecto_scan_ipv6(const xpecto_scan_t *s, const uint8_t **p,
    xpecto_span_t *span);


/* behind the digits, the letters and digits from p on */

const uint8_t *xpecto_scan_digits_end(const uint8_t *p, const uint8_t *end);
const uint8_t *xpecto_scan_word_end(const uint8_t *p, const uint8_t *end);

/* nothing of the same word stands before it */

int xpecto_scan_at_word(const xpecto_scan_t *s, const uint8_t *p);

/* text stands at p as it is, in the same case */

int xpecto_scan_plain(const xpecto_scan_t *s, const uint8_t *p,
    const char *text);


/*
 * The digits from p on, in groups; plus: the number is marked, so that more
 * may stand between the groups.
 */

void xpecto_scan_gather(const xpecto_scan_t *s, const uint8_t *p, int plus,
    xpecto_scan_run_t *run);


/* What stands around a number. */

/* "+" and "(" before the first digit, or a word that announces a number */

xpecto_scan_mark_e xpecto_scan_mark_before(const xpecto_scan_t *s,
    const uint8_t *p, const uint8_t **from);

/* "@c.us", ":12@s.whatsapp.net", "-1400000000@g.us" */

int xpecto_scan_jid(const xpecto_scan_t *s, const uint8_t *p);

/* nothing that makes the digits a part of something */

int xpecto_scan_open_left(const xpecto_scan_t *s, const uint8_t *p);
int xpecto_scan_open_right(const xpecto_scan_t *s, const uint8_t *p);

/* a word or the name of a member says that the digits at p are a number */

int xpecto_scan_announced(const xpecto_scan_t *s, const uint8_t *p);

/* the calling code that stands before a number as a value of its own */

size_t xpecto_scan_country(const xpecto_scan_t *s, const uint8_t *p,
    uint8_t code[XPECTO_SCAN_CODE]);

/* what a value begins after or ends before */

int xpecto_scan_is_edge(unsigned c);

/* a date or a time goes on: "-31", ":59" */

int xpecto_scan_follows_digit(const xpecto_scan_t *s, const uint8_t *p);

/* "-9725", "-c0c5" */

int xpecto_scan_goes_on(const xpecto_scan_t *s, const uint8_t *p);

/* the last twelve digits of "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" */

int xpecto_scan_is_uuid(const xpecto_scan_t *s, const uint8_t *p);

/* "/v19.0/106540352242922", "phone_number_id":"106540352242922" */

int xpecto_scan_is_safe(const xpecto_scan_t *s, const uint8_t *p);


/* sets the span, without a phone number; 1 */

int xpecto_scan_found(const xpecto_scan_t *s, xpecto_span_t *span,
    xpecto_class_e class, const uint8_t *from, const uint8_t *to);


#endif /* _XPECTO_SCAN_PARTS_H_INCLUDED_ */
