
/*
 * What an operator asks of the limits: one JSON object.
 *
 *     op        takes                                            must have
 *     -----------------------------------------------------------------------
 *     peek      zone policy tenant address key number recipient  zone
 *     grant     zone policy tenant address key units             policy units
 *     reset     zone policy tenant address key
 *     ban       zone tenant address seconds                      seconds
 *     unban     zone tenant address number recipient
 *
 * Each names whom it is about: a tenant or an address, or of a policy that
 * counts by another value its key.  A number is of what the upstream wants to
 * have left alone, within the tenant or of those who are none's.
 */


#ifndef _XPECTO_ACT_H_INCLUDED_
#define _XPECTO_ACT_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_doc.h"


#define XPECTO_ACT_VALUE_MAX    1024            /* bytes of a string */
#define XPECTO_ACT_UNITS_MAX    1000000000000ll
#define XPECTO_ACT_SECONDS_MAX  1048575


typedef enum {
    XPECTO_ACT_PEEK = 0,
    XPECTO_ACT_GRANT,
    XPECTO_ACT_RESET,
    XPECTO_ACT_BAN,
    XPECTO_ACT_UNBAN,
    XPECTO_ACTS
} xpecto_act_e;


/* what is not given has no length, or is 0; all is of the document */

typedef struct {
    xpecto_doc_t       *doc;
    xpecto_act_e        op;
    xpecto_str_t        zone;
    xpecto_str_t        policy;
    xpecto_str_t        tenant;
    xpecto_str_t        address;
    xpecto_str_t        key;
    xpecto_str_t        number;
    xpecto_str_t        recipient;      /* of a pair with the number */
    uint64_t            units;
    uint64_t            seconds;
} xpecto_act_t;


/* ERROR: err says what is wrong and where, and never what was sent */

xpecto_rc_e xpecto_act_parse(xpecto_act_t *act, const uint8_t *json,
    size_t len, xpecto_err_t *err);
void xpecto_act_free(xpecto_act_t *act);

/* "peek" */

xpecto_str_t xpecto_act_name(xpecto_act_e op);


#endif /* _XPECTO_ACT_H_INCLUDED_ */
