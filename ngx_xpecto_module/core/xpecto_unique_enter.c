
/*
 * Who has been counted gets his slot: see xpecto_unique_enter.h.
 */


#include "xpecto_unique_count.h"
#include "xpecto_unique_enter.h"


static int xpecto_unique_enter_seen(const xpecto_unique_t *u,
    xpecto_unique_list_t *list, xpecto_unique_entry_t *e);
static void xpecto_unique_merge(const xpecto_unique_t *u,
    xpecto_unique_list_t *list, xpecto_unique_entry_t *e);


void
xpecto_unique_enter(const xpecto_unique_t *u, xpecto_unique_list_t *list,
    xpecto_unique_entry_t *e)
{
    uint32_t  span;
    uint64_t  word, *room, *slot;

    if (e->state == XPECTO_UNIQUE_NEW && e->slot != NULL
        && xpecto_unique_enter_seen(u, list, e))
    {
        return;
    }

    for ( ;; ) {
        slot = xpecto_unique_slot_find(&u->slots, e->hash, list->span, &word,
                                       &room);

        if (slot == NULL && room == NULL) {
            list->full++;
            e->state = XPECTO_UNIQUE_UNKNOWN;
            return;
        }

        if (slot == NULL) {
            word = __atomic_load_n(room, __ATOMIC_ACQUIRE);

            if ((word == 0
                 || list->span - xpecto_unique_slot_span(word, list->span)
                    >= XPECTO_UNIQUE_SPANS)
                && xpecto_unique_slot_swap(room, &word,
                                           xpecto_unique_slot_word(e->hash,
                                                                list->span)))
            {
                e->state = XPECTO_UNIQUE_NEW;
                xpecto_unique_merge(u, list, e);
                return;
            }

            continue;
        }

        span = xpecto_unique_slot_span(word, list->span);

        if (span == list->span) {

            /* another has counted him meanwhile */

            if (!xpecto_unique_slot_pin(&u->slots, e->hash, span)) {
                continue;
            }

            e->state = XPECTO_UNIQUE_KNOWN;
            xpecto_unique_count_give(list->owner, list->tag, span, 1);
            return;
        }

        if (xpecto_unique_slot_swap(slot, &word,
                                    xpecto_unique_slot_word(e->hash,
                                                            list->span)))
        {
            e->state = XPECTO_UNIQUE_MOVED;
            xpecto_unique_count_give(list->owner, list->tag, span, 1);
            return;
        }
    }
}


/*
 * Most often nobody has come in between.  Another may have entered him since
 * he was looked for: who sees that after he has entered goes, unless somebody
 * holds on to him there already.
 */

static int
xpecto_unique_enter_seen(const xpecto_unique_t *u, xpecto_unique_list_t *list,
    xpecto_unique_entry_t *e)
{
    uint64_t  word, to;

    word = __atomic_load_n(e->slot, __ATOMIC_ACQUIRE);
    to = xpecto_unique_slot_word(e->hash, list->span);

    if (xpecto_unique_slot_taken(word, list->span)
        || !xpecto_unique_slot_swap(e->slot, &word, to))
    {
        return 0;
    }

    if (xpecto_unique_slot_alone(&u->slots, e->hash, list->span)) {
        return 1;
    }

    if (xpecto_unique_slot_swap(e->slot, &to, 0)) {
        return 0;
    }

    xpecto_unique_merge(u, list, e);

    return 1;
}


/*
 * Another may have entered him at the same moment, into another slot, and
 * counted him too.  Each of the two looks for that after it has entered, so
 * that one at least sees it.  The slot behind goes into the first: that is
 * held so often more before it goes, so that nobody drops him meanwhile.
 */

static void
xpecto_unique_merge(const xpecto_unique_t *u, xpecto_unique_list_t *list,
    xpecto_unique_entry_t *e)
{
    uint64_t  i, n, word, *slot;

    for ( ;; ) {
        slot = xpecto_unique_slot_twice(&u->slots, e->hash, list->span, &word);

        if (slot == NULL) {
            return;
        }

        for (n = 0; n < xpecto_unique_times(word); n++) {
            if (!xpecto_unique_slot_pin(&u->slots, e->hash, list->span)) {
                break;
            }
        }

        /* the first is of another span: he is counted twice */

        if (n == 0) {
            return;
        }

        if (n == xpecto_unique_times(word)
            && xpecto_unique_slot_swap(slot, &word, 0))
        {
            xpecto_unique_count_give(list->owner, list->tag, list->span, 1);
            continue;
        }

        for (i = 0; i < n; i++) {
            xpecto_unique_slot_unpin(&u->slots, e->hash, list->span);
        }
    }
}
