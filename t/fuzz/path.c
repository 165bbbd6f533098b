
/*
 * The input is a path, and one as others may write it.
 *
 * A normal form is never longer, is plain and its own normal form; a path is
 * plain only if it is one.  Segments lie within the path, in its order, and
 * hold no slash, backslash or semicolon.  A parameter, slashes and spaces at
 * the end and another encoding of it change nothing.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_path.h"


#define LONGEST  512


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *plain(const uint8_t *p, size_t len, size_t *n);
static void check_segments(const uint8_t *p, size_t len);
static void check_same(const uint8_t *p, size_t len, const uint8_t *out,
    size_t n);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t    n, m;
    uint8_t  *out, *again, *other;

    if (size > LONGEST) {
        return 0;
    }

    out = plain(data, size, &n);

    if (xpecto_path_is_plain(data, size)
        != (n == size && (n == 0 || memcmp(data, out, n) == 0)))
    {
        abort();
    }

    again = plain(out, n, &m);
    check_same(again, m, out, n);
    free(again);

    check_segments(data, size);
    check_segments(out, n);

    if (n > 1) {
        other = malloc(3 * n + 6);

        if (other == NULL) {
            abort();
        }

        /* "/a" is "/%61;x// " */

        for (m = 0; m < n; m++) {
            other[3 * m] = '%';
            other[3 * m + 1] = (uint8_t) "0123456789abcdef"[out[m] >> 4];
            other[3 * m + 2] = (uint8_t) "0123456789ABCDEF"[out[m] & 15];
        }

        memcpy(other + 3 * n, ";x// .", 6);

        again = plain(other, 3 * n + 6, &m);
        check_same(again, m, out, n);

        free(again);
        free(other);
    }

    free(out);

    return 0;
}


static uint8_t *
plain(const uint8_t *p, size_t len, size_t *n)
{
    uint8_t      *out;
    xpecto_rc_e   rc;

    out = malloc(len ? len : 1);

    if (out == NULL) {
        abort();
    }

    rc = xpecto_path_plain(p, len, out, n);

    if ((rc != XPECTO_OK && rc != XPECTO_DECLINED) || *n > len
        || !xpecto_path_is_plain(out, *n))
    {
        abort();
    }

    return out;
}


static void
check_segments(const uint8_t *p, size_t len)
{
    size_t          i;
    xpecto_str_t    name;
    const uint8_t  *pos, *from;

    pos = p;
    from = p;

    while (xpecto_path_next(&pos, p + len, &name) == XPECTO_OK) {

        if (name.data < from || name.data + name.len > pos || pos > p + len) {
            abort();
        }

        for (i = 0; i < name.len; i++) {
            if (name.data[i] == '/' || name.data[i] == '\\'
                || name.data[i] == ';')
            {
                abort();
            }
        }

        from = pos;
    }

    if (pos != p + len) {
        abort();
    }
}


static void
check_same(const uint8_t *p, size_t len, const uint8_t *out, size_t n)
{
    if (len != n || (n != 0 && memcmp(p, out, n) != 0)) {
        abort();
    }
}
