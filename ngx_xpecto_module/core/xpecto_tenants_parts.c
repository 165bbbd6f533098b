
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_tenants_image.h"

#include <string.h>


static int xpecto_tenants_is_seat(xpecto_str_t s);
static xpecto_rc_e xpecto_tenants_country(xpecto_countries_t *set,
    xpecto_str_t s);
static xpecto_rc_e xpecto_tenants_seat(xpecto_tenants_record_t *tenant,
    xpecto_str_t s);


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
xpecto_tenants_establishment(xpecto_tenants_t *t, const xpecto_node_t *node,
    xpecto_tenants_record_t *tenant)
{
    size_t         i, n;
    xpecto_rc_e    rc;
    xpecto_str_t   s;
    xpecto_node_t  list, member;

    rc = xpecto_doc_get(node, "establishment", XPECTO_DOC_ARRAY, 0, &list,
                        t->err);

    if (rc != XPECTO_OK) {
        return rc == XPECTO_DECLINED ? XPECTO_OK : XPECTO_ERROR;
    }

    n = xpecto_doc_size(&list);

    if (n > XPECTO_COUNTRIES_MAX) {
        return xpecto_doc_error(&list, t->err, "too many countries");
    }

    for (i = 0; i < n; i++) {
        xpecto_doc_element(&list, i, &member);

        if (xpecto_doc_type(&member, XPECTO_DOC_STRING, t->err) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        s = xpecto_doc_string(&member);

        if (s.len < 2
            || s.data[0] < 'A' || s.data[0] > 'Z'
            || s.data[1] < 'A' || s.data[1] > 'Z'
            || (s.len > 2 && !xpecto_tenants_is_seat(s)))
        {
            return xpecto_doc_error(&member, t->err,
                                    "not an ISO 3166-1 alpha-2 code, nor one "
                                    "of its subdivisions");
        }

        rc = (s.len == 2) ? xpecto_tenants_country(&tenant->establishment, s)
                          : xpecto_tenants_seat(tenant, s);

        if (rc == XPECTO_DECLINED) {
            return xpecto_doc_error(&member, t->err, (s.len == 2)
                                                     ? "duplicate country"
                                                     : "duplicate subdivision");
        }

        if (rc != XPECTO_OK) {
            return xpecto_doc_error(&member, t->err, "too many subdivisions");
        }
    }

    /* who is in a part of a country is in the country */

    for (i = 0; i < tenant->nseats; i++) {
        s.data = (const uint8_t *) tenant->seats[i];
        s.len = 2;

        if (xpecto_tenants_country(&tenant->establishment, s)
            == XPECTO_ERROR)
        {
            return xpecto_doc_error(&list, t->err, "too many countries");
        }
    }

    return XPECTO_OK;
}


/* "CA-QC", "AE-DIFC": up to four letters and digits */

static int
xpecto_tenants_is_seat(xpecto_str_t s)
{
    size_t  i;

    if (s.len < 4 || s.len >= sizeof(xpecto_seat_t) || s.data[2] != '-') {
        return 0;
    }

    for (i = 3; i < s.len; i++) {
        if (!((s.data[i] >= 'A' && s.data[i] <= 'Z')
              || (s.data[i] >= '0' && s.data[i] <= '9')))
        {
            return 0;
        }
    }

    return 1;
}


/* DECLINED: it is there */

static xpecto_rc_e
xpecto_tenants_country(xpecto_countries_t *set, xpecto_str_t s)
{
    unsigned          i, k;
    xpecto_country_t  cc;

    cc = XPECTO_COUNTRY(s.data[0], s.data[1]);

    for (k = 0; k < set->n && set->cc[k] < cc; k++) { /* void */ }

    if (k < set->n && set->cc[k] == cc) {
        return XPECTO_DECLINED;
    }

    if (set->n == XPECTO_COUNTRIES_MAX) {
        return XPECTO_ERROR;
    }

    for (i = set->n; i > k; i--) {
        set->cc[i] = set->cc[i - 1];
    }

    set->cc[k] = cc;
    set->n++;

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_tenants_seat(xpecto_tenants_record_t *tenant, xpecto_str_t s)
{
    uint32_t       i;
    xpecto_seat_t  seat;

    memset(seat, 0, sizeof(xpecto_seat_t));
    memcpy(seat, s.data, s.len);

    for (i = 0; i < tenant->nseats; i++) {
        if (memcmp(tenant->seats[i], seat, sizeof(xpecto_seat_t)) == 0) {
            return XPECTO_DECLINED;
        }
    }

    if (tenant->nseats == XPECTO_SEATS_MAX) {
        return XPECTO_ERROR;
    }

    memcpy(tenant->seats[tenant->nseats++], seat, sizeof(xpecto_seat_t));

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
