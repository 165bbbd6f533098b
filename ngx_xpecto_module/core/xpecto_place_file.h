
/*
 * A MaxMind DB while it is compiled.  Private to xpecto_place.c and
 * xpecto_place_answer.c; nobody else includes maxminddb.h.
 */


#ifndef _XPECTO_PLACE_FILE_H_INCLUDED_
#define _XPECTO_PLACE_FILE_H_INCLUDED_


#include <maxminddb.h>

#include "xpecto_place_table.h"


#define XPECTO_PLACE_PATHS      4
#define XPECTO_PLACE_PATH       8       /* members in a dotted path */
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
    unsigned                 npaths;
    const char              *path[XPECTO_PLACE_PATHS][XPECTO_PLACE_PATH + 1];
    const char              *name;      /* of the field, for errors */
    char                     field[XPECTO_PLACE_FIELD];

    /* most networks share their record with others */

    uint32_t                 record_of[XPECTO_PLACE_RECENT];
    uint16_t                 value_of[XPECTO_PLACE_RECENT];

    xpecto_err_t            *err;
} xpecto_place_file_t;


/* "country.iso_code,country_code", or NULL for just that */

xpecto_rc_e xpecto_place_field(xpecto_place_file_t *file, const char *field);

/* what a record says, as a value of the table */

unsigned xpecto_place_answer(xpecto_place_file_t *file, uint32_t record);


#endif /* _XPECTO_PLACE_FILE_H_INCLUDED_ */
