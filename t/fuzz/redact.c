
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * The first two bytes choose the form, the class, how many digits a mask
 * leaves, whether there is a key, and whether the end was cut off; then a byte
 * for each class chooses its style, of all that xpecto_redact_as allows:
 * another one leaves the default.  Whatever follows:
 *
 * - the output is within the bound, and is what a second redaction leaves, in
 *   all styles
 * - the value of a named place behind it is gone unless its class is kept, and
 *   a number, wherever it is cut off, unless numbers are: nothing is said of
 *   what is kept
 * - the quick ways by AVX2 and by 16 bytes, the edit with its map and without
 *   any vectors leave and count the same
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_redact_edit.h"


#define INPUT_MAX  4096

/* before the styles, and with them */

#define CHOICES    2
#define HEAD       (CHOICES + XPECTO_CLASSES)


typedef xpecto_rc_e (*redact_pt)(const xpecto_redact_t *rd,
    xpecto_redact_place_t place, const uint8_t *p, size_t len, int tail,
    uint8_t *out, size_t cap, xpecto_redact_result_t *res);


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void choose(xpecto_redact_t *rd, xpecto_pseudonym_t *ps,
    const uint8_t *data);
static void whole(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const uint8_t *p, size_t len, int tail, const char *secret);
static void same(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const uint8_t *p, size_t len, int tail);
static xpecto_rc_e scalar(const xpecto_redact_t *rd,
    xpecto_redact_place_t place, const uint8_t *p, size_t len, int tail,
    uint8_t *out, size_t cap, xpecto_redact_result_t *res);
static void cut(const xpecto_redact_t *rd, const uint8_t *p, size_t len,
    size_t n);
static void planted(const xpecto_redact_t *rd, const uint8_t *p, size_t len);
static int contains(const uint8_t *p, size_t len, const char *text);


static const char  plant[] = "zqPlantedvk";


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int                    tail;
    uint8_t                form, class;
    xpecto_redact_t        rd;
    xpecto_pseudonym_t     ps;
    xpecto_redact_place_t  place;

    if (size < HEAD || size > INPUT_MAX) {
        return 0;
    }

    choose(&rd, &ps, data);

    form = data[0];
    class = data[0] / 16;
    tail = (data[1] & 4) != 0;

    place.form = (xpecto_form_e) (form % (XPECTO_FORM_NONE + 1));
    place.class = (xpecto_class_e) (class % XPECTO_CLASSES);

    data += HEAD;
    size -= HEAD;

    whole(&rd, place, data, size, tail, NULL);
    same(&rd, place, data, size, tail);

    if (!contains(data, size, "zq")) {
        planted(&rd, data, size);
    }

    if (rd.styles[XPECTO_CLASS_PHONE] != XPECTO_STYLE_KEEP
        && !contains(data, size, "65055"))
    {
        cut(&rd, data, size, 6 + form % 7u);
    }

    return 0;
}


static void
choose(xpecto_redact_t *rd, xpecto_pseudonym_t *ps, const uint8_t *data)
{
    unsigned              i;

    static const uint8_t  key[XPECTO_SIPHASH_KEY_LEN];
    static xpecto_mask_t  masks[XPECTO_MASK_LAST];

    xpecto_redact_defaults(rd);

    i = data[1] >> 4 & 3;

    if (masks[i].lens[100] == 0) {
        (void) xpecto_mask_build(&masks[i], i + 1);
    }

    rd->mask = &masks[i];

    if (data[1] & 8) {
        memset(ps, 0, sizeof(xpecto_pseudonym_t));
        (void) xpecto_pseudonym_set(ps, key, (const uint8_t *) "2026-11", 7,
                                    (const uint8_t *) "", 0);
        rd->pseudonym = ps;
    }

    for (i = 0; i < XPECTO_CLASSES; i++) {
        (void) xpecto_redact_style(rd, (xpecto_class_e) i,
                                   (xpecto_style_e) (data[CHOICES + i]
                                                     % (XPECTO_STYLE_KEEP
                                                        + 1)));
    }
}


static void
whole(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const uint8_t *p, size_t len, int tail, const char *secret)
{
    size_t                  cap;
    uint8_t                *out, *again;
    xpecto_rc_e             rc;
    xpecto_redact_result_t  res, res2;

    cap = xpecto_redact_bound(len);
    out = malloc(cap);

    rc = xpecto_redact(rd, place, p, len, tail, out, cap, &res);

    if (rc == XPECTO_DECLINED) {
        if (secret != NULL) {
            abort();
        }

        free(out);
        return;
    }

    if (rc != XPECTO_OK || res.len > cap) {
        abort();
    }

    if (secret != NULL && contains(out, res.len, secret)) {
        abort();
    }

    cap = xpecto_redact_bound(res.len);
    again = malloc(cap);

    rc = xpecto_redact(rd, place, out, res.len, tail, again, cap, &res2);

    if (rc == XPECTO_ERROR
        || (rc == XPECTO_OK
            && (res2.len != res.len || memcmp(out, again, res.len) != 0)))
    {
        abort();
    }

    free(again);
    free(out);
}


/* by the general way, and by all others that the processor has */

static void
same(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const uint8_t *p, size_t len, int tail)
{
    size_t                  i, cap;
    uint8_t                *out, *other;
    xpecto_rc_e             rc;
    xpecto_redact_result_t  res, res2;

    static const redact_pt  ways[] = {
        xpecto_redact_add, xpecto_edit_whole, xpecto_edit_quick_16,
        xpecto_edit_quick
    };

    cap = xpecto_redact_bound(len);
    out = malloc(cap);

    memset(&res, 0, sizeof(res));
    rc = scalar(rd, place, p, len, tail, out, cap, &res);

    for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {

        /* quick ways are for these */

        if (i > 1 && (tail || (place.form != XPECTO_FORM_REQUEST
                               && place.form != XPECTO_FORM_URI)))
        {
            break;
        }

        if (ways[i] == xpecto_edit_quick && !xpecto_edit_is_quick()) {
            break;
        }

        other = malloc(cap);
        memset(&res2, 0, sizeof(res2));

        if (ways[i](rd, place, p, len, tail, other, cap, &res2) != rc) {
            abort();
        }

        if (rc == XPECTO_OK
            && (res.len != res2.len || memcmp(out, other, res.len) != 0
                || res.total != res2.total
                || memcmp(res.counts, res2.counts, sizeof(res.counts)) != 0))
        {
            abort();
        }

        free(other);
    }

    free(out);
}


/* xpecto_edit_whole() of a value that has no map */

static xpecto_rc_e
scalar(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const uint8_t *p, size_t len, int tail, uint8_t *out, size_t cap,
    xpecto_redact_result_t *res)
{
    xpecto_edit_t  e;

    memset(&e, 0, sizeof(e));

    e.rd = rd;
    e.p = p;
    e.len = len;
    e.cut = len;
    e.out = out;
    e.cap = cap;
    e.res = res;
    e.tail = (tail != 0);

    xpecto_edit_form(&e, place, 0, len);
    xpecto_edit_scan(&e, len);

    if (!e.changed) {
        return XPECTO_DECLINED;
    }

    memcpy(out + res->len, p + e.copied, len - e.copied);
    res->len += len - e.copied;

    return XPECTO_OK;
}


/* six bytes of a marked number or more stand at the end that was cut off */

static void
cut(const xpecto_redact_t *rd, const uint8_t *p, size_t len, size_t n)
{
    uint8_t                 in[INPUT_MAX + 64];
    uint8_t                 out[XPECTO_REDACT_BOUND(sizeof(in))];
    xpecto_rc_e             rc;
    xpecto_redact_place_t   place;
    xpecto_redact_result_t  res;

    memcpy(in, p, len);
    memcpy(in + len, "\n +16505551234", 2 + n);
    len += 2 + n;

    place.form = XPECTO_FORM_TEXT;
    place.class = XPECTO_CLASS_CONTENT;

    rc = xpecto_redact(rd, place, in, len, 1, out, sizeof(out), &res);

    if (rc != XPECTO_OK || contains(out, res.len, "65055")) {
        abort();
    }
}


static void
planted(const xpecto_redact_t *rd, const uint8_t *p, size_t len)
{
    size_t                 n;
    uint8_t                buf[INPUT_MAX + 64];
    unsigned               i;
    const char            *secret;
    xpecto_redact_place_t  place;

    static const struct {
        xpecto_form_e   form;
        xpecto_class_e  class;
        const char     *before;
        const char     *name;
        const char     *behind;
    } list[] = {
        { XPECTO_FORM_QUERY, XPECTO_CLASS_CREDENTIAL,
          "", "&pin=", "" },
        { XPECTO_FORM_URI, XPECTO_CLASS_CREDENTIAL,
          "/", "&access%5Ftoken=", "#" },
        { XPECTO_FORM_REQUEST, XPECTO_CLASS_PHONE,
          "GET /?", "&to[]=", " HTTP/1.1" },
        { XPECTO_FORM_COOKIE, XPECTO_CLASS_CREDENTIAL,
          "", ";a=", ";b=" },
        { XPECTO_FORM_JSON, XPECTO_CLASS_CREDENTIAL,
          "{\"a\":", ",\"pin\":\"", "\"}" },
        { XPECTO_FORM_BODY, XPECTO_CLASS_CREDENTIAL,
          "{\"a\":", ",\"pin\":\"", "\"}" },
        { XPECTO_FORM_LOG, XPECTO_CLASS_CREDENTIAL,
          "1#1: *1 a \"",
          "\", client: 192.0.2.1, server: a, request: \"GET /?pin=",
          " HTTP/1.1\", host: \"a\"" }
    };

    for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {

        n = strlen(list[i].before);
        memcpy(buf, list[i].before, n);
        memcpy(buf + n, p, len);
        n += len;
        memcpy(buf + n, list[i].name, strlen(list[i].name));
        n += strlen(list[i].name);
        memcpy(buf + n, plant, sizeof(plant) - 1);
        n += sizeof(plant) - 1;
        memcpy(buf + n, list[i].behind, strlen(list[i].behind));
        n += strlen(list[i].behind);

        place.form = list[i].form;
        place.class = XPECTO_CLASS_CONTENT;

        secret = (rd->styles[list[i].class] == XPECTO_STYLE_KEEP) ? NULL
                                                                  : plant;
        whole(rd, place, buf, n, 0, secret);

        if (place.form == XPECTO_FORM_REQUEST
            || place.form == XPECTO_FORM_URI)
        {
            same(rd, place, buf, n, 0);
        }
    }
}


static int
contains(const uint8_t *p, size_t len, const char *text)
{
    size_t  i, n;

    n = strlen(text);

    for (i = 0; i + n <= len; i++) {
        if (memcmp(p + i, text, n) == 0) {
            return 1;
        }
    }

    return 0;
}
