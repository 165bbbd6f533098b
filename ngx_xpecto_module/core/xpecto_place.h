
/*
 * Places: a MaxMind DB compiled into a table address -> country.
 *
 * xpecto_place.c and xpecto_place_answer.c alone know of maxminddb.h.  The
 * file is copied into sealed memory, its metadata, every node and every
 * record are checked here, and nothing but the table is kept: an answer
 * depends neither on the file nor on the library.  xpecto_place_table.h is
 * the table.
 */


#ifndef _XPECTO_PLACE_H_INCLUDED_
#define _XPECTO_PLACE_H_INCLUDED_


#include "xpecto.h"


/* answers that are no country; a country is never below 0x4141 */

#define XPECTO_PLACE_UNKNOWN  0
#define XPECTO_PLACE_PRIVATE  1         /* private and special (RFC 6890) */
#define XPECTO_PLACE_TUNNEL   2         /* 6to4, Teredo: of the relay, if any */
#define XPECTO_PLACE_HIDDEN   3         /* proxy, Tor, satellite, anycast */

#define XPECTO_PLACE_COUNTRY  0x4141    /* "AA" */


typedef struct {
    const char  *field;                 /* see below */
    size_t       networks;              /* with an answer: fewer are refused */
    unsigned     anonymous;             /* knows no countries, only HIDDEN */
} xpecto_place_conf_t;


/*
 * The file at path, with the country in the first member that a record has of
 * those that field names: dotted paths, divided by commas, terminated by a
 * zero; NULL for "country.iso_code,country_code", and for who is represented
 * there "represented_country.iso_code".  A record that says of itself, or in
 * "traits", that who is there hides it, is HIDDEN.
 *
 * OK: image->data was allocated by malloc and belongs to the caller.
 * ERROR: no complete and sound MaxMind DB, or no answer in it.
 */

xpecto_rc_e xpecto_place_compile(const char *path,
    const xpecto_place_conf_t *conf, xpecto_image_t *image, xpecto_err_t *err);

/* ERROR: no field that a file can be compiled with; err says why */

xpecto_rc_e xpecto_place_field(const char *field, xpecto_err_t *err);

/* a table that knows no country, made at 0; ERROR: no memory, no such field */

xpecto_rc_e xpecto_place_empty(const xpecto_place_conf_t *conf,
    xpecto_image_t *image);

/*
 * A country or XPECTO_PLACE_*, in the low 16 bits.  Of a place where another
 * country is represented (an embassy, a base) that one is in the high ones:
 * xpecto_place_of() and xpecto_place_for() part them.  The IPv4 address is in
 * host byte order; an IPv6 address that maps or translates an IPv4 one
 * (::ffff:0:0/96, 64:ff9b::/96) is answered as that.
 */

#define xpecto_place_of(answer)   ((answer) & 0xffff)
#define xpecto_place_for(answer)  ((answer) >> 16)

unsigned xpecto_place_ipv4(const void *image, uint32_t addr);
unsigned xpecto_place_ipv6(const void *image, const uint8_t addr[16]);

/* the first and last of addresses around this one that have its answer */

void xpecto_place_around(const void *image, uint32_t addr, uint32_t *first,
    uint32_t *last);

/* when the database was made: seconds since 1970 */

uint64_t xpecto_place_epoch(const void *image);

/* 1: the same field of a database made before that of the current one */

int xpecto_place_older(const void *image, const void *current);


#endif /* _XPECTO_PLACE_H_INCLUDED_ */
