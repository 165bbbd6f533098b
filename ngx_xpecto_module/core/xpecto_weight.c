
/*
 * Weights: see xpecto_weight.h.
 */


#include <string.h>

#include "xpecto_weight.h"


#define XPECTO_WEIGHT_MEDIA  1
#define XPECTO_WEIGHT_OTHER  7


static size_t xpecto_weight_type(const uint8_t *p, size_t len);
static xpecto_rc_e xpecto_weight_types(xpecto_weight_t *w, const uint8_t *p,
    size_t len);
static xpecto_rc_e xpecto_weight_number(const uint8_t *p, size_t len,
    uint32_t *n);


static const char *const  xpecto_weight_names[XPECTO_WEIGHT_TYPES] = {
    "text", "media", "template", "interactive", "reaction", "location",
    "contacts", "other"
};


xpecto_rc_e
xpecto_weight_parse(xpecto_weight_t *w, const uint8_t *p, size_t len)
{
    size_t  i;

    static const struct {
        const char       *name;
        xpecto_weight_e   kind;
    } words[] = {
        { "recipients", XPECTO_WEIGHT_RECIPIENTS },
        { "bytes", XPECTO_WEIGHT_BYTES },
        { "kbytes", XPECTO_WEIGHT_KBYTES },
        { NULL, XPECTO_WEIGHT_NONE }
    };

    memset(w, 0, sizeof(xpecto_weight_t));

    for (i = 0; words[i].name != NULL; i++) {

        if (len == strlen(words[i].name)
            && memcmp(p, words[i].name, len) == 0)
        {
            w->kind = words[i].kind;
            return XPECTO_OK;
        }
    }

    if (xpecto_weight_number(p, len, &w->number) == XPECTO_OK) {
        w->kind = XPECTO_WEIGHT_NUMBER;
        return XPECTO_OK;
    }

    w->kind = XPECTO_WEIGHT_TYPE;

    return xpecto_weight_types(w, p, len);
}


int
xpecto_weight_none(const xpecto_weight_t *w)
{
    size_t  i;

    if (w->kind != XPECTO_WEIGHT_TYPE) {
        return w->kind == XPECTO_WEIGHT_NUMBER && w->number == 0;
    }

    for (i = 0; i < XPECTO_WEIGHT_TYPES; i++) {
        if (w->types[i] != 0) {
            return 0;
        }
    }

    return 1;
}


int
xpecto_weight_of_body(const xpecto_weight_t *w)
{
    return w->kind == XPECTO_WEIGHT_RECIPIENTS
           || w->kind == XPECTO_WEIGHT_TYPE;
}


uint64_t
xpecto_weight(const xpecto_weight_t *w, const xpecto_load_t *load)
{
    switch (w->kind) {

    case XPECTO_WEIGHT_NUMBER:
        return w->number;

    case XPECTO_WEIGHT_RECIPIENTS:
        return load->messages;

    case XPECTO_WEIGHT_BYTES:
        return load->bytes;

    case XPECTO_WEIGHT_KBYTES:
        return load->bytes / 1024 + (load->bytes % 1024 != 0);

    case XPECTO_WEIGHT_TYPE:
        return load->messages
               * w->types[xpecto_weight_type(load->type.data,
                                             load->type.len)];

    default: /* XPECTO_WEIGHT_NONE */
        return 1;
    }
}


/* the name of a type, or of one of media */

static size_t
xpecto_weight_type(const uint8_t *p, size_t len)
{
    size_t  i;

    static const char *const  media[] = {
        "audio", "document", "image", "sticker", "video", NULL
    };

    for (i = 0; i < XPECTO_WEIGHT_OTHER; i++) {

        if (len == strlen(xpecto_weight_names[i])
            && memcmp(p, xpecto_weight_names[i], len) == 0)
        {
            return i;
        }
    }

    for (i = 0; media[i] != NULL; i++) {
        if (len == strlen(media[i]) && memcmp(p, media[i], len) == 0) {
            return XPECTO_WEIGHT_MEDIA;
        }
    }

    return XPECTO_WEIGHT_OTHER;
}


static xpecto_rc_e
xpecto_weight_types(xpecto_weight_t *w, const uint8_t *p, size_t len)
{
    size_t          i;
    unsigned        given;
    const uint8_t  *end, *last, *colon;

    given = 0;

    for (last = p + len; p <= last; p = end + 1) {

        end = (p < last) ? memchr(p, ',', (size_t) (last - p)) : NULL;
        end = (end == NULL) ? last : end;

        colon = (p < end) ? memchr(p, ':', (size_t) (end - p)) : NULL;

        if (colon == NULL) {
            return XPECTO_ERROR;
        }

        for (i = 0; i < XPECTO_WEIGHT_TYPES; i++) {

            if ((size_t) (colon - p) == strlen(xpecto_weight_names[i])
                && memcmp(p, xpecto_weight_names[i], (size_t) (colon - p))
                   == 0)
            {
                break;
            }
        }

        if (i == XPECTO_WEIGHT_TYPES || (given & 1u << i)
            || xpecto_weight_number(colon + 1, (size_t) (end - colon - 1),
                                    &w->types[i])
               != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

        given |= 1u << i;
    }

    if (!(given & 1u << XPECTO_WEIGHT_OTHER)) {
        w->types[XPECTO_WEIGHT_OTHER] = 1;
    }

    for (i = 0; i < XPECTO_WEIGHT_OTHER; i++) {
        if (!(given & 1u << i)) {
            w->types[i] = w->types[XPECTO_WEIGHT_OTHER];
        }
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_weight_number(const uint8_t *p, size_t len, uint32_t *n)
{
    size_t  i;

    *n = 0;

    for (i = 0; i < len; i++) {

        if (p[i] < '0' || p[i] > '9') {
            return XPECTO_ERROR;
        }

        *n = *n * 10 + (uint32_t) (p[i] - '0');

        if (*n > XPECTO_WEIGHT_MAX) {
            return XPECTO_ERROR;
        }
    }

    return (len == 0) ? XPECTO_ERROR : XPECTO_OK;
}
