
/*
 * What of the platform a path leads to, in the manner of Meta's Graph API:
 *
 *     /v23.0/106540352242922/messages
 *            object          edge
 *
 * The object is the first segment of digits only.  Whether it is a phone
 * number or an account (WABA) follows from the edge, whatever its case.  Of a
 * path that is not in its normal form, see xpecto_path.h, segments are read as
 * this one has them, but for what is percent-encoded or taken back by "..".
 */


#ifndef _XPECTO_TARGET_H_INCLUDED_
#define _XPECTO_TARGET_H_INCLUDED_


#include "xpecto.h"


typedef enum {
    XPECTO_ENDPOINT_OTHER = 0,
    XPECTO_ENDPOINT_MESSAGES,
    XPECTO_ENDPOINT_MARKETING,
    XPECTO_ENDPOINT_MEDIA,
    XPECTO_ENDPOINT_CALLS,
    XPECTO_ENDPOINT_GROUPS,
    XPECTO_ENDPOINT_REGISTER,
    XPECTO_ENDPOINT_TEMPLATES,
    XPECTO_ENDPOINT_MANAGEMENT,
    XPECTO_ENDPOINTS
} xpecto_endpoint_e;


typedef struct {
    xpecto_endpoint_e  endpoint;
    xpecto_str_t       id;      /* of the object, whatever it is */
    xpecto_str_t       phone;   /* its id, into the path; len 0: none */
    xpecto_str_t       waba;
} xpecto_target_t;


/* what a limit counts by; all but the address within the tenant */

typedef enum {
    XPECTO_SCOPE_TENANT = 0,
    XPECTO_SCOPE_CREDENTIAL,
    XPECTO_SCOPE_PHONE,         /* id of a phone number, of the path */
    XPECTO_SCOPE_WABA,
    XPECTO_SCOPE_ENDPOINT,
    XPECTO_SCOPE_RECIPIENT,
    XPECTO_SCOPE_ADDRESS,       /* /24, /64 */
    XPECTO_SCOPES
} xpecto_scope_e;

/* for what is said to whoever names another */

#define XPECTO_SCOPE_NAMES                                                   \
    "\"tenant\", \"credential\", \"phone\", \"waba\", \"endpoint\", "          \
    "\"recipient\" or \"address\""


void xpecto_target(xpecto_target_t *target, const uint8_t *path, size_t len);

/* by the names that configurations say; ERROR: there is none of that name */

xpecto_rc_e xpecto_endpoint_parse(uint32_t *endpoint, const uint8_t *p,
    size_t len);
xpecto_rc_e xpecto_scope_parse(uint32_t *scope, const uint8_t *p, size_t len);


#endif /* _XPECTO_TARGET_H_INCLUDED_ */
