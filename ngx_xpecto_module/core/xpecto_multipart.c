
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_multipart.h"
#include "xpecto_nocase.h"


static xpecto_rc_e xpecto_multipart_param(const uint8_t **p,
    const uint8_t *last, xpecto_form_pair_t *param);
static void xpecto_multipart_trim(xpecto_str_t *str);
static int xpecto_multipart_again(const xpecto_multipart_t *mp);
static const uint8_t *xpecto_multipart_delimiter(const xpecto_multipart_t *mp,
    const uint8_t *p);
static xpecto_rc_e xpecto_multipart_line(xpecto_multipart_t *mp,
    xpecto_str_t *line);
static xpecto_rc_e xpecto_multipart_header(const xpecto_str_t *line,
    xpecto_form_pair_t *pair, int *file);
static xpecto_rc_e xpecto_multipart_disposition(const xpecto_str_t *value,
    xpecto_form_pair_t *pair, int *file);


xpecto_rc_e
xpecto_multipart_init(xpecto_multipart_t *mp, const xpecto_str_t *type,
    const uint8_t *body, size_t len)
{
    xpecto_rc_e          rc;
    xpecto_str_t         media;
    const uint8_t       *p, *last;
    xpecto_form_pair_t   param;

    last = type->data + type->len;
    p = memchr(type->data, ';', type->len);

    if (p == NULL) {
        p = last;
    }

    media.data = type->data;
    media.len = (size_t) (p - type->data);
    xpecto_multipart_trim(&media);

    if (!xpecto_is_nocase(media.data, media.len, "multipart/form-data")) {
        return XPECTO_DECLINED;
    }

    mp->p = body;
    mp->last = body + len;
    mp->len = 0;

    while ((rc = xpecto_multipart_param(&p, last, &param)) == XPECTO_OK) {

        if (!xpecto_is_nocase(param.name.data, param.name.len, "boundary")) {
            continue;
        }

        if (mp->len != 0 || param.value.len == 0
            || param.value.len > XPECTO_BOUNDARY_MAX)
        {
            return XPECTO_ERROR;
        }

        memcpy(mp->delimiter, "--", 2);
        memcpy(mp->delimiter + 2, param.value.data, param.value.len);
        mp->len = param.value.len + 2;
    }

    return (rc == XPECTO_ERROR || mp->len == 0) ? XPECTO_ERROR : XPECTO_OK;
}


/*
 * The next "; name=value" of a header, the value as a token or quoted.
 * Quotes are taken off; a backslash within them is an error.
 */

static xpecto_rc_e
xpecto_multipart_param(const uint8_t **p, const uint8_t *last,
    xpecto_form_pair_t *param)
{
    const uint8_t  *q, *end;

    q = *p;

    while (q < last && (*q == ';' || *q == ' ' || *q == '\t')) {
        q++;
    }

    if (q == last) {
        return XPECTO_DECLINED;
    }

    end = memchr(q, '=', (size_t) (last - q));

    if (end == NULL) {
        return XPECTO_ERROR;
    }

    param->name.data = q;
    param->name.len = (size_t) (end - q);
    xpecto_multipart_trim(&param->name);

    q = end + 1;

    while (q < last && (*q == ' ' || *q == '\t')) {
        q++;
    }

    if (q < last && *q == '"') {
        q++;
        end = memchr(q, '"', (size_t) (last - q));

        if (end == NULL || memchr(q, '\\', (size_t) (end - q)) != NULL) {
            return XPECTO_ERROR;
        }

        param->value.data = q;
        param->value.len = (size_t) (end - q);

        for (q = end + 1; q < last && (*q == ' ' || *q == '\t'); q++) {
            /* void */
        }

        if (q < last && *q != ';') {
            return XPECTO_ERROR;
        }

    } else {
        end = memchr(q, ';', (size_t) (last - q));

        if (end == NULL) {
            end = last;
        }

        param->value.data = q;
        param->value.len = (size_t) (end - q);
        xpecto_multipart_trim(&param->value);

        if (memchr(param->value.data, '"', param->value.len) != NULL) {
            return XPECTO_ERROR;
        }

        q = end;
    }

    *p = q;

    return XPECTO_OK;
}


static void
xpecto_multipart_trim(xpecto_str_t *str)
{
    while (str->len != 0
           && (str->data[str->len - 1] == ' '
               || str->data[str->len - 1] == '\t'))
    {
        str->len--;
    }

    while (str->len != 0 && (str->data[0] == ' ' || str->data[0] == '\t')) {
        str->data++;
        str->len--;
    }
}


xpecto_rc_e
xpecto_multipart_next(xpecto_multipart_t *mp, xpecto_form_pair_t *pair,
    int *file)
{
    xpecto_rc_e     rc;
    xpecto_str_t    line;
    const uint8_t  *end;

    /* p is at a delimiter: the first one opens the body */

    if ((size_t) (mp->last - mp->p) < mp->len + 2
        || memcmp(mp->p, mp->delimiter, mp->len) != 0)
    {
        return XPECTO_ERROR;
    }

    mp->p += mp->len;

    if (mp->p[0] == '-' && mp->p[1] == '-') {
        rc = xpecto_multipart_again(mp) ? XPECTO_ERROR : XPECTO_DECLINED;
        mp->p -= mp->len;
        return rc;
    }

    rc = xpecto_multipart_line(mp, &line);
    xpecto_multipart_trim(&line);

    if (rc != XPECTO_OK || line.len != 0) {
        return XPECTO_ERROR;
    }

    *file = 0;
    pair->name.data = NULL;

    for ( ;; ) {
        if (xpecto_multipart_line(mp, &line) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        if (line.len == 0) {
            break;
        }

        if (xpecto_multipart_header(&line, pair, file) != XPECTO_OK) {
            return XPECTO_ERROR;
        }
    }

    if (pair->name.data == NULL) {
        return XPECTO_ERROR;
    }

    /* an empty part: its headers' last line end opens the delimiter */

    pair->value.data = mp->p;

    if ((size_t) (mp->last - mp->p) >= mp->len
        && memcmp(mp->p, mp->delimiter, mp->len) == 0)
    {
        pair->value.len = 0;
        return XPECTO_OK;
    }

    end = xpecto_multipart_delimiter(mp, mp->p);

    if (end == NULL) {
        return XPECTO_ERROR;
    }

    pair->value.len = (size_t) (end - 2 - mp->p);
    mp->p = end;

    return XPECTO_OK;
}


/* 1: a delimiter behind the last one, where some readers go on */

static int
xpecto_multipart_again(const xpecto_multipart_t *mp)
{
    const uint8_t  *p, *end;

    end = mp->last - mp->len;

    for (p = mp->p; p <= end; p++) {

        p = memchr(p, '-', (size_t) (end - p) + 1);

        if (p == NULL) {
            return 0;
        }

        if ((p[-1] == '\n' || p[-1] == '\r')
            && memcmp(p, mp->delimiter, mp->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* the next delimiter behind CR LF; NULL if none, or behind a bare LF */

static const uint8_t *
xpecto_multipart_delimiter(const xpecto_multipart_t *mp, const uint8_t *p)
{
    const uint8_t  *start, *end;

    start = p;
    end = mp->last - mp->len;

    while (p <= end) {
        p = memchr(p, '-', (size_t) (end - p) + 1);

        if (p == NULL) {
            return NULL;
        }

        if (p - start >= 1 && p[-1] == '\n'
            && memcmp(p, mp->delimiter, mp->len) == 0)
        {
            return (p - start >= 2 && p[-2] == '\r') ? p : NULL;
        }

        p++;
    }

    return NULL;
}


/* a line up to CR LF, which is left out */

static xpecto_rc_e
xpecto_multipart_line(xpecto_multipart_t *mp, xpecto_str_t *line)
{
    const uint8_t  *end;

    line->data = mp->p;
    line->len = 0;

    end = memchr(mp->p, '\n', (size_t) (mp->last - mp->p));

    if (end == NULL || end == mp->p || end[-1] != '\r') {
        return XPECTO_ERROR;
    }

    line->len = (size_t) (end - 1 - mp->p);
    mp->p = end + 1;

    if (memchr(line->data, '\r', line->len) != NULL
        || memchr(line->data, '\0', line->len) != NULL)
    {
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_multipart_header(const xpecto_str_t *line, xpecto_form_pair_t *pair,
    int *file)
{
    size_t          len;
    xpecto_str_t    value;
    const uint8_t  *colon;

    colon = memchr(line->data, ':', line->len);

    if (colon == NULL || line->data[0] == ' ' || line->data[0] == '\t') {
        return XPECTO_ERROR;
    }

    len = (size_t) (colon - line->data);

    value.data = colon + 1;
    value.len = line->len - len - 1;
    xpecto_multipart_trim(&value);

    if (len != 0 && (colon[-1] == ' ' || colon[-1] == '\t')) {
        return XPECTO_ERROR;
    }

    if (xpecto_is_nocase(line->data, len, "content-disposition")) {
        return xpecto_multipart_disposition(&value, pair, file);
    }

    if (xpecto_is_nocase(line->data, len, "content-transfer-encoding")
        && !xpecto_is_nocase(value.data, value.len, "binary")
        && !xpecto_is_nocase(value.data, value.len, "8bit")
        && !xpecto_is_nocase(value.data, value.len, "7bit"))
    {
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_multipart_disposition(const xpecto_str_t *value,
    xpecto_form_pair_t *pair, int *file)
{
    xpecto_rc_e          rc;
    xpecto_str_t         type;
    const uint8_t       *p, *last;
    xpecto_form_pair_t   param;

    last = value->data + value->len;
    p = memchr(value->data, ';', value->len);

    if (p == NULL || pair->name.data != NULL) {
        return XPECTO_ERROR;
    }

    type.data = value->data;
    type.len = (size_t) (p - value->data);
    xpecto_multipart_trim(&type);

    if (!xpecto_is_nocase(type.data, type.len, "form-data")) {
        return XPECTO_ERROR;
    }

    while ((rc = xpecto_multipart_param(&p, last, &param)) == XPECTO_OK) {

        if (xpecto_is_nocase(param.name.data, param.name.len, "name")) {

            if (pair->name.data != NULL) {
                return XPECTO_ERROR;
            }

            pair->name = param.value;

        } else if (param.name.len >= 5
                   && xpecto_is_nocase(param.name.data, 5, "name*"))
        {
            return XPECTO_ERROR;

        } else if (xpecto_is_nocase(param.name.data, param.name.len,
                                    "filename")
                   || xpecto_is_nocase(param.name.data, param.name.len,
                                       "filename*"))
        {
            *file = 1;
        }
    }

    return (rc == XPECTO_ERROR || pair->name.data == NULL) ? XPECTO_ERROR
                                                           : XPECTO_OK;
}
