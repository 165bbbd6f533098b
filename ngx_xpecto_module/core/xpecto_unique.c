
/*
 * Different recipients: see xpecto_unique.h.
 */


#include <string.h>

#include "xpecto_unique_count.h"
#include "xpecto_unique_enter.h"


#define XPECTO_UNIQUE_SHARE   16                /* of the memory: owners' */

/* recipients whose buckets are asked for before they are needed */

#define XPECTO_UNIQUE_AHEAD   16


static void xpecto_unique_ahead(const xpecto_unique_t *u,
    const xpecto_unique_list_t *list, size_t i);
static void xpecto_unique_unpin(const xpecto_unique_t *u,
    xpecto_unique_list_t *list);


xpecto_rc_e
xpecto_unique_init(xpecto_unique_t *u, void *mem, size_t len)
{
    size_t  pad;

    pad = (size_t) (-(uintptr_t) mem % 64);

    if (len < pad + XPECTO_UNIQUE_MIN) {
        return XPECTO_ERROR;
    }

    len -= pad;

    u->owners = (void *) ((uint8_t *) mem + pad);
    u->nowners = len / XPECTO_UNIQUE_SHARE / sizeof(xpecto_unique_owner_t);
    u->slots.slots = (void *) (u->owners + u->nowners);
    u->slots.nbuckets = (len - u->nowners * sizeof(xpecto_unique_owner_t))
                        / (XPECTO_UNIQUE_SLOTS * sizeof(uint64_t));

    if (u->slots.nbuckets > UINT32_MAX) {
        u->slots.nbuckets = UINT32_MAX;
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_unique_look(const xpecto_unique_t *u, xpecto_unique_list_t *list,
    uint64_t tag, uint64_t limit, uint64_t sec, xpecto_gcra_result_t *res)
{
    size_t                  i;
    uint32_t                span, now;
    uint64_t                head, sum, word, *room, *slot;
    xpecto_unique_entry_t  *e;

    span = (uint32_t) (sec / XPECTO_UNIQUE_SPAN);

    list->tag = tag;
    list->fresh = 0;
    list->moved = 0;
    list->full = 0;
    list->owner = xpecto_unique_count_owner(u, tag, span);

    if (list->owner == NULL) {
        res->retry_after = UINT64_MAX;
        return XPECTO_ERROR;
    }

    head = __atomic_load_n(&list->owner->head.half.word, __ATOMIC_ACQUIRE);

    /* a clock that steps back stands */

    now = (span > head >> 32) ? span : (uint32_t) (head >> 32);

    list->span = now;

    for (i = 0; i < list->n; i++) {
        xpecto_unique_ahead(u, list, i);

        e = &list->entries[i];
        slot = xpecto_unique_slot_find(&u->slots, e->hash, now, &word, &room);

        e->slot = (slot == NULL) ? room : slot;

        if (slot == NULL) {
            e->state = XPECTO_UNIQUE_NEW;
            list->fresh++;
            list->full += (room == NULL);

        } else if (xpecto_unique_slot_span(word, now) != now) {
            e->state = XPECTO_UNIQUE_MOVED;
            list->moved++;

        } else {
            e->state = XPECTO_UNIQUE_KNOWN;
        }
    }

    sum = xpecto_unique_count_sum(list->owner, head, now);
    res->retry_after = 0;

    if (list->fresh != 0 && sum + list->fresh > limit) {
        res->remaining = (sum < limit) ? limit - sum : 0;
        res->reset = xpecto_unique_count_until(list->owner, head, now, sum,
                                               sum ? sum - 1 : 0, sec);

        if (list->fresh > limit) {
            res->retry_after = UINT64_MAX;

        } else {
            res->retry_after = xpecto_unique_count_until(list->owner, head,
                                                   now, sum,
                                                   limit - list->fresh, sec);
        }

        return XPECTO_DECLINED;
    }

    sum += list->fresh;
    res->remaining = (sum < limit) ? limit - sum : 0;
    res->reset = xpecto_unique_count_until(list->owner, head, now, sum,
                                           sum ? sum - 1 : 0, sec);

    return XPECTO_OK;
}


/*
 * Who is known in this span already is held on to first: others may not
 * forget him while nobody pays for him.
 */

xpecto_rc_e
xpecto_unique_pay(const xpecto_unique_t *u, xpecto_unique_list_t *list,
    uint64_t limit)
{
    uint32_t                n;
    uint64_t                head, to;
    xpecto_rc_e             rc;
    xpecto_unique_entry_t  *e;

    for (list->pinned = 0; list->pinned < list->n; list->pinned++) {
        e = &list->entries[list->pinned];

        if (e->state != XPECTO_UNIQUE_KNOWN) {
            continue;
        }

        xpecto_unique_ahead(u, list, list->pinned);

        if (!xpecto_unique_slot_pin_seen(e->slot, e->hash, list->span)
            && !xpecto_unique_slot_pin(&u->slots, e->hash, list->span))
        {
            xpecto_unique_unpin(u, list);
            return XPECTO_AGAIN;
        }
    }

    n = list->fresh + list->moved;
    head = __atomic_load_n(&list->owner->head.half.word, __ATOMIC_ACQUIRE);
    rc = (n == 0) ? XPECTO_OK : XPECTO_AGAIN;

    while (rc == XPECTO_AGAIN && head >> 32 <= list->span) {

        if (list->fresh != 0
            && xpecto_unique_count_sum(list->owner, head, list->span)
               + list->fresh > limit)
        {
            rc = XPECTO_DECLINED;
            break;
        }

        to = xpecto_unique_head(list->span, n);

        if (list->span == head >> 32) {
            to += (uint32_t) head;

        } else {
            xpecto_unique_count_close(list->owner, head, list->span);
        }

        if (xpecto_unique_count_swap(list->owner, list->tag, &head, to)) {
            rc = XPECTO_OK;

        } else if (__atomic_load_n(&list->owner->head.half.tag,
                                   __ATOMIC_ACQUIRE)
                   != list->tag)
        {
            break;
        }
    }

    if (rc != XPECTO_OK) {
        xpecto_unique_unpin(u, list);
    }

    return rc;
}


void
xpecto_unique_undo(const xpecto_unique_t *u, xpecto_unique_list_t *list)
{
    xpecto_unique_unpin(u, list);

    if (list->fresh + list->moved != 0) {
        xpecto_unique_count_give(list->owner, list->tag, list->span,
                           list->fresh + list->moved);
    }
}


/* what was seen may have changed since: it is looked at once more */

void
xpecto_unique_keep(const xpecto_unique_t *u, xpecto_unique_list_t *list)
{
    size_t                  i;
    xpecto_unique_entry_t  *e;

    list->full = 0;

    for (i = 0; i < list->n; i++) {
        xpecto_unique_ahead(u, list, i);

        e = &list->entries[i];

        if (e->state == XPECTO_UNIQUE_NEW || e->state == XPECTO_UNIQUE_MOVED)
        {
            xpecto_unique_enter(u, list, e);
        }
    }
}


void
xpecto_unique_left(const xpecto_unique_list_t *list, uint64_t limit,
    uint64_t sec, xpecto_gcra_result_t *res)
{
    uint32_t  span;
    uint64_t  head, sum;

    head = __atomic_load_n(&list->owner->head.half.word, __ATOMIC_ACQUIRE);
    span = (list->span > head >> 32) ? list->span : (uint32_t) (head >> 32);

    sum = xpecto_unique_count_sum(list->owner, head, span);

    res->retry_after = 0;
    res->remaining = (sum < limit) ? limit - sum : 0;
    res->reset = xpecto_unique_count_until(list->owner, head, span, sum,
                                           sum ? sum - 1 : 0, sec);
}


unsigned
xpecto_unique_refund(const xpecto_unique_t *u, xpecto_unique_list_t *list,
    xpecto_unique_entry_t *entry)
{
    uint32_t  state;
    uint64_t  word, *room, *slot;

    state = entry->state;
    entry->state = XPECTO_UNIQUE_NONE;

    if (state == XPECTO_UNIQUE_KNOWN) {
        xpecto_unique_slot_unpin(&u->slots, entry->hash, list->span);
        return 0;
    }

    while (state == XPECTO_UNIQUE_NEW) {
        slot = xpecto_unique_slot_find(&u->slots, entry->hash, list->span,
                                       &word, &room);

        if (slot == NULL
            || (word & XPECTO_UNIQUE_LOW) != (list->span & XPECTO_UNIQUE_LOW))
        {
            /* others have written to him since */
            return 0;
        }

        if (xpecto_unique_times(word) != 1) {
            xpecto_unique_slot_unpin(&u->slots, entry->hash, list->span);
            return 0;
        }

        if (xpecto_unique_slot_swap(slot, &word, 0)) {
            state = XPECTO_UNIQUE_UNKNOWN;
        }
    }

    if (state != XPECTO_UNIQUE_UNKNOWN) {
        return 0;
    }

    xpecto_unique_count_give(list->owner, list->tag, list->span, 1);

    return 1;
}


void
xpecto_unique_copy(const xpecto_unique_t *to, const xpecto_unique_t *from,
    uint64_t sec)
{
    uint32_t                span;
    uint64_t                i;
    xpecto_unique_owner_t  *owner;

    if (to->nowners == from->nowners
        && to->slots.nbuckets == from->slots.nbuckets)
    {
        memcpy(to->owners, from->owners,
               from->nowners * sizeof(xpecto_unique_owner_t));
        memcpy(to->slots.slots, from->slots.slots,
               from->slots.nbuckets * XPECTO_UNIQUE_SLOTS
               * sizeof(uint64_t));
        return;
    }

    span = (uint32_t) (sec / XPECTO_UNIQUE_SPAN);

    for (i = 0; i < from->nowners; i++) {

        if (from->owners[i].head.half.tag == 0) {
            continue;
        }

        owner = xpecto_unique_count_owner(to, from->owners[i].head.half.tag,
                                          span);
        if (owner != NULL) {
            *owner = from->owners[i];
        }
    }
}


static void
xpecto_unique_ahead(const xpecto_unique_t *u,
    const xpecto_unique_list_t *list, size_t i)
{
    if (i + XPECTO_UNIQUE_AHEAD < list->n) {
        xpecto_unique_slot_prefetch(&u->slots,
                            list->entries[i + XPECTO_UNIQUE_AHEAD].hash);
    }
}


static void
xpecto_unique_unpin(const xpecto_unique_t *u, xpecto_unique_list_t *list)
{
    uint32_t  i;

    for (i = 0; i < list->pinned; i++) {
        if (list->entries[i].state == XPECTO_UNIQUE_KNOWN) {
            xpecto_unique_slot_unpin(&u->slots, list->entries[i].hash,
                                     list->span);
        }
    }

    list->pinned = 0;
}
