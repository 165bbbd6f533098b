
/*
 * The table of cells: see xpecto_cells.h.
 *
 * At no time have two cells the same tag without the claim bit.  Two
 * processes may want to enter one tag at once, in different cells.  Each
 * claims a cell first, then looks at all cells of both buckets:
 *
 *     tag found             gives its claim back, uses that cell
 *     claim further down    clears it: the other's swap will fail
 *     claim further up      gives its own back, waits a moment for the other,
 *                           and takes over its claim if it does not move on
 *
 * Let two processes both have got through.  Whoever claimed later looked
 * after both claims were made, so it saw the other's claim or tag; in each
 * of the three cases one of the two swaps fails.
 *
 * Words of 8 bytes are read one by one.  A torn pair does no harm: the tag
 * is read twice around the word, and each change compares all 16 bytes.
 */


#include "xpecto_ban.h"
#include "xpecto_cells.h"
#include "xpecto_cells_glance.h"
#include "xpecto_count.h"
#include "xpecto_held.h"


#if !(__x86_64__ || __aarch64__)
#error the limits need a 16-byte compare-and-swap: amd64 or arm64
#endif


#define XPECTO_CELLS_MIX    0x9e3779b97f4a7c15ull       /* 2^64 / phi, odd */
#define XPECTO_CELLS_COUNT  0xffffffffull               /* half of a stamp */

/* looks at a claim of somebody else, about 50 ns each, until it is taken */

#define XPECTO_CELLS_SPIN   64


#if (__x86_64__)
#define xpecto_target_cx16  __attribute__((target("cx16")))
#define xpecto_cpu_pause()  __builtin_ia32_pause()
#else
#define xpecto_target_cx16
#define xpecto_cpu_pause()  __asm__ __volatile__ ("yield")
#endif


/* what a scan of both buckets found, best first */

typedef struct {
    xpecto_place_t  same;       /* the tag */
    xpecto_place_t  rival;      /* a claim of the tag */
    xpecto_place_t  free;       /* in the emptier bucket */
    xpecto_place_t  claim;      /* of another tag, by another process */
} xpecto_cells_scan_t;


static void xpecto_cells_buckets(const xpecto_cells_t *t, uint64_t tag,
    xpecto_cell_t *bucket[2]);
static void xpecto_cells_scan(const xpecto_cells_t *t, uint64_t tag,
    uint64_t now, uint64_t stamp, xpecto_cells_scan_t *scan);
static int xpecto_cells_try(const xpecto_cells_t *t, uint64_t tag,
    uint64_t *stamp, xpecto_place_t *place);
static int xpecto_cells_alone(const xpecto_cells_t *t, uint64_t tag,
    xpecto_place_t *place);


xpecto_rc_e
xpecto_cells_init(xpecto_cells_t *t, void *mem, size_t len)
{
    size_t    pad;
    uint64_t  n;

    pad = (size_t) (-(uintptr_t) mem % XPECTO_BUCKET_SIZE);

    if (len < pad + XPECTO_BUCKET_SIZE) {
        return XPECTO_ERROR;
    }

    n = (len - pad) / XPECTO_BUCKET_SIZE;

    /* a bucket's number is made from 32 bits */

    t->nbuckets = (n > UINT32_MAX) ? UINT32_MAX : n;
    t->wall = 0;
    t->clock = NULL;
    t->holder = 0;
    t->cells = (xpecto_cell_t *) (void *) ((uint8_t *) mem + pad);

    return XPECTO_OK;
}


uint64_t
xpecto_cells_tag(uint64_t hash, xpecto_cell_kind_e kind)
{
    return (hash & ~XPECTO_CELL_BITS) | (uint64_t) kind;
}


void
xpecto_cells_prefetch(const xpecto_cells_t *t, uint64_t tag)
{
    xpecto_cell_t  *bucket[2];

    xpecto_cells_buckets(t, tag, bucket);

    __builtin_prefetch(bucket[0], 1);
    __builtin_prefetch(bucket[0] + 4, 1);
    __builtin_prefetch(bucket[1], 1);
    __builtin_prefetch(bucket[1] + 4, 1);
}


xpecto_rc_e
xpecto_cells_find(const xpecto_cells_t *t, uint64_t tag,
    xpecto_place_t *place)
{
    unsigned        i, k;
    xpecto_cell_t  *bucket[2], *cell;

    xpecto_cells_buckets(t, tag, bucket);

    for (i = 0; i < 2; i++) {
        cell = bucket[i];

        for (k = 0; k < XPECTO_BUCKET_CELLS; k++, cell++) {

            if (__atomic_load_n(&cell->half.tag, __ATOMIC_ACQUIRE) != tag) {
                continue;
            }

            xpecto_cells_see(cell, place);

            if (place->tag == tag) {
                return XPECTO_OK;
            }
        }
    }

    place->cell = NULL;

    return XPECTO_DECLINED;
}


xpecto_rc_e
xpecto_cells_meet(const xpecto_cells_t *t, uint64_t tag, uint64_t now,
    xpecto_place_t *place)
{
    xpecto_rc_e     rc;
    xpecto_cell_t  *bucket[2];

    xpecto_cells_buckets(t, tag, bucket);

    rc = xpecto_cells_glance(t, bucket, tag, now, place);

    return (rc == XPECTO_AGAIN) ? xpecto_cells_find(t, tag, place) : rc;
}


xpecto_rc_e
xpecto_cells_claim_at(const xpecto_cells_t *t, uint64_t tag, uint64_t now,
    uint64_t *stamp, xpecto_place_t *place)
{
    return (place->cell != NULL && xpecto_cells_try(t, tag, stamp, place))
           ? XPECTO_AGAIN : xpecto_cells_claim(t, tag, now, stamp, place);
}


xpecto_rc_e
xpecto_cells_claim(const xpecto_cells_t *t, uint64_t tag, uint64_t now,
    uint64_t *stamp, xpecto_place_t *place)
{
    uint64_t             waited;
    unsigned             n;
    xpecto_cells_scan_t  scan;

    n = 0;
    waited = 0;

    for ( ;; ) {
        xpecto_cells_scan(t, tag, now, *stamp, &scan);

        if (scan.same.cell != NULL) {
            *place = scan.same;
            return XPECTO_OK;
        }

        if (scan.rival.cell != NULL) {
            *place = scan.rival;

        } else if (scan.free.cell != NULL) {
            *place = scan.free;

        } else if (scan.claim.cell != NULL) {
            *place = scan.claim;

        } else {
            place->cell = NULL;
            return XPECTO_DECLINED;
        }

        if (place->tag & XPECTO_CELL_CLAIM) {

            if (place->word != waited) {
                waited = place->word;
                n = 0;
            }

            if (n++ < XPECTO_CELLS_SPIN) {
                xpecto_cpu_pause();
                continue;
            }
        }

        if (xpecto_cells_try(t, tag, stamp, place)) {
            return XPECTO_AGAIN;
        }
    }
}


/* 1: it is claimed */

static int
xpecto_cells_try(const xpecto_cells_t *t, uint64_t tag, uint64_t *stamp,
    xpecto_place_t *place)
{
    /* the low half turns over by itself */

    *stamp = (*stamp & ~XPECTO_CELLS_COUNT)
             | ((*stamp + 1) & XPECTO_CELLS_COUNT);

    if (!xpecto_cells_swap(place, tag | XPECTO_CELL_CLAIM, *stamp)) {
        return 0;
    }

    if (xpecto_cells_alone(t, tag, place)) {
        return 1;
    }

    (void) xpecto_cells_swap(place, 0, 0);

    return 0;
}


/* the processor is not known to have the instruction: so never inlined */

xpecto_target_cx16 int
xpecto_cells_swap(xpecto_place_t *place, uint64_t tag, uint64_t word)
{
    xpecto_cell_t  old, new;

    old.half.tag = place->tag;
    old.half.word = place->word;
    new.half.tag = tag;
    new.half.word = word;

    if (!__sync_bool_compare_and_swap(&place->cell->whole, old.whole,
                                      new.whole))
    {
        return 0;
    }

    place->tag = tag;
    place->word = word;

    return 1;
}


void
xpecto_cells_look(const xpecto_cells_t *t, uint64_t n, xpecto_cell_t *cell)
{
    xpecto_place_t  place;

    xpecto_cells_see(&t->cells[n], &place);
    cell->half.tag = place.tag;
    cell->half.word = place.word;
}


/* the rule of each kind; a kind that is not known here is alive */

int
xpecto_cells_expired(const xpecto_cells_t *t, uint64_t tag, uint64_t word,
    uint64_t now)
{
    if (tag == 0 || (tag & XPECTO_CELL_CLAIM)) {
        return 1;
    }

    switch (tag & XPECTO_CELL_KIND) {

    case XPECTO_CELL_TAT:
        return word <= now;

    case XPECTO_CELL_COUNT:
        return xpecto_count_over(word, t->wall);

    case XPECTO_CELL_SLIDE:
        return xpecto_slide_over(word, t->wall);

    case XPECTO_CELL_HELD:
        return word == 0;

    case XPECTO_CELL_BAN:
        return xpecto_ban_over(word, t->wall);

    default:
        return 0;
    }
}


static void
xpecto_cells_buckets(const xpecto_cells_t *t, uint64_t tag,
    xpecto_cell_t *bucket[2])
{
    uint64_t  n;

    n = ((tag >> 32) * t->nbuckets) >> 32;
    bucket[0] = t->cells + n * XPECTO_BUCKET_CELLS;

    tag = (tag >> 4) * XPECTO_CELLS_MIX;

    n = ((tag >> 32) * t->nbuckets) >> 32;
    bucket[1] = t->cells + n * XPECTO_BUCKET_CELLS;
}


static void
xpecto_cells_scan(const xpecto_cells_t *t, uint64_t tag, uint64_t now,
    uint64_t stamp, xpecto_cells_scan_t *scan)
{
    unsigned        i, k, n, best;
    xpecto_cell_t  *bucket[2];
    xpecto_place_t  seen, free;

    best = 0;
    scan->same.cell = NULL;
    scan->rival.cell = NULL;
    scan->free.cell = NULL;
    scan->claim.cell = NULL;

    xpecto_cells_buckets(t, tag, bucket);

    switch (xpecto_cells_glance(t, bucket, tag, now, &seen)) {

    case XPECTO_OK:
        scan->same = seen;
        return;

    case XPECTO_DECLINED:
        scan->free = seen;
        return;

    default: /* XPECTO_AGAIN */
        break;
    }

    for (i = 0; i < 2; i++) {
        n = 0;
        free.cell = NULL;

        for (k = 0; k < XPECTO_BUCKET_CELLS; k++) {
            xpecto_cells_see(&bucket[i][k], &seen);

            if (seen.tag == tag) {
                scan->same = seen;
                return;
            }

            if (seen.tag == (tag | XPECTO_CELL_CLAIM)) {
                scan->rival = seen;

            } else if (seen.tag & XPECTO_CELL_CLAIM) {

                /* our own one is for another policy of this request */

                if (seen.word >> 32 != stamp >> 32) {
                    scan->claim = seen;
                }

            } else if (xpecto_cells_expired(t, seen.tag, seen.word, now)) {
                if (n++ == 0) {
                    free = seen;
                }
            }
        }

        if (n > best) {
            best = n;
            scan->free = free;
        }
    }
}


/* place is claimed; 1: nobody else has the tag or a claim that holds */

static int
xpecto_cells_alone(const xpecto_cells_t *t, uint64_t tag,
    xpecto_place_t *place)
{
    unsigned        i;
    xpecto_cell_t  *bucket[2], *cell;
    xpecto_place_t  seen;

    xpecto_cells_buckets(t, tag, bucket);

    if (xpecto_cells_glance_own(bucket, tag, place->cell)) {
        return 1;
    }

    for (i = 0; i < 2 * XPECTO_BUCKET_CELLS; i++) {
        cell = bucket[i / XPECTO_BUCKET_CELLS] + i % XPECTO_BUCKET_CELLS;

        if (cell == place->cell) {
            continue;
        }

        for ( ;; ) {
            xpecto_cells_see(cell, &seen);

            if (seen.tag == tag) {
                return 0;
            }

            if (seen.tag != (tag | XPECTO_CELL_CLAIM)) {
                break;
            }

            if (cell < place->cell) {
                return 0;
            }

            if (xpecto_cells_swap(&seen, 0, 0)) {
                break;
            }
        }
    }

    return 1;
}
