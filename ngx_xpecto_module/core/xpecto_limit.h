
/*
 * Several policies of one request, decided together on a table of cells:
 * all of them pay or none does.
 *
 * First every policy is looked at; most refusals end there and have written
 * nothing.  Then each pays by one compare-and-swap, the one that has least
 * left first.  If one cannot pay after all, because another process was
 * faster, those that paid are taken back: from the very value that was
 * written to the one before.  Where somebody else has paid on top of it in
 * between it stays paid.  So never does more pass than may; a request can
 * be refused wrongly only within the moment of another's taking back.
 */


#ifndef _XPECTO_LIMIT_H_INCLUDED_
#define _XPECTO_LIMIT_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_cells.h"
#include "xpecto_count.h"
#include "xpecto_gcra.h"
#include "xpecto_pair.h"
#include "xpecto_siphash.h"


#define XPECTO_LIMIT_ITEMS_MAX   32     /* policies of one request */

#define XPECTO_LIMIT_POLICY_MAX  64


typedef enum {
    XPECTO_METER_RATE = 0,      /* xpecto_gcra.h */
    XPECTO_METER_PAIR,          /* xpecto_pair.h */
    XPECTO_METER_COUNT,         /* xpecto_count.h */
    XPECTO_METER_SLIDE
} xpecto_meter_e;


/*
 * Zeroed, then filled by the caller down to deny_full.  The tag is of the
 * meter's kind of cell.  What the clock of a count says is set anew before
 * each call.
 */

typedef struct {
    const xpecto_cells_t  *cells;
    uint64_t               tag;
    xpecto_meter_e         meter;
    xpecto_gcra_t          gcra;        /* RATE, PAIR */
    xpecto_count_t         count;       /* COUNT, SLIDE */
    uint64_t               cost;        /* 0: only looked at */
    unsigned               deny_full;   /* 1: refuse if there is no cell */

    unsigned               refused;     /* this policy says no */
    unsigned               full;        /* no cell was free */
    xpecto_gcra_result_t   result;

    unsigned               claimed;
    xpecto_place_t         place;
    uint64_t               after;       /* word if what was seen still holds,
                                           0: no cell was seen */
    uint64_t               before;      /* word to go back to */
} xpecto_limit_item_t;


xpecto_cell_kind_e xpecto_limit_cell(xpecto_meter_e meter);

/*
 * The cell's tag of a policy and the value that it counts by.  The policy is
 * at most XPECTO_LIMIT_POLICY_MAX bytes that say what follows them: of two
 * policies neither may begin with the other.  They name it and leave out its
 * numbers, so that what was used outlives a change of those.
 */

uint64_t xpecto_limit_tag(const uint8_t secret[XPECTO_SIPHASH_KEY_LEN],
    xpecto_cell_kind_e kind, const xpecto_str_t *policy, const uint8_t *value,
    size_t len);

/*
 * OK         all have paid
 * DECLINED   none has; "refused" and "result" of each item say why
 * AGAIN      read the clock and call again with the same items
 * ERROR      two items have one cell; none has paid
 *
 * now is read right before each call.  An item that is full and need not
 * refuse is left out.  *stamp: see xpecto_cells_claim().
 */

xpecto_rc_e xpecto_limit_decide(xpecto_limit_item_t *items, unsigned n,
    uint64_t *stamp, uint64_t now);


#endif /* _XPECTO_LIMIT_H_INCLUDED_ */
