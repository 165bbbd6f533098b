
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_redact_edit.h"


xpecto_rc_e
xpecto_redact(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const uint8_t *p, size_t len, int tail, uint8_t *out, size_t cap,
    xpecto_redact_result_t *res)
{
    memset(res, 0, sizeof(xpecto_redact_result_t));

    return xpecto_redact_add(rd, place, p, len, tail, out, cap, res);
}


xpecto_rc_e
xpecto_redact_add(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const uint8_t *p, size_t len, int tail, uint8_t *out, size_t cap,
    xpecto_redact_result_t *res)
{
    res->len = 0;

    if ((place.form == XPECTO_FORM_REQUEST || place.form == XPECTO_FORM_URI)
        && !tail && cap >= XPECTO_REDACT_BOUND(len))
    {
        return xpecto_edit_is_quick()
               ? xpecto_edit_quick(rd, place, p, len, tail, out, cap, res)
               : xpecto_edit_quick_16(rd, place, p, len, tail, out, cap, res);
    }

    return xpecto_edit_whole(rd, place, p, len, tail, out, cap, res);
}


xpecto_rc_e
xpecto_edit_whole(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const uint8_t *p, size_t len, int tail, uint8_t *out, size_t cap,
    xpecto_redact_result_t *res)
{
    xpecto_edit_t  e;

    if (cap < XPECTO_REDACT_BOUND(len)) {
        return XPECTO_ERROR;
    }

    e.rd = rd;
    e.p = p;
    e.len = len;
    e.cut = len;
    e.done = 0;
    e.copied = 0;
    e.out = out;
    e.cap = cap;
    e.res = res;
    e.tail = (tail != 0);
    e.changed = 0;
    e.escaped = 0;
    e.full = 0;
    e.mapped = 0;
    e.open = 0;
    e.debug = 0;

    /* others are long, or one value that is not searched */

    if (place.form <= XPECTO_FORM_QUERY && !tail) {
        e.mapped = (xpecto_map(&e.map, p, len) == XPECTO_OK);
    }

    xpecto_edit_form(&e, place, 0, len);
    xpecto_edit_scan(&e, len);

    if (!e.changed) {
        return XPECTO_DECLINED;
    }

    memcpy(out + res->len, p + e.copied, len - e.copied);
    res->len += len - e.copied;

    return XPECTO_OK;
}


void
xpecto_edit_form(xpecto_edit_t *e, xpecto_redact_place_t place, size_t from,
    size_t to)
{
    static const xpecto_named_t  root = { XPECTO_CLASS_NONE, 0, NULL };

    switch (place.form) {

    case XPECTO_FORM_REQUEST:
        xpecto_edit_request(e, from, to);
        break;

    case XPECTO_FORM_URI:
        xpecto_edit_uri(e, from, to);
        break;

    case XPECTO_FORM_HOST:
        xpecto_edit_host(e, from, to);
        break;

    case XPECTO_FORM_QUERY:
        xpecto_edit_query(e, from, to);
        break;

    case XPECTO_FORM_COOKIE:
        xpecto_edit_cookie(e, from, to);
        break;

    case XPECTO_FORM_SET_COOKIE:
        xpecto_edit_set_cookie(e, from, to);
        break;

    case XPECTO_FORM_JSON:
        xpecto_edit_json(e, from, to, 0, root);
        break;

    case XPECTO_FORM_BODY:
        xpecto_edit_body(e, from, to);
        break;

    case XPECTO_FORM_LOG:
        xpecto_edit_log(e, from, to);
        break;

    case XPECTO_FORM_LINE:
        xpecto_edit_line(e, from, to);
        break;

    case XPECTO_FORM_WHOLE:
        if (place.class == XPECTO_CLASS_NONE) {
            xpecto_edit_opaque(e, from, to);

        } else {
            xpecto_edit_named(e, from, to, place.class, XPECTO_QUOTE_NONE);
        }

        break;

    case XPECTO_FORM_NONE:
        xpecto_edit_skip(e, to);
        break;

    default:
        break;
    }

    xpecto_edit_scan(e, to);
}


void
xpecto_edit_named(xpecto_edit_t *e, size_t start, size_t end,
    xpecto_class_e class, xpecto_quote_e quote)
{
    size_t   n;
    uint8_t  buf[XPECTO_REPLACEMENT_MAX];

    if (start < e->done) {
        start = e->done;
    }

    if (start > end || xpecto_edit_is_kept(e->rd, class)) {
        return;
    }

    /*
     * The "=" before a value might be taken for the padding of base64,
     * before an empty one as well.
     */

    xpecto_edit_until(e, start - (start > 0 && e->p[start - 1] == '='));
    xpecto_edit_skip(e, start);

    if (start == end) {
        return;
    }

    if (xpecto_edit_redacted(e->rd, e->p + start, end - start, class)) {
        xpecto_edit_skip(e, end);
        return;
    }

    if (class == XPECTO_CLASS_IP && quote == XPECTO_QUOTE_NONE
        && (e->rd->styles[class] == XPECTO_STYLE_TRUNCATE
            || e->rd->styles[class] == XPECTO_STYLE_PSEUDONYM))
    {
        xpecto_edit_ip(e, start, end);
        return;
    }

    if (e->tail && end == e->cut && xpecto_edit_is_partial(e, class)) {
        n = xpecto_edit_label(buf, class);

    } else {
        n = xpecto_edit_replacement(e->rd, buf, e->p + start, end - start,
                                    class, NULL);
    }

    xpecto_edit_put(e, start, end, class, buf, n, quote);
    xpecto_edit_skip(e, end);
}


/* what nobody can read may hold more than a text that is kept */

void
xpecto_edit_opaque(xpecto_edit_t *e, size_t start, size_t end)
{
    if (xpecto_edit_is_kept(e->rd, XPECTO_CLASS_CONTENT)) {
        xpecto_edit_broken(e, start, end);
        return;
    }

    xpecto_edit_named(e, start, end, XPECTO_CLASS_CONTENT, XPECTO_QUOTE_NONE);
}


/*
 * Always the label of a message's content, whatever styles say.  Its own "["
 * may have been taken for the start of an array.
 */

void
xpecto_edit_broken(xpecto_edit_t *e, size_t start, size_t end)
{
    uint8_t  buf[XPECTO_REPLACEMENT_MAX];

    if (start > e->done && e->p[start - 1] == '[') {
        start--;
    }

    xpecto_edit_scan(e, start);

    if (start < end
        && !xpecto_edit_redacted(e->rd, e->p + start, end - start,
                                 XPECTO_CLASS_NONE))
    {
        xpecto_edit_put(e, start, end, XPECTO_CLASS_CONTENT, buf,
                        xpecto_edit_label(buf, XPECTO_CLASS_CONTENT),
                        XPECTO_QUOTE_NONE);
    }

    xpecto_edit_skip(e, end);
}


void
xpecto_edit_put(xpecto_edit_t *e, size_t start, size_t end,
    xpecto_class_e class, const uint8_t *data, size_t len,
    xpecto_quote_e quote)
{
    size_t       gap, add, qlen;
    uint8_t     *p, rest[XPECTO_REPLACEMENT_MAX];

    static const char  *quotes[] = { "", "\"", "%22" };

    if (e->full
        || (quote == XPECTO_QUOTE_NONE && len == end - start
            && memcmp(data, e->p + start, len) == 0))
    {
        return;
    }

    gap = start - e->copied;
    qlen = (quote == XPECTO_QUOTE_NONE) ? 0 : strlen(quotes[quote]);
    add = gap + len + 2 * qlen;

    /* a pseudonym leaves labels of what is left the room that they need */

    if (e->rd->styles[class] == XPECTO_STYLE_PSEUDONYM
        && e->res->len + add + 3 * (e->len - end) + XPECTO_REDACT_REST > e->cap)
    {
        data = rest;
        add -= len;
        len = xpecto_edit_label(rest, class);
        add += len;
    }

    /* what is left of the input has to fit as well */

    if (e->res->len + add + (e->len - end) + XPECTO_REDACT_REST > e->cap) {
        data = rest;
        len = xpecto_edit_label(rest, XPECTO_CLASS_CONTENT);
        qlen = 0;
        end = e->len;
        e->full = 1;
    }

    p = e->out + e->res->len;
    p = xpecto_edit_copy(p, e->p + e->copied, gap);

    if (qlen == 0) {
        p = xpecto_edit_copy(p, data, len);

    } else {
        p = xpecto_edit_copy(p, quotes[quote], qlen);
        p = xpecto_edit_copy(p, data, len);
        p = xpecto_edit_copy(p, quotes[quote], qlen);
    }

    e->res->len = (size_t) (p - e->out);
    e->res->counts[class]++;
    e->res->total++;
    e->copied = end;
    e->done = end;
    e->changed = 1;
}


size_t
xpecto_redact_bound(size_t len)
{
    return XPECTO_REDACT_BOUND(len);
}
