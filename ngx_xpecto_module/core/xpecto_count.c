
/*
 * Counting: see xpecto_count.h.
 */


#include "xpecto_count.h"


#define XPECTO_TICKS_USEC  (XPECTO_TICKS_NS * 1000)

#define XPECTO_SLIDE_BITS  22                   /* of the end */
#define XPECTO_SLIDE_TURN  (1ull << XPECTO_SLIDE_BITS)


/* a word of a sliding window and the moment it is seen at, unpacked */

typedef struct {
    uint64_t  end;              /* seconds */
    uint64_t  width;            /* microseconds, of the window */
    uint64_t  rest;             /* microseconds until its end */
    uint64_t  before;
    uint64_t  used;
} xpecto_slide_t;


static uint64_t xpecto_count_ticks(uint64_t usec);
static void xpecto_slide_open(xpecto_slide_t *s, uint64_t word,
    const xpecto_count_t *c);
static uint64_t xpecto_slide_sum(const xpecto_slide_t *s);
static uint64_t xpecto_slide_until(const xpecto_slide_t *s, uint64_t units);
static uint64_t xpecto_slide_rest(uint64_t units, uint64_t most,
    uint64_t width);
static unsigned xpecto_slide_class(uint64_t seconds);


/* seconds, by class */

static const uint32_t  xpecto_slide_lengths[] = {
    16, 300, 3600, XPECTO_SLIDE_LONGEST
};


int
xpecto_count_clock(xpecto_count_t *c, uint64_t usec)
{
    uint64_t  wall;

    /* a clock that steps back stands at the begin of what it has reached */

    if (usec < c->start * XPECTO_USEC) {
        usec = c->start * XPECTO_USEC;
    }

    wall = usec / XPECTO_USEC;

    if (wall >= c->end && c->end != XPECTO_COUNT_NEVER) {

        if (c->length != 0) {
            c->start = (uint32_t) (wall - wall % c->length);
            c->end = c->start + c->length;

        } else if (wall < c->next) {
            c->start = c->end;
            c->end = c->next;

        } else {
            return 0;
        }
    }

    c->wall = usec;

    return 1;
}


xpecto_rc_e
xpecto_count_take(uint64_t *word, const xpecto_count_t *c, uint64_t cost,
    xpecto_gcra_result_t *res)
{
    uint64_t  end, used, until;

    end = *word >> 32;
    used = *word & XPECTO_COUNT_MAX;

    if (end < c->end) {
        end = c->end;
        used = 0;
    }

    if (end == XPECTO_COUNT_NEVER) {
        until = UINT64_MAX;

    } else {
        until = (end * XPECTO_USEC > c->wall)
                ? xpecto_count_ticks(end * XPECTO_USEC - c->wall) : 0;
    }

    res->retry_after = 0;

    if (cost != 0 && (cost > c->limit || used > c->limit - cost)) {
        res->remaining = (used < c->limit) ? c->limit - used : 0;
        res->reset = (used != 0) ? until : 0;
        res->retry_after = (cost > c->limit) ? UINT64_MAX : until;

        return XPECTO_DECLINED;
    }

    used += cost;

    if (cost != 0) {
        *word = end << 32 | used;
    }

    res->remaining = (used < c->limit) ? c->limit - used : 0;
    res->reset = (used != 0) ? until : 0;

    return XPECTO_OK;
}


uint64_t
xpecto_count_give(uint64_t *word, uint64_t cost, uint64_t paid)
{
    if (*word >> 32 != paid >> 32 || (*word & XPECTO_COUNT_MAX) < cost) {
        return 0;
    }

    *word -= cost;

    return cost;
}


int
xpecto_count_over(uint64_t word, uint64_t wall)
{
    if ((word & XPECTO_COUNT_MAX) == 0) {
        return 1;
    }

    return word >> 32 <= wall && word >> 32 != XPECTO_COUNT_NEVER;
}


xpecto_rc_e
xpecto_slide_take(uint64_t *word, const xpecto_count_t *c, uint64_t cost,
    xpecto_gcra_result_t *res)
{
    uint64_t        sum;
    xpecto_rc_e     rc;
    xpecto_slide_t  s;

    xpecto_slide_open(&s, *word, c);

    sum = xpecto_slide_sum(&s);
    res->retry_after = 0;
    rc = XPECTO_OK;

    if (cost > c->limit) {
        res->retry_after = UINT64_MAX;
        rc = XPECTO_DECLINED;

    } else if (cost != 0 && sum > c->limit - cost) {
        res->retry_after = xpecto_slide_until(&s, c->limit - cost);
        rc = XPECTO_DECLINED;

    } else if (cost != 0) {
        s.used += cost;
        sum += cost;

        *word = (s.end & (XPECTO_SLIDE_TURN - 1)) << 42
                | (uint64_t) xpecto_slide_class(s.width / XPECTO_USEC) << 40
                | s.before << 20 | s.used;
    }

    res->remaining = (sum < c->limit) ? c->limit - sum : 0;
    res->reset = (sum != 0) ? xpecto_slide_until(&s, sum - 1) : 0;

    return rc;
}


uint64_t
xpecto_slide_give(uint64_t *word, const xpecto_count_t *c, uint64_t cost,
    uint64_t paid)
{
    unsigned  shift;
    uint64_t  ahead;

    ahead = ((*word >> 42) - (paid >> 42)) & (XPECTO_SLIDE_TURN - 1);

    if (ahead == 0) {
        shift = 0;

    } else if (ahead == c->end - c->start) {
        shift = 20;

    } else {
        return 0;
    }

    if ((*word >> shift & XPECTO_SLIDE_MAX) < cost) {
        return 0;
    }

    *word -= cost << shift;

    return cost;
}


/*
 * Of the seconds only the low bits are kept.  What is further away than half
 * a turn, 24 days, is of the past.
 */

int
xpecto_slide_over(uint64_t word, uint64_t wall)
{
    uint64_t  end, age;

    if ((word & (XPECTO_SLIDE_MAX << 20 | XPECTO_SLIDE_MAX)) == 0) {
        return 1;
    }

    end = word >> 42;
    age = (wall - end) & (XPECTO_SLIDE_TURN - 1);

    if (age >= XPECTO_SLIDE_TURN / 2) {
        /* it is still to come, where the clock has stepped back later */
        return XPECTO_SLIDE_TURN - age
               > 2 * xpecto_slide_lengths[word >> 40 & 3];
    }

    return age >= xpecto_slide_lengths[word >> 40 & 3];
}


uint64_t
xpecto_slide_back(uint64_t word, uint64_t seconds)
{
    uint64_t  end;

    end = (word >> 42) - seconds;

    return end << 42 | (word & ((1ull << 42) - 1));
}


/* a clock that was set back by decades is "never" */

static uint64_t
xpecto_count_ticks(uint64_t usec)
{
    return (usec > UINT64_MAX / XPECTO_TICKS_USEC) ? UINT64_MAX
                                                   : usec * XPECTO_TICKS_USEC;
}


static void
xpecto_slide_open(xpecto_slide_t *s, uint64_t word, const xpecto_count_t *c)
{
    uint64_t  end, length, ahead, windows;

    length = c->end - c->start;

    s->width = length * XPECTO_USEC;
    s->end = c->end;
    s->rest = c->end * XPECTO_USEC - c->wall;
    s->before = 0;
    s->used = 0;

    /* far from now the low bits of a time mean another one */

    if (xpecto_slide_over(word, c->wall / XPECTO_USEC)) {
        return;
    }

    end = word >> 42;
    ahead = (end - c->end) & (XPECTO_SLIDE_TURN - 1);

    if (ahead == 0) {
        s->before = word >> 20 & XPECTO_SLIDE_MAX;
        s->used = word & XPECTO_SLIDE_MAX;

    } else if (ahead == XPECTO_SLIDE_TURN - length) {
        s->before = word & XPECTO_SLIDE_MAX;

    } else if (ahead < XPECTO_SLIDE_TURN / 2) {

        /* the clock has stepped back: it stands where that window begins */

        windows = (ahead + length - 1) / length;
        s->end = c->end + windows * length;
        s->rest = s->width;

        if (ahead == windows * length) {
            s->before = word >> 20 & XPECTO_SLIDE_MAX;
            s->used = word & XPECTO_SLIDE_MAX;

        } else {
            /* the length was another one */
            s->used = word & XPECTO_SLIDE_MAX;
        }
    }
}


/* rounded up: never less than what is in sight */

static uint64_t
xpecto_slide_sum(const xpecto_slide_t *s)
{
    return s->used + (s->before * s->rest + s->width - 1) / s->width;
}


/* ticks until no more than so many units are in sight */

static uint64_t
xpecto_slide_until(const xpecto_slide_t *s, uint64_t units)
{
    uint64_t  usec;

    if (units >= s->used) {
        usec = s->rest - xpecto_slide_rest(units - s->used, s->before,
                                           s->width);

    } else {
        usec = s->rest + s->width - xpecto_slide_rest(units, s->used,
                                                      s->width);
    }

    return xpecto_count_ticks(usec);
}


/* how much of a window may be in sight, so that of "most" are only units */

static uint64_t
xpecto_slide_rest(uint64_t units, uint64_t most, uint64_t width)
{
    return (units >= most) ? width : units * width / most;
}


static unsigned
xpecto_slide_class(uint64_t seconds)
{
    unsigned  n;

    for (n = 0; seconds > xpecto_slide_lengths[n]; n++) { /* void */ }

    return n;
}
