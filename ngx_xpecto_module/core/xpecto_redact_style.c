
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
static size_t xpecto_edit_mask(uint8_t *dst, const uint8_t *p, size_t len,
    const xpecto_phone_t *phone);
static size_t xpecto_calling_code_len(const uint8_t *digits);
static uint8_t *xpecto_edit_copy(uint8_t *dst, const void *src, size_t len);


/* in the order of xpecto_class_e */

static const struct {
    const char      *name;
    xpecto_style_e   style;
} xpecto_classes[XPECTO_CLASSES] = {
    { "phone", XPECTO_STYLE_LABEL },
    { "id", XPECTO_STYLE_LABEL },
    { "user", XPECTO_STYLE_LABEL },
    { "email", XPECTO_STYLE_LABEL },
    { "ip", XPECTO_STYLE_TRUNCATE },
    { "name", XPECTO_STYLE_LABEL },
    { "content", XPECTO_STYLE_LENGTH },
    { "location", XPECTO_STYLE_LABEL },
    { "media", XPECTO_STYLE_LABEL },
    { "credential", XPECTO_STYLE_REMOVE },
    { "account", XPECTO_STYLE_LABEL }
};


/* in the order of xpecto_style_e; the strictest has the highest rank */

static const struct {
    const char  *name;
    int          rank;
} xpecto_styles[] = {
    { "label", 4 },
    { "mask", 1 },
    { "length", 3 },
    { "truncate", 2 },
    { "remove", 5 },
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
        n = xpecto_edit_mask(dst, p, len, phone);
        break;

    default:
        break;
    }

    return n ? n : xpecto_edit_label(dst, class);
}


size_t
xpecto_edit_label(uint8_t *dst, xpecto_class_e class)
{
    uint8_t  *p;

    p = dst;
    *p++ = '[';
    p = xpecto_edit_copy(p, xpecto_classes[class].name,
                         strlen(xpecto_classes[class].name));
    *p++ = ']';

    return (size_t) (p - dst);
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


/* 0: no number, or too few digits would be hidden */

static size_t
xpecto_edit_mask(uint8_t *dst, const uint8_t *p, size_t len,
    const xpecto_phone_t *phone)
{
    size_t          i, n;
    uint8_t         buf[XPECTO_REPLACEMENT_MAX];
    xpecto_phone_t  ph;

    if (phone == NULL || phone->len == 0) {

        /* "%2B" and the percent codes of separators */

        for (n = 0, i = 0; i < len && n < sizeof(buf); n++) {

            if (p[i] == '%' && len - i > 2
                && p[i + 1] == '2' && (p[i + 2] | 0x20) == 'b')
            {
                buf[n] = '+';
                i += 3;

            } else {
                buf[n] = p[i++];
            }
        }

        if (i < len || xpecto_phone_parse(&ph, buf, n) != XPECTO_OK) {
            return 0;
        }

        phone = &ph;
    }

    n = xpecto_calling_code_len(phone->digits);

    if (phone->len < n + 2 + 5) {
        return 0;
    }

    memset(dst, '*', phone->len);
    memcpy(dst, phone->digits, n);
    memcpy(dst + phone->len - 2, phone->digits + phone->len - 2, 2);

    return phone->len;
}


/* ITU-T E.164: +1 and +7; two digits for the zones listed; else three */

static size_t
xpecto_calling_code_len(const uint8_t *digits)
{
    unsigned  i, code;

    static const uint8_t  two[] = {
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48,
        49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81,
        82, 84, 86, 90, 91, 92, 93, 94, 95, 98
    };

    if (digits[0] == '1' || digits[0] == '7') {
        return 1;
    }

    code = (unsigned) (digits[0] - '0') * 10 + (unsigned) (digits[1] - '0');

    for (i = 0; i < sizeof(two); i++) {
        if (two[i] == code) {
            return 2;
        }
    }

    return 3;
}


static uint8_t *
xpecto_edit_copy(uint8_t *dst, const void *src, size_t len)
{
    memcpy(dst, src, len);

    return dst + len;
}


/* "-", "[class]", "[class 57B]", "[class 57kB]", "49*******12" */

int
xpecto_edit_redacted(const uint8_t *p, size_t len)
{
    size_t    i, n, digits;
    unsigned  class;

    if (len == 1) {
        return p[0] == '-';
    }

    if (p[0] != '[') {

        if (len < 3 || p[len - 3] != '*') {
            return 0;
        }

        for (n = 0; n < len && p[n] >= '0' && p[n] <= '9'; n++) { /* void */ }

        for (i = n; i < len && p[i] == '*'; i++) { /* void */ }

        return len <= XPECTO_PHONE_MAX && n >= 1 && n <= 3 && i >= n + 5
               && i + 2 == len
               && p[i] >= '0' && p[i] <= '9'
               && p[i + 1] >= '0' && p[i + 1] <= '9';
    }

    for (class = 0; class < XPECTO_CLASSES; class++) {

        n = strlen(xpecto_classes[class].name);

        if (len < n + 2 || memcmp(p + 1, xpecto_classes[class].name, n) != 0) {
            continue;
        }

        i = n + 1;

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

    for (i = 0; i < XPECTO_CLASSES; i++) {
        (void) xpecto_redact_style(rd, (xpecto_class_e) i,
                                   xpecto_classes[i].style);
    }
}


xpecto_rc_e
xpecto_redact_style(xpecto_redact_t *rd, xpecto_class_e class,
    xpecto_style_e style)
{
    if ((style == XPECTO_STYLE_MASK && class != XPECTO_CLASS_PHONE)
        || (style == XPECTO_STYLE_TRUNCATE && class != XPECTO_CLASS_IP))
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
xpecto_style_parse(const uint8_t *p, size_t len, xpecto_style_e *style)
{
    unsigned  i;

    for (i = 0; i < XPECTO_STYLES; i++) {
        if (strlen(xpecto_styles[i].name) == len
            && memcmp(xpecto_styles[i].name, p, len) == 0)
        {
            *style = (xpecto_style_e) i;
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
