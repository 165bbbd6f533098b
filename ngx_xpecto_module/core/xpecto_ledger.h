
/*
 * The ledger: lines of JSON that prove that none of them was changed, moved
 * or taken away.  docs/formats.md shows one:
 *
 *     {"chain":"<16 hex digits>","kid":7,"seq":3,"prev":"<mac of line 2>",
 *     "time":"2026-11-22T12:00:00.000Z","event":"transfer",...,"mac":"..."}
 *
 * Each process has a chain of its own: a random id, lines that are numbered
 * from 1, each with the mac of the one before.  mac is base64url of the first
 * 16 bytes of HMAC-SHA256 over the line up to its last comma, under
 *
 *     HKDF-SHA256(key of the ring, empty salt, "xpecto ledger 1")
 *
 * A sealed field holds AES-256-GCM under the key of an epoch, with the chain,
 * the number of the line and the name of the field as additional data:
 *
 *     "name":{"epoch":"2026-11","sealed":"<nonce, ciphertext, tag>"}
 *
 * The nonce is the chain's id and a counter: none repeats under one key.
 */


#ifndef _XPECTO_LEDGER_H_INCLUDED_
#define _XPECTO_LEDGER_H_INCLUDED_


#include "xpecto_epochs.h"
#include "xpecto_mac.h"


#define XPECTO_LEDGER_LINE        8192  /* the longest, its end included */
#define XPECTO_LEDGER_ID_LEN      8
#define XPECTO_LEDGER_MAC_LEN     16
#define XPECTO_LEDGER_SEALED_MAX  1024  /* of what one field seals */

/* "<chain>:<number>:<mac>", not terminated by a zero */

#define XPECTO_LEDGER_HEAD_TEXT   (16 + 1 + 20 + 1 + 24)


/* the last line of a chain; seq is 0 where there is none */

typedef struct {
    uint8_t         id[XPECTO_LEDGER_ID_LEN];
    uint64_t        seq;
    uint8_t         mac[XPECTO_LEDGER_MAC_LEN];
} xpecto_ledger_head_t;


typedef enum {
    XPECTO_LEDGER_STR = 0,
    XPECTO_LEDGER_NUM,
    XPECTO_LEDGER_SEALED                /* personal: never written raw */
} xpecto_ledger_type_e;


typedef struct {
    const char             *name;       /* letters and "_" */
    xpecto_ledger_type_e    type;
    xpecto_str_t            str;
    int64_t                 num;
} xpecto_ledger_field_t;


typedef struct {
    const char                   *name;     /* letters and "_" */
    int64_t                       msec;     /* since 1970 */
    const xpecto_ledger_field_t  *fields;
    unsigned                      nfields;
} xpecto_ledger_event_t;


typedef struct {
    xpecto_ledger_head_t    head;       /* what has been written */
    xpecto_ledger_head_t    next;       /* what line() has made */

    uint8_t                 kid;
    xpecto_mac_t           *mac;

    xpecto_aead_t          *aead;       /* of the epoch, or NULL */
    const xpecto_epoch_t   *epoch;
    uint32_t                nonces;     /* how many are used */
    unsigned                left_out;   /* sealed fields of the last line
                                           for which there was no epoch */
} xpecto_ledger_chain_t;


/* ERROR: OpenSSL could not; there is nothing to close */

xpecto_rc_e xpecto_ledger_open(xpecto_ledger_chain_t *chain,
    const xpecto_key_t *key, const uint8_t id[XPECTO_LEDGER_ID_LEN]);
void xpecto_ledger_close(xpecto_ledger_chain_t *chain);

/*
 * The next line, its "\n" included.  Once it is where it belongs, written()
 * makes it the head; until then the same number is made again.
 *
 * Sealed fields are left out where epochs is NULL or none has begun.  ERROR:
 * no room in size bytes, OpenSSL could not, or the nonces are used up.
 */

xpecto_rc_e xpecto_ledger_line(xpecto_ledger_chain_t *chain,
    const xpecto_ledger_event_t *event, const xpecto_epochs_t *epochs,
    uint8_t *dst, size_t size, size_t *len);
void xpecto_ledger_written(xpecto_ledger_chain_t *chain);

/* for other lines to vouch for it: at most XPECTO_LEDGER_HEAD_TEXT bytes */

size_t xpecto_ledger_head(const xpecto_ledger_head_t *head, uint8_t *dst);


#endif /* _XPECTO_LEDGER_H_INCLUDED_ */
