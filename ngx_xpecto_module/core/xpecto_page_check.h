
/*
 * What the check of a template remembers while it walks through it.
 */


#ifndef _XPECTO_PAGE_CHECK_H_INCLUDED_
#define _XPECTO_PAGE_CHECK_H_INCLUDED_


#include "xpecto_page.h"


#define XPECTO_PAGE_OPEN     24         /* elements within elements */
#define XPECTO_PAGE_FORMS    8
#define XPECTO_PAGE_BUTTONS  16
#define XPECTO_PAGE_LABELS   32         /* that stand apart from their input */
#define XPECTO_PAGE_IDS      64


typedef enum {
    XPECTO_PAGE_CLASS = 0,
    XPECTO_PAGE_ID,
    XPECTO_PAGE_LANG,
    XPECTO_PAGE_DIR,
    XPECTO_PAGE_ROLE,
    XPECTO_PAGE_ARIA_LABEL,
    XPECTO_PAGE_ARIA_LABELLEDBY,
    XPECTO_PAGE_ARIA_DESCRIBEDBY,
    XPECTO_PAGE_ARIA_LIVE,
    XPECTO_PAGE_CHARSET,
    XPECTO_PAGE_NAME,
    XPECTO_PAGE_CONTENT,
    XPECTO_PAGE_HREF,
    XPECTO_PAGE_METHOD,
    XPECTO_PAGE_FORM_ACTION,
    XPECTO_PAGE_AUTOCOMPLETE,
    XPECTO_PAGE_FOR,
    XPECTO_PAGE_TYPE,
    XPECTO_PAGE_FIELD,                  /* value= */
    XPECTO_PAGE_FORM,
    XPECTO_PAGE_REQUIRED,
    XPECTO_PAGE_MIN,
    XPECTO_PAGE_MAX,
    XPECTO_PAGE_INPUTMODE,
    XPECTO_PAGE_MAXLENGTH,
    XPECTO_PAGE_ATTRIBUTES
} xpecto_page_attribute_e;

#define xpecto_page_has(tag, a)  (((tag)->set & 1u << (a)) != 0)


typedef struct {
    xpecto_str_t          name;         /* as it stands there */
    unsigned              set;          /* attributes that are there */
    xpecto_str_t          values[XPECTO_PAGE_ATTRIBUTES];
    int                   checked;      /* of which purpose: -1 none,
                                           XPECTO_PURPOSES the one in turn */
} xpecto_page_tag_t;


typedef struct {
    xpecto_str_t          id;
    unsigned              purposes:1;   /* has their checkboxes */
    unsigned              age:1;
    unsigned              steady:1;     /* whatever the visitor has chosen */
    unsigned              asks:1;       /* is there when an age is asked for */
    size_t                nsections;    /* that it stands in */
} xpecto_page_form_t;


typedef enum {
    XPECTO_PAGE_SUBMIT = 0,
    XPECTO_PAGE_ACCEPT,
    XPECTO_PAGE_REJECT
} xpecto_page_button_e;


typedef struct {
    xpecto_page_button_e  kind;
    xpecto_str_t          name;         /* where it stands */
    xpecto_str_t          style;        /* its class */
    xpecto_str_t          form;         /* form= */
    xpecto_page_form_t   *own;          /* that it stands in, or NULL */
    unsigned              run;          /* of buttons with nothing between */
    unsigned              steady:1;
    unsigned              text:1;
} xpecto_page_button_t;


typedef struct {
    const uint8_t        *src;
    const uint8_t        *p;
    const uint8_t        *last;
    xpecto_page_err_t    *err;

    size_t                open[XPECTO_PAGE_OPEN];
    size_t                nopen;
    xpecto_page_part_t    sections[XPECTO_PAGE_OPEN];
    size_t                depths[XPECTO_PAGE_OPEN];     /* nopen of each */
    size_t                nsections;

    xpecto_page_form_t    forms[XPECTO_PAGE_FORMS];
    size_t                nforms;
    xpecto_page_form_t   *form;         /* that we are in, or NULL */
    xpecto_page_button_t  buttons[XPECTO_PAGE_BUTTONS];
    size_t                nbuttons;
    xpecto_page_button_t *button;       /* that we are in, or NULL */
    xpecto_str_t          ids[XPECTO_PAGE_IDS];
    size_t                nids;
    xpecto_str_t          inputs[XPECTO_PAGE_LABELS];   /* their ids */
    size_t                ninputs;
    xpecto_str_t          fors[XPECTO_PAGE_LABELS];
    size_t                nfors;

    size_t                nlabel;       /* sections that it stands in */

    xpecto_str_t          style;
    uint16_t              purposes;     /* with a checkbox of their own */
    unsigned              run;
    unsigned              label:1;      /* we are in one */
    unsigned              text:1;       /* which has some */
    unsigned              each:1;       /* the purposes are in a section */
    unsigned              title:1;
    unsigned              styled:1;
} xpecto_page_check_t;


/* elements; those that are more than their text come first */

#define XPECTO_PAGE_VOID_ELEMENT  0x01  /* has no end */
#define XPECTO_PAGE_ONCE          0x02  /* not within itself */

#define XPECTO_PAGE_EL_TITLE      0
#define XPECTO_PAGE_EL_STYLE      1
#define XPECTO_PAGE_EL_FORM       2
#define XPECTO_PAGE_EL_INPUT      3
#define XPECTO_PAGE_EL_BUTTON     4
#define XPECTO_PAGE_EL_LABEL      5
#define XPECTO_PAGE_EL_HTML       6
#define XPECTO_PAGE_EL_META       7
#define XPECTO_PAGE_EL_A          8

typedef struct {
    const char           *name;
    unsigned              attributes;
    unsigned              flags;
} xpecto_page_element_t;


extern const xpecto_page_element_t  xpecto_page_elements[];


/* the tag at c->p, to behind its ">", and which element it is of */

xpecto_rc_e xpecto_page_read_tag(xpecto_page_check_t *c, size_t *element,
    xpecto_page_tag_t *tag);

/* values of its attributes that matter, whatever stands around it */

xpecto_rc_e xpecto_page_check_values(xpecto_page_check_t *c, size_t element,
    const xpecto_page_tag_t *tag);

/* text to the given end, in which nothing else is looked for */

xpecto_rc_e xpecto_page_read_raw(xpecto_page_check_t *c, const char *end,
    xpecto_str_t *raw);

/* behind the letters and digits at p */

const uint8_t *xpecto_page_word(const uint8_t *p, const uint8_t *last);

int xpecto_page_begins(const xpecto_page_check_t *c, const char *text);
void xpecto_page_space(xpecto_page_check_t *c);

/* ERROR with the line of p; word: p and len */

xpecto_rc_e xpecto_page_refuse(xpecto_page_check_t *c, const char *text,
    const uint8_t *p, size_t len);
int xpecto_page_equal(const xpecto_str_t *s, const char *text);

/* in the section {{#age}}; in none but {{^age}}, {{^young}}, {{#purposes}} */

int xpecto_page_in_age(const xpecto_page_check_t *c);
int xpecto_page_is_steady(const xpecto_page_check_t *c);
int xpecto_page_in_each(const xpecto_page_check_t *c);

/* elements of a form, as they are met, and what they are together */

xpecto_rc_e xpecto_page_check_form(xpecto_page_check_t *c,
    const xpecto_page_tag_t *tag);
xpecto_rc_e xpecto_page_check_input(xpecto_page_check_t *c,
    const xpecto_page_tag_t *tag);
xpecto_rc_e xpecto_page_check_button(xpecto_page_check_t *c,
    const xpecto_page_tag_t *tag);
xpecto_rc_e xpecto_page_check_forms(xpecto_page_check_t *c, uint16_t asked);


#endif /* _XPECTO_PAGE_CHECK_H_INCLUDED_ */
