
/*
 * How many were written to: see xpecto_unique.h.
 */


#include "xpecto_unique_count.h"


#define XPECTO_UNIQUE_TRIES  16                 /* owners to look at */


static void xpecto_unique_count_clear(xpecto_unique_owner_t *owner,
    uint32_t head, uint32_t from, uint32_t n);


xpecto_unique_owner_t *
xpecto_unique_count_owner(const xpecto_unique_t *u, uint64_t tag, uint32_t span)
{
    uint64_t                i, n;
    xpecto_place_t          place;
    xpecto_unique_owner_t  *owner, *room;

again:

    room = NULL;
    n = ((tag >> 32) * u->nowners) >> 32;

    for (i = 0; i < XPECTO_UNIQUE_TRIES && i < u->nowners; i++, n++) {
        owner = &u->owners[n % u->nowners];

        place.tag = __atomic_load_n(&owner->head.half.tag, __ATOMIC_ACQUIRE);

        if (place.tag == tag) {
            return owner;
        }

        if (room == NULL
            && (place.tag == 0
                || (__atomic_load_n(&owner->head.half.word, __ATOMIC_ACQUIRE)
                    >> 32) + XPECTO_UNIQUE_SPANS <= span))
        {
            room = owner;
        }
    }

    if (room == NULL) {
        return NULL;
    }

    place.cell = &room->head;
    place.tag = __atomic_load_n(&room->head.half.tag, __ATOMIC_ACQUIRE);
    place.word = __atomic_load_n(&room->head.half.word, __ATOMIC_ACQUIRE);

    if (place.tag == 0
        || (place.word >> 32) + XPECTO_UNIQUE_SPANS <= span)
    {
        /* nothing of who had it stays */

        xpecto_unique_count_clear(room, (uint32_t) (place.word >> 32), 0,
                                  XPECTO_UNIQUE_SPANS);

        (void) xpecto_cells_swap(&place, tag, xpecto_unique_head(span, 0));
    }

    goto again;
}


uint64_t
xpecto_unique_count_sum(const xpecto_unique_owner_t *owner, uint64_t head,
    uint32_t span)
{
    uint32_t  i, current;
    uint64_t  sum;

    current = (uint32_t) (head >> 32);

    if (span - current >= XPECTO_UNIQUE_SPANS) {
        return 0;
    }

    sum = head & UINT32_MAX;

    for (i = 1; i < XPECTO_UNIQUE_SPANS - (span - current); i++) {
        sum += xpecto_unique_count_ring(owner, current - i);
    }

    return sum;
}


uint32_t
xpecto_unique_count_ring(const xpecto_unique_owner_t *owner, uint32_t span)
{
    uint32_t  seen;

    seen = __atomic_load_n(&owner->ring[span % XPECTO_UNIQUE_SPANS],
                           __ATOMIC_ACQUIRE);

    return (seen >> 24 == (span / XPECTO_UNIQUE_SPANS & 0xff))
           ? seen & 0xffffff : 0;
}


uint64_t
xpecto_unique_count_until(const xpecto_unique_owner_t *owner, uint64_t head,
    uint32_t span, uint64_t sum, uint64_t most, uint64_t sec)
{
    uint32_t  i, current;
    uint64_t  end;

    current = (uint32_t) (head >> 32);

    if (sum <= most) {
        return 0;
    }

    for (i = span - (XPECTO_UNIQUE_SPANS - 1); i != span; i++) {

        if (i == current) {
            sum -= (sum < (head & UINT32_MAX)) ? sum : head & UINT32_MAX;

        } else if (i < current) {
            end = xpecto_unique_count_ring(owner, i);
            sum -= (sum < end) ? sum : end;
        }

        if (sum <= most) {
            break;
        }
    }

    end = ((uint64_t) i + XPECTO_UNIQUE_SPANS) * XPECTO_UNIQUE_SPAN;

    return (end > sec) ? (end - sec) * XPECTO_TICKS_SEC : 0;
}


/* whoever is late may write too much there, never too little */

void
xpecto_unique_count_close(xpecto_unique_owner_t *owner, uint64_t head,
    uint32_t to)
{
    uint32_t  span;

    span = (uint32_t) (head >> 32);

    if (to - span >= XPECTO_UNIQUE_SPANS) {
        xpecto_unique_count_clear(owner, span, span, XPECTO_UNIQUE_SPANS);
        return;
    }

    xpecto_unique_count_clear(owner, span, span + 1, to - span - 1);

    xpecto_unique_count_put(owner, span, (uint32_t) head);
}


void
xpecto_unique_count_put(xpecto_unique_owner_t *owner, uint32_t span,
    uint32_t n)
{
    uint32_t  turn, seen, next, *ring;

    turn = span / XPECTO_UNIQUE_SPANS & 0xff;
    ring = &owner->ring[span % XPECTO_UNIQUE_SPANS];
    next = turn << 24 | ((n > 0xffffff) ? 0xffffff : n);

    seen = __atomic_load_n(ring, __ATOMIC_ACQUIRE);

    while ((seen >> 24 != turn || seen < next)
           && !__atomic_compare_exchange_n(ring, &seen, next, 0,
                                           __ATOMIC_ACQ_REL,
                                           __ATOMIC_ACQUIRE))
    { /* void */ }
}


/*
 * Spans that pass without a count: what stands there is of a turn before, and
 * would be of this one in 258 days.  Nobody has written there since as long
 * as the head has not gone on.
 */

static void
xpecto_unique_count_clear(xpecto_unique_owner_t *owner, uint32_t head,
    uint32_t from, uint32_t n)
{
    uint32_t  seen, *ring;
    uint64_t  now;

    for ( /* void */ ; n > 0; n--, from++) {
        ring = &owner->ring[from % XPECTO_UNIQUE_SPANS];
        seen = __atomic_load_n(ring, __ATOMIC_ACQUIRE);
        now = __atomic_load_n(&owner->head.half.word, __ATOMIC_ACQUIRE);

        if (now >> 32 != head) {
            return;
        }

        if (seen != 0) {
            (void) __atomic_compare_exchange_n(ring, &seen, 0, 0,
                                               __ATOMIC_ACQ_REL,
                                               __ATOMIC_ACQUIRE);
        }
    }
}


void
xpecto_unique_count_give(xpecto_unique_owner_t *owner, uint64_t tag,
    uint32_t span, uint32_t n)
{
    uint32_t  seen, *ring;
    uint64_t  head;

    ring = &owner->ring[span % XPECTO_UNIQUE_SPANS];
    head = __atomic_load_n(&owner->head.half.word, __ATOMIC_ACQUIRE);

    while (head >> 32 == span) {

        if ((head & UINT32_MAX) < n
            || xpecto_unique_count_swap(owner, tag, &head, head - n)
            || __atomic_load_n(&owner->head.half.tag, __ATOMIC_ACQUIRE) != tag)
        {
            return;
        }
    }

    if (__atomic_load_n(&owner->head.half.tag, __ATOMIC_ACQUIRE) != tag) {
        return;
    }

    seen = __atomic_load_n(ring, __ATOMIC_ACQUIRE);

    while (seen >> 24 == (span / XPECTO_UNIQUE_SPANS & 0xff)
           && (seen & 0xffffff) >= n)
    {
        if (__atomic_compare_exchange_n(ring, &seen, seen - n, 0,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        {
            return;
        }
    }
}


int
xpecto_unique_count_swap(xpecto_unique_owner_t *owner, uint64_t tag,
    uint64_t *head, uint64_t to)
{
    xpecto_place_t  place;

    place.cell = &owner->head;
    place.tag = tag;
    place.word = *head;

    if (xpecto_cells_swap(&place, tag, to)) {
        return 1;
    }

    *head = __atomic_load_n(&owner->head.half.word, __ATOMIC_ACQUIRE);

    return 0;
}
