
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <stdio.h>
#include <string.h>

#include "xpecto_base64.h"
#include "xpecto_mac.h"


static const char *xpecto_keyring_line(void *data, const uint8_t *p,
    size_t len);


xpecto_rc_e
xpecto_key_lines(const uint8_t *text, size_t len, xpecto_key_line_pt line,
    void *data, xpecto_err_t *err)
{
    size_t          n, cut;
    unsigned        number;
    const char     *reason;
    const uint8_t  *end;

    for (number = 1; len; number++) {
        end = memchr(text, '\n', len);
        n = (end == NULL) ? len : (size_t) (end - text);

        cut = (n && text[n - 1] == '\r');

        if (n > cut && text[0] != '#') {
            reason = line(data, text, n - cut);

            if (reason != NULL) {
                (void) snprintf(err->text, sizeof(err->text), "line %u: %s",
                                number, reason);
                return XPECTO_ERROR;
            }
        }

        n += (end != NULL);
        text += n;
        len -= n;
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_key_decode(uint8_t key[XPECTO_KEY_LEN], const uint8_t *p, size_t len)
{
    size_t       n;
    uint8_t      bytes[XPECTO_BASE64_DECODED(44)];
    xpecto_rc_e  rc;

    /* 32 bytes have exactly 44 characters: nothing longer is decoded */

    if (len == 44 && xpecto_base64_decode(bytes, &n, p, len) == XPECTO_OK
        && n == XPECTO_KEY_LEN)
    {
        memcpy(key, bytes, XPECTO_KEY_LEN);
        rc = XPECTO_OK;

    } else {
        xpecto_cleanse(key, XPECTO_KEY_LEN);
        rc = XPECTO_ERROR;
    }

    xpecto_cleanse(bytes, sizeof(bytes));

    return rc;
}


xpecto_rc_e
xpecto_keyring_parse(xpecto_keyring_t *ring, const uint8_t *text, size_t len,
    xpecto_err_t *err)
{
    ring->n = 0;

    if (xpecto_key_lines(text, len, xpecto_keyring_line, ring, err)
        != XPECTO_OK)
    {
        xpecto_cleanse(ring, sizeof(xpecto_keyring_t));
        return XPECTO_ERROR;
    }

    if (ring->n == 0) {
        (void) snprintf(err->text, sizeof(err->text), "no key");
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


/* the reason why the line is refused, or NULL */

static const char *
xpecto_keyring_line(void *data, const uint8_t *p, size_t len)
{
    xpecto_keyring_t  *ring = data;

    size_t         i;
    uint8_t        key[XPECTO_KEY_LEN];
    unsigned       kid, digits;
    const char    *reason;
    xpecto_key_t  *k;

    kid = 0;
    digits = 0;

    while (digits < 3 && digits < len
           && p[digits] >= '0' && p[digits] <= '9')
    {
        kid = kid * 10 + (unsigned) (p[digits] - '0');
        digits++;
    }

    if (digits == 0 || digits == len || p[digits] != ':') {
        return "not \"kid:base64\", kid in decimal";
    }

    if (kid > 255 || (digits > 1 && p[0] == '0')) {
        return "the kid is not a number from 0 to 255";
    }

    if (xpecto_key_decode(key, p + digits + 1, len - digits - 1)
        != XPECTO_OK)
    {
        return "the key is not the base64 of 32 bytes";
    }

    reason = NULL;

    for (i = 0; i < ring->n; i++) {

        if (ring->keys[i].kid == kid) {
            reason = "the kid is repeated";
            break;
        }

        if (xpecto_equal(ring->keys[i].master, key, XPECTO_KEY_LEN)) {
            reason = "the key is repeated";
            break;
        }
    }

    if (reason == NULL && ring->n == XPECTO_KEYS_MAX) {
        reason = "more keys than the ring can hold";
    }

    if (reason == NULL) {
        k = &ring->keys[ring->n++];
        k->kid = (uint8_t) kid;
        memcpy(k->master, key, XPECTO_KEY_LEN);
    }

    xpecto_cleanse(key, sizeof(key));

    return reason;
}


const xpecto_key_t *
xpecto_keyring_find(const xpecto_keyring_t *ring, uint8_t kid)
{
    unsigned  i;

    for (i = 0; i < ring->n; i++) {
        if (ring->keys[i].kid == kid) {
            return &ring->keys[i];
        }
    }

    return NULL;
}
