
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "xpecto_place_check.h"
#include "xpecto_place_file.h"
#include "xpecto_place_seal.h"


static xpecto_rc_e xpecto_place_open(xpecto_place_file_t *file);
static xpecto_rc_e xpecto_place_nodes(xpecto_place_file_t *file);
static xpecto_rc_e xpecto_place_families(xpecto_place_file_t *file);
static xpecto_rc_e xpecto_place_walk(xpecto_place_file_t *file, unsigned ipv6,
    uint32_t node, xpecto_addr_t addr, unsigned depth);
static xpecto_rc_e xpecto_place_leaf(xpecto_place_file_t *file, unsigned ipv6,
    uint32_t record, xpecto_addr_t addr, unsigned depth);
static uint32_t xpecto_place_record(xpecto_place_file_t *file, uint32_t node,
    unsigned side);


xpecto_rc_e
xpecto_place_compile(const char *path, const xpecto_place_conf_t *conf,
    xpecto_image_t *image, xpecto_err_t *err)
{
    xpecto_rc_e          rc;
    xpecto_place_file_t  file;

    memset(&file, 0, sizeof(xpecto_place_file_t));

    file.fd = -1;
    file.bytes = MAP_FAILED;
    file.err = err;

    file.anonymous = conf->anonymous;
    file.represented = (conf->field == NULL && !conf->anonymous);

    file.name = conf->anonymous ? "\"is_anonymous\" and the like"
                                : conf->field;
    if (file.name == NULL) {
        file.name = "country.iso_code or country_code";
    }

    rc = xpecto_place_paths(&file.paths, conf->field, err);

    if (rc == XPECTO_OK) {
        rc = xpecto_place_seal(path, &file.fd, &file.size, err);
    }

    if (rc == XPECTO_OK) {
        rc = xpecto_place_open(&file);
    }

    if (rc == XPECTO_OK) {
        rc = xpecto_place_nodes(&file);
    }

    if (rc == XPECTO_OK) {
        file.table = xpecto_place_table();
        rc = (file.table != NULL) ? xpecto_place_families(&file)
                                  : xpecto_place_error(err, "no memory");
    }

    if (rc == XPECTO_OK && file.found < conf->networks) {
        rc = xpecto_place_error(err, "has only %zu networks with %s",
                                file.found,
                                conf->anonymous ? "a mark" : "a country");
    }

    if (rc == XPECTO_OK
        && xpecto_place_finish(file.table, conf->field ? conf->field : "",
                               file.mmdb.metadata.build_epoch, image)
           != XPECTO_OK)
    {
        rc = xpecto_place_error(err, "no memory");
    }

    if (file.table != NULL) {
        xpecto_place_free(file.table);
    }

    if (file.opened) {
        MMDB_close(&file.mmdb);
    }

    if (file.bytes != MAP_FAILED) {
        (void) munmap((void *) (uintptr_t) file.bytes, file.size);
    }

    if (file.fd != -1) {
        (void) close(file.fd);
    }

    return rc;
}


static xpecto_rc_e
xpecto_place_open(xpecto_place_file_t *file)
{
    int     rc;
    char    name[sizeof("/proc/self/fd/") + 20];
    size_t  start;

    file->bytes = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, file->fd, 0);

    if (file->bytes == MAP_FAILED) {
        return xpecto_place_error(file->err, "mmap() failed: %s",
                                  strerror(errno));
    }

    /* before the library, which trusts the metadata, reads them */

    if (xpecto_place_check_metadata(file->bytes, file->size, &start)
        != XPECTO_OK)
    {
        return xpecto_place_error(file->err, "is no complete MaxMind DB: "
                                  "its metadata are missing or broken");
    }

    (void) snprintf(name, sizeof(name), "/proc/self/fd/%d", file->fd);

    rc = MMDB_open(name, MMDB_MODE_MMAP, &file->mmdb);

    if (rc != MMDB_SUCCESS) {
        return xpecto_place_error(file->err, "is refused by libmaxminddb: %s",
                                  MMDB_strerror(rc));
    }

    file->opened = 1;
    file->nodes = file->mmdb.metadata.node_count;
    file->record = file->mmdb.metadata.record_size;

    if (file->record != 24 && file->record != 28 && file->record != 32) {
        return xpecto_place_error(file->err, "has records of %u bits",
                                  file->record);
    }

    if (file->mmdb.metadata.ip_version != 4
        && file->mmdb.metadata.ip_version != 6)
    {
        return xpecto_place_error(file->err, "is of IP version %u",
                                 (unsigned) file->mmdb.metadata.ip_version);
    }

    if (file->nodes == 0
        || (uint64_t) file->nodes * (file->record / 4)
           + XPECTO_PLACE_SEPARATOR > start)
    {
        return xpecto_place_error(file->err, "is shorter than its tree "
                                  "of %lu nodes",
                                  (unsigned long) file->nodes);
    }

    file->end = start;

    return XPECTO_OK;
}


/* every node, reachable or not, and every record that one leads to */

static xpecto_rc_e
xpecto_place_nodes(xpecto_place_file_t *file)
{
    size_t                 tree;
    uint32_t               i, record;
    unsigned               side;
    xpecto_rc_e            rc;
    xpecto_place_check_t  *check;

    tree = (size_t) file->nodes * (file->record / 4) + XPECTO_PLACE_SEPARATOR;

    check = xpecto_place_check_create(file->bytes + tree, file->end - tree);
    if (check == NULL) {
        return xpecto_place_error(file->err, "no memory");
    }

    rc = XPECTO_OK;

    for (i = 0; i < file->nodes && rc == XPECTO_OK; i++) {
        for (side = 0; side < 2 && rc == XPECTO_OK; side++) {
            record = xpecto_place_record(file, i, side);

            /* of zeros, as a copy that is not complete has them */

            if (record == 0) {
                rc = xpecto_place_error(file->err, "is broken: node %lu "
                                        "leads back to the first one",
                                        (unsigned long) i);
            }

            if (record <= file->nodes) {
                continue;
            }

            if (record - file->nodes < XPECTO_PLACE_SEPARATOR
                || xpecto_place_check_record(check, record - file->nodes
                                                    - XPECTO_PLACE_SEPARATOR)
                   != XPECTO_OK)
            {
                rc = xpecto_place_error(file->err,
                                        "is broken: node %lu leads to no "
                                        "sound record", (unsigned long) i);
            }
        }
    }

    xpecto_place_check_free(check);

    return rc;
}


static xpecto_rc_e
xpecto_place_families(xpecto_place_file_t *file)
{
    uint32_t       node;
    unsigned       depth;
    xpecto_rc_e    rc;
    xpecto_addr_t  zero;

    zero.hi = 0;
    zero.lo = 0;
    node = 0;

    /* a tree has one leaf more than nodes; shared subtrees are no tree */

    file->budget = 4 * (size_t) file->nodes + 1024;

    /* in a tree of IPv6, IPv4 is below ::/96 */

    if (file->mmdb.metadata.ip_version == 6) {
        for (depth = 0; depth < 96 && node < file->nodes; depth++) {
            node = xpecto_place_record(file, node, 0);
        }
    }

    rc = (node < file->nodes)
         ? xpecto_place_walk(file, 0, node, zero, 0)
         : xpecto_place_leaf(file, 0, node, zero, 0);

    if (rc != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    rc = (file->mmdb.metadata.ip_version == 6)
         ? xpecto_place_walk(file, 1, 0, zero, 0)
         : xpecto_place_leaf(file, 1, file->nodes, zero, 0);

    if (rc != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    if (file->found == 0) {
        return xpecto_place_error(file->err, "has no %s in %s",
                                  file->anonymous ? "network" : "country",
                                  file->name);
    }

    return XPECTO_OK;
}


/* not deeper than an address has bits, whatever the file says */

static xpecto_rc_e
xpecto_place_walk(xpecto_place_file_t *file, unsigned ipv6, uint32_t node,
    xpecto_addr_t addr, unsigned depth)
{
    uint32_t       record;
    unsigned       side;
    xpecto_rc_e    rc;
    xpecto_addr_t  child;

    if (depth == (ipv6 ? 128 : 32)) {
        return xpecto_place_error(file->err, "is broken: its tree is deeper "
                                  "than an address has bits");
    }

    for (side = 0; side < 2; side++) {
        record = xpecto_place_record(file, node, side);
        child = addr;

        if (side == 1 && depth < 64) {
            child.hi |= (uint64_t) 1 << (63 - depth);

        } else if (side == 1) {
            child.lo |= (uint64_t) 1 << (127 - depth);
        }

        if (record < file->nodes
            && !xpecto_place_special_whole(ipv6, child, depth + 1))
        {
            rc = xpecto_place_walk(file, ipv6, record, child, depth + 1);

        } else {
            rc = xpecto_place_leaf(file, ipv6, record, child, depth + 1);
        }

        if (rc != XPECTO_OK) {
            return XPECTO_ERROR;
        }
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_place_leaf(xpecto_place_file_t *file, unsigned ipv6, uint32_t record,
    xpecto_addr_t addr, unsigned depth)
{
    unsigned  answer;

    if (file->budget-- == 0) {
        return xpecto_place_error(file->err, "is broken: its tree repeats "
                                  "itself");
    }

    answer = (record > file->nodes) ? xpecto_place_answer(file, record)
                                    : XPECTO_PLACE_UNKNOWN;

    if (answer >= XPECTO_PLACE_PAIRS
        || (file->anonymous && answer == XPECTO_PLACE_HIDDEN))
    {
        file->found++;
    }

    if (xpecto_place_add(file->table, ipv6, addr,
                         xpecto_place_last(addr, depth), answer)
        != XPECTO_OK)
    {
        return xpecto_place_error(file->err, "no memory, or too many networks");
    }

    return XPECTO_OK;
}


/* 24: LLL RRR; 28: LLL M RRR, M the high bits of both; 32: LLLL RRRR */

static uint32_t
xpecto_place_record(xpecto_place_file_t *file, uint32_t node, unsigned side)
{
    uint32_t        value;
    const uint8_t  *p;

    p = file->bytes + (size_t) node * (file->record / 4);

    if (file->record == 28) {
        value = side ? (uint32_t) p[3] & 0x0f : (uint32_t) p[3] >> 4;
        p += side ? 4 : 0;

        return value << 24 | (uint32_t) p[0] << 16 | (uint32_t) p[1] << 8
               | p[2];
    }

    p += side ? file->record / 8 : 0;
    value = (uint32_t) p[0] << 16 | (uint32_t) p[1] << 8 | p[2];

    return (file->record == 24) ? value : value << 8 | p[3];
}
