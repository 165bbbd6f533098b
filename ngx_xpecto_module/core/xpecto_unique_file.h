
/*
 * The tables of xpecto_unique.h in a snapshot, as cells of kinds that no
 * table has:
 *
 *     tag 63 ... 4            kind        word
 *     buckets of the table    RECIPIENT   0                     the first one
 *     his bucket              RECIPIENT   his slot's
 *     the owner's tag         OWNER       span:32, count:32     the last first
 *
 * Spans are of the clock on the wall and stand as they are.  Recipients come
 * before the counts: who is written to in between is counted and not known,
 * and is counted once more.
 */


#ifndef _XPECTO_UNIQUE_FILE_H_INCLUDED_
#define _XPECTO_UNIQUE_FILE_H_INCLUDED_


#include "xpecto_unique.h"


/* how far one is; zeroes at the beginning */

typedef struct {
    uint64_t        slot;
    uint64_t        owner;
    uint64_t        tag;                /* of this owner, 0: not seen yet */
    uint64_t        head;               /*   and his head */
    uint32_t        ago;                /* spans of it that are done */
    unsigned        begun:1;
} xpecto_unique_save_t;


typedef struct {
    uint64_t        nbuckets;           /* of the table that was saved */
    uint64_t        made;               /* the file: seconds since 1970 */
} xpecto_unique_load_t;


/* 1: the next cell; 0: that was all.  sec: since 1970 */

int xpecto_unique_save(const xpecto_unique_t *u, xpecto_unique_save_t *at,
    uint64_t sec, xpecto_cell_t *cell);

/*
 * Into tables that nobody uses yet; u: NULL if there are none.  DECLINED: the
 * cell is none of these; ERROR: there is no place left for its owner.  Tables
 * of another size get the counts alone, as from xpecto_unique_copy().
 */

xpecto_rc_e xpecto_unique_load(const xpecto_unique_t *u,
    xpecto_unique_load_t *at, uint64_t sec, const xpecto_cell_t *cell);

void xpecto_unique_clear(const xpecto_unique_t *u);


#endif /* _XPECTO_UNIQUE_FILE_H_INCLUDED_ */
