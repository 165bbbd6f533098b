
/*
 * A part of all requests, so that a limit can be brought in little by little.
 * Which ones is a keyed hash of the request's id and the policy: of one
 * request it is always the same, and two policies choose by themselves.
 */


#ifndef _XPECTO_ENFORCE_H_INCLUDED_
#define _XPECTO_ENFORCE_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_siphash.h"


#define XPECTO_ENFORCE_ALL  10000u      /* hundredths of a percent */


/* "100%", "12.5%", "0.01%", "0%"; ERROR: anything else */

xpecto_rc_e xpecto_enforce_parse(unsigned *part, const uint8_t *p,
    size_t len);

/* 1: this request is one of them */

int xpecto_enforce(unsigned part,
    const uint8_t secret[XPECTO_SIPHASH_KEY_LEN], const xpecto_str_t *policy,
    const xpecto_str_t *id);


#endif /* _XPECTO_ENFORCE_H_INCLUDED_ */
