
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_ledger.h"
#include "xpecto_ledger_out.h"


static void xpecto_ledger_field(xpecto_ledger_chain_t *chain,
    const xpecto_ledger_field_t *field, xpecto_ledger_out_t *out);
static xpecto_rc_e xpecto_ledger_epoch(xpecto_ledger_chain_t *chain,
    const xpecto_epoch_t *epoch);
static void xpecto_ledger_sealed(xpecto_ledger_chain_t *chain,
    const xpecto_ledger_field_t *field, xpecto_ledger_out_t *out);
static void xpecto_ledger_chain(const xpecto_ledger_head_t *head,
    xpecto_ledger_out_t *out);


static const char  xpecto_ledger_info[] = "xpecto ledger 1";


xpecto_rc_e
xpecto_ledger_open(xpecto_ledger_chain_t *chain, const xpecto_key_t *key,
    const uint8_t id[XPECTO_LEDGER_ID_LEN])
{
    uint8_t       mac[XPECTO_KEY_LEN];
    xpecto_str_t  ikm, salt, info;

    memset(chain, 0, sizeof(xpecto_ledger_chain_t));
    memcpy(chain->head.id, id, XPECTO_LEDGER_ID_LEN);

    chain->kid = key->kid;

    ikm.data = key->master;
    ikm.len = XPECTO_KEY_LEN;

    salt.data = NULL;
    salt.len = 0;

    info.data = (const uint8_t *) xpecto_ledger_info;
    info.len = sizeof(xpecto_ledger_info) - 1;

    if (xpecto_hkdf(mac, XPECTO_KEY_LEN, &ikm, &salt, &info) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    chain->mac = xpecto_mac_create(mac);

    xpecto_cleanse(mac, XPECTO_KEY_LEN);

    return (chain->mac == NULL) ? XPECTO_ERROR : XPECTO_OK;
}


void
xpecto_ledger_close(xpecto_ledger_chain_t *chain)
{
    xpecto_mac_free(chain->mac);
    xpecto_aead_free(chain->aead);

    memset(chain, 0, sizeof(xpecto_ledger_chain_t));
}


xpecto_rc_e
xpecto_ledger_line(xpecto_ledger_chain_t *chain,
    const xpecto_ledger_event_t *event, const xpecto_epochs_t *epochs,
    uint8_t *dst, size_t size, size_t *len)
{
    uint8_t                mac[XPECTO_MAC_LEN];
    unsigned               i;
    xpecto_str_t           line;
    const xpecto_epoch_t  *epoch;
    xpecto_ledger_out_t    out;

    if (event->msec < 0) {
        return XPECTO_ERROR;
    }

    epoch = (epochs == NULL) ? NULL
                             : xpecto_epochs_at(epochs, event->msec / 1000);

    if (epoch != chain->epoch
        && xpecto_ledger_epoch(chain, epoch) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    chain->left_out = 0;
    chain->next = chain->head;
    chain->next.seq++;

    out.p = dst;
    out.last = dst + size;

    xpecto_ledger_text("{\"chain\":\"", &out);
    xpecto_ledger_chain(&chain->next, &out);
    xpecto_ledger_text("\",\"kid\":", &out);
    xpecto_ledger_digits(chain->kid, 1, &out);
    xpecto_ledger_text(",\"seq\":", &out);
    xpecto_ledger_digits(chain->next.seq, 1, &out);
    xpecto_ledger_text(",\"prev\":\"", &out);

    if (chain->head.seq != 0) {
        xpecto_ledger_base64(chain->head.mac, XPECTO_LEDGER_MAC_LEN, &out);
    }

    xpecto_ledger_text("\",\"time\":\"", &out);
    xpecto_ledger_time(event->msec, &out);
    xpecto_ledger_text("\",\"event\":\"", &out);
    xpecto_ledger_text(event->name, &out);
    xpecto_ledger_text("\"", &out);

    for (i = 0; i < event->nfields; i++) {
        xpecto_ledger_field(chain, &event->fields[i], &out);
    }

    if (out.p == NULL) {
        return XPECTO_ERROR;
    }

    line.data = dst;
    line.len = (size_t) (out.p - dst);

    xpecto_mac_sign(chain->mac, &line, 1, mac);
    memcpy(chain->next.mac, mac, XPECTO_LEDGER_MAC_LEN);

    xpecto_ledger_text(",\"mac\":\"", &out);
    xpecto_ledger_base64(chain->next.mac, XPECTO_LEDGER_MAC_LEN, &out);
    xpecto_ledger_text("\"}\n", &out);

    if (out.p == NULL) {
        return XPECTO_ERROR;
    }

    *len = (size_t) (out.p - dst);

    return XPECTO_OK;
}


void
xpecto_ledger_written(xpecto_ledger_chain_t *chain)
{
    chain->head = chain->next;
}


size_t
xpecto_ledger_head(const xpecto_ledger_head_t *head, uint8_t *dst)
{
    xpecto_ledger_out_t  out;

    out.p = dst;
    out.last = dst + XPECTO_LEDGER_HEAD_TEXT;

    xpecto_ledger_chain(head, &out);
    xpecto_ledger_text(":", &out);
    xpecto_ledger_digits(head->seq, 1, &out);
    xpecto_ledger_text(":", &out);
    xpecto_ledger_base64(head->mac, XPECTO_LEDGER_MAC_LEN, &out);

    return (size_t) (out.p - dst);
}


static void
xpecto_ledger_field(xpecto_ledger_chain_t *chain,
    const xpecto_ledger_field_t *field, xpecto_ledger_out_t *out)
{
    if (field->type == XPECTO_LEDGER_SEALED && chain->aead == NULL) {
        chain->left_out++;
        return;
    }

    xpecto_ledger_text(",\"", out);
    xpecto_ledger_text(field->name, out);
    xpecto_ledger_text("\":", out);

    switch (field->type) {

    case XPECTO_LEDGER_NUM:
        xpecto_ledger_number(field->num, out);
        break;

    case XPECTO_LEDGER_SEALED:
        xpecto_ledger_sealed(chain, field, out);
        break;

    default: /* XPECTO_LEDGER_STR */
        xpecto_ledger_string(&field->str, out);
        break;
    }
}


/* once in an epoch */

static xpecto_rc_e
xpecto_ledger_epoch(xpecto_ledger_chain_t *chain, const xpecto_epoch_t *epoch)
{
    xpecto_aead_free(chain->aead);

    chain->aead = NULL;
    chain->epoch = NULL;

    if (epoch == NULL) {
        return XPECTO_OK;
    }

    chain->aead = xpecto_aead_create(epoch->ledger);
    if (chain->aead == NULL) {
        return XPECTO_ERROR;
    }

    chain->epoch = epoch;

    return XPECTO_OK;
}


static void
xpecto_ledger_sealed(xpecto_ledger_chain_t *chain,
    const xpecto_ledger_field_t *field, xpecto_ledger_out_t *out)
{
    size_t               len;
    uint8_t              aad[128];
    uint8_t              sealed[XPECTO_NONCE_LEN + XPECTO_LEDGER_SEALED_MAX
                                + XPECTO_TAG_LEN];
    uint32_t             n;
    xpecto_str_t         data;
    xpecto_ledger_out_t  name;

    len = field->str.len;

    if (len > XPECTO_LEDGER_SEALED_MAX || chain->nonces == UINT32_MAX) {
        out->p = NULL;
        return;
    }

    name.p = aad;
    name.last = aad + sizeof(aad);

    xpecto_ledger_chain(&chain->next, &name);
    xpecto_ledger_text(":", &name);
    xpecto_ledger_digits(chain->next.seq, 1, &name);
    xpecto_ledger_text(":", &name);
    xpecto_ledger_text(field->name, &name);

    if (name.p == NULL) {
        out->p = NULL;
        return;
    }

    data.data = aad;
    data.len = (size_t) (name.p - aad);

    /* used up even if the line is not written: its bytes may have been */

    n = ++chain->nonces;

    memcpy(sealed, chain->next.id, XPECTO_LEDGER_ID_LEN);

    sealed[8] = (uint8_t) (n >> 24);
    sealed[9] = (uint8_t) (n >> 16);
    sealed[10] = (uint8_t) (n >> 8);
    sealed[11] = (uint8_t) n;

    if (xpecto_aead_seal(chain->aead, sealed, &data, &field->str,
                         sealed + XPECTO_NONCE_LEN,
                         sealed + XPECTO_NONCE_LEN + len)
        != XPECTO_OK)
    {
        out->p = NULL;
        return;
    }

    xpecto_ledger_text("{\"epoch\":\"", out);
    xpecto_ledger_bytes(chain->epoch->name, chain->epoch->name_len, out);
    xpecto_ledger_text("\",\"sealed\":\"", out);
    xpecto_ledger_base64(sealed, XPECTO_NONCE_LEN + len + XPECTO_TAG_LEN, out);
    xpecto_ledger_text("\"}", out);
}


static void
xpecto_ledger_chain(const xpecto_ledger_head_t *head, xpecto_ledger_out_t *out)
{
    unsigned  i;

    for (i = 0; i < XPECTO_LEDGER_ID_LEN; i++) {
        xpecto_ledger_hex(head->id[i], out);
    }
}
