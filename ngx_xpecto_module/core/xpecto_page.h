
/*
 * The preferences page: a template of the operator's, compiled once, checked
 * for what would push a visitor to a choice, and rendered for each visitor.
 *
 *     {{name}}                          a value
 *     {{#flag}} ... {{/flag}}           if it is so
 *     {{^flag}} ... {{/flag}}           if it is not
 *     {{#purposes}} ... {{/purposes}}   once for each purpose in use
 *
 * A template is HTML written out: each element is closed, each value of an
 * attribute is quoted or plain.  What a visitor's request says goes into the
 * page with the five characters of HTML escaped.
 */


#ifndef _XPECTO_PAGE_H_INCLUDED_
#define _XPECTO_PAGE_H_INCLUDED_


#include "xpecto_consent.h"


/* bytes that a visitor gets, with the path to return to left out */

#define XPECTO_PAGE_SIZE  6144


typedef enum {
    XPECTO_PAGE_ACTION = 0,             /* of the forms: our path */
    XPECTO_PAGE_POLICY,                 /* URL of the privacy policy */
    XPECTO_PAGE_RETURN,                 /* path to return to: a hidden field */
    XPECTO_PAGE_BACK,                   /* to this page: a hidden field */
    XPECTO_PAGE_UPDATED,                /* dates of the choice */
    XPECTO_PAGE_EXPIRES,
    XPECTO_PAGE_REVISION,               /* of the policy now */
    XPECTO_PAGE_NEED,                   /* label of a purpose */
    XPECTO_PAGE_VALUES
} xpecto_page_value_e;


#define XPECTO_PAGE_CHOSEN   0x01       /* there is a choice that is valid */
#define XPECTO_PAGE_VOID     0x02       /* there was one */
#define XPECTO_PAGE_GRANTED  0x04       /* it grants something */
#define XPECTO_PAGE_GPC      0x08       /* the browser's signal is heard */
#define XPECTO_PAGE_AGE      0x10       /* the age is to be asked for */
#define XPECTO_PAGE_YOUNG    0x20       /* too young to consent */
#define XPECTO_PAGE_NEEDED   0x40       /* a page was closed for want of it */
#define XPECTO_PAGE_FLAGS    0x7f


typedef struct {
    xpecto_str_t    values[XPECTO_PAGE_VALUES];
    uint16_t        asked;              /* purposes in use */
    uint16_t        chosen;             /* that the visitor has ticked */
    uint16_t        granted;            /* that are in force now */
    uint16_t        barred;             /* that no tick puts into force */
    unsigned        flags;              /* XPECTO_PAGE_CHOSEN ... */
} xpecto_page_facts_t;


/* a piece of a template */

typedef enum {
    XPECTO_PAGE_TEXT = 0,
    XPECTO_PAGE_VALUE,                  /* what: xpecto_page_value_e */
    XPECTO_PAGE_IF,                     /* what: a flag */
    XPECTO_PAGE_UNLESS,
    XPECTO_PAGE_EACH,                   /* the purposes */
    XPECTO_PAGE_END,                    /* what: 1, of the purposes */
    XPECTO_PAGE_CHECKED,                /* what: a purpose */

    /* of the purpose whose turn it is */

    XPECTO_PAGE_ITS_NAME,
    XPECTO_PAGE_ITS_LABEL,
    XPECTO_PAGE_ITS_TEXT,
    XPECTO_PAGE_ITS_CHECKED,
    XPECTO_PAGE_IF_REFUSED,             /* ticked or barred, not in force */
    XPECTO_PAGE_IF_PRESUMED             /* in force, but not chosen */
} xpecto_page_kind_e;


typedef struct {
    uint8_t         kind;
    uint8_t         what;
    uint16_t        jump;               /* section and its end: the other */
    xpecto_str_t    text;               /* in the template */
} xpecto_page_part_t;


typedef struct {
    xpecto_page_part_t  *parts;
    size_t               n;
} xpecto_page_t;


/* what is wrong with a template: a clause, what it is about, and the line */

typedef struct {
    const char     *text;
    xpecto_str_t    word;               /* in the template, or empty */
    size_t          line;               /* 0: of the template as a whole */
} xpecto_page_err_t;


/* parts that a template has at most */

size_t xpecto_page_parts(const uint8_t *src, size_t len);

/* parts: as many as xpecto_page_parts() says; the page leads into src */

xpecto_rc_e xpecto_page_compile(xpecto_page_t *page, xpecto_page_part_t *parts,
    const uint8_t *src, size_t len, xpecto_page_err_t *err);

/*
 * The dark patterns.  asked: the purposes in use; style: what stands between
 * <style> and </style>, which a policy of content may name by its digest.
 */

xpecto_rc_e xpecto_page_check(const uint8_t *src, size_t len, uint16_t asked,
    xpecto_str_t *style, xpecto_page_err_t *err);

/* the style sheet alone, which must not tell one button from another */

xpecto_rc_e xpecto_page_style(const uint8_t *src, size_t len,
    xpecto_page_err_t *err);

/* the length of the page; not more than cap bytes of it are written */

size_t xpecto_page_render(const xpecto_page_t *page,
    const xpecto_page_facts_t *facts, uint8_t *dst, size_t cap);

/* the length of the longest page, whatever the flags are */

size_t xpecto_page_longest(const xpecto_page_t *page,
    const xpecto_page_facts_t *facts);


/*
 * A placeholder at p, where "{{" stands: what it is, and what is behind it.
 *
 * ERROR  err has text and word, but no line
 */

xpecto_rc_e xpecto_page_placeholder(const uint8_t *p, const uint8_t *last,
    xpecto_page_part_t *part, const uint8_t **next, xpecto_page_err_t *err);


/* the template that is used without one, terminated by a zero */

extern const char  xpecto_page_default[];

/* what a purpose is called, and what it means, in English */

const char *xpecto_page_label(unsigned purpose);
const char *xpecto_page_sentence(unsigned purpose);


#endif /* _XPECTO_PAGE_H_INCLUDED_ */
