
/*
 * Consent tokens for the load: as many different valid ones as asked for,
 * under the key ring on standard input.
 *
 * usage: tokens COUNT NAME SCOPE < ring
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/xpecto_token.h"


#define RING_MAX  4096


static xpecto_rc_e
tokens_print(xpecto_token_codec_t *codec, uint32_t n, uint32_t now)
{
    size_t           len;
    uint8_t          text[XPECTO_TOKEN_LEN], nonce[XPECTO_NONCE_LEN];
    xpecto_choice_t  choice;

    memset(nonce, 0, XPECTO_NONCE_LEN);
    memset(&choice, 0, sizeof(xpecto_choice_t));

    choice.granted = 1 << 3;                /* analytics */
    choice.created = now;
    choice.updated = now;
    choice.expires = now + 182 * 86400;
    choice.country = XPECTO_COUNTRY('D', 'E');
    choice.model = XPECTO_MODEL_OPT_IN;
    choice.method = XPECTO_METHOD_SELECTION;
    choice.flags = XPECTO_CHOICE_EXPLICIT;
    choice.id[0] = 1;
    memcpy(&choice.id[1], &n, sizeof(uint32_t));

    if (xpecto_token_encode(codec, &choice, nonce, text, &len) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    printf("%.*s\n", (int) len, (char *) text);

    return XPECTO_OK;
}


int
main(int argc, char *const *argv)
{
    size_t                 len;
    uint8_t                ring[RING_MAX];
    uint32_t               i, n;
    xpecto_err_t           err;
    xpecto_str_t           name, scope;
    xpecto_keyring_t       keyring;
    xpecto_token_keys_t    keys;
    xpecto_token_codec_t   codec;

    if (argc != 4) {
        fprintf(stderr, "usage: tokens COUNT NAME SCOPE < ring\n");
        return 2;
    }

    n = (uint32_t) strtoul(argv[1], NULL, 10);

    name.len = strlen(argv[2]);
    name.data = (uint8_t *) argv[2];
    scope.len = strlen(argv[3]);
    scope.data = (uint8_t *) argv[3];

    memset(&codec, 0, sizeof(xpecto_token_codec_t));
    codec.keys = &keys;

    len = fread(ring, 1, RING_MAX, stdin);

    if (xpecto_keyring_parse(&keyring, ring, len, &err) != XPECTO_OK) {
        fprintf(stderr, "tokens: %s\n", err.text);
        return 1;
    }

    if (xpecto_token_keys_create(&keys, &keyring) != XPECTO_OK
        || xpecto_token_domain(&codec, &name, &scope) != XPECTO_OK)
    {
        fprintf(stderr, "tokens: the keys cannot be prepared\n");
        return 1;
    }

    for (i = 0; i < n; i++) {
        if (tokens_print(&codec, i, (uint32_t) time(NULL)) != XPECTO_OK) {
            fprintf(stderr, "tokens: a token cannot be made\n");
            return 1;
        }
    }

    xpecto_token_keys_free(&keys);

    return 0;
}
