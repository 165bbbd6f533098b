
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xpecto_calendar.h"
#include "xpecto_rules_build.h"


#define XPECTO_RULES_TEXT_MAX  (1 << 20)
#define XPECTO_RULES_NAME_MAX  63       /* of a region, an attestation */
#define XPECTO_RULES_PHRASE_MAX  127
#define XPECTO_RULES_REASON    91       /* what an error shows of it */


static xpecto_rc_e xpecto_node_date(xpecto_build_t *b,
    const xpecto_node_t *node, int32_t *day);


xpecto_rc_e
xpecto_build_phrase(xpecto_build_t *b, const xpecto_node_t *object,
    const char *key, int required, xpecto_text_t *text)
{
    size_t         i;
    xpecto_rc_e    rc;
    xpecto_str_t   str;
    xpecto_node_t  node;

    rc = xpecto_doc_get(object, key, XPECTO_DOC_STRING, required, &node,
                        b->err);

    if (rc != XPECTO_OK) {
        return rc;
    }

    str = xpecto_doc_string(&node);

    if (str.len > XPECTO_RULES_PHRASE_MAX) {
        return xpecto_doc_error(&node, b->err, "longer than 127 bytes");
    }

    for (i = 0; i < str.len; i++) {
        if (str.data[i] < ' ' || str.data[i] > '~'
            || str.data[i] == '"' || str.data[i] == '\\')
        {
            return xpecto_doc_error(&node, b->err, "not plain ASCII without "
                                    "quotes and backslashes");
        }
    }

    return xpecto_build_copy(b, str, text);
}


xpecto_rc_e
xpecto_build_word(xpecto_build_t *b, const xpecto_node_t *object,
    const char *key, int required, const xpecto_word_t *words,
    unsigned *value)
{
    xpecto_rc_e    rc;
    xpecto_node_t  node;

    rc = xpecto_doc_get(object, key, XPECTO_DOC_STRING, required, &node,
                        b->err);

    return (rc == XPECTO_OK) ? xpecto_node_word(b, &node, words, value) : rc;
}


xpecto_rc_e
xpecto_build_date(xpecto_build_t *b, const xpecto_node_t *object,
    const char *key, int required, int32_t *day)
{
    xpecto_rc_e    rc;
    xpecto_node_t  node;

    rc = xpecto_doc_get(object, key, XPECTO_DOC_STRING, required, &node,
                        b->err);

    return (rc == XPECTO_OK) ? xpecto_node_date(b, &node, day) : rc;
}


xpecto_rc_e
xpecto_build_country(xpecto_build_t *b, const xpecto_node_t *object,
    const char *key, int required, uint8_t *i)
{
    xpecto_rc_e    rc;
    xpecto_node_t  node;

    rc = xpecto_doc_get(object, key, XPECTO_DOC_STRING, required, &node,
                        b->err);

    return (rc == XPECTO_OK) ? xpecto_node_country(b, &node, i) : rc;
}


xpecto_rc_e
xpecto_build_countries(xpecto_build_t *b, const xpecto_node_t *object,
    const char *key, int required, xpecto_set_t *set)
{
    size_t         n;
    uint8_t        country;
    xpecto_rc_e    rc;
    xpecto_node_t  array, node;

    rc = xpecto_doc_get(object, key, XPECTO_DOC_ARRAY, required, &array,
                        b->err);

    if (rc != XPECTO_OK) {
        return rc;
    }

    if (xpecto_doc_size(&array) == 0) {
        return xpecto_doc_error(&array, b->err, "an empty list");
    }

    for (n = 0; n < xpecto_doc_size(&array); n++) {

        if (xpecto_node_string(b, &array, n, &node) != XPECTO_OK
            || xpecto_node_country(b, &node, &country) != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

        xpecto_set_add(set, country);
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_build_regime(xpecto_build_t *b, const xpecto_node_t *object,
    const char *key, int required, uint8_t *i)
{
    xpecto_rc_e    rc;
    xpecto_node_t  node;

    rc = xpecto_doc_get(object, key, XPECTO_DOC_STRING, required, &node,
                        b->err);

    return (rc == XPECTO_OK) ? xpecto_node_regime(b, &node, i) : rc;
}


xpecto_rc_e
xpecto_node_word(xpecto_build_t *b, const xpecto_node_t *node,
    const xpecto_word_t *words, unsigned *value)
{
    char                  text[XPECTO_RULES_REASON];
    size_t                n, len;
    xpecto_str_t          str;
    const xpecto_word_t  *word;

    str = xpecto_doc_string(node);
    n = (size_t) snprintf(text, sizeof(text), "not one of");

    for (word = words; word->name != NULL; word++) {

        if (xpecto_str_is(str, word->name)) {
            *value = word->value;
            return XPECTO_OK;
        }

        len = strlen(word->name);

        if (n + len + sizeof(", , ...") <= sizeof(text)) {
            n += (size_t) snprintf(text + n, sizeof(text) - n, "%s %s",
                                   (word == words) ? "" : ",", word->name);

        } else if (n < sizeof(text)) {
            (void) snprintf(text + n, sizeof(text) - n, ", ...");
            n = sizeof(text);
        }
    }

    return xpecto_doc_error(node, b->err, text);
}


/* two capital letters, whatever they stand for */

xpecto_rc_e
xpecto_node_code(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_country_t *code)
{
    xpecto_str_t  str;

    str = xpecto_doc_string(node);

    if (str.len != 2
        || str.data[0] < 'A' || str.data[0] > 'Z'
        || str.data[1] < 'A' || str.data[1] > 'Z')
    {
        return xpecto_doc_error(node, b->err, "not a country code of "
                                "two capital letters");
    }

    *code = XPECTO_COUNTRY(str.data[0], str.data[1]);

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_node_country(xpecto_build_t *b, const xpecto_node_t *node, uint8_t *i)
{
    unsigned          n;
    xpecto_country_t  code;

    if (xpecto_node_code(b, node, &code) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    n = xpecto_rules_country(&b->rules, code);

    if (n == XPECTO_RULES_NONE) {
        return xpecto_doc_error(node, b->err, "unknown country");
    }

    *i = (uint8_t) n;

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_node_regime(xpecto_build_t *b, const xpecto_node_t *node, uint8_t *i)
{
    unsigned      n;
    xpecto_str_t  str, id;

    str = xpecto_doc_string(node);

    for (n = 0; n < b->rules.nregimes; n++) {
        id = xpecto_build_str(b, b->rules.regimes[n].id);

        if (str.len == id.len && memcmp(str.data, id.data, id.len) == 0) {
            *i = (uint8_t) n;
            return XPECTO_OK;
        }
    }

    return xpecto_doc_error(node, b->err, "unknown regime");
}


xpecto_rc_e
xpecto_node_string(xpecto_build_t *b, const xpecto_node_t *array, size_t n,
    xpecto_node_t *node)
{
    xpecto_doc_element(array, n, node);

    return xpecto_doc_type(node, XPECTO_DOC_STRING, b->err);
}


/* "2026-11-22" as days since 1970-01-01 */

static xpecto_rc_e
xpecto_node_date(xpecto_build_t *b, const xpecto_node_t *node, int32_t *day)
{
    unsigned      i, part;
    unsigned      n[3];
    xpecto_str_t  str;

    static const char  form[] = "0000-00-00";

    str = xpecto_doc_string(node);
    n[0] = n[1] = n[2] = 0;

    if (str.len != sizeof(form) - 1) {
        goto failed;
    }

    for (i = 0; i < sizeof(form) - 1; i++) {

        if (form[i] == '-') {
            if (str.data[i] != '-') {
                goto failed;
            }

            continue;
        }

        if (str.data[i] < '0' || str.data[i] > '9') {
            goto failed;
        }

        part = (i < 4) ? 0 : (i < 7) ? 1 : 2;
        n[part] = 10 * n[part] + str.data[i] - '0';
    }

    if (n[0] < 1900 || !xpecto_is_date(n[0], n[1], n[2])) {
        goto failed;
    }

    *day = (int32_t) xpecto_days(n[0], n[1], n[2]);

    return XPECTO_OK;

failed:

    return xpecto_doc_error(node, b->err, "not a date like 2026-11-22");
}


xpecto_rc_e
xpecto_build_copy(xpecto_build_t *b, xpecto_str_t str, xpecto_text_t *text)
{
    size_t    max;
    uint8_t  *p;

    if (b->text == NULL || b->max - b->len < str.len) {
        max = 2 * b->max + str.len + 4096;

        p = (max < XPECTO_RULES_TEXT_MAX) ? realloc(b->text, max) : NULL;

        if (p == NULL) {
            (void) strcpy(b->err->text, "no memory, or too much text");
            return XPECTO_ERROR;
        }

        b->text = p;
        b->max = max;
    }

    if (str.len != 0) {
        memcpy(b->text + b->len, str.data, str.len);
    }

    text->off = (uint32_t) (sizeof(xpecto_rules_t) + b->len);
    text->len = (uint32_t) str.len;
    b->len += str.len;

    return XPECTO_OK;
}


int
xpecto_build_order(const xpecto_build_t *b, xpecto_text_t one,
    xpecto_text_t two)
{
    int           rc;
    xpecto_str_t  x, y;

    x = xpecto_build_str(b, one);
    y = xpecto_build_str(b, two);

    rc = memcmp(x.data, y.data, x.len < y.len ? x.len : y.len);

    return (rc != 0) ? rc : (x.len > y.len) - (x.len < y.len);
}


unsigned
xpecto_build_attest(xpecto_build_t *b, xpecto_str_t name)
{
    unsigned      i;
    xpecto_str_t  str;

    for (i = 0; i < b->rules.nattests; i++) {
        str = xpecto_build_str(b, b->rules.attests[i].name);

        if (str.len == name.len && memcmp(str.data, name.data, str.len) == 0) {
            return i + 1;
        }
    }

    return 0;
}


xpecto_str_t
xpecto_build_str(const xpecto_build_t *b, xpecto_text_t text)
{
    xpecto_str_t  str;

    str.len = text.len;
    str.data = b->text + (text.off - sizeof(xpecto_rules_t));

    return str;
}


int
xpecto_str_is(xpecto_str_t str, const char *text)
{
    return str.len == strlen(text) && memcmp(str.data, text, str.len) == 0;
}


/* names are compared, logged and put into headers: [A-Za-z0-9_.:-] */

xpecto_rc_e
xpecto_rules_name(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_str_t name)
{
    size_t   i;
    uint8_t  c;

    if (name.len == 0 || name.len > XPECTO_RULES_NAME_MAX) {
        return xpecto_doc_error(node, b->err, "a name has 1 to 63 characters");
    }

    for (i = 0; i < name.len; i++) {
        c = name.data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_' || c == '.' || c == ':' || c == '-'))
        {
            return xpecto_doc_error(node, b->err, "a name is of letters, "
                                    "digits and \"_.:-\"");
        }
    }

    return XPECTO_OK;
}
