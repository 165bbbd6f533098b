
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_tenants_image.h"

#include <string.h>


static const char *const  xpecto_tenants_plan_members[] = {
    "limits", NULL
};


xpecto_rc_e
xpecto_tenants_plan(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_plan_t *plan)
{
    size_t         i, n;
    uint32_t       k;
    xpecto_node_t  limits, limit;

    if (xpecto_tenants_name(node, (const uint8_t *) node->key,
                            strlen(node->key), &plan->name, t->err)
        != XPECTO_OK
        || xpecto_doc_members(node, xpecto_tenants_plan_members, t->err)
           != XPECTO_OK
        || xpecto_doc_get(node, "limits", XPECTO_DOC_ARRAY, 1, &limits,
                          t->err)
           != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    n = xpecto_doc_size(&limits);

    if (n > XPECTO_PLAN_LIMITS_MAX) {
        return xpecto_doc_error(&limits, t->err, "too many limits");
    }

    for (i = 0; i < n; i++) {
        xpecto_doc_element(&limits, i, &limit);

        if (xpecto_tenants_limit(t, &limit, &plan->limits[i]) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        for (k = 0; k < i; k++) {

            if (memcmp(&plan->limits[k].name, &plan->limits[i].name,
                       sizeof(xpecto_name_t))
                == 0)
            {
                return xpecto_doc_error(&limit, t->err, "duplicate name");
            }
        }

        plan->nlimits++;
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_tenants_name(const xpecto_node_t *node, const uint8_t *data, size_t len,
    xpecto_name_t *name, xpecto_err_t *err)
{
    size_t   i;
    uint8_t  c, l;

    if (len == 0 || len > XPECTO_NAME_MAX) {
        return xpecto_doc_error(node, err, "a name of no or over 47 bytes");
    }

    for (i = 0; i < len; i++) {
        c = data[i];
        l = (uint8_t) (c | 0x20);

        if (!(l >= 'a' && l <= 'z') && !(c >= '0' && c <= '9')
            && c != '_' && c != '-' && c != ':')
        {
            return xpecto_doc_error(node, err,
                             "a name with other than letters, digits, _ - :");
        }
    }

    memset(name, 0, sizeof(xpecto_name_t));
    memcpy(name->data, data, len);
    name->len = (uint8_t) len;

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_tenants_dry_run(xpecto_tenants_t *t, const xpecto_node_t *node,
    uint32_t *dry_run)
{
    xpecto_rc_e    rc;
    xpecto_node_t  member;

    rc = xpecto_doc_get(node, "dry_run", XPECTO_DOC_BOOLEAN, 0, &member,
                        t->err);

    if (rc == XPECTO_OK) {
        *dry_run = (uint32_t) xpecto_doc_boolean(&member);
    }

    return rc == XPECTO_ERROR ? XPECTO_ERROR : XPECTO_OK;
}


xpecto_rc_e
xpecto_tenants_establishment(xpecto_tenants_t *t, const xpecto_node_t *tenant,
    xpecto_countries_t *set)
{
    size_t            i, n;
    unsigned          k;
    xpecto_rc_e       rc;
    xpecto_str_t      s;
    xpecto_node_t     list, node;
    xpecto_country_t  cc;

    rc = xpecto_doc_get(tenant, "establishment", XPECTO_DOC_ARRAY, 0, &list,
                        t->err);

    if (rc != XPECTO_OK) {
        return rc == XPECTO_DECLINED ? XPECTO_OK : XPECTO_ERROR;
    }

    n = xpecto_doc_size(&list);

    if (n > XPECTO_COUNTRIES_MAX) {
        return xpecto_doc_error(&list, t->err, "too many countries");
    }

    for (i = 0; i < n; i++) {
        xpecto_doc_element(&list, i, &node);

        if (xpecto_doc_type(&node, XPECTO_DOC_STRING, t->err) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        s = xpecto_doc_string(&node);

        if (s.len != 2
            || s.data[0] < 'A' || s.data[0] > 'Z'
            || s.data[1] < 'A' || s.data[1] > 'Z')
        {
            return xpecto_doc_error(&node, t->err,
                                    "not an ISO 3166-1 alpha-2 code");
        }

        cc = XPECTO_COUNTRY(s.data[0], s.data[1]);

        for (k = set->n; k > 0 && set->cc[k - 1] > cc; k--) {
            set->cc[k] = set->cc[k - 1];
        }

        set->cc[k] = cc;
        set->n++;

        if (k > 0 && set->cc[k - 1] == cc) {
            return xpecto_doc_error(&node, t->err, "duplicate country");
        }
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_tenants_phone_ids(xpecto_tenants_t *t, const xpecto_node_t *tenant)
{
    size_t         i, k, n;
    xpecto_rc_e    rc;
    xpecto_str_t   s;
    xpecto_node_t  list, node;

    rc = xpecto_doc_get(tenant, "phone_number_ids", XPECTO_DOC_ARRAY, 0,
                        &list, t->err);

    if (rc != XPECTO_OK) {
        return rc == XPECTO_DECLINED ? XPECTO_OK : XPECTO_ERROR;
    }

    n = xpecto_doc_size(&list);

    for (i = 0; i < n; i++) {
        xpecto_doc_element(&list, i, &node);

        if (xpecto_doc_type(&node, XPECTO_DOC_STRING, t->err) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        s = xpecto_doc_string(&node);

        for (k = 0; k < s.len && s.data[k] >= '0' && s.data[k] <= '9'; k++) {
            /* void */
        }

        if (s.len == 0 || s.len > 20 || k != s.len) {
            return xpecto_doc_error(&node, t->err, "not 1 to 20 digits");
        }
    }

    return XPECTO_OK;
}
