
/*
 * Key epochs: keys that are forgotten on purpose.  A text of lines
 *
 *     epoch:not_before:base64(32 random bytes)
 *
 * epoch is a name of 1 to 16 letters, digits, ".", "_", "-"; not_before is
 * its begin in seconds since 1970; each line begins later than the one above.
 * An epoch lasts until the next one begins, the last one for good.
 *
 * A key of an epoch is HKDF-SHA256 with a key of the ring as input, those 32
 * bytes as salt and the purpose as info: once its line is gone, the ring
 * alone cannot derive it again.
 */


#ifndef _XPECTO_EPOCHS_H_INCLUDED_
#define _XPECTO_EPOCHS_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_mac.h"
#include "xpecto_siphash.h"


#define XPECTO_EPOCHS_MAX       128
#define XPECTO_EPOCH_NAME_LEN   16


typedef struct {
    int64_t         not_before;
    size_t          name_len;
    uint8_t         name[XPECTO_EPOCH_NAME_LEN];

    /* of a tenant: SipHash-2-4-128 of its id under this */

    uint8_t         pseudonym[XPECTO_SIPHASH_KEY_LEN];

    /* AES-256-GCM: personal fields of the ledger */

    uint8_t         ledger[XPECTO_KEY_LEN];

    uint8_t         salt[XPECTO_KEY_LEN];   /* wiped by derive() */
} xpecto_epoch_t;


typedef struct {
    unsigned        n;
    uint8_t         kid;                /* of the key that derive() had */
    xpecto_epoch_t  epochs[XPECTO_EPOCHS_MAX];  /* by not_before */
} xpecto_epochs_t;


/*
 * Names and salts, no key yet.  ERROR: err names the line and what is wrong
 * with it, never its bytes; nothing is left in epochs.
 */

xpecto_rc_e xpecto_epochs_parse(xpecto_epochs_t *epochs, const uint8_t *text,
    size_t len, xpecto_err_t *err);

/* ERROR: OpenSSL could not; nothing is left in epochs */

xpecto_rc_e xpecto_epochs_derive(xpecto_epochs_t *epochs,
    const xpecto_key_t *key);

/*
 * The epoch of the time now, or NULL before the first one begins.  Safe in
 * signal handlers and threads.
 */

const xpecto_epoch_t *xpecto_epochs_at(const xpecto_epochs_t *epochs,
    int64_t now);

/* NULL: no such name, e.g. forgotten */

const xpecto_epoch_t *xpecto_epochs_find(const xpecto_epochs_t *epochs,
    const uint8_t *name, size_t len);


#endif /* _XPECTO_EPOCHS_H_INCLUDED_ */
