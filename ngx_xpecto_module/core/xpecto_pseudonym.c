
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_pseudonym.h"


#define XPECTO_PSEUDONYM_CLASS  16      /* of the longest name, and more */


static void xpecto_pseudonym_bytes(uint8_t *p, uint64_t word);
static int xpecto_pseudonym_letters(const uint8_t *p);


static const char  xpecto_pseudonym_alphabet[] = "bcdfghjkmnpqrstv";


xpecto_rc_e
xpecto_pseudonym_set(xpecto_pseudonym_t *ps,
    const uint8_t key[XPECTO_SIPHASH_KEY_LEN], const uint8_t *epoch,
    size_t epoch_len, const uint8_t *tenant, size_t tenant_len)
{
    uint64_t  digest[2];

    if (!xpecto_pseudonym_epoch(epoch, epoch_len)) {
        return XPECTO_ERROR;
    }

    xpecto_siphash128(digest, key, tenant, tenant_len);

    xpecto_pseudonym_bytes(ps->key, digest[0]);
    xpecto_pseudonym_bytes(ps->key + 8, digest[1]);

    memcpy(ps->epoch, epoch, epoch_len);
    ps->epoch_len = (uint8_t) epoch_len;
    ps->ready = 1;

    return XPECTO_OK;
}


/* little endian; compilers make one store of it */

static void
xpecto_pseudonym_bytes(uint8_t *p, uint64_t word)
{
    p[0] = (uint8_t) word;
    p[1] = (uint8_t) (word >> 8);
    p[2] = (uint8_t) (word >> 16);
    p[3] = (uint8_t) (word >> 24);
    p[4] = (uint8_t) (word >> 32);
    p[5] = (uint8_t) (word >> 40);
    p[6] = (uint8_t) (word >> 48);
    p[7] = (uint8_t) (word >> 56);
}


int
xpecto_pseudonym_find(xpecto_pseudonym_t *ps)
{
    ps->asked = 1;

    if (ps->find != NULL) {
        ps->find(ps);
    }

    return ps->ready;
}


xpecto_rc_e
xpecto_pseudonym_write(const xpecto_pseudonym_t *ps, uint8_t *dst,
    const char *class, const uint8_t *value, size_t len)
{
    size_t    n;
    uint8_t   buf[XPECTO_PSEUDONYM_CLASS + XPECTO_PSEUDONYM_VALUE];
    uint64_t  digest[2];
    unsigned  i, byte;

    n = strlen(class);

    if (n >= XPECTO_PSEUDONYM_CLASS || len > XPECTO_PSEUDONYM_VALUE) {
        return XPECTO_ERROR;
    }

    memcpy(buf, class, n);
    buf[n++] = ':';
    memcpy(buf + n, value, len);

    xpecto_siphash128(digest, ps->key, buf, n + len);

    for (i = 0; i < XPECTO_PSEUDONYM_LEN / 2; i++) {
        byte = (unsigned) (digest[0] >> 8 * i) & 0xff;
        *dst++ = (uint8_t) xpecto_pseudonym_alphabet[byte >> 4];
        *dst++ = (uint8_t) xpecto_pseudonym_alphabet[byte & 15];
    }

    return XPECTO_OK;
}


int
xpecto_pseudonym_epoch(const uint8_t *p, size_t len)
{
    size_t  i, digits;

    digits = 0;

    for (i = 0; i < len; i++) {

        if (p[i] >= '0' && p[i] <= '9') {
            digits++;

        } else if ((p[i] < 'a' || p[i] > 'z') && (p[i] < 'A' || p[i] > 'Z')
                   && p[i] != '_' && p[i] != '-')
        {
            return 0;
        }
    }

    return len > 0 && len <= XPECTO_PSEUDONYM_EPOCH
           && digits <= XPECTO_PSEUDONYM_DIGITS;
}


int
xpecto_pseudonym_check(const uint8_t *p, size_t len)
{
    size_t          n;
    const uint8_t  *dot;

    if (len == 0 || p[0] != '.') {
        return 0;
    }

    dot = memchr(p + 1, '.', len - 1);

    if (dot == NULL
        || !xpecto_pseudonym_epoch(p + 1, (size_t) (dot - p) - 1))
    {
        return 0;
    }

    n = (size_t) (p + len - dot);

    return (n == XPECTO_PSEUDONYM_LEN + 1
            || n == 2 * (XPECTO_PSEUDONYM_LEN + 1))
           && xpecto_pseudonym_letters(dot)
           && xpecto_pseudonym_letters(p + len - XPECTO_PSEUDONYM_LEN - 1);
}


/* a dot and the letters of one value */

static int
xpecto_pseudonym_letters(const uint8_t *p)
{
    unsigned  i;

    for (i = 1; i <= XPECTO_PSEUDONYM_LEN; i++) {
        if (memchr(xpecto_pseudonym_alphabet, p[i],
                   sizeof(xpecto_pseudonym_alphabet) - 1)
            == NULL)
        {
            return 0;
        }
    }

    return p[0] == '.';
}
