
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * The input is a MaxMind DB.  Whatever it is, it is refused with a sentence,
 * or compiled into a table that gives for any address a country of two
 * capital letters or one of the words of xpecto_place.h, and that agrees
 * with libmaxminddb on whether an IPv4 address that is not special has one.
 */


#define _GNU_SOURCE

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <maxminddb.h>

#include "xpecto_place.h"


#define ADDRESSES  64


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const void *image, const MMDB_s *mmdb);
static unsigned has_code(MMDB_entry_s *entry);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int             fd;
    char            path[64];
    MMDB_s          mmdb;
    xpecto_err_t    err;
    xpecto_image_t  image;

    static const xpecto_place_conf_t  conf = { NULL, 0, 0 };

    fd = memfd_create("fuzz", 0);

    if (fd == -1 || write(fd, data, size) != (ssize_t) size) {
        abort();
    }

    (void) snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);

    err.text[0] = '\0';

    if (xpecto_place_compile(path, &conf, &image, &err) == XPECTO_OK) {

        if (MMDB_open(path, MMDB_MODE_MMAP, &mmdb) != MMDB_SUCCESS) {
            abort();
        }

        check(image.data, &mmdb);

        MMDB_close(&mmdb);
        free(image.data);

    } else if (err.text[0] == '\0') {
        abort();
    }

    (void) close(fd);

    return 0;
}


static void
check(const void *image, const MMDB_s *mmdb)
{
    int                   rc;
    uint8_t               v6[16];
    uint32_t              i, addr;
    unsigned              value;
    struct sockaddr_in    sin;
    MMDB_lookup_result_s  result;

    memset(&sin, 0, sizeof(struct sockaddr_in));
    sin.sin_family = AF_INET;

    for (i = 0; i < ADDRESSES; i++) {
        addr = i * 0x9e3779b9U;
        value = xpecto_place_ipv4(image, addr);

        if (value > XPECTO_PLACE_HIDDEN
            && (value >> 8 < 'A' || value >> 8 > 'Z'
                || (value & 0xff) < 'A' || (value & 0xff) > 'Z'))
        {
            abort();
        }

        memset(v6, 0x20 + (int) i % 32, sizeof(v6));
        memcpy(v6 + 1, &addr, sizeof(uint32_t));
        (void) xpecto_place_ipv6(image, v6);

        if (value == XPECTO_PLACE_PRIVATE || value == XPECTO_PLACE_TUNNEL) {
            continue;
        }

        sin.sin_addr.s_addr = htonl(addr);
        result = MMDB_lookup_sockaddr(mmdb, (struct sockaddr *) &sin, &rc);

        if (rc != MMDB_SUCCESS) {
            abort();
        }

        if (value != XPECTO_PLACE_UNKNOWN
            && (!result.found_entry
                || (value != XPECTO_PLACE_HIDDEN
                    && !has_code(&result.entry))))
        {
            abort();
        }
    }
}


static unsigned
has_code(MMDB_entry_s *entry)
{
    MMDB_entry_data_s  data;

    return (MMDB_get_value(entry, &data, "country", "iso_code", NULL)
            == MMDB_SUCCESS && data.has_data)
           || (MMDB_get_value(entry, &data, "country_code", NULL)
               == MMDB_SUCCESS && data.has_data);
}
