
/*
 * Writes the parts of a ledger's line.  What does not fit makes p NULL, and
 * nothing is written any more.
 */


#ifndef _XPECTO_LEDGER_OUT_H_INCLUDED_
#define _XPECTO_LEDGER_OUT_H_INCLUDED_


#include "xpecto.h"


typedef struct {
    uint8_t    *p;
    uint8_t    *last;
} xpecto_ledger_out_t;


void xpecto_ledger_text(const char *text, xpecto_ledger_out_t *out);
void xpecto_ledger_bytes(const uint8_t *p, size_t len,
    xpecto_ledger_out_t *out);

/* a JSON string; bytes that are no UTF-8 become U+FFFD, one for each */

void xpecto_ledger_string(const xpecto_str_t *str, xpecto_ledger_out_t *out);

void xpecto_ledger_number(int64_t n, xpecto_ledger_out_t *out);

/* at least width digits */

void xpecto_ledger_digits(uint64_t n, unsigned width,
    xpecto_ledger_out_t *out);

/* milliseconds since 1970, not negative, as 2026-11-22T12:00:00.000Z */

void xpecto_ledger_time(int64_t msec, xpecto_ledger_out_t *out);

/* base64url without padding; two hexadecimal digits */

void xpecto_ledger_base64(const uint8_t *p, size_t len,
    xpecto_ledger_out_t *out);
void xpecto_ledger_hex(uint8_t byte, xpecto_ledger_out_t *out);


#endif /* _XPECTO_LEDGER_OUT_H_INCLUDED_ */
