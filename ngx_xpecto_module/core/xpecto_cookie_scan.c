
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_cookie.h"


static void xpecto_cookie_scan_begin(xpecto_cookie_scan_t *scan,
    const xpecto_str_t *line);
static inline void xpecto_cookie_scan_add(xpecto_cookie_scan_t *scan,
    const xpecto_cookie_span_t *span, const uint8_t *value, size_t len);


void
xpecto_cookie_scan_any(const xpecto_cookie_names_t *names,
    const xpecto_str_t *own, const xpecto_str_t *line,
    xpecto_cookie_scan_t *scan)
{
    const uint8_t         *p, *end, *last;
    xpecto_str_t           value;
    xpecto_cookie_span_t   span;

    p = line->data;
    last = p + line->len;
    end = NULL;

    xpecto_cookie_scan_begin(scan, line);

    while (xpecto_cookie_span(names, own, line, &p, last, &span, &value)
           == XPECTO_OK)
    {
        if (!xpecto_cookie_is_next(line, end, span.start)) {
            scan->plain = 0;
        }

        end = line->data + span.start + span.len;

        xpecto_cookie_scan_add(scan, &span, value.data, value.len);
    }

    if (end != last) {
        scan->plain = 0;
    }
}


static void
xpecto_cookie_scan_begin(xpecto_cookie_scan_t *scan, const xpecto_str_t *line)
{
    scan->line = *line;
    scan->plain = 1;
    scan->mine = XPECTO_COOKIE_SPANS;
    scan->n = 0;
}


static inline void
xpecto_cookie_scan_add(xpecto_cookie_scan_t *scan,
    const xpecto_cookie_span_t *span, const uint8_t *value, size_t len)
{
    scan->purposes |= span->purposes;

    if (span->own) {
        scan->mine = scan->n;

        if (scan->own++ == 0) {
            scan->value.data = value;
            scan->value.len = len;
            scan->start = (uint32_t) (value - scan->line.data);

        } else if (len != scan->value.len
                   || memcmp(value, scan->value.data, len) != 0)
        {
            scan->differ = 1;
        }
    }

    if (scan->n < XPECTO_COOKIE_SPANS) {
        scan->spans[scan->n++] = *span;

    } else {
        scan->plain = 0;
    }
}


#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>


#define XPECTO_COOKIE_TARGET  __attribute__((target("avx2")))
#define XPECTO_COOKIE_WORDS   64
#define XPECTO_COOKIE_QUICK   (64 * XPECTO_COOKIE_WORDS)    /* bytes */


XPECTO_COOKIE_TARGET static int xpecto_cookie_ends(uint64_t *ends,
    const uint8_t *p, size_t len);
XPECTO_COOKIE_TARGET static inline uint64_t xpecto_cookie_block(
    const uint8_t *p, __m256i *wrong);
XPECTO_COOKIE_TARGET static inline uint32_t xpecto_cookie_half(
    const uint8_t *p, __m256i *wrong);
static inline void xpecto_cookie_scan_pair(const xpecto_cookie_names_t *names,
    const xpecto_str_t *own, size_t start, size_t end,
    xpecto_cookie_scan_t *scan);


/*
 * A line as browsers write it, with "; " between its pairs and white space
 * nowhere else, is cut at its semicolons.
 */

void
xpecto_cookie_scan(const xpecto_cookie_names_t *names, const xpecto_str_t *own,
    const xpecto_str_t *line, xpecto_cookie_scan_t *scan)
{
    size_t    i, n, start, end;
    uint64_t  bits, ends[XPECTO_COOKIE_WORDS + 1];

    if (line->len <= 64 || line->len > XPECTO_COOKIE_QUICK
        || !__builtin_cpu_supports("avx2")
        || !xpecto_cookie_ends(ends, line->data, line->len))
    {
        xpecto_cookie_scan_any(names, own, line, scan);
        return;
    }

    xpecto_cookie_scan_begin(scan, line);

    start = 0;
    n = line->len;

    for (i = 0; i < n; i += 64) {

        for (bits = ends[i / 64]; bits; bits &= bits - 1) {
            end = i + 1 + (size_t) __builtin_ctzll(bits);
            xpecto_cookie_scan_pair(names, own, start, end, scan);
            start = end + 2;
        }
    }
}


/*
 * One bit for each byte but the first, set at a ";" and behind the line.
 * 0: white space where there should be none, or nothing between two ends.
 */

XPECTO_COOKIE_TARGET
static int
xpecto_cookie_ends(uint64_t *ends, const uint8_t *p, size_t len)
{
    __m256i   wrong;
    size_t    i, rest;
    uint64_t  bits, before, empty;

    if (p[0] == ' ' || p[0] == '\t' || p[0] == ';'
        || p[len - 1] == ' ' || p[len - 1] == '\t' || p[len - 1] == ';')
    {
        return 0;
    }

    wrong = _mm256_setzero_si256();
    empty = 0;
    before = 0;
    len--;

    for (i = 0; i < len; i += 64) {
        rest = len - i;

        if (rest >= 64) {
            bits = xpecto_cookie_block(p + 1 + i, &wrong);

        } else {
            bits = xpecto_cookie_block(p + 1 + len - 64, &wrong)
                   >> (64 - rest);
        }

        empty |= bits & (bits << 2 | before >> 62);
        before = bits;
        *ends++ = bits;
    }

    if (len % 64) {
        ends--;
        *ends |= (uint64_t) 1 << len % 64;

    } else {
        *ends = 1;
    }

    return empty == 0 && _mm256_testz_si256(wrong, wrong);
}


XPECTO_COOKIE_TARGET
static inline uint64_t
xpecto_cookie_block(const uint8_t *p, __m256i *wrong)
{
    uint32_t  low, high;

    low = xpecto_cookie_half(p, wrong);
    high = xpecto_cookie_half(p + 32, wrong);

    return low | (uint64_t) high << 32;
}


/* behind an end there is a space, and nowhere else */

XPECTO_COOKIE_TARGET
static inline uint32_t
xpecto_cookie_half(const uint8_t *p, __m256i *wrong)
{
    __m256i  x, before;

    x = _mm256_loadu_si256((const __m256i *) (const void *) p);
    before = _mm256_loadu_si256((const __m256i *) (const void *) (p - 1));

    *wrong = _mm256_or_si256(*wrong, _mm256_or_si256(
                 _mm256_cmpeq_epi8(x, _mm256_set1_epi8('\t')),
                 _mm256_xor_si256(
                     _mm256_cmpeq_epi8(x, _mm256_set1_epi8(' ')),
                     _mm256_cmpeq_epi8(before, _mm256_set1_epi8(';')))));

    return (uint32_t) _mm256_movemask_epi8(
                          _mm256_cmpeq_epi8(x, _mm256_set1_epi8(';')));
}


/* a name of ours has no "=" */

static inline void
xpecto_cookie_scan_pair(const xpecto_cookie_names_t *names,
    const xpecto_str_t *own, size_t start, size_t end,
    xpecto_cookie_scan_t *scan)
{
    size_t                 len;
    const uint8_t         *p;
    xpecto_cookie_span_t   span;

    p = scan->line.data + start;
    len = end - start;

    span.start = (uint32_t) start;
    span.len = (uint32_t) len;

    if (len > own->len && p[own->len] == '='
        && memcmp(p, own->data, own->len) == 0)
    {
        span.own = 1;
        span.purposes = 0;

        p += own->len + 1;
        len -= own->len + 1;

    } else {
        span.own = 0;
        span.purposes = xpecto_cookie_pair_purposes(names, p, len);
    }

    xpecto_cookie_scan_add(scan, &span, p, len);
}


#else


void
xpecto_cookie_scan(const xpecto_cookie_names_t *names, const xpecto_str_t *own,
    const xpecto_str_t *line, xpecto_cookie_scan_t *scan)
{
    xpecto_cookie_scan_any(names, own, line, scan);
}


#endif


void
xpecto_cookie_scan_copy(xpecto_cookie_scan_t *dst,
    const xpecto_cookie_scan_t *src, const xpecto_str_t *line)
{
    memcpy(dst, src, xpecto_cookie_scan_size(src));

    dst->line = *line;
    dst->value.data = line->data ? line->data + src->start : NULL;
}


int
xpecto_cookie_own_is_last(const xpecto_cookie_scan_t *scan, size_t *len)
{
    uint32_t  start;

    if (!scan->plain || scan->own != 1 || scan->mine + 1 != scan->n) {
        return 0;
    }

    start = scan->spans[scan->mine].start;
    *len = start ? start - 2 : 0;

    return 1;
}
