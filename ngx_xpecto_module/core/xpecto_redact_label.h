
/* xpecto_redact_style.c: what stands in the place of a value. */


#ifndef _XPECTO_REDACT_LABEL_H_INCLUDED_
#define _XPECTO_REDACT_LABEL_H_INCLUDED_


#include <string.h>

#include "xpecto_redact.h"


/* room that is kept for the label of a rest that does not fit */

#define XPECTO_REDACT_REST  16

/* of the longest replacement, "%22[credential 999999kB]%22", and more */

#define XPECTO_REPLACEMENT_MAX  64

/* room for any label, which is copied all at once */

#define XPECTO_LABEL_MAX  16


/* by the style of the class; phone may be NULL; returns the length */

size_t xpecto_edit_replacement(const xpecto_redact_t *rd, uint8_t *dst,
    const uint8_t *p, size_t len, xpecto_class_e class,
    const xpecto_phone_t *phone);


/* 1: the bytes are what a redaction left of the class, NONE: of any */

int xpecto_edit_redacted(const xpecto_redact_t *rd, const uint8_t *p,
    size_t len, xpecto_class_e place);

/* of the label of any kind that begins with the "[" at p, 0: there is none */

size_t xpecto_edit_label_len(const xpecto_redact_t *rd, const uint8_t *p,
    size_t len);

/* 1: few bytes in which nothing can be found by content */

int xpecto_edit_plain(const uint8_t *p, size_t len);


/* "[phone]" */

typedef struct {
    char                      text[XPECTO_LABEL_MAX];
    size_t                    len;
} xpecto_label_t;

extern const xpecto_label_t  xpecto_labels[XPECTO_CLASSES];


/* dst has room for XPECTO_LABEL_MAX bytes; returns the length */

static inline size_t
xpecto_edit_label(uint8_t *dst, xpecto_class_e class)
{
    memcpy(dst, xpecto_labels[class].text, XPECTO_LABEL_MAX);

    return xpecto_labels[class].len;
}


/* 1: a value of the class becomes its label, whatever it is */

#define xpecto_edit_is_label(rd, class)                                      \
    ((rd)->styles[class] == XPECTO_STYLE_LABEL                               \
     || ((rd)->styles[class] == XPECTO_STYLE_PSEUDONYM                       \
         && ((rd)->pseudonym == NULL                                         \
             || !xpecto_pseudonym_ready((rd)->pseudonym))))


/* 1: a value of the class stays; it may hold named values of others */

#define xpecto_edit_is_kept(rd, class)                                       \
    ((class) < XPECTO_CLASSES && (rd)->styles[class] == XPECTO_STYLE_KEEP)


#endif /* _XPECTO_REDACT_LABEL_H_INCLUDED_ */
