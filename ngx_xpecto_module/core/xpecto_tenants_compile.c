
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_tenants_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#define XPECTO_TENANTS_VERSION  1
#define XPECTO_TENANTS_MAX      1000000
#define XPECTO_PLANS_MAX        1024
#define XPECTO_KEYS_PER_TENANT  16


static xpecto_rc_e xpecto_tenants_measure(const xpecto_node_t *plans,
    const xpecto_node_t *tenants, xpecto_tenants_header_t *header,
    xpecto_err_t *err);
static xpecto_rc_e xpecto_tenants_tenant(xpecto_tenants_t *t,
    const xpecto_node_t *node, uint32_t index);
static xpecto_rc_e xpecto_tenants_no_plan(xpecto_tenants_t *t,
    const xpecto_node_t *node);
static xpecto_rc_e xpecto_tenants_names(xpecto_tenants_t *t,
    const xpecto_node_t *tenant, const char *member, size_t max,
    uint32_t *first, uint32_t *n);
static xpecto_rc_e xpecto_tenants_keys(xpecto_tenants_t *t,
    const xpecto_node_t *tenant, uint32_t index);
static xpecto_rc_e xpecto_tenants_insert(xpecto_tenants_t *t,
    const xpecto_node_t *node, const uint8_t *digest, uint32_t index);


static const char *const  xpecto_tenants_top[] = {
    "version", "plans", "tenants", NULL
};

static const char *const  xpecto_tenants_members[] = {
    "plan", "establishment", "region", "allow_regions", "attest", "keys",
    "phone_number_ids", "dry_run", NULL
};


xpecto_rc_e
xpecto_tenants_compile(const uint8_t *json, size_t len, xpecto_zone_pt zone,
    void *data, xpecto_image_t *image, xpecto_err_t *err)
{
    void                     *iter;
    uint32_t                  i;
    xpecto_rc_e               rc;
    xpecto_doc_t             *doc;
    xpecto_node_t             root, version, plans, tenants, node;
    xpecto_tenants_t          t;
    xpecto_tenants_header_t   header;

    image->data = NULL;
    image->len = 0;

    doc = xpecto_doc_parse(json, len, &root, err);
    if (doc == NULL) {
        return XPECTO_ERROR;
    }

    rc = XPECTO_ERROR;

    if (xpecto_doc_members(&root, xpecto_tenants_top, err) != XPECTO_OK
        || xpecto_doc_get(&root, "version", XPECTO_DOC_INTEGER, 1, &version,
                          err)
           != XPECTO_OK
        || xpecto_doc_get(&root, "plans", XPECTO_DOC_OBJECT, 1, &plans, err)
           != XPECTO_OK
        || xpecto_doc_get(&root, "tenants", XPECTO_DOC_OBJECT, 1, &tenants,
                          err)
           != XPECTO_OK)
    {
        goto done;
    }

    if (xpecto_doc_integer(&version) != XPECTO_TENANTS_VERSION) {
        (void) xpecto_doc_error(&version, err, "not version 1");
        goto done;
    }

    if (xpecto_tenants_measure(&plans, &tenants, &header, err)
        != XPECTO_OK)
    {
        goto done;
    }

    image->data = calloc(1, header.size);
    if (image->data == NULL) {
        (void) xpecto_doc_error(&root, err, "no memory");
        goto done;
    }

    image->len = header.size;
    memcpy(image->data, &header, sizeof(xpecto_tenants_header_t));

    t.header = image->data;
    t.periods = (void *) ((uint8_t *) image->data + header.periods);
    t.plans = (void *) ((uint8_t *) image->data + header.plans);
    t.tenants = (void *) ((uint8_t *) image->data + header.tenants);
    t.names = (void *) ((uint8_t *) image->data + header.names);
    t.slots = (void *) ((uint8_t *) image->data + header.credentials);
    t.by_name = (void *) ((uint8_t *) image->data + header.by_name);
    t.nnames = 0;
    t.zone = zone;
    t.zone_data = data;
    t.err = err;

    iter = NULL;

    for (i = 0; i < header.nplans; i++) {
        iter = xpecto_doc_next(&plans, iter, &node);

        if (xpecto_tenants_plan(&t, &node, &t.plans[i]) != XPECTO_OK) {
            goto done;
        }
    }

    iter = NULL;

    for (i = 0; i < header.ntenants; i++) {
        iter = xpecto_doc_next(&tenants, iter, &node);

        if (xpecto_tenants_tenant(&t, &node, i) != XPECTO_OK) {
            goto done;
        }
    }

    rc = XPECTO_OK;

done:

    xpecto_doc_free(doc);

    if (rc != XPECTO_OK) {
        free(image->data);
        image->data = NULL;
        image->len = 0;
    }

    return rc;
}


/* the sizes of all parts, from the lengths of all lists */

static xpecto_rc_e
xpecto_tenants_measure(const xpecto_node_t *plans,
    const xpecto_node_t *tenants, xpecto_tenants_header_t *header,
    xpecto_err_t *err)
{
    void           *iter;
    size_t          i, n, slots, names, credentials;
    xpecto_rc_e     rc;
    xpecto_node_t   node, list;

    static const struct {
        const char  *member;
        size_t       max;
    } lists[] = {
        { "keys", XPECTO_KEYS_PER_TENANT },
        { "allow_regions", XPECTO_REGIONS_MAX },
        { "attest", XPECTO_ATTEST_MAX }
    };

    memset(header, 0, sizeof(xpecto_tenants_header_t));

    if (xpecto_doc_size(plans) > XPECTO_PLANS_MAX) {
        return xpecto_doc_error(plans, err, "too many plans");
    }

    if (xpecto_doc_size(tenants) > XPECTO_TENANTS_MAX) {
        return xpecto_doc_error(tenants, err, "too many tenants");
    }

    names = 0;
    credentials = 0;

    for (iter = xpecto_doc_next(tenants, NULL, &node);
         iter != NULL;
         iter = xpecto_doc_next(tenants, iter, &node))
    {
        if (xpecto_doc_type(&node, XPECTO_DOC_OBJECT, err) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {

            rc = xpecto_doc_get(&node, lists[i].member, XPECTO_DOC_ARRAY, 0,
                                &list, err);

            if (rc == XPECTO_DECLINED) {
                continue;
            }

            if (rc != XPECTO_OK) {
                return XPECTO_ERROR;
            }

            n = xpecto_doc_size(&list);

            if (n > lists[i].max) {
                return xpecto_doc_error(&list, err, "too many elements");
            }

            if (n == 0 && lists[i].max == XPECTO_REGIONS_MAX) {
                return xpecto_doc_error(&list, err,
                                        "an empty list: without it all "
                                        "regions are allowed");
            }

            *(i == 0 ? &credentials : &names) += n;
        }
    }

    for (slots = 16; slots < 2 * credentials; slots *= 2) { /* void */ }

    header->nplans = (uint32_t) xpecto_doc_size(plans);
    header->ntenants = (uint32_t) xpecto_doc_size(tenants);
    header->mask = (uint32_t) slots - 1;
    header->periods = sizeof(xpecto_tenants_header_t);
    header->plans = header->periods
                    + XPECTO_PERIODS_MAX * sizeof(xpecto_period_t);
    header->tenants = header->plans + header->nplans * sizeof(xpecto_plan_t);
    header->names = header->tenants
                    + header->ntenants * sizeof(xpecto_tenants_record_t);
    header->credentials = header->names + names * sizeof(xpecto_name_t);

    header->by_name = header->credentials
                      + slots * sizeof(xpecto_tenants_slot_t);

    for (slots = 16; slots < 2 * (size_t) header->ntenants; slots *= 2) {
        /* void */
    }

    header->named = slots - 1;
    header->size = header->by_name + slots * sizeof(uint32_t);

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_tenants_tenant(xpecto_tenants_t *t, const xpecto_node_t *node,
    uint32_t index)
{
    uint32_t                  i;
    xpecto_rc_e               rc;
    xpecto_str_t              s;
    xpecto_node_t             plan, region;
    xpecto_tenants_record_t  *tenant;

    tenant = &t->tenants[index];

    if (xpecto_tenants_name(node, (const uint8_t *) node->key,
                            strlen(node->key), &tenant->name, t->err)
        != XPECTO_OK
        || xpecto_doc_members(node, xpecto_tenants_members, t->err)
           != XPECTO_OK
        || xpecto_doc_get(node, "plan", XPECTO_DOC_STRING, 1, &plan, t->err)
           != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    s = xpecto_doc_string(&plan);

    for (i = 0; i < t->header->nplans; i++) {

        if (t->plans[i].name.len == s.len
            && memcmp(t->plans[i].name.data, s.data, s.len) == 0)
        {
            break;
        }
    }

    if (i == t->header->nplans) {
        return xpecto_tenants_no_plan(t, &plan);
    }

    tenant->plan = i;

    rc = xpecto_doc_get(node, "region", XPECTO_DOC_STRING, 0, &region, t->err);

    if (rc == XPECTO_OK) {
        s = xpecto_doc_string(&region);
        rc = xpecto_tenants_name(&region, s.data, s.len, &tenant->region,
                                 t->err);
    }

    if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    if (xpecto_tenants_establishment(t, node, tenant) != XPECTO_OK
        || xpecto_tenants_names(t, node, "allow_regions", XPECTO_REGIONS_MAX,
                                &tenant->regions, &tenant->nregions)
           != XPECTO_OK
        || xpecto_tenants_names(t, node, "attest", XPECTO_ATTEST_MAX,
                                &tenant->attest, &tenant->nattest)
           != XPECTO_OK
        || xpecto_tenants_phone_ids(t, node) != XPECTO_OK
        || xpecto_tenants_dry_run(t, node, &tenant->dry_run) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    /* no two have one name: it is the document's key */

    i = xpecto_tenants_name_hash(tenant->name.data, tenant->name.len);

    while (t->by_name[i & t->header->named] != 0) {
        i++;
    }

    t->by_name[i & t->header->named] = index + 1;

    return xpecto_tenants_keys(t, node, index);
}


/* names the plans that there are, as many as a line holds */

static xpecto_rc_e
xpecto_tenants_no_plan(xpecto_tenants_t *t, const xpecto_node_t *node)
{
    int       n;
    char      reason[90];
    size_t    len;
    uint32_t  i;

    len = (size_t) snprintf(reason, sizeof(reason), "unknown plan, not");

    for (i = 0; i < t->header->nplans; i++) {
        n = snprintf(reason + len, sizeof(reason) - len, "%s %.*s",
                     i ? "," : "", (int) t->plans[i].name.len,
                     (const char *) t->plans[i].name.data);

        if ((size_t) n >= sizeof(reason) - len) {
            (void) snprintf(reason + sizeof(reason) - 4, 4, "...");
            break;
        }

        len += (size_t) n;
    }

    return xpecto_doc_error(node, t->err,
                            t->header->nplans ? reason
                                              : "unknown plan: there is none");
}


static xpecto_rc_e
xpecto_tenants_names(xpecto_tenants_t *t, const xpecto_node_t *tenant,
    const char *member, size_t max, uint32_t *first, uint32_t *n)
{
    size_t         i, size;
    xpecto_rc_e    rc;
    xpecto_str_t   s;
    xpecto_node_t  list, node;

    *first = t->nnames;
    *n = 0;

    rc = xpecto_doc_get(tenant, member, XPECTO_DOC_ARRAY, 0, &list, t->err);

    if (rc != XPECTO_OK) {
        return rc == XPECTO_DECLINED ? XPECTO_OK : XPECTO_ERROR;
    }

    size = xpecto_doc_size(&list);

    for (i = 0; i < size && i < max; i++) {
        xpecto_doc_element(&list, i, &node);

        if (xpecto_doc_type(&node, XPECTO_DOC_STRING, t->err) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        s = xpecto_doc_string(&node);

        if (xpecto_tenants_name(&node, s.data, s.len, &t->names[t->nnames],
                                t->err)
            != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }

        t->nnames++;
        (*n)++;
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_tenants_keys(xpecto_tenants_t *t, const xpecto_node_t *tenant,
    uint32_t index)
{
    int            hi, lo;
    size_t         i, k, n;
    uint8_t        digest[XPECTO_DIGEST_LEN];
    xpecto_rc_e    rc;
    xpecto_str_t   s;
    xpecto_node_t  list, node;

    static const char  prefix[] = "sha256:";
    static const char  hex[] = "0123456789abcdef";

    rc = xpecto_doc_get(tenant, "keys", XPECTO_DOC_ARRAY, 1, &list, t->err);

    if (rc != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    n = xpecto_doc_size(&list);

    for (i = 0; i < n; i++) {
        xpecto_doc_element(&list, i, &node);

        if (xpecto_doc_type(&node, XPECTO_DOC_STRING, t->err) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        s = xpecto_doc_string(&node);

        if (s.len != sizeof(prefix) - 1 + 2 * XPECTO_DIGEST_LEN
            || memcmp(s.data, prefix, sizeof(prefix) - 1) != 0)
        {
            return xpecto_doc_error(&node, t->err,
                               "not \"sha256:\" and 64 hexadecimal digits");
        }

        for (k = 0; k < XPECTO_DIGEST_LEN; k++) {
            const char  *p, *q;

            p = strchr(hex, s.data[sizeof(prefix) - 1 + 2 * k]);
            q = strchr(hex, s.data[sizeof(prefix) + 2 * k]);

            if (p == NULL || q == NULL) {
                return xpecto_doc_error(&node, t->err,
                               "not \"sha256:\" and 64 hexadecimal digits");
            }

            hi = (int) (p - hex);
            lo = (int) (q - hex);
            digest[k] = (uint8_t) (hi << 4 | lo);
        }

        if (xpecto_tenants_insert(t, &node, digest, index) != XPECTO_OK) {
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_tenants_insert(xpecto_tenants_t *t, const xpecto_node_t *node,
    const uint8_t *digest, uint32_t index)
{
    uint32_t                i;
    xpecto_tenants_slot_t  *slot;

    i = xpecto_tenants_hash(digest);

    for ( ;; ) {
        slot = &t->slots[i++ & t->header->mask];

        if (slot->tenant == 0) {
            break;
        }

        if (memcmp(slot->digest, digest, XPECTO_DIGEST_LEN) == 0) {
            return xpecto_doc_error(node, t->err,
                                    "a key that stands here twice");
        }
    }

    memcpy(slot->digest, digest, XPECTO_DIGEST_LEN);
    slot->tenant = index + 1;

    return XPECTO_OK;
}
