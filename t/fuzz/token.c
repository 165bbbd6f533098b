
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * The first byte says what the rest is.
 *
 * 0  the text of a token: whatever it is, it is refused
 * 1  a payload, put under a right MAC: what is taken encodes to the same
 *    text again, holds no contradiction, and its decision is whole
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_base64.h"
#include "xpecto_token.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void payload_invariants(const uint8_t payload[48]);


static xpecto_mac_t          *mac;
static xpecto_token_keys_t    keys;
static xpecto_token_codec_t   codec;


static void
prepare(void)
{
    uint8_t            key[XPECTO_KEY_LEN];
    xpecto_str_t       ikm, none, info, name, scope;
    xpecto_keyring_t   ring;

    memset(&ring, 0, sizeof(ring));
    ring.n = 1;
    ring.keys[0].kid = 7;

    name.data = (const uint8_t *) "xpc";
    name.len = 3;
    scope.data = (const uint8_t *) "x";
    scope.len = 1;

    ikm.data = ring.keys[0].master;
    ikm.len = XPECTO_KEY_LEN;
    none.data = NULL;
    none.len = 0;
    info.data = (const uint8_t *) "xpc1 mac \7";
    info.len = 10;

    codec.keys = &keys;

    if (xpecto_token_keys_create(&keys, &ring) != XPECTO_OK
        || xpecto_token_domain(&codec, &name, &scope) != XPECTO_OK
        || xpecto_hkdf(key, XPECTO_KEY_LEN, &ikm, &none, &info) != XPECTO_OK)
    {
        abort();
    }

    mac = xpecto_mac_create(key);

    if (mac == NULL) {
        abort();
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xpecto_choice_t  choice;

    if (mac == NULL) {
        prepare();
    }

    if (size == 0) {
        return 0;
    }

    if (data[0] % 2 == 0) {
        codec.encrypt = data[0] >> 7;

        if (xpecto_token_decode(&codec, data + 1, size - 1, &choice, NULL)
            == XPECTO_TOKEN_OK)
        {
            abort();
        }

        return 0;
    }

    if (size >= 49) {
        codec.encrypt = 0;
        payload_invariants(data + 1);
    }

    return 0;
}


static void
payload_invariants(const uint8_t payload[48])
{
    size_t                   n, len;
    uint8_t                  frame[82], text[XPECTO_TOKEN_LEN];
    uint8_t                  again[XPECTO_TOKEN_LEN];
    xpecto_str_t             parts[2];
    xpecto_choice_t          choice;
    xpecto_decision_t        decision;
    xpecto_consent_facts_t   facts;

    frame[0] = 0x11;
    frame[1] = 7;
    memcpy(frame + 2, payload, 48);

    parts[0].data = codec.text;
    parts[0].len = codec.domain_len;
    parts[1].data = frame;
    parts[1].len = 50;

    xpecto_mac_sign(mac, parts, 2, frame + 50);

    n = xpecto_base64url_encode(text, frame, 66);

    if (xpecto_token_decode(&codec, text, n, &choice, NULL)
        != XPECTO_TOKEN_OK)
    {
        return;
    }

    if (xpecto_token_encode(&codec, &choice, NULL, again, &len) != XPECTO_OK
        || len != n || memcmp(again, text, n) != 0
        || (choice.granted & choice.denied))
    {
        abort();
    }

    memset(&facts, 0, sizeof(facts));
    facts.choice = &choice;
    facts.model = (xpecto_model_e) choice.model;
    facts.asked = XPECTO_PURPOSES_ASKED;

    xpecto_consent_decide(&decision, &facts);

    if ((decision.granted ^ decision.denied) != 0xffff
        || (decision.granted & choice.denied)
        || (decision.granted & 0x4001) != 0x4001)
    {
        abort();
    }
}
