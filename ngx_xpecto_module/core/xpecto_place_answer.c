
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_place_file.h"


static unsigned xpecto_place_hidden(MMDB_entry_s *entry);
static uint16_t xpecto_place_countries(xpecto_place_file_t *file,
    MMDB_entry_s *entry);
static uint16_t xpecto_place_country(xpecto_place_file_t *file,
    MMDB_entry_s *entry);
static uint16_t xpecto_place_code(MMDB_entry_s *entry,
    const char *const *path);


unsigned
xpecto_place_answer(xpecto_place_file_t *file, uint32_t record)
{
    unsigned      i;
    MMDB_entry_s  entry;

    i = record % XPECTO_PLACE_RECENT;

    if (file->record_of[i] != record) {
        entry.mmdb = &file->mmdb;
        entry.offset = record - file->nodes - XPECTO_PLACE_SEPARATOR;

        file->record_of[i] = record;
        file->value_of[i] = xpecto_place_hidden(&entry)
                            ? XPECTO_PLACE_HIDDEN
                            : (file->anonymous
                               ? XPECTO_PLACE_UNKNOWN
                               : xpecto_place_countries(file, &entry));
    }

    return file->value_of[i];
}


/* the address says nothing about where somebody is */

static unsigned
xpecto_place_hidden(MMDB_entry_s *entry)
{
    size_t              i, j;
    const char         *path[3];
    MMDB_entry_data_s   data;

    static const char *const  flags[] = {
        "is_anonymous", "is_anonymous_proxy", "is_anonymous_vpn",
        "is_public_proxy", "is_residential_proxy", "is_tor_exit_node",
        "is_satellite_provider", "is_anycast"
    };

    path[2] = NULL;

    for (i = 0; i < 2; i++) {

        path[0] = "traits";
        path[1] = NULL;

        if (i == 1
            && (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS
                || !data.has_data))
        {
            break;
        }

        for (j = 0; j < sizeof(flags) / sizeof(flags[0]); j++) {
            path[i] = flags[j];
            path[i + 1] = NULL;

            if (MMDB_aget_value(entry, &data, path) == MMDB_SUCCESS
                && data.has_data
                && data.type == MMDB_DATA_TYPE_BOOLEAN
                && data.boolean)
            {
                return 1;
            }
        }
    }

    return 0;
}


/* of a base or an embassy, both laws may count */

static uint16_t
xpecto_place_countries(xpecto_place_file_t *file, MMDB_entry_s *entry)
{
    uint16_t  country, represented;

    static const char *const  path[] = {
        "represented_country", "iso_code", NULL
    };

    country = xpecto_place_country(file, entry);

    if (!file->represented || country == XPECTO_PLACE_UNKNOWN) {
        return country;
    }

    represented = xpecto_place_code(entry, path);

    if (represented == XPECTO_PLACE_UNKNOWN || represented == country) {
        return country;
    }

    return (uint16_t) xpecto_place_pair(file->table, country, represented);
}


static uint16_t
xpecto_place_country(xpecto_place_file_t *file, MMDB_entry_s *entry)
{
    size_t    i, n;
    uint16_t  code;

    /* what MaxMind and Cloudflare have written that is no country */

    static const uint16_t  none[] = {
        XPECTO_COUNTRY('A', 'P'), XPECTO_COUNTRY('E', 'U'),
        XPECTO_COUNTRY('X', 'X'), XPECTO_COUNTRY('Z', 'Z')
    };

    for (n = 0; n < file->paths.n; n++) {
        code = xpecto_place_code(entry, file->paths.path[n]);

        if (code == XPECTO_PLACE_UNKNOWN) {
            continue;
        }

        for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
            if (code == none[i]) {
                return XPECTO_PLACE_UNKNOWN;
            }
        }

        return code;
    }

    return XPECTO_PLACE_UNKNOWN;
}


/* UNKNOWN: there are no two capital letters */

static uint16_t
xpecto_place_code(MMDB_entry_s *entry, const char *const *path)
{
    const char         *p;
    MMDB_entry_data_s   data;

    if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS
        || !data.has_data
        || data.type != MMDB_DATA_TYPE_UTF8_STRING
        || data.data_size != 2)
    {
        return XPECTO_PLACE_UNKNOWN;
    }

    p = data.utf8_string;

    if (p[0] < 'A' || p[0] > 'Z' || p[1] < 'A' || p[1] > 'Z') {
        return XPECTO_PLACE_UNKNOWN;
    }

    return XPECTO_COUNTRY(p[0], p[1]);
}
