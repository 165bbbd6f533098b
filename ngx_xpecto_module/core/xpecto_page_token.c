
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_page_style.h"


static int xpecto_page_is_name(uint8_t c);
static void xpecto_page_number(xpecto_page_token_t *token);


/* an empty one: the end */

xpecto_rc_e
xpecto_page_token(const uint8_t **pos, const uint8_t *last,
    xpecto_page_token_t *token)
{
    uint8_t         quote;
    unsigned        depth;
    const uint8_t  *p, *start;

    static const char  important[] = "!important";

    memset(token, 0, sizeof(xpecto_page_token_t));

    for (p = *pos; p < last; p++) {
        if (*p == '/') {
            token->slash = 1;

        } else if (*p == '!') {

            if ((size_t) (last - p) < sizeof(important) - 1
                || memcmp(p, important, sizeof(important) - 1) != 0)
            {
                return XPECTO_ERROR;
            }

            p += sizeof(important) - 2;

        } else if (*p != ' ' && *p != '\n' && *p != '\r' && *p != '\t'
                   && *p != ',')
        {
            break;
        }
    }

    start = p;
    depth = 0;

    for (/* void */; p < last; p++) {

        if (*p == '(') {
            depth++;
            token->function = 1;

        } else if (*p == ')') {

            if (depth-- == 0) {
                return XPECTO_ERROR;
            }

        } else if (*p == '"' || *p == '\'') {

            /* names of fonts: nothing that could end anything */

            quote = *p;

            for (p++; p < last && (xpecto_page_is_name(*p) || *p == ' '); p++)
            {
                /* void */
            }

            if (p == last || *p != quote) {
                return XPECTO_ERROR;
            }

        } else if (depth == 0
                   && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'
                       || *p == ',' || *p == '/' || *p == '!'))
        {
            break;

        } else if (!xpecto_page_is_name(*p)
                   && (*p == '\0' || strchr(".%#+ ,/\n", *p) == NULL))
        {
            return XPECTO_ERROR;
        }
    }

    token->text.data = start;
    token->text.len = (size_t) (p - start);
    *pos = p;

    xpecto_page_number(token);

    return depth ? XPECTO_ERROR : XPECTO_OK;
}


static void
xpecto_page_number(xpecto_page_token_t *token)
{
    int             sign, digits;
    int64_t         n, scale;
    const uint8_t  *p, *last;

    p = token->text.data;
    last = p + token->text.len;

    sign = 1;
    digits = 0;
    scale = 1000;
    n = 0;

    if (p < last && (*p == '-' || *p == '+')) {
        sign = (*p++ == '-') ? -1 : 1;
    }

    for (/* void */; p < last; p++) {

        if (*p >= '0' && *p <= '9') {
            digits = 1;

            if (scale == 1000) {
                n = (n < 100000000) ? n * 10 + 1000 * (*p - '0') : n;

            } else {
                n += scale * (*p - '0');
                scale /= 10;
            }

        } else if (*p == '.' && scale == 1000) {
            scale = 100;

        } else {
            break;
        }
    }

    token->number = digits;
    token->value = sign * n;
    token->unit.data = p;
    token->unit.len = (size_t) (last - p);
}


static int
xpecto_page_is_name(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '-' || c == '_';
}
