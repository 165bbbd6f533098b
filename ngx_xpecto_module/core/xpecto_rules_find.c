
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_nocase.h"
#include "xpecto_rules.h"


static unsigned xpecto_rules_area_index(const xpecto_rules_t *rules,
    const char *code);
static int xpecto_rules_path(xpecto_str_t pattern, xpecto_str_t path);


unsigned
xpecto_rules_country(const xpecto_rules_t *rules, xpecto_country_t code)
{
    unsigned  a, b;

    a = (unsigned) (code >> 8) - 'A';
    b = (unsigned) (code & 0xff) - 'A';

    return (a < 26 && b < 26) ? rules->index[26 * a + b] : XPECTO_RULES_NONE;
}


uint64_t
xpecto_rules_area(const xpecto_rules_t *rules, const char *code)
{
    unsigned                    i;
    const xpecto_area_rule_t   *area;
    const xpecto_place_rule_t  *country;

    i = xpecto_rules_area_index(rules, code);

    if (i == XPECTO_RULES_NONE) {
        return 0;
    }

    area = &rules->areas[i];
    country = &rules->countries[area->country];

    return (area->nregimes != 0
            || area->min_age > country->min_age
            || area->opt_out < country->opt_out)
           ? (uint64_t) 1 << i : 0;
}


int
xpecto_rules_area_known(const xpecto_rules_t *rules, const char *code)
{
    return xpecto_rules_area_index(rules, code) != XPECTO_RULES_NONE;
}


static unsigned
xpecto_rules_area_index(const xpecto_rules_t *rules, const char *code)
{
    unsigned  i;

    for (i = 0; i < rules->nareas; i++) {
        if (strcmp(rules->areas[i].code, code) == 0) {
            return i;
        }
    }

    return XPECTO_RULES_NONE;
}


const xpecto_region_t *
xpecto_rules_region(const xpecto_rules_t *rules, xpecto_str_t name)
{
    unsigned      i;
    xpecto_str_t  str;

    for (i = 0; i < rules->nregions; i++) {
        str = xpecto_rules_text(rules, rules->regions[i].name);

        if (str.len == name.len && memcmp(str.data, name.data, str.len) == 0) {
            return &rules->regions[i];
        }
    }

    return NULL;
}


xpecto_str_t
xpecto_rules_text(const xpecto_rules_t *rules, xpecto_text_t text)
{
    xpecto_str_t  str;

    str.len = text.len;
    str.data = (const uint8_t *) rules + text.off;

    return str;
}


void
xpecto_rules_processors(const xpecto_rules_t *rules, xpecto_str_t path,
    xpecto_set_t *countries)
{
    size_t                     len;
    unsigned                   i, j, k;
    const xpecto_processor_t  *processor;

    /* what a rewrite may leave: "v21.0/1/messages?x=y" */

    for (len = 0; len < path.len; len++) {
        if (path.data[len] == '?' || path.data[len] == '#') {
            break;
        }
    }

    if (len < path.len && len != 0) {
        xpecto_str_t  start = path;

        start.len = len;
        xpecto_rules_processors(rules, start, countries);
    }

    for (i = 0; i < rules->nprocessors; i++) {
        processor = &rules->processors[i];

        for (j = 0; j < processor->npaths && path.len != 0; j++) {
            if (xpecto_rules_path(xpecto_rules_text(rules,
                                                    processor->paths[j]),
                                  path))
            {
                break;
            }
        }

        if (j == processor->npaths && j != 0) {
            continue;
        }

        for (k = 0; k < 4; k++) {
            countries->bits[k] |= processor->countries.bits[k];
        }
    }
}


/*
 * "*" stands for any bytes within one segment of a path.  Upstreams may take
 * "/Messages" for "/messages": a path that matches too much is decided too
 * strictly, one that matches too little would pass.
 */

static int
xpecto_rules_path(xpecto_str_t pattern, xpecto_str_t path)
{
    size_t          i, j, star, from;
    const uint8_t  *end;

    /* patterns begin with a slash */

    i = 1;
    j = (path.len != 0 && path.data[0] == '/');
    star = pattern.len;
    from = 0;

    while (j < path.len) {

        if (i < pattern.len && pattern.data[i] == '*') {

            /* the rest of the segment, or as little of it as is possible */

            if (i + 1 == pattern.len || pattern.data[i + 1] == '/') {
                end = memchr(path.data + j, '/', path.len - j);
                j = (end == NULL) ? path.len : (size_t) (end - path.data);
                star = pattern.len;
                i++;
                continue;
            }

            star = i++;
            from = j;

        } else if (i < pattern.len
                   && xpecto_lower(pattern.data[i])
                      == xpecto_lower(path.data[j]))
        {
            i++;
            j++;

        } else if (star < pattern.len && path.data[from] != '/') {
            i = star + 1;
            j = ++from;

        } else {
            return 0;
        }
    }

    while (i < pattern.len && pattern.data[i] == '*') {
        i++;
    }

    return i == pattern.len;
}
