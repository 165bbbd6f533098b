
/*
 * Different recipients of a moving 24 hours, counted exactly.  Time is cut
 * into spans of 15 minutes; who was written to is counted in the span of the
 * last time and leaves the count with it, 24 hours to 24 hours 15 minutes
 * later, never earlier.
 *
 * Two tables.  One knows who was written to: slots of 8 bytes, 8 to a
 * bucket, each recipient in one of two buckets.
 *
 *      63                    20 19   16 15             0
 *     +------------------------+-------+---------------+
 *     | hash, never 0          | times | span, low bits|
 *     +------------------------+-------+---------------+
 *
 *     times    that he was written to in the span, 15: or more
 *
 * The other counts for each owner (a policy and its tenant): a cell of the
 * span that is current, and a ring of the 96 before it.
 *
 *     +------+-------------------+-------------------------------+
 *     | tag  | span:32, count:32 | 97 times: turn:8, count:24    |
 *     +------+-------------------+-------------------------------+
 *
 * Only the count of the current span grows, by one swap together with its
 * limit: all others only shrink meanwhile, so that their sum may be read one
 * by one.  A recipient is counted before he is known and forgotten before he
 * is uncounted: a process that dies in between leaves one too many, for a
 * day.
 */


#ifndef _XPECTO_UNIQUE_H_INCLUDED_
#define _XPECTO_UNIQUE_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_cells.h"
#include "xpecto_gcra.h"
#include "xpecto_unique_slot.h"


#define XPECTO_UNIQUE_MAX    0xffffffull        /* of a limit */

/* below this not even one owner fits */

#define XPECTO_UNIQUE_MIN    65536              /* bytes */


typedef struct {
    xpecto_cell_t           head;
    uint32_t                ring[XPECTO_UNIQUE_SPANS];
    uint32_t                pad[11];
} xpecto_unique_owner_t;                        /* 448 bytes */


/* a view of the tables; each process may have its own */

typedef struct {
    xpecto_unique_owner_t  *owners;
    uint64_t                nowners;
    xpecto_unique_slots_t   slots;
} xpecto_unique_t;


typedef enum {
    XPECTO_UNIQUE_NONE = 0,
    XPECTO_UNIQUE_NEW,          /* counted by this request */
    XPECTO_UNIQUE_KNOWN,        /* was in this span already: is free */
    XPECTO_UNIQUE_MOVED,        /* was in an earlier one: is free */
    XPECTO_UNIQUE_UNKNOWN       /* counted, but there was no slot */
} xpecto_unique_e;


typedef struct {
    uint64_t                hash[2];    /* of the owner and whom he wrote */
    uint64_t               *slot;       /* as it was seen: his, or one that
                                           is free for him */
    uint32_t                state;      /* xpecto_unique_e */
} xpecto_unique_entry_t;


/* the recipients of a request, different ones; filled down to n */

typedef struct {
    xpecto_unique_entry_t  *entries;
    size_t                  n;
    xpecto_unique_owner_t  *owner;
    uint64_t                tag;
    uint32_t                span;       /* that it was seen and paid in */
    uint32_t                fresh;      /* who is new */
    uint32_t                moved;      /* who leaves an earlier span */
    uint32_t                pinned;     /* entries looked at for pins */
    uint32_t                full;       /* who found no slot */
} xpecto_unique_list_t;


/* as xpecto_cells_init() */

xpecto_rc_e xpecto_unique_init(xpecto_unique_t *u, void *mem, size_t len);

/*
 * Looks: OK or DECLINED; res as of xpecto_gcra_take().  sec: since 1970.
 * ERROR: there is no owner's place left.
 */

xpecto_rc_e xpecto_unique_look(const xpecto_unique_t *u,
    xpecto_unique_list_t *list, uint64_t tag, uint64_t limit, uint64_t sec,
    xpecto_gcra_result_t *res);

/* counts those that are new: OK, DECLINED, or AGAIN: look once more */

xpecto_rc_e xpecto_unique_pay(const xpecto_unique_t *u,
    xpecto_unique_list_t *list, uint64_t limit);

/* after it: takes the count back, or makes it last */

void xpecto_unique_undo(const xpecto_unique_t *u,
    xpecto_unique_list_t *list);
void xpecto_unique_keep(const xpecto_unique_t *u, xpecto_unique_list_t *list);

/* what is left after it, and until when */

void xpecto_unique_left(const xpecto_unique_list_t *list, uint64_t limit,
    uint64_t sec, xpecto_gcra_result_t *res);

/* after keep(): an entry's; 1: he is counted no more */

unsigned xpecto_unique_refund(const xpecto_unique_t *u,
    xpecto_unique_list_t *list, xpecto_unique_entry_t *entry);

/*
 * Carries over to empty tables.  Those of another size get the counts alone:
 * who was known is counted once more.
 */

void xpecto_unique_copy(const xpecto_unique_t *to,
    const xpecto_unique_t *from, uint64_t sec);

/*
 * Frees slots out of sight: of n buckets from *bucket on, which goes on.
 * Their spans would come round after 682 days.
 */

void xpecto_unique_sweep(const xpecto_unique_t *u, uint64_t *bucket,
    uint64_t n, uint64_t sec);


#endif /* _XPECTO_UNIQUE_H_INCLUDED_ */
