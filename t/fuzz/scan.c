
/*
 * The first byte of the input chooses tail and classes, the rest is text.
 *
 * Spans are in order, not empty, inside the text, of a wanted class, and
 * a number has 7 to 15 digits.  With a label in the place of each span, and
 * of each that a label completes by ending what stands before it, there is
 * nothing left to find, but a label between "//" and "@".  Both halves of a
 * text cut anywhere can be scanned.  Whatever finds the places to look at, by
 * a table or by what this processor has, the spans are the same.
 */

#include <stdlib.h>
#include <string.h>

#include "xpecto_scan_parts.h"


#define MAX    2048
#define LABEL  "[label]"
#define ALL    ((1u << XPECTO_CLASSES) - 1)


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(xpecto_prefilter_pt find, const uint8_t *text, size_t len,
    unsigned classes, int tail);
static uint8_t *scan(const uint8_t *text, size_t len, unsigned classes,
    int tail, uint8_t *out);
static void check(const xpecto_span_t *span, size_t pos, size_t len,
    unsigned classes);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int             tail;
    size_t          cut, pos;
    uint8_t        *end, *copy;
    unsigned        classes;
    xpecto_span_t   span;
    static uint8_t  out[(MAX + 1) * sizeof(LABEL)];

    if (size < 3 || size > MAX) {
        return 0;
    }

    tail = data[0] & 1;
    classes = (data[0] & 2) ? ALL : 1u << (data[0] >> 4) % XPECTO_CLASSES;
    cut = 3 + (size_t) (data[1] | data[2] << 8) % (size - 2);

    (void) scan(data + 3, cut - 3, classes, 1, out);
    (void) scan(data + cut, size - cut, classes, 0, out);

    same(xpecto_prefilter_sse2(), data + 3, size - 3, classes, tail);
    same(xpecto_prefilter_avx2(), data + 3, size - 3, classes, tail);
    same(xpecto_prefilter_avx512(), data + 3, size - 3, classes, tail);
    same(xpecto_prefilter_neon(), data + 3, size - 3, classes, tail);

    end = scan(data + 3, size - 3, classes, tail, out);

    copy = malloc((size_t) (end - out) + 1);

    if (copy == NULL) {
        abort();
    }

    memcpy(copy, out, (size_t) (end - out));
    pos = 0;

    while (xpecto_scan_next(copy, (size_t) (end - out), &pos, classes, tail,
                            &span)
           == XPECTO_OK)
    {
        if (span.end - span.start != sizeof(LABEL) - 1
            || memcmp(copy + span.start, LABEL, sizeof(LABEL) - 1) != 0)
        {
            abort();
        }
    }

    free(copy);

    return 0;
}


/* the spans of one prefilter are those of another */

static void
same(xpecto_prefilter_pt find, const uint8_t *text, size_t len,
    unsigned classes, int tail)
{
    size_t         a, b;
    uint8_t       *copy;
    xpecto_rc_e    rc;
    xpecto_span_t  one, other;

    xpecto_scan_rest_t  nothing, rest;

    if (find == NULL) {
        return;
    }

    copy = malloc(len ? len : 1);

    if (copy == NULL) {
        abort();
    }

    memcpy(copy, text, len);

    a = 0;
    b = 0;
    rest.at = NULL;

    do {
        nothing.at = NULL;
        rc = xpecto_scan_by(xpecto_prefilter_scalar, &nothing, copy, len, &a,
                            classes, tail, &one);

        if (xpecto_scan_by(find, &rest, copy, len, &b, classes, tail, &other)
            != rc
            || a != b
            || (rc == XPECTO_OK
                && (one.start != other.start || one.end != other.end
                    || one.class != other.class
                    || one.phone.len != other.phone.len)))
        {
            abort();
        }

    } while (rc == XPECTO_OK);

    free(copy);
}


/* what follows a label begins anew, what stands before it may be complete */

static uint8_t *
scan(const uint8_t *text, size_t len, unsigned classes, int tail,
    uint8_t *out)
{
    size_t          pos, last;
    uint8_t        *copy;
    xpecto_span_t   span;

    copy = malloc(len ? len : 1);

    if (copy == NULL) {
        abort();
    }

    memcpy(copy, text, len);

    pos = 0;
    last = 0;

    while (xpecto_scan_next(copy + last, len - last, &pos, classes, tail,
                            &span)
           == XPECTO_OK)
    {
        check(&span, pos, len - last, classes);

        if (span.start > 0) {
            out = scan(copy + last, span.start, classes, 0, out);
        }

        memcpy(out, LABEL, sizeof(LABEL) - 1);
        out += sizeof(LABEL) - 1;

        last += span.end;
        pos = 0;
    }

    if (pos != len - last) {
        abort();
    }

    memcpy(out, copy + last, len - last);
    free(copy);

    return out + len - last;
}


static void
check(const xpecto_span_t *span, size_t pos, size_t len, unsigned classes)
{
    if (span->end <= span->start || span->end > len || pos != span->end
        || (classes & 1u << span->class) == 0)
    {
        abort();
    }

    if (span->phone.len != 0
        && (span->class != XPECTO_CLASS_PHONE
            || span->phone.len < XPECTO_PHONE_MIN
            || span->phone.len > XPECTO_PHONE_MAX))
    {
        abort();
    }
}
