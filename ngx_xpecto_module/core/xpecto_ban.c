
/*
 * The ladder: see xpecto_ban.h.
 */


#include "xpecto_ban.h"


#define XPECTO_BAN_TIME(word)  ((word) >> 32)
#define XPECTO_BAN_SPAN(word)  ((word) >> 12 & XPECTO_BAN_SECONDS_MAX)
#define XPECTO_BAN_N(word)     ((unsigned) ((word) & XPECTO_BAN_STRIKES_MAX))


/* what is done to a word: its arguments, and which of the functions */

typedef enum {
    XPECTO_BAN_STRIKE = 0,
    XPECTO_BAN_CLIMB,
    XPECTO_BAN_COOL,
    XPECTO_BAN_SET
} xpecto_ban_step_e;


typedef struct {
    xpecto_ban_step_e       step;
    const xpecto_ladder_t  *ladder;
    unsigned                limit;
    uint64_t                word;       /* SET, COOL: to be written */
} xpecto_ban_change_t;


static uint64_t xpecto_ban_length(const xpecto_ladder_t *ladder,
    unsigned rung);
static xpecto_rc_e xpecto_ban_change(const xpecto_ban_table_t *t,
    uint64_t tag, const xpecto_ban_change_t *change, uint64_t *word);
static xpecto_rc_e xpecto_ban_step(uint64_t *word,
    const xpecto_ban_change_t *change, uint64_t now);


uint64_t
xpecto_ban_word(uint64_t time, uint64_t span, unsigned n)
{
    if (time > UINT32_MAX) {
        time = UINT32_MAX;
    }

    return time << 32 | span << 12 | n;
}


int
xpecto_ban_over(uint64_t word, uint64_t now)
{
    return now >= XPECTO_BAN_TIME(word)
                  + XPECTO_BAN_N(word) * XPECTO_BAN_SPAN(word);
}


uint64_t
xpecto_ban_left(uint64_t word, uint64_t now)
{
    return now < XPECTO_BAN_TIME(word) ? XPECTO_BAN_TIME(word) - now : 0;
}


unsigned
xpecto_ban_rung(uint64_t word, uint64_t now)
{
    if (xpecto_ban_over(word, now)) {
        return 0;
    }

    if (now < XPECTO_BAN_TIME(word)) {
        return XPECTO_BAN_N(word);
    }

    /* not over: the span is not 0, and less than n of them have passed */

    return XPECTO_BAN_N(word)
           - (unsigned) ((now - XPECTO_BAN_TIME(word))
                         / XPECTO_BAN_SPAN(word));
}


xpecto_rc_e
xpecto_ban_strike(uint64_t *word, const xpecto_ladder_t *ladder,
    unsigned limit, uint64_t now)
{
    uint64_t  end;
    unsigned  n;

    if (xpecto_ban_over(*word, now)) {
        end = now + ladder->within;
        n = 1;

    } else {
        end = XPECTO_BAN_TIME(*word);
        n = XPECTO_BAN_N(*word) + 1;
    }

    if (n >= limit) {
        *word = 0;
        return XPECTO_DECLINED;
    }

    *word = xpecto_ban_word(end, 0, n);

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_ban_climb(uint64_t *word, const xpecto_ladder_t *ladder, uint64_t now)
{
    unsigned  rung;

    if (xpecto_ban_left(*word, now) != 0) {
        return XPECTO_DECLINED;
    }

    rung = xpecto_ban_rung(*word, now);

    /* a rung that would be no longer than this one is not climbed */

    if (rung == 0 || xpecto_ban_length(ladder, rung) < ladder->max) {
        rung++;
    }

    *word = xpecto_ban_word(now + xpecto_ban_length(ladder, rung),
                            ladder->quiet, rung);

    return XPECTO_OK;
}


/* the rung may be of another ladder: it was configured anew */

static uint64_t
xpecto_ban_length(const xpecto_ladder_t *ladder, unsigned rung)
{
    unsigned  bits;
    uint64_t  length;

    bits = (rung - 1) * ladder->shift;

    if (bits > 31) {
        return ladder->max;
    }

    length = (uint64_t) ladder->time << bits;

    return length < ladder->max ? length : ladder->max;
}


xpecto_rc_e
xpecto_ban_fail(const xpecto_ban_table_t *t, uint64_t strikes, uint64_t ban,
    const xpecto_ladder_t *ladder, unsigned limit, uint64_t *word)
{
    xpecto_rc_e          rc;
    xpecto_ban_change_t  change;

    *word = xpecto_ban_find(t->cells, ban);

    if (xpecto_ban_left(*word, t->cells->wall) != 0) {
        return XPECTO_OK;
    }

    change.step = XPECTO_BAN_STRIKE;
    change.ladder = ladder;
    change.limit = limit;
    change.word = 0;

    rc = xpecto_ban_change(t, strikes, &change, word);

    if (rc != XPECTO_DECLINED) {
        return rc;
    }

    rc = xpecto_ban_raise(t, ban, ladder, word);

    if (rc == XPECTO_ERROR) {
        return XPECTO_ERROR;
    }

    return rc == XPECTO_OK ? XPECTO_DECLINED : XPECTO_OK;
}


xpecto_rc_e
xpecto_ban_raise(const xpecto_ban_table_t *t, uint64_t ban,
    const xpecto_ladder_t *ladder, uint64_t *word)
{
    xpecto_ban_change_t  change;

    change.step = XPECTO_BAN_CLIMB;
    change.ladder = ladder;
    change.limit = 0;
    change.word = 0;

    return xpecto_ban_change(t, ban, &change, word);
}


uint64_t
xpecto_ban_find(const xpecto_cells_t *cells, uint64_t tag)
{
    xpecto_place_t  place;

    return xpecto_cells_find(cells, tag, &place) == XPECTO_OK ? place.word
                                                              : 0;
}


xpecto_rc_e
xpecto_ban_set(const xpecto_ban_table_t *t, uint64_t tag, uint64_t word)
{
    xpecto_ban_change_t  change;

    change.step = XPECTO_BAN_SET;
    change.ladder = NULL;
    change.limit = 0;
    change.word = word;

    return xpecto_ban_change(t, tag, &change, &word);
}


xpecto_rc_e
xpecto_ban_cool(const xpecto_ban_table_t *t, uint64_t tag, uint64_t until)
{
    uint64_t             word;
    xpecto_ban_change_t  change;

    change.step = XPECTO_BAN_COOL;
    change.ladder = NULL;
    change.limit = 0;
    change.word = xpecto_ban_word(until, 0, 1);

    return xpecto_ban_change(t, tag, &change, &word) == XPECTO_ERROR
           ? XPECTO_ERROR : XPECTO_OK;
}


xpecto_rc_e
xpecto_ban_clear(const xpecto_ban_table_t *t, uint64_t tag)
{
    uint64_t        word;
    xpecto_place_t  place;

    while (xpecto_cells_find(t->cells, tag, &place) == XPECTO_OK) {
        word = place.word;

        if (xpecto_cells_swap(&place, 0, 0)) {
            return xpecto_ban_over(word, t->cells->wall) ? XPECTO_DECLINED
                                                         : XPECTO_OK;
        }
    }

    return XPECTO_DECLINED;
}


/*
 * OK and DECLINED are of the step; ERROR: there was no cell.  A step whose
 * word is 0 gives the cell back.
 */

static xpecto_rc_e
xpecto_ban_change(const xpecto_ban_table_t *t, uint64_t tag,
    const xpecto_ban_change_t *change, uint64_t *word)
{
    xpecto_rc_e     rc;
    xpecto_place_t  place;

    for ( ;; ) {

        if (xpecto_cells_find(t->cells, tag, &place) == XPECTO_OK) {
            *word = place.word;

        } else {
            rc = xpecto_cells_claim(t->cells, tag, t->ticks, t->stamp,
                                    &place);

            if (rc == XPECTO_DECLINED) {
                return XPECTO_ERROR;
            }

            *word = rc == XPECTO_OK ? place.word : 0;
        }

        rc = xpecto_ban_step(word, change, t->cells->wall);

        if (xpecto_cells_swap(&place, *word == 0 ? 0 : tag, *word)) {
            return rc;
        }
    }
}


static xpecto_rc_e
xpecto_ban_step(uint64_t *word, const xpecto_ban_change_t *change,
    uint64_t now)
{
    switch (change->step) {

    case XPECTO_BAN_STRIKE:
        return xpecto_ban_strike(word, change->ladder, change->limit, now);

    case XPECTO_BAN_CLIMB:
        return xpecto_ban_climb(word, change->ladder, now);

    case XPECTO_BAN_COOL:

        if (xpecto_ban_left(*word, now)
            >= xpecto_ban_left(change->word, now))
        {
            return XPECTO_DECLINED;
        }

        /* fall through */

    default: /* XPECTO_BAN_SET */
        *word = change->word;
        return XPECTO_OK;
    }
}
