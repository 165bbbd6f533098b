
/*
 * The ladder: who fails too often is banned, each time for longer.
 *
 *      63               32 31             12 11            0
 *     +-------------------+-----------------+---------------+
 *     | time              | span            | n             |
 *     +-------------------+-----------------+---------------+
 *
 * Time and span are seconds, of the wall clock and since 1970 where a moment
 * is meant, so that a word goes into a file as it is.  A word is as good as
 * none once time + n * span has come.
 *
 *     strikes     time: until when they are counted, span: 0, n: how many
 *     ban         time: its end, n: the rung, span: the quiet time after
 *                 the end that takes one rung away
 *     cooldown    as a ban, span: 0
 *
 * A clock that steps back stands still: nothing ends before it has caught
 * up.
 */


#ifndef _XPECTO_BAN_H_INCLUDED_
#define _XPECTO_BAN_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_cells.h"


#define XPECTO_BAN_STRIKES_MAX  4095
#define XPECTO_BAN_SECONDS_MAX  1048575         /* twelve days */


typedef struct {
    uint32_t        within;     /* seconds from the first strike on */
    uint32_t        time;       /* seconds of the first ban */
    uint32_t        max;        /* and of the longest */
    uint32_t        quiet;      /* seconds that take one rung away */
    unsigned        shift;      /* each is 2^shift as long as the one below */
} xpecto_ladder_t;


/* 0 < n <= STRIKES_MAX, span <= SECONDS_MAX */

uint64_t xpecto_ban_word(uint64_t time, uint64_t span, unsigned n);

/* 1: the word says nothing any more; now in seconds, as everywhere here */

int xpecto_ban_over(uint64_t word, uint64_t now);

/* seconds that a ban or a cooldown still lasts; 0: none does */

uint64_t xpecto_ban_left(uint64_t word, uint64_t now);

/* the rung that the last ban reached, less what was quiet since its end */

unsigned xpecto_ban_rung(uint64_t word, uint64_t now);

/*
 * OK         counted
 * DECLINED   that was the limit-th strike: *word is 0, they begin anew
 */

xpecto_rc_e xpecto_ban_strike(uint64_t *word, const xpecto_ladder_t *ladder,
    unsigned limit, uint64_t now);

/*
 * OK         banned from now on, one rung higher
 * DECLINED   banned already: *word is left as it was
 */

xpecto_rc_e xpecto_ban_climb(uint64_t *word, const xpecto_ladder_t *ladder,
    uint64_t now);


/*
 * The same in the table, whose "wall" is now; ticks: of the clock of its
 * times, *stamp: see xpecto_cells_claim().  Cells are of the kind BAN.
 */

typedef struct {
    const xpecto_cells_t  *cells;
    uint64_t               ticks;
    uint64_t              *stamp;
} xpecto_ban_table_t;


/*
 * OK         counted, or banned already
 * DECLINED   banned by this strike: *word is what the cell holds
 * ERROR      there was no cell
 *
 * Of strikes that come at once each counts, and each limit-th bans once.
 */

xpecto_rc_e xpecto_ban_fail(const xpecto_ban_table_t *t, uint64_t strikes,
    uint64_t ban, const xpecto_ladder_t *ladder, unsigned limit,
    uint64_t *word);

/* the word of the tag, 0 if there is none */

uint64_t xpecto_ban_find(const xpecto_cells_t *cells, uint64_t tag);

/* as climb(); ERROR: there was no cell */

xpecto_rc_e xpecto_ban_raise(const xpecto_ban_table_t *t, uint64_t ban,
    const xpecto_ladder_t *ladder, uint64_t *word);

/*
 * OK         the tag has the word; of two cooldowns the later one
 * ERROR      there was no cell
 */

xpecto_rc_e xpecto_ban_set(const xpecto_ban_table_t *t, uint64_t tag,
    uint64_t word);
xpecto_rc_e xpecto_ban_cool(const xpecto_ban_table_t *t, uint64_t tag,
    uint64_t until);

/* forgets; DECLINED: there was nothing */

xpecto_rc_e xpecto_ban_clear(const xpecto_ban_table_t *t, uint64_t tag);


#endif /* _XPECTO_BAN_H_INCLUDED_ */
