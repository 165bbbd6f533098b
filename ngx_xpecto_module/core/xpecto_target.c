
/*
 * What a path leads to: see xpecto_target.h.
 */


#include <string.h>

#include "xpecto_nocase.h"
#include "xpecto_path.h"
#include "xpecto_target.h"


#define XPECTO_TARGET_ID_MIN  5                 /* digits */


typedef enum {
    XPECTO_OBJECT_NONE = 0,
    XPECTO_OBJECT_PHONE,
    XPECTO_OBJECT_WABA
} xpecto_object_e;


typedef struct {
    const char         *edge;
    xpecto_object_e     object;
    xpecto_endpoint_e   endpoint;
} xpecto_edge_t;


static xpecto_rc_e xpecto_target_name(const char *const *names, uint32_t n,
    const uint8_t *p, size_t len, uint32_t *index);
static int xpecto_target_is_id(const uint8_t *p, size_t len);


static const xpecto_edge_t  xpecto_edges[] = {
    { "messages", XPECTO_OBJECT_PHONE, XPECTO_ENDPOINT_MESSAGES },
    { "messages_encrypted", XPECTO_OBJECT_PHONE, XPECTO_ENDPOINT_MESSAGES },
    { "marketing_messages", XPECTO_OBJECT_PHONE, XPECTO_ENDPOINT_MARKETING },
    { "media", XPECTO_OBJECT_PHONE, XPECTO_ENDPOINT_MEDIA },
    { "calls", XPECTO_OBJECT_PHONE, XPECTO_ENDPOINT_CALLS },
    { "call_permissions", XPECTO_OBJECT_PHONE, XPECTO_ENDPOINT_CALLS },
    { "groups", XPECTO_OBJECT_PHONE, XPECTO_ENDPOINT_GROUPS },
    { "register", XPECTO_OBJECT_PHONE, XPECTO_ENDPOINT_REGISTER },
    { "deregister", XPECTO_OBJECT_PHONE, XPECTO_ENDPOINT_REGISTER },
    { "request_code", XPECTO_OBJECT_PHONE, XPECTO_ENDPOINT_REGISTER },
    { "verify_code", XPECTO_OBJECT_PHONE, XPECTO_ENDPOINT_REGISTER },
    { "settings", XPECTO_OBJECT_PHONE, XPECTO_ENDPOINT_MANAGEMENT },
    { "whatsapp_business_profile", XPECTO_OBJECT_PHONE,
      XPECTO_ENDPOINT_MANAGEMENT },
    { "message_templates", XPECTO_OBJECT_WABA, XPECTO_ENDPOINT_TEMPLATES },
    { "phone_numbers", XPECTO_OBJECT_WABA, XPECTO_ENDPOINT_MANAGEMENT },
    { "subscribed_apps", XPECTO_OBJECT_WABA, XPECTO_ENDPOINT_MANAGEMENT },
    { "assigned_users", XPECTO_OBJECT_WABA, XPECTO_ENDPOINT_MANAGEMENT },
    { "flows", XPECTO_OBJECT_WABA, XPECTO_ENDPOINT_MANAGEMENT },
    { NULL, XPECTO_OBJECT_NONE, XPECTO_ENDPOINT_OTHER }
};

static const char *const  xpecto_endpoints[XPECTO_ENDPOINTS] = {
    "other", "messages", "marketing", "media", "calls", "groups", "register",
    "templates", "management"
};

static const char *const  xpecto_scopes[XPECTO_SCOPES] = {
    "tenant", "credential", "phone", "waba", "endpoint", "recipient",
    "address"
};


void
xpecto_target(xpecto_target_t *target, const uint8_t *path, size_t len)
{
    xpecto_str_t          id, edge, name;
    const uint8_t        *p;
    const xpecto_edge_t  *e;

    memset(target, 0, sizeof(xpecto_target_t));
    memset(&id, 0, sizeof(xpecto_str_t));
    memset(&edge, 0, sizeof(xpecto_str_t));

    p = path;

    while (xpecto_path_next(&p, path + len, &name) == XPECTO_OK) {

        if (name.len == 0 || xpecto_path_is_up(&name)) {
            continue;
        }

        if (id.len == 0 && xpecto_target_is_id(name.data, name.len)) {
            id = name;
            edge.len = 0;
            continue;
        }

        edge = name;

        if (id.len != 0) {
            break;
        }
    }

    target->id = id;

    if (edge.len == 0) {
        /* the object itself; what it is the path does not tell */
        target->endpoint = (id.len != 0) ? XPECTO_ENDPOINT_MANAGEMENT
                                         : XPECTO_ENDPOINT_OTHER;
        return;
    }

    for (e = xpecto_edges; e->edge != NULL; e++) {
        if (xpecto_is_nocase(edge.data, edge.len, e->edge)) {
            break;
        }
    }

    target->endpoint = e->endpoint;

    if (e->object == XPECTO_OBJECT_PHONE) {
        target->phone = id;

    } else if (e->object == XPECTO_OBJECT_WABA) {
        target->waba = id;
    }
}


xpecto_rc_e
xpecto_endpoint_parse(uint32_t *endpoint, const uint8_t *p, size_t len)
{
    return xpecto_target_name(xpecto_endpoints, XPECTO_ENDPOINTS, p, len,
                              endpoint);
}


xpecto_rc_e
xpecto_scope_parse(uint32_t *scope, const uint8_t *p, size_t len)
{
    return xpecto_target_name(xpecto_scopes, XPECTO_SCOPES, p, len, scope);
}


static xpecto_rc_e
xpecto_target_name(const char *const *names, uint32_t n, const uint8_t *p,
    size_t len, uint32_t *index)
{
    uint32_t  i;

    for (i = 0; i < n; i++) {

        if (len == strlen(names[i]) && memcmp(p, names[i], len) == 0) {
            *index = i;
            return XPECTO_OK;
        }
    }

    return XPECTO_ERROR;
}


static int
xpecto_target_is_id(const uint8_t *p, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return 0;
        }
    }

    return len >= XPECTO_TARGET_ID_MIN;
}
