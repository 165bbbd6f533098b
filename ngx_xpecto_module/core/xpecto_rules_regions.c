
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_path.h"
#include "xpecto_rules_build.h"


static xpecto_rc_e xpecto_rules_processor(xpecto_build_t *b,
    const xpecto_node_t *node, xpecto_processor_t *processor);
static int xpecto_rules_may_match(xpecto_str_t path);


/* places in the world that a processor works in, for the reader */

static const xpecto_word_t  xpecto_rules_processings[] = {
    { "international", 0 },
    { "local", 0 },
    { NULL, 0 }
};


xpecto_rc_e
xpecto_rules_regions(xpecto_build_t *b, const xpecto_node_t *root)
{
    void             *iter;
    xpecto_rc_e       rc;
    xpecto_str_t      name;
    xpecto_node_t     regions, node, member;
    xpecto_region_t  *region;

    static const char *const  members[] = { "country", "upstream", NULL };

    rc = xpecto_doc_get(root, "regions", XPECTO_DOC_OBJECT, 0, &regions,
                        b->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    if (xpecto_doc_size(&regions) > XPECTO_RULES_REGIONS) {
        return xpecto_doc_error(&regions, b->err, "too many regions");
    }

    for (iter = xpecto_doc_next(&regions, NULL, &node);
         iter != NULL;
         iter = xpecto_doc_next(&regions, iter, &node))
    {
        region = &b->rules.regions[b->rules.nregions++];

        name.data = (const uint8_t *) node.key;
        name.len = strlen(node.key);

        if (strcmp(node.key, "auto") == 0 || strcmp(node.key, "off") == 0) {
            return xpecto_doc_error(&node, b->err, "a region of this name "
                                    "cannot be a destination");
        }

        if (xpecto_doc_type(&node, XPECTO_DOC_OBJECT, b->err) != XPECTO_OK
            || xpecto_doc_members(&node, members, b->err) != XPECTO_OK
            || xpecto_rules_name(b, &node, name) != XPECTO_OK
            || xpecto_build_copy(b, name, &region->name) != XPECTO_OK
            || xpecto_build_country(b, &node, "country", 1, &region->country)
               != XPECTO_OK
            || xpecto_doc_get(&node, "upstream", XPECTO_DOC_STRING, 1, &member,
                              b->err) != XPECTO_OK
            || xpecto_rules_name(b, &member, xpecto_doc_string(&member))
               != XPECTO_OK
            || xpecto_build_copy(b, xpecto_doc_string(&member),
                                 &region->upstream) != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_rules_subprocessors(xpecto_build_t *b, const xpecto_node_t *root)
{
    void           *iter;
    xpecto_rc_e     rc;
    xpecto_node_t   processors, node;

    rc = xpecto_doc_get(root, "subprocessors", XPECTO_DOC_OBJECT, 0,
                        &processors, b->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    if (xpecto_doc_size(&processors) > XPECTO_RULES_PROCESSORS) {
        return xpecto_doc_error(&processors, b->err, "too many subprocessors");
    }

    for (iter = xpecto_doc_next(&processors, NULL, &node);
         iter != NULL;
         iter = xpecto_doc_next(&processors, iter, &node))
    {
        if (xpecto_rules_processor(b, &node,
                                 &b->rules.processors[b->rules.nprocessors++])
            != XPECTO_OK)
        {
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_rules_processor(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_processor_t *processor)
{
    size_t         n;
    unsigned       ignored;
    xpecto_rc_e    rc;
    xpecto_str_t   path;
    xpecto_node_t  array, member;

    static const char *const  members[] = {
        "countries", "processing", "paths", NULL
    };

    if (xpecto_doc_type(node, XPECTO_DOC_OBJECT, b->err) != XPECTO_OK
        || xpecto_doc_members(node, members, b->err) != XPECTO_OK
        || xpecto_build_countries(b, node, "countries", 1,
                                  &processor->countries) != XPECTO_OK
        || xpecto_build_word(b, node, "processing", 0,
                             xpecto_rules_processings, &ignored)
           == XPECTO_ERROR)
    {
        return XPECTO_ERROR;
    }

    rc = xpecto_doc_get(node, "paths", XPECTO_DOC_ARRAY, 0, &array, b->err);

    if (rc != XPECTO_OK) {
        return (rc == XPECTO_DECLINED) ? XPECTO_OK : XPECTO_ERROR;
    }

    n = xpecto_doc_size(&array);

    if (n == 0 || n > XPECTO_RULES_PATHS) {
        return xpecto_doc_error(&array, b->err, "1 to 8 paths");
    }

    for (n = 0; n < xpecto_doc_size(&array); n++) {

        if (xpecto_node_string(b, &array, n, &member) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        path = xpecto_doc_string(&member);

        if (path.len == 0 || path.data[0] != '/') {
            return xpecto_doc_error(&member, b->err,
                                    "a path begins with a slash");
        }

        if (!xpecto_rules_may_match(path)) {
            return xpecto_doc_error(&member, b->err, "no path of a request "
                                    "is so: it is compared in its normal form");
        }

        if (xpecto_build_copy(b, path, &processor->paths[n]) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        processor->npaths++;
    }

    return XPECTO_OK;
}


/*
 * Paths of requests have no query, no codes, no slash at the end; "**" would
 * be one segment as "*" is.
 */

static int
xpecto_rules_may_match(xpecto_str_t path)
{
    size_t  i;

    for (i = 0; i < path.len; i++) {

        if (path.data[i] == '?' || path.data[i] == '#'
            || (path.data[i] == '*' && i > 0 && path.data[i - 1] == '*'))
        {
            return 0;
        }
    }

    return xpecto_path_is_plain(path.data, path.len);
}
