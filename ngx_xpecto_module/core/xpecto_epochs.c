
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <stdio.h>
#include <string.h>

#include "xpecto_epochs.h"


static const char *xpecto_epochs_line(void *data, const uint8_t *p,
    size_t len);
static size_t xpecto_epochs_name(const uint8_t *p, size_t len);
static size_t xpecto_epochs_time(int64_t *t, const uint8_t *p, size_t len);
static const char *xpecto_epochs_add(xpecto_epochs_t *epochs,
    const xpecto_epoch_t *epoch);


/* 9999-12-31, in seconds: what is later is no time but a mistake */

#define XPECTO_EPOCH_LAST  INT64_C(253402300799)


static const char  xpecto_epochs_pseudonym[] = "xpecto pseudonym 1";
static const char  xpecto_epochs_ledger[] = "xpecto ledger seal 1";


xpecto_rc_e
xpecto_epochs_parse(xpecto_epochs_t *epochs, const uint8_t *text, size_t len,
    xpecto_err_t *err)
{
    memset(epochs, 0, sizeof(xpecto_epochs_t));

    if (xpecto_key_lines(text, len, xpecto_epochs_line, epochs, err)
        != XPECTO_OK)
    {
        xpecto_cleanse(epochs, sizeof(xpecto_epochs_t));
        return XPECTO_ERROR;
    }

    if (epochs->n == 0) {
        (void) snprintf(err->text, sizeof(err->text), "no epoch");
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


/* the reason why the line is refused, or NULL */

static const char *
xpecto_epochs_line(void *data, const uint8_t *p, size_t len)
{
    size_t           n;
    const char      *reason;
    xpecto_epoch_t   epoch;

    memset(&epoch, 0, sizeof(xpecto_epoch_t));

    n = xpecto_epochs_name(p, len);

    if (n == 0) {
        return "not \"epoch:not_before:base64\"";
    }

    memcpy(epoch.name, p, n);
    epoch.name_len = n;

    p += n + 1;
    len -= n + 1;

    n = xpecto_epochs_time(&epoch.not_before, p, len);

    if (n == 0) {
        return "the begin is not a time in seconds since 1970";
    }

    if (xpecto_key_decode(epoch.salt, p + n + 1, len - n - 1) != XPECTO_OK) {
        return "the rest is not the base64 of 32 bytes";
    }

    reason = xpecto_epochs_add(data, &epoch);

    xpecto_cleanse(&epoch, sizeof(xpecto_epoch_t));

    return reason;
}


/* the length of a name that ":" follows, or 0 */

static size_t
xpecto_epochs_name(const uint8_t *p, size_t len)
{
    size_t   n;
    uint8_t  ch;

    for (n = 0; n < len && n <= XPECTO_EPOCH_NAME_LEN; n++) {
        ch = p[n];

        if (ch == ':') {
            return n;
        }

        if (!(ch >= '0' && ch <= '9') && !(ch >= 'a' && ch <= 'z')
            && !(ch >= 'A' && ch <= 'Z')
            && ch != '.' && ch != '_' && ch != '-')
        {
            break;
        }
    }

    return 0;
}


/* the number of digits before the ":" that must follow, or 0 */

static size_t
xpecto_epochs_time(int64_t *t, const uint8_t *p, size_t len)
{
    size_t  n;

    *t = 0;

    for (n = 0; n < len && p[n] >= '0' && p[n] <= '9'; n++) {
        *t = *t * 10 + (p[n] - '0');

        if (*t > XPECTO_EPOCH_LAST) {
            return 0;
        }
    }

    if (n == len || p[n] != ':' || (n > 1 && p[0] == '0')) {
        return 0;
    }

    return n;
}


static const char *
xpecto_epochs_add(xpecto_epochs_t *epochs, const xpecto_epoch_t *epoch)
{
    unsigned               i;
    const xpecto_epoch_t  *e;

    for (i = 0; i < epochs->n; i++) {
        e = &epochs->epochs[i];

        if (e->name_len == epoch->name_len
            && memcmp(e->name, epoch->name, e->name_len) == 0)
        {
            return "the epoch is repeated";
        }

        if (xpecto_equal(e->salt, epoch->salt, XPECTO_KEY_LEN)) {
            return "the random bytes are repeated";
        }
    }

    if (epochs->n && epochs->epochs[epochs->n - 1].not_before
                     >= epoch->not_before)
    {
        return "the epoch does not begin later than the one above";
    }

    if (epochs->n == XPECTO_EPOCHS_MAX) {
        return "more epochs than can be held";
    }

    epochs->epochs[epochs->n++] = *epoch;

    return NULL;
}


xpecto_rc_e
xpecto_epochs_derive(xpecto_epochs_t *epochs, const xpecto_key_t *key)
{
    unsigned         i;
    xpecto_str_t     ikm, salt, pseudonym, ledger;
    xpecto_epoch_t  *e;

    epochs->kid = key->kid;

    ikm.data = key->master;
    ikm.len = XPECTO_KEY_LEN;

    pseudonym.data = (const uint8_t *) xpecto_epochs_pseudonym;
    pseudonym.len = sizeof(xpecto_epochs_pseudonym) - 1;

    ledger.data = (const uint8_t *) xpecto_epochs_ledger;
    ledger.len = sizeof(xpecto_epochs_ledger) - 1;

    for (i = 0; i < epochs->n; i++) {
        e = &epochs->epochs[i];

        salt.data = e->salt;
        salt.len = XPECTO_KEY_LEN;

        if (xpecto_hkdf(e->pseudonym, XPECTO_SIPHASH_KEY_LEN, &ikm, &salt,
                        &pseudonym)
            != XPECTO_OK
            || xpecto_hkdf(e->ledger, XPECTO_KEY_LEN, &ikm, &salt, &ledger)
               != XPECTO_OK)
        {
            xpecto_cleanse(epochs, sizeof(xpecto_epochs_t));
            return XPECTO_ERROR;
        }

        xpecto_cleanse(e->salt, XPECTO_KEY_LEN);
    }

    return XPECTO_OK;
}


const xpecto_epoch_t *
xpecto_epochs_at(const xpecto_epochs_t *epochs, int64_t now)
{
    unsigned  i;

    /* the current one is near the end: the rest is what lies ahead */

    for (i = epochs->n; i > 0; i--) {
        if (epochs->epochs[i - 1].not_before <= now) {
            return &epochs->epochs[i - 1];
        }
    }

    return NULL;
}


const xpecto_epoch_t *
xpecto_epochs_find(const xpecto_epochs_t *epochs, const uint8_t *name,
    size_t len)
{
    unsigned  i;

    for (i = 0; i < epochs->n; i++) {
        if (epochs->epochs[i].name_len == len
            && memcmp(epochs->epochs[i].name, name, len) == 0)
        {
            return &epochs->epochs[i];
        }
    }

    return NULL;
}
