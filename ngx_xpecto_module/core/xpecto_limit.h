
/*
 * Several policies of one request, decided together on a table of cells:
 * all of them pay or none does.
 *
 * First every policy is looked at; most refusals end there and have written
 * nothing.  Of many, as of recipients, those that have no cell claim one
 * meanwhile, which holds nothing.  Then each pays by one compare-and-swap,
 * the one that has least left first.  If one cannot pay after all, because
 * another process was faster, those that paid are taken back: from the very
 * value that was written to the one before.  Where somebody else has paid on
 * top of it in between it is given back as xpecto_limit_refund() does, and
 * what cannot be stays paid.  So never does more pass than may; a request
 * can be refused wrongly only within the moment of another's taking back.
 */


#ifndef _XPECTO_LIMIT_H_INCLUDED_
#define _XPECTO_LIMIT_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_meter.h"


/*
 * A policy and one value that it counts by.  Zeroed, then filled by the
 * caller down to cost, or by init(); place.cell may be where a request before
 * has paid, if it was not HELD or UNIQUE.  Two items of a request have
 * different tags or different tables.
 */

typedef struct {
    const xpecto_meter_t  *meter;
    uint64_t               tag;         /* xpecto_meter_tag() */
    uint64_t               cost;        /* 0: only looked at; once paid what
                                           may still be given back */
    uint8_t                refused;     /* this policy says no */
    uint8_t                full;        /* no cell was free */
    uint8_t                paid;
    uint8_t                claimed;
    uint8_t                carried;     /* it begins with what was counted
                                           under former numbers */
    uint16_t               part;     /* HELD: which word of it, and how many
                                        units all may have: the first ones */
    uint16_t               room;
    xpecto_gcra_result_t   result;
    xpecto_place_t         place;       /* as it was seen; then as paid */
    uint64_t               word;        /* to go to if what was seen still
                                           holds, 0: no cell was seen; then
                                           to go back to */
    xpecto_unique_list_t  *list;        /* UNIQUE: whom, by the caller */
} xpecto_limit_item_t;


/* fills one, without a list; the first but for what was seen and decided */

static inline void
xpecto_limit_item_fill(xpecto_limit_item_t *item, const xpecto_meter_t *meter,
    uint64_t tag, uint64_t cost)
{
    item->meter = meter;
    item->tag = tag;
    item->cost = cost;
    item->refused = 0;
    item->full = 0;
    item->paid = 0;
    item->claimed = 0;
    item->carried = 0;
    item->part = 0;
    item->room = 0;
    item->list = NULL;
}


static inline void
xpecto_limit_item_init(xpecto_limit_item_t *item, const xpecto_meter_t *meter,
    uint64_t tag, uint64_t cost, xpecto_cell_t *cell)
{
    xpecto_limit_item_fill(item, meter, tag, cost);

    item->result.remaining = 0;
    item->result.reset = 0;
    item->result.retry_after = 0;
    item->place.cell = cell;
    item->place.tag = 0;
    item->place.word = 0;
    item->word = 0;
}


/*
 * The tag of what is no item: policy and value of one.  The policy says what
 * follows it: of two policies neither may begin with the other.
 */

uint64_t xpecto_limit_tag(const uint8_t secret[XPECTO_SIPHASH_KEY_LEN],
    xpecto_cell_kind_e kind, const xpecto_str_t *policy, const uint8_t *value,
    size_t len);

/*
 * Asks the processor for the cells of the first items, right before the clock
 * is read: they come meanwhile.
 */

void xpecto_limit_ahead(const xpecto_limit_item_t *items, size_t n);

/*
 * Looks whether all would pass now; writes nothing.  OK or DECLINED with
 * "refused" and "result" as of xpecto_limit_decide().
 */

xpecto_rc_e xpecto_limit_look(xpecto_limit_item_t *items, size_t n,
    uint64_t now);

/*
 * OK         all have paid
 * DECLINED   none has; "refused" and "result" of each item say why
 * AGAIN      read the clock and call again with the same items
 *
 * now is read right before each call.  An item that is full and need not
 * refuse is left out.  *stamp: see xpecto_cells_claim().
 */

xpecto_rc_e xpecto_limit_decide(xpecto_limit_item_t *items, size_t n,
    uint64_t *stamp, uint64_t now);

/*
 * Before decide(), what most often comes about: all have their cells where
 * they are looked for, and pass; their costs are at least 1, and none is HELD
 * or UNIQUE.  OK: all have paid, *least has least left, the first of several;
 * AGAIN: none has, the same items may be decided.
 */

xpecto_rc_e xpecto_limit_again(xpecto_limit_item_t *items, size_t n,
    uint64_t now, size_t *least);

/*
 * Takes back what was decided, as if it had been DECLINED; not of HELD and
 * UNIQUE.
 */

void xpecto_limit_undo(xpecto_limit_item_t *items, size_t n, uint64_t now);

/*
 * Gives back of what an item has paid, at most cost; returns how much was.
 * What has come back by itself meanwhile is not given once more, and where
 * that cannot be known nothing is.  It is known by the clock of the cells,
 * which is read after the word: all that the word says was paid before that
 * moment, and the word is changed only if nobody has paid since.
 */

uint64_t xpecto_limit_refund(xpecto_limit_item_t *item, uint64_t cost);


#endif /* _XPECTO_LIMIT_H_INCLUDED_ */
