
/*
 * A MaxMind DB while it is compiled.  Private to xpecto_place.c and
 * xpecto_place_answer.c; nobody else includes maxminddb.h.
 */


#ifndef _XPECTO_PLACE_FILE_H_INCLUDED_
#define _XPECTO_PLACE_FILE_H_INCLUDED_


#include <maxminddb.h>

#include "xpecto_place_table.h"


#define XPECTO_PLACE_RECENT     4096    /* records whose answer is kept */
#define XPECTO_PLACE_SEPARATOR  16      /* zeros between tree and records */


/* the file in sealed memory, and what its metadata says */

typedef struct {
    int                      fd;
    size_t                   size;
    size_t                   end;       /* of the records */
    const uint8_t           *bytes;

    unsigned                 opened;
    MMDB_s                   mmdb;

    uint32_t                 nodes;
    unsigned                 record;    /* bits */

    size_t                   budget;    /* networks that a walk may meet */
    size_t                   found;     /* networks with a country */
    xpecto_place_table_t    *table;

    unsigned                 anonymous;
    unsigned                 represented;   /* is asked for */
    xpecto_place_paths_t     paths;
    const char              *name;      /* of the field, for errors */

    /* most networks share their record with others */

    uint32_t                 record_of[XPECTO_PLACE_RECENT];
    uint16_t                 value_of[XPECTO_PLACE_RECENT];

    xpecto_err_t            *err;
} xpecto_place_file_t;


/* what a record says, as a value of the table */

unsigned xpecto_place_answer(xpecto_place_file_t *file, uint32_t record);


#endif /* _XPECTO_PLACE_FILE_H_INCLUDED_ */
