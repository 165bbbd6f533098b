
/*
 * Members of the fields of draft-ietf-httpapi-ratelimit-headers:
 *
 *     RateLimit-Policy: "burst";q=160;w=2      q events, refilled in w seconds
 *     RateLimit: "burst";r=50;t=1              r are left, one more in t
 *
 * Left out: w below a second, and t where nothing is used or nothing ever
 * comes back.  The first does not change while the policy does not, and the
 * second begins as it does.
 */


#ifndef _XPECTO_RATELIMIT_H_INCLUDED_
#define _XPECTO_RATELIMIT_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_gcra.h"
#include "xpecto_meter.h"
#include "xpecto_weight.h"


/* of a member but for its name: two quotes, two numbers, a unit */

#define XPECTO_RATELIMIT_LEN                                                 \
    (sizeof("\"\";q=;w=;qu=\"concurrent-requests\"") - 1 + 2 * 20)

#define XPECTO_RATELIMIT_NEVER  UINT64_MAX

/* an integer of a structured field has 15 digits: RFC 9651, 3.3.1 */

#define XPECTO_RATELIMIT_MAX    999999999999999ull


/*
 * dst holds XPECTO_RATELIMIT_LEN and the name, which needs no escape.
 * window: seconds in which it is refilled, 0 where they are not to be told.
 */

size_t xpecto_ratelimit_policy(uint8_t *dst, const uint8_t *name, size_t len,
    uint64_t quota, uint64_t window);

/* what comes behind it if the units are not requests; dst: its end */

size_t xpecto_ratelimit_unit(uint8_t *dst, xpecto_meter_e meter,
    const xpecto_weight_t *weight);

/* the seconds in which a bucket is refilled; below one it is 0 */

uint64_t xpecto_ratelimit_window(const xpecto_gcra_t *gcra);

/* policy: what the former has written for this name */

size_t xpecto_ratelimit_left(uint8_t *dst, const uint8_t *policy, size_t len,
    const xpecto_gcra_result_t *result);

/*
 * Seconds of ticks, rounded up: who waits so long does not come too early.
 * UINT64_MAX is XPECTO_RATELIMIT_NEVER.
 */

uint64_t xpecto_ratelimit_seconds(uint64_t ticks);


#endif /* _XPECTO_RATELIMIT_H_INCLUDED_ */
