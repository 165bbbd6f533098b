
/*
 * What an answer of the Graph API says about limits: the code of its error,
 * out of the body, and when accounts may be called again, out of the field
 *
 *     X-Business-Use-Case-Usage: {"<account>":[{"type":"...",
 *         "call_count":100,"estimated_time_to_regain_access":7}]}
 *
 * whose time is minutes.
 */


#ifndef _XPECTO_REPLY_H_INCLUDED_
#define _XPECTO_REPLY_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_json.h"


#define XPECTO_REPLY_BODY       16384   /* bytes that are looked at */

#define XPECTO_USAGE_ACCOUNTS   8       /* more are left out */
#define XPECTO_USAGE_ID_MAX     32
#define XPECTO_USAGE_MINUTES    52560000    /* a hundred years */


typedef struct {
    xpecto_json_paths_t    body;
    xpecto_json_paths_t    usage;
} xpecto_reply_paths_t;


/* the members are not for the caller, but for code */

typedef struct {
    xpecto_json_t          json;
    size_t                 left;
    uint32_t               code;        /* of the error; 0: none so far */
} xpecto_reply_t;


/* accounts that must wait; ids are digits */

typedef struct {
    unsigned               n;
    struct {
        uint32_t           minutes;
        uint32_t           len;
        uint8_t            id[XPECTO_USAGE_ID_MAX];
    } account[XPECTO_USAGE_ACCOUNTS];
} xpecto_usage_t;


xpecto_rc_e xpecto_reply_compile(xpecto_reply_paths_t *paths);

/* paths must live as long as the reply */

void xpecto_reply_init(xpecto_reply_t *reply,
    const xpecto_reply_paths_t *paths);

/*
 * The body in pieces of any size.  AGAIN: there may be more to know; OK: the
 * code is known; DECLINED: it is no JSON, or too long, or has no code.
 */

xpecto_rc_e xpecto_reply_feed(xpecto_reply_t *reply, const uint8_t *p,
    size_t len);

/* ERROR: the value is not what it should be; usage->n is 0 */

xpecto_rc_e xpecto_usage_parse(xpecto_usage_t *usage,
    const xpecto_reply_paths_t *paths, const uint8_t *value, size_t len);


#endif /* _XPECTO_REPLY_H_INCLUDED_ */
