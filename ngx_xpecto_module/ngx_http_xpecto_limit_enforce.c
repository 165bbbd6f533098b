
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit.h"


/* without an id that tells requests apart it is always enforced */

ngx_uint_t
ngx_http_xpecto_limit_enforced(ngx_http_request_t *r,
    ngx_http_xpecto_limit_zone_t *zone, ngx_http_xpecto_limit_policy_t *policy)
{
    xpecto_str_t                        id;
    ngx_http_variable_value_t          *v;
    ngx_http_xpecto_limit_main_conf_t  *xlmcf;

    if (policy->enforce == XPECTO_ENFORCE_ALL) {
        return 1;
    }

    xlmcf = ngx_http_get_module_main_conf(r, ngx_http_xpecto_limit_module);

    v = ngx_http_get_indexed_variable(r, xlmcf->request_id);

    if (v == NULL || v->not_found) {
        return policy->enforce != 0;
    }

    id.len = v->len;
    id.data = v->data;

    return xpecto_enforce(policy->enforce, zone->sh->secret, &policy->id, &id);
}
