
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_tenants_image.h"
#include "xpecto_mac.h"

#include <string.h>


xpecto_rc_e
xpecto_tenants_find(const void *image,
    const uint8_t digest[XPECTO_DIGEST_LEN], uint32_t *index)
{
    uint32_t                        i;
    const uint8_t                  *base;
    const xpecto_tenants_slot_t    *slots, *slot;
    const xpecto_tenants_header_t  *header;

    base = image;
    header = image;
    slots = (const void *) (base + header->credentials);

    i = xpecto_tenants_hash(digest);

    for ( ;; ) {
        slot = &slots[i++ & header->mask];

        if (slot->tenant == 0) {
            return XPECTO_DECLINED;
        }

        if (xpecto_equal(slot->digest, digest, XPECTO_DIGEST_LEN)) {
            *index = slot->tenant - 1;
            return XPECTO_OK;
        }
    }
}


uint32_t
xpecto_tenants_hash(const uint8_t *digest)
{
    uint32_t  hash;

    memcpy(&hash, digest, sizeof(uint32_t));

    return hash;
}


uint32_t
xpecto_tenants_name_hash(const uint8_t *name, size_t len)
{
    static const uint8_t  key[XPECTO_SIPHASH_KEY_LEN];

    return (uint32_t) xpecto_siphash(key, name, len);
}


xpecto_rc_e
xpecto_tenants_named(const void *image, const uint8_t *name, size_t len,
    uint32_t *index)
{
    uint64_t                        i;
    const uint32_t                 *slots, *slot;
    const xpecto_tenants_header_t  *header;
    const xpecto_tenants_record_t  *record;

    header = image;
    slots = (const void *) ((const uint8_t *) image + header->by_name);

    for (i = xpecto_tenants_name_hash(name, len); /* void */ ; i++) {
        slot = &slots[i & header->named];

        if (*slot == 0) {
            return XPECTO_DECLINED;
        }

        record = (const void *) ((const uint8_t *) image + header->tenants);
        record += *slot - 1;

        if (record->name.len == len
            && memcmp(record->name.data, name, len) == 0)
        {
            *index = *slot - 1;
            return XPECTO_OK;
        }
    }
}


const xpecto_plan_t *
xpecto_tenants_get(const void *image, uint32_t index, xpecto_tenant_t *tenant)
{
    const uint8_t                  *base;
    const xpecto_name_t            *names;
    const xpecto_tenants_header_t  *header;
    const xpecto_tenants_record_t  *record;

    base = image;
    header = image;
    names = (const void *) (base + header->names);
    record = (const void *) (base + header->tenants);
    record += index;

    tenant->name = record->name;
    tenant->establishment = record->establishment;
    tenant->nseats = record->nseats;
    memcpy(tenant->seats, record->seats, sizeof(tenant->seats));
    tenant->region = record->region;
    tenant->dry_run = record->dry_run;
    tenant->nregions = record->nregions;
    tenant->nattest = record->nattest;
    tenant->regions = &names[record->regions];
    tenant->attest = &names[record->attest];

    return xpecto_tenants_plan_of(image, index);
}


const xpecto_plan_t *
xpecto_tenants_plan_of(const void *image, uint32_t index)
{
    const uint8_t                  *base;
    const uint32_t                 *ages;
    const xpecto_plan_t            *plans;
    const xpecto_tenants_header_t  *header;
    const xpecto_tenants_record_t  *record;

    base = image;
    header = image;

    if (header->ages != 0) {
        ages = (const void *) (base + header->ages);

        if (ages[index] != 0) {
            plans = (const void *) (base + header->elder);
            return &plans[ages[index] - 1];
        }
    }

    plans = (const void *) (base + header->plans);
    record = (const void *) (base + header->tenants);

    return &plans[record[index].plan];
}


size_t
xpecto_tenants_plan_index(const void *image, const xpecto_plan_t *plan)
{
    const xpecto_plan_t            *plans, *elder;
    const xpecto_tenants_header_t  *header = image;

    plans = (const void *) ((const uint8_t *) image + header->plans);
    elder = (const void *) ((const uint8_t *) image + header->elder);

    if (header->ages != 0 && plan >= elder) {
        return header->nplans + (size_t) (plan - elder);
    }

    return (size_t) (plan - plans);
}


uint32_t
xpecto_tenants_count(const void *image)
{
    const xpecto_tenants_header_t  *header = image;

    return header->ntenants;
}


const xpecto_period_t *
xpecto_tenants_period(const void *image, uint32_t index)
{
    const xpecto_period_t          *periods;
    const xpecto_tenants_header_t  *header = image;

    periods = (const void *) ((const uint8_t *) image + header->periods);

    return &periods[index];
}
