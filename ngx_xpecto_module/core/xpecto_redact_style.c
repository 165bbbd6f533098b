
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* What stands in the place of a value, and what needs no look. */


#include <string.h>

#include "xpecto_redact_edit.h"


/* the length up to which a look replaces a scan */

#define XPECTO_PLAIN_MAX  16


static size_t xpecto_edit_length(uint8_t *dst, xpecto_class_e class,
    size_t len);


#define XPECTO_STYLE_BIT(style)  (1u << (style))

#define XPECTO_STYLE_M  XPECTO_STYLE_BIT(XPECTO_STYLE_MASK)
#define XPECTO_STYLE_P  XPECTO_STYLE_BIT(XPECTO_STYLE_PSEUDONYM)
#define XPECTO_STYLE_T  XPECTO_STYLE_BIT(XPECTO_STYLE_TRUNCATE)


/* in the order of xpecto_class_e */

static const struct {
    const char      *name;
    xpecto_style_e   style;
    unsigned         more;      /* styles that are not for every class */
} xpecto_classes[XPECTO_CLASSES] = {
    { "phone", XPECTO_STYLE_PSEUDONYM, XPECTO_STYLE_M|XPECTO_STYLE_P },
    { "id", XPECTO_STYLE_PSEUDONYM, XPECTO_STYLE_P },
    { "user", XPECTO_STYLE_PSEUDONYM, XPECTO_STYLE_P },
    { "email", XPECTO_STYLE_PSEUDONYM, XPECTO_STYLE_P },
    { "ip", XPECTO_STYLE_TRUNCATE, XPECTO_STYLE_T|XPECTO_STYLE_P },
    { "name", XPECTO_STYLE_LABEL, XPECTO_STYLE_P },
    { "content", XPECTO_STYLE_LENGTH, 0 },
    { "location", XPECTO_STYLE_LABEL, 0 },
    { "media", XPECTO_STYLE_LABEL, XPECTO_STYLE_P },
    { "credential", XPECTO_STYLE_REMOVE, XPECTO_STYLE_P },
    { "account", XPECTO_STYLE_LABEL, 0 }
};


#define XPECTO_LABEL(label)  { label, sizeof(label) - 1 }

const xpecto_label_t  xpecto_labels[XPECTO_CLASSES] = {
    XPECTO_LABEL("[phone]"),
    XPECTO_LABEL("[id]"),
    XPECTO_LABEL("[user]"),
    XPECTO_LABEL("[email]"),
    XPECTO_LABEL("[ip]"),
    XPECTO_LABEL("[name]"),
    XPECTO_LABEL("[content]"),
    XPECTO_LABEL("[location]"),
    XPECTO_LABEL("[media]"),
    XPECTO_LABEL("[credential]"),
    XPECTO_LABEL("[account]")
};


/* in the order of xpecto_style_e; the strictest has the highest rank */

static const struct {
    const char  *name;
    int          rank;
} xpecto_styles[] = {
    { "label", 5 },
    { "mask", 1 },
    { "pseudonym", 3 },
    { "length", 4 },
    { "truncate", 2 },
    { "remove", 6 },
    { "keep", 0 }
};

#define XPECTO_STYLES  (sizeof(xpecto_styles) / sizeof(xpecto_styles[0]))


size_t
xpecto_edit_replacement(const xpecto_redact_t *rd, uint8_t *dst,
    const uint8_t *p, size_t len, xpecto_class_e class,
    const xpecto_phone_t *phone)
{
    size_t  n;

    n = 0;

    switch (rd->styles[class]) {

    case XPECTO_STYLE_REMOVE:
        dst[n++] = '-';
        break;

    case XPECTO_STYLE_LENGTH:
        n = xpecto_edit_length(dst, class, len);
        break;

    case XPECTO_STYLE_TRUNCATE:
        n = xpecto_edit_truncate(dst, p, len);
        break;

    case XPECTO_STYLE_MASK:
        n = xpecto_edit_mask(rd, dst, p, len, phone);
        break;

    case XPECTO_STYLE_PSEUDONYM:
        n = xpecto_edit_pseudonym(rd, dst, p, len, class, phone);
        break;

    default:
        break;
    }

    return n ? n : xpecto_edit_label(dst, class);
}


/* "[content 57B]", "[content 1204kB]" from a million bytes on */

static size_t
xpecto_edit_length(uint8_t *dst, xpecto_class_e class, size_t len)
{
    size_t    n, kilo;
    uint8_t  *p, digits[20];

    p = dst + xpecto_edit_label(dst, class) - 1;
    *p++ = ' ';

    kilo = (len > 999999);

    if (kilo) {
        len = len / 1000 > 999999 ? 999999 : len / 1000;
    }

    n = sizeof(digits);

    do {
        digits[--n] = (uint8_t) ('0' + len % 10);
        len /= 10;
    } while (len);

    p = xpecto_edit_copy(p, &digits[n], sizeof(digits) - n);

    if (kilo) {
        *p++ = 'k';
    }

    *p++ = 'B';
    *p++ = ']';

    return (size_t) (p - dst);
}


/*
 * "-", "[class]", "[class 57B]", "[class 57kB]", "[class.epoch.letters]",
 * "49*******12"
 */

int
xpecto_edit_redacted(const xpecto_redact_t *rd, const uint8_t *p, size_t len,
    xpecto_class_e place)
{
    size_t    i, n, digits;
    unsigned  class;

    if (len == 1) {
        return p[0] == '-';
    }

    if (rd->fresh) {
        return 0;
    }

    if (p[0] != '[') {
        return (place == XPECTO_CLASS_PHONE || place == XPECTO_CLASS_NONE)
               && xpecto_edit_mask_len(p, len) == len;
    }

    if (p[len - 1] != ']') {
        return 0;
    }

    for (class = 0; class < XPECTO_CLASSES; class++) {

        n = strlen(xpecto_classes[class].name);

        if (len < n + 2 || memcmp(p + 1, xpecto_classes[class].name, n) != 0) {
            continue;
        }

        i = n + 1;

        if (p[i] == '.') {

            /* in the place of a text one would carry some of the text */

            if ((xpecto_classes[class].more & XPECTO_STYLE_P)
                && (place == XPECTO_CLASS_NONE
                    || (xpecto_classes[place].more & XPECTO_STYLE_P))
                && xpecto_pseudonym_check(p + i, len - i - 1))
            {
                return 1;
            }

            continue;
        }

        if (p[i] == ' ') {

            for (digits = 0, i++;
                 i < len && p[i] >= '0' && p[i] <= '9';
                 i++)
            {
                digits++;
            }

            if (digits == 0 || digits > 6) {
                continue;
            }

            i += (i < len && p[i] == 'k');

            if (i == len || p[i++] != 'B') {
                continue;
            }
        }

        if (i + 1 == len && p[i] == ']') {
            return 1;
        }
    }

    return 0;
}


size_t
xpecto_edit_label_len(const xpecto_redact_t *rd, const uint8_t *p, size_t len)
{
    size_t  end;

    len = (len < XPECTO_REPLACEMENT_MAX) ? len : XPECTO_REPLACEMENT_MAX;
    end = xpecto_edit_find(p, 0, len, ']') + 1;

    return (end <= len && xpecto_edit_redacted(rd, p, end, XPECTO_CLASS_NONE))
           ? end : 0;
}


/*
 * Most of what stands between named values is short: within 16 bytes there
 * is no address or number without some digits, dots, colons or escapes, and
 * no token or id without some letters of its prefix: "eyJ", "Bearer ",
 * "wamid.", "HBgL", "ABGG", "Y2Fw".  Looking at them is much cheaper than a
 * scan.
 */

int
xpecto_edit_plain(const uint8_t *p, size_t len)
{
    size_t    i;
    unsigned  sum;

    /* from seven on it is no plain text */

    static const uint8_t  weights[256] = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        3, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 3, 0, 0, 1, 0,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4, 0, 0, 0, 0, 0,
        8, 0, 4, 0, 0, 0, 0, 3, 0, 0, 8, 0, 3, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 8, 0, 0, 0,
        0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0,
        8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8,
        8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8,
        8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8,
        8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8,
        8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8,
        8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8,
        8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8,
        8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8
    };

    if (len > XPECTO_PLAIN_MAX) {
        return 0;
    }

    for (i = 0, sum = 0; i < len; i++) {
        sum += weights[p[i]];
    }

    return sum < XPECTO_PHONE_MIN;
}


void
xpecto_redact_defaults(xpecto_redact_t *rd)
{
    unsigned  i;

    rd->classes = 0;
    rd->names = NULL;
    rd->nnames = 0;
    rd->fresh = 0;
    rd->mask = NULL;
    rd->pseudonym = NULL;

    xpecto_name_index(rd);

    for (i = 0; i < XPECTO_CLASSES; i++) {
        (void) xpecto_redact_style(rd, (xpecto_class_e) i,
                                   xpecto_classes[i].style);
    }
}


xpecto_rc_e
xpecto_redact_style(xpecto_redact_t *rd, xpecto_class_e class,
    xpecto_style_e style)
{
    if (XPECTO_STYLE_BIT(style)
        & (XPECTO_STYLE_M|XPECTO_STYLE_P|XPECTO_STYLE_T)
        & ~xpecto_classes[class].more)
    {
        return XPECTO_DECLINED;
    }

    rd->styles[class] = (uint8_t) style;

    if (style == XPECTO_STYLE_KEEP) {
        rd->classes &= ~XPECTO_CLASS_BIT(class);

    } else {
        rd->classes |= XPECTO_CLASS_BIT(class);
    }

    return XPECTO_OK;
}


void
xpecto_redact_stricter(xpecto_redact_t *rd, const xpecto_redact_t *a)
{
    unsigned  i;

    if (rd->mask == NULL
        || (a->mask != NULL && a->mask->last < rd->mask->last))
    {
        rd->mask = a->mask;
    }

    for (i = 0; i < XPECTO_CLASSES; i++) {
        if (xpecto_styles[a->styles[i]].rank
            > xpecto_styles[rd->styles[i]].rank)
        {
            (void) xpecto_redact_style(rd, (xpecto_class_e) i,
                                       (xpecto_style_e) a->styles[i]);
        }
    }
}


xpecto_rc_e
xpecto_class_parse(const uint8_t *p, size_t len, xpecto_class_e *class)
{
    unsigned  i;

    for (i = 0; i < XPECTO_CLASSES; i++) {
        if (strlen(xpecto_classes[i].name) == len
            && memcmp(xpecto_classes[i].name, p, len) == 0)
        {
            *class = (xpecto_class_e) i;
            return XPECTO_OK;
        }
    }

    return XPECTO_DECLINED;
}


xpecto_rc_e
xpecto_style_parse(const uint8_t *p, size_t len, xpecto_style_e *style,
    unsigned *last)
{
    size_t    n;
    unsigned  i;

    *last = XPECTO_MASK_DEFAULT;

    for (i = 0; i < XPECTO_STYLES; i++) {

        n = strlen(xpecto_styles[i].name);

        if (len < n || memcmp(xpecto_styles[i].name, p, n) != 0) {
            continue;
        }

        *style = (xpecto_style_e) i;

        if (len == n) {
            return XPECTO_OK;
        }

        if (i == XPECTO_STYLE_MASK && len == n + 2 && p[n] == ':'
            && p[n + 1] >= '0' && p[n + 1] <= '9')
        {
            *last = (unsigned) (p[n + 1] - '0');
            return XPECTO_OK;
        }
    }

    return XPECTO_DECLINED;
}


const char *
xpecto_class_name(xpecto_class_e class)
{
    return xpecto_classes[class].name;
}
