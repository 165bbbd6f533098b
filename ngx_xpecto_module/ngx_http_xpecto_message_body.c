
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_message.h"
#include "core/xpecto_path.h"
#include "core/xpecto_form.h"
#include "core/xpecto_multipart.h"
#include "core/xpecto_nocase.h"


#define NGX_XPECTO_MESSAGE_NAME_MAX  64
#define NGX_XPECTO_MESSAGE_NESTED    3


/* one text of the message: the body, or a text within it */

typedef struct {
    ngx_http_request_t                 *request;
    ngx_http_xpecto_message_paths_t    *paths;
    ngx_xpecto_message_t               *message;
    ngx_str_t                           text;   /* data NULL: the body */
    ngx_uint_t                          nested;
    const ngx_http_xpecto_message_path_t  *roles;
    xpecto_json_t                      *json;
    ngx_http_xpecto_message_verdict_e   verdict;

    /* of an item of "messages" */

    ngx_xpecto_message_t                writers;
    ngx_uint_t                          sent;   /* to somebody */
} ngx_http_xpecto_message_walk_t;


static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_query(
    ngx_http_xpecto_message_walk_t *walk, ngx_str_t *query,
    ngx_http_xpecto_message_verdict_e broken);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_pair(
    ngx_http_xpecto_message_walk_t *walk, xpecto_form_pair_t *pair,
    ngx_http_xpecto_message_verdict_e broken);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_behind(
    ngx_http_xpecto_message_walk_t *walk, const uint8_t *p,
    const uint8_t *last, ngx_http_xpecto_message_verdict_e broken);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_fragment(
    ngx_http_xpecto_message_walk_t *walk, ngx_str_t *url,
    ngx_http_xpecto_message_verdict_e broken);
static void ngx_http_xpecto_message_alone(const xpecto_str_t *raw,
    ngx_str_t *value);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_form(
    ngx_http_xpecto_message_walk_t *walk);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_multipart(
    ngx_http_xpecto_message_walk_t *walk);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_field(
    ngx_http_xpecto_message_walk_t *walk, ngx_str_t *name, ngx_str_t *value);
static ngx_uint_t ngx_http_xpecto_message_is_json(ngx_str_t *text);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_sniff(
    ngx_http_xpecto_message_walk_t *walk);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_nested(
    ngx_http_xpecto_message_walk_t *walk, ngx_str_t *text, ngx_uint_t batch);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_json(
    ngx_http_xpecto_message_walk_t *walk, ngx_uint_t batch);
static xpecto_rc_e ngx_http_xpecto_message_value(void *data,
    const xpecto_json_value_t *value);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_batch(
    ngx_http_xpecto_message_walk_t *walk, const xpecto_json_value_t *value,
    ngx_http_xpecto_message_role_e role);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_url(
    ngx_http_xpecto_message_walk_t *walk, ngx_str_t *url);
static ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_string(
    ngx_http_xpecto_message_walk_t *walk, const xpecto_json_value_t *value,
    ngx_str_t *text);
static ngx_int_t ngx_http_xpecto_message_json_recipient(
    ngx_http_xpecto_message_walk_t *walk, const xpecto_json_value_t *value,
    ngx_http_xpecto_message_role_e role, ngx_xpecto_message_t *message);
static ngx_int_t ngx_http_xpecto_message_item(
    ngx_http_xpecto_message_walk_t *walk);
static ngx_int_t ngx_http_xpecto_message_feed(void *data, u_char *p,
    size_t len);


ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_line(ngx_http_request_t *r,
    ngx_http_xpecto_message_paths_t *paths, ngx_xpecto_message_t *message)
{
    ngx_http_xpecto_message_walk_t     walk;
    ngx_http_xpecto_message_verdict_e  verdict;

    ngx_memzero(&walk, sizeof(ngx_http_xpecto_message_walk_t));

    walk.request = r;
    walk.paths = paths;
    walk.message = message;

    if (ngx_http_xpecto_message_path(message, &r->uri) != NGX_OK) {
        return NGX_XPECTO_MESSAGE_FAILED;
    }

    verdict = ngx_http_xpecto_message_query(&walk, &r->args,
                                            NGX_XPECTO_MESSAGE_BAD_QUERY);

    if (verdict != NGX_XPECTO_MESSAGE_GOOD) {
        return verdict;
    }

    return ngx_http_xpecto_message_fragment(&walk, &r->unparsed_uri,
                                            NGX_XPECTO_MESSAGE_BAD_QUERY);
}


ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_body(ngx_http_request_t *r,
    ngx_http_xpecto_message_paths_t *paths,
    ngx_http_xpecto_message_format_e format, ngx_xpecto_message_t *message)
{
    ngx_http_xpecto_message_walk_t  walk;

    ngx_memzero(&walk, sizeof(ngx_http_xpecto_message_walk_t));

    walk.request = r;
    walk.paths = paths;
    walk.message = message;

    switch (format) {

    case NGX_XPECTO_MESSAGE_JSON:
        return ngx_http_xpecto_message_json(&walk, 0);

    case NGX_XPECTO_MESSAGE_FORM:
        return ngx_http_xpecto_message_form(&walk);

    case NGX_XPECTO_MESSAGE_MULTIPART:
        return ngx_http_xpecto_message_multipart(&walk);

    default: /* NGX_XPECTO_MESSAGE_SNIFF */
        return ngx_http_xpecto_message_sniff(&walk);
    }
}


static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_query(ngx_http_xpecto_message_walk_t *walk,
    ngx_str_t *query, ngx_http_xpecto_message_verdict_e broken)
{
    const uint8_t                      *p, *last;
    xpecto_form_pair_t                  pair;
    ngx_http_xpecto_message_verdict_e   verdict;

    p = query->data;
    last = p + query->len;

    while (xpecto_form_next(&p, last, &pair) == XPECTO_OK) {
        verdict = ngx_http_xpecto_message_pair(walk, &pair, broken);

        if (verdict == NGX_XPECTO_MESSAGE_GOOD) {
            verdict = ngx_http_xpecto_message_behind(walk, pair.name.data, p,
                                                     broken);
        }

        if (verdict != NGX_XPECTO_MESSAGE_GOOD) {
            return verdict;
        }
    }

    return NGX_XPECTO_MESSAGE_GOOD;
}


/*
 * "/messages#?to=1", "/messages?a=b#&to=1": nginx passes it on, and servers
 * that know of no fragment in a request find a query in it.
 */

static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_fragment(ngx_http_xpecto_message_walk_t *walk,
    ngx_str_t *url, ngx_http_xpecto_message_verdict_e broken)
{
    u_char     *last, *p;
    ngx_str_t   query;

    last = url->data + url->len;

    if (ngx_strlchr(url->data, last, '#') == NULL) {
        return NGX_XPECTO_MESSAGE_GOOD;
    }

    p = ngx_strlchr(url->data, last, '?');

    if (p == NULL) {
        return NGX_XPECTO_MESSAGE_GOOD;
    }

    query.data = p + 1;
    query.len = last - query.data;

    return ngx_http_xpecto_message_query(walk, &query, broken);
}


/*
 * Some upstreams take ";" for "&" (HTML 4.01 asked servers to): what has a
 * name behind one counts as well.
 */

static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_behind(ngx_http_xpecto_message_walk_t *walk,
    const uint8_t *p, const uint8_t *last,
    ngx_http_xpecto_message_verdict_e broken)
{
    const uint8_t                      *start, *end;
    xpecto_form_pair_t                  pair;
    ngx_http_xpecto_message_verdict_e   verdict;

    end = memchr(p, ';', last - p);

    while (end != NULL) {

        start = end + 1;
        end = memchr(start, ';', last - start);
        p = (end == NULL) ? last : end;

        if (memchr(start, '=', p - start) == NULL
            || xpecto_form_next(&start, p, &pair) != XPECTO_OK)
        {
            continue;
        }

        verdict = ngx_http_xpecto_message_pair(walk, &pair, broken);

        if (verdict != NGX_XPECTO_MESSAGE_GOOD) {
            return verdict;
        }
    }

    return NGX_XPECTO_MESSAGE_GOOD;
}


/* names and values that are broken are refused whatever they are */

static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_pair(ngx_http_xpecto_message_walk_t *walk,
    xpecto_form_pair_t *pair, ngx_http_xpecto_message_verdict_e broken)
{
    size_t                              len;
    u_char                              buf[NGX_XPECTO_MESSAGE_NAME_MAX];
    ngx_str_t                           name, value;
    xpecto_rc_e                         rc;
    const uint8_t                      *cut;

    rc = xpecto_form_decode(&pair->name, buf, sizeof(buf), &len);

    if (rc == XPECTO_ERROR) {
        return broken;
    }

    name.len = len;
    name.data = buf;

    /* of a name that is too long the beginning: "to[...]" is "to" */

    if (!ngx_http_xpecto_message_known(&name)) {

        if (name.len == 0 && rc == XPECTO_DECLINED) {
            return broken;
        }

        return (xpecto_form_decode(&pair->value, NULL, 0, &len)
                == XPECTO_ERROR) ? broken : NGX_XPECTO_MESSAGE_GOOD;
    }

    value.data = ngx_pnalloc(walk->request->pool, pair->value.len + 1);
    if (value.data == NULL) {
        return NGX_XPECTO_MESSAGE_FAILED;
    }

    if (xpecto_form_decode(&pair->value, value.data, pair->value.len, &len)
        != XPECTO_OK)
    {
        return broken;
    }

    value.len = len;

    cut = memchr(pair->value.data, ';', pair->value.len);

    if (cut != NULL && xpecto_is_nocase(name.data, name.len, "type")) {

        /* what has been decoded once is not broken in a part */

        pair->value.len = cut - pair->value.data;

        (void) xpecto_form_decode(&pair->value, value.data, pair->value.len,
                                  &value.len);

    } else if (cut != NULL
               && !xpecto_is_nocase(name.data, name.len, "batch"))
    {
        ngx_http_xpecto_message_alone(&pair->value, &value);
    }

    return ngx_http_xpecto_message_field(walk, &name, &value);
}


/* a value without what has a name of its own behind a ";" */

static void
ngx_http_xpecto_message_alone(const xpecto_str_t *raw, ngx_str_t *value)
{
    u_char          c;
    size_t          len;
    xpecto_str_t    part;
    const uint8_t  *end, *last;

    value->len = 0;
    part.data = raw->data;
    last = raw->data + raw->len;

    do {
        end = memchr(part.data, ';', last - part.data);

        if (end == NULL) {
            end = last;
        }

        part.len = end - part.data;
        c = (part.len != 0 && part.data != raw->data)
            ? ngx_tolower(part.data[0]) : 0;

        if (c < 'a' || c > 'z' || memchr(part.data, '=', part.len) == NULL) {

            if (value->len != 0) {
                value->data[value->len++] = ';';
            }

            /* what has been decoded once is not broken in a part */

            (void) xpecto_form_decode(&part, value->data + value->len,
                                      part.len, &len);
            value->len += len;
        }

        part.data = end + 1;

    } while (end < last);
}


/* JSON is read whatever it is called, and as a form what is behind an "&" */

static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_form(ngx_http_xpecto_message_walk_t *walk)
{
    ngx_str_t                          body;
    ngx_http_xpecto_message_verdict_e  verdict;

    if (ngx_http_xpecto_message_slice(walk->request, 0, walk->message->size,
                                      &body)
        != NGX_OK)
    {
        return NGX_XPECTO_MESSAGE_FAILED;
    }

    if (ngx_http_xpecto_message_is_json(&body)) {
        verdict = ngx_http_xpecto_message_json(walk, 0);

        if (verdict != NGX_XPECTO_MESSAGE_GOOD) {
            return verdict;
        }
    }

    return ngx_http_xpecto_message_query(walk, &body,
                                         NGX_XPECTO_MESSAGE_BAD_FORM);
}


static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_multipart(ngx_http_xpecto_message_walk_t *walk)
{
    int                                 file;
    ngx_str_t                           body, name, value;
    xpecto_rc_e                         rc;
    xpecto_str_t                        type;
    xpecto_form_pair_t                  pair;
    xpecto_multipart_t                  mp;
    ngx_http_xpecto_message_verdict_e   verdict;

    if (ngx_http_xpecto_message_slice(walk->request, 0, walk->message->size,
                                      &body)
        != NGX_OK)
    {
        return NGX_XPECTO_MESSAGE_FAILED;
    }

    type = ngx_xpecto_str(&walk->request->headers_in.content_type->value);

    if (xpecto_multipart_init(&mp, &type, body.data, body.len) != XPECTO_OK) {
        return NGX_XPECTO_MESSAGE_BAD_MULTIPART;
    }

    /* a file by the name of a field is a field: parsers differ */

    while ((rc = xpecto_multipart_next(&mp, &pair, &file)) == XPECTO_OK) {

        name.len = pair.name.len;
        name.data = (u_char *) pair.name.data;

        if (!ngx_http_xpecto_message_known(&name)) {
            continue;
        }

        value.len = pair.value.len;
        value.data = (u_char *) pair.value.data;

        verdict = ngx_http_xpecto_message_field(walk, &name, &value);

        if (verdict != NGX_XPECTO_MESSAGE_GOOD) {
            return verdict;
        }
    }

    return (rc == XPECTO_DECLINED) ? NGX_XPECTO_MESSAGE_GOOD
                                   : NGX_XPECTO_MESSAGE_BAD_MULTIPART;
}


/* a decoded field of a name that is known */

static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_field(ngx_http_xpecto_message_walk_t *walk,
    ngx_str_t *name, ngx_str_t *value)
{
    ngx_int_t  rc;

    if (xpecto_is_nocase(name->data, name->len, "batch")) {
        return ngx_http_xpecto_message_nested(walk, value, 1);
    }

    if (xpecto_is_nocase(name->data, name->len, "type")) {
        rc = ngx_http_xpecto_message_type(walk->message, value->data,
                                          value->len);

    } else {
        rc = ngx_http_xpecto_message_recipient(walk->message, value->data,
                                               value->len);
    }

    return (rc == NGX_OK) ? NGX_XPECTO_MESSAGE_GOOD
                          : NGX_XPECTO_MESSAGE_FAILED;
}


/* by its first byte: what has one that no form begins with */

static ngx_uint_t
ngx_http_xpecto_message_is_json(ngx_str_t *text)
{
    size_t  i;

    for (i = 0; i < text->len; i++) {

        switch (text->data[i]) {

        case ' ':
        case '\t':
        case CR:
        case LF:
            continue;

        default:
            return text->data[i] == '{' || text->data[i] == '[';
        }
    }

    return 0;
}


static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_sniff(ngx_http_xpecto_message_walk_t *walk)
{
    off_t      size;
    ngx_str_t  text;

    size = ngx_min(walk->message->size, NGX_XPECTO_MESSAGE_NAME_MAX);

    if (ngx_http_xpecto_message_slice(walk->request, 0, size, &text)
        != NGX_OK)
    {
        return NGX_XPECTO_MESSAGE_FAILED;
    }

    if (!ngx_http_xpecto_message_is_json(&text)) {
        return NGX_XPECTO_MESSAGE_BAD_TYPE;
    }

    return ngx_http_xpecto_message_json(walk, 0);
}


/* a JSON text within a field or a string */

static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_nested(ngx_http_xpecto_message_walk_t *walk,
    ngx_str_t *text, ngx_uint_t batch)
{
    ngx_http_xpecto_message_walk_t  nested;

    if (walk->nested == NGX_XPECTO_MESSAGE_NESTED || text->len == 0) {
        return NGX_XPECTO_MESSAGE_BAD_JSON;
    }

    nested = *walk;
    nested.text = *text;
    nested.nested++;

    return ngx_http_xpecto_message_json(&nested, batch);
}


static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_json(ngx_http_xpecto_message_walk_t *walk,
    ngx_uint_t batch)
{
    ngx_int_t             rc;
    xpecto_json_t         json;
    xpecto_json_paths_t  *paths;

    if (batch) {
        paths = &walk->paths->batch;
        walk->roles = ngx_http_xpecto_message_batch_list;

    } else {
        paths = &walk->paths->body;
        walk->roles = ngx_http_xpecto_message_body_list;
    }

    walk->json = &json;
    walk->verdict = NGX_XPECTO_MESSAGE_GOOD;
    walk->sent = 0;

    if (ngx_array_init(&walk->writers.recipients, walk->request->pool, 1,
                       sizeof(ngx_xpecto_recipient_t))
        != NGX_OK)
    {
        return NGX_XPECTO_MESSAGE_FAILED;
    }

    xpecto_json_init(&json, paths, ngx_http_xpecto_message_value, walk);

    if (walk->text.data != NULL) {
        rc = ngx_http_xpecto_message_feed(walk, walk->text.data,
                                          walk->text.len);

    } else {
        rc = ngx_http_xpecto_message_pieces(walk->request, 0,
                                            walk->message->size,
                                            ngx_http_xpecto_message_feed,
                                            walk);
    }

    if (walk->verdict != NGX_XPECTO_MESSAGE_GOOD) {
        return walk->verdict;
    }

    if (rc == NGX_ERROR) {
        return NGX_XPECTO_MESSAGE_FAILED;
    }

    return (xpecto_json_finish(&json) == XPECTO_OK)
           ? NGX_XPECTO_MESSAGE_GOOD : NGX_XPECTO_MESSAGE_BAD_JSON;
}


static xpecto_rc_e
ngx_http_xpecto_message_value(void *data, const xpecto_json_value_t *value)
{
    ngx_http_xpecto_message_walk_t *walk = data;

    ngx_int_t                       rc;
    ngx_uint_t                      n;
    ngx_http_xpecto_message_role_e  role;

    role = walk->roles[value->path].role;
    rc = NGX_OK;

    switch (role) {

    case NGX_XPECTO_MESSAGE_SENT:
    case NGX_XPECTO_MESSAGE_RECIPIENT:
    case NGX_XPECTO_MESSAGE_LIST:
    case NGX_XPECTO_MESSAGE_CONTACT:
    case NGX_XPECTO_MESSAGE_FULL:
        n = walk->message->recipients.nelts;

        rc = ngx_http_xpecto_message_json_recipient(walk, value, role,
                                                    walk->message);

        if (role == NGX_XPECTO_MESSAGE_FULL) {
            ngx_http_xpecto_message_in_full(walk->message, n);
        }

        walk->sent |= (role == NGX_XPECTO_MESSAGE_SENT
                       && walk->message->recipients.nelts != n);
        break;

    case NGX_XPECTO_MESSAGE_FROM:
        rc = ngx_http_xpecto_message_json_recipient(walk, value, role,
                                                    &walk->writers);
        ngx_http_xpecto_message_in_full(&walk->writers, 0);
        break;

    case NGX_XPECTO_MESSAGE_ITEM:
        rc = ngx_http_xpecto_message_item(walk);
        break;

    case NGX_XPECTO_MESSAGE_TYPE:

        if (value->type == XPECTO_JSON_STRING) {
            rc = ngx_http_xpecto_message_type(walk->message, value->value.data,
                                              value->value.len);
        }

        break;

    default: /* the parts of a batch: what is no string has own paths */

        if (value->type == XPECTO_JSON_STRING) {
            walk->verdict = ngx_http_xpecto_message_batch(walk, value, role);
        }
    }

    if (rc != NGX_OK) {
        walk->verdict = NGX_XPECTO_MESSAGE_FAILED;
    }

    return (walk->verdict == NGX_XPECTO_MESSAGE_GOOD) ? XPECTO_OK
                                                      : XPECTO_DECLINED;
}


static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_batch(ngx_http_xpecto_message_walk_t *walk,
    const xpecto_json_value_t *value, ngx_http_xpecto_message_role_e role)
{
    ngx_str_t                          text;
    ngx_http_xpecto_message_verdict_e  verdict;

    verdict = ngx_http_xpecto_message_string(walk, value, &text);

    if (verdict != NGX_XPECTO_MESSAGE_GOOD) {
        return verdict;
    }

    switch (role) {

    case NGX_XPECTO_MESSAGE_BATCH:
        return ngx_http_xpecto_message_nested(walk, &text, 1);

    case NGX_XPECTO_MESSAGE_BATCH_URL:
        return ngx_http_xpecto_message_url(walk, &text);

    default: /* NGX_XPECTO_MESSAGE_BATCH_BODY */

        if (ngx_http_xpecto_message_is_json(&text)) {
            verdict = ngx_http_xpecto_message_nested(walk, &text, 0);

            if (verdict != NGX_XPECTO_MESSAGE_GOOD) {
                return verdict;
            }
        }

        return ngx_http_xpecto_message_query(walk, &text,
                                             NGX_XPECTO_MESSAGE_BAD_FORM);
    }
}


/* "106540352242922/messages?to=..." of a batch */

static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_url(ngx_http_xpecto_message_walk_t *walk,
    ngx_str_t *url)
{
    size_t                             len;
    ngx_str_t                          path, query;
    xpecto_str_t                       all, raw, args;
    ngx_http_xpecto_message_verdict_e  verdict;

    all = ngx_xpecto_str(url);

    xpecto_path_of_url(&all, &raw, &args);

    query.data = (u_char *) args.data;
    query.len = args.len;

    path.data = ngx_pnalloc(walk->request->pool, raw.len + 1);
    if (path.data == NULL) {
        return NGX_XPECTO_MESSAGE_FAILED;
    }

    path.data[0] = '/';

    if (xpecto_form_decode(&raw, path.data + 1, raw.len, &len) != XPECTO_OK) {
        return NGX_XPECTO_MESSAGE_BAD_FORM;
    }

    path.len = len + 1;

    if (ngx_http_xpecto_message_path(walk->message, &path) != NGX_OK
        || ngx_http_xpecto_message_target(walk->request, walk->message, &path)
           != NGX_OK)
    {
        return NGX_XPECTO_MESSAGE_FAILED;
    }

    verdict = ngx_http_xpecto_message_query(walk, &query,
                                            NGX_XPECTO_MESSAGE_BAD_FORM);

    if (verdict != NGX_XPECTO_MESSAGE_GOOD) {
        return verdict;
    }

    return ngx_http_xpecto_message_fragment(walk, url,
                                            NGX_XPECTO_MESSAGE_BAD_FORM);
}


/* all of a string, of which the matcher has kept the beginning only */

static ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_string(ngx_http_xpecto_message_walk_t *walk,
    const xpecto_json_value_t *value, ngx_str_t *text)
{
    off_t      start, end;
    size_t     len;
    ngx_str_t  raw;

    if (!value->truncated) {
        text->len = value->value.len;
        text->data = (u_char *) value->value.data;
        return NGX_XPECTO_MESSAGE_GOOD;
    }

    /* without the quotes */

    start = value->start + 1;
    end = value->end - 1;

    if (walk->text.data != NULL) {
        raw.data = walk->text.data + start;
        raw.len = end - start;

    } else if (ngx_http_xpecto_message_slice(walk->request, start, end, &raw)
               != NGX_OK)
    {
        return NGX_XPECTO_MESSAGE_FAILED;
    }

    text->data = ngx_pnalloc(walk->request->pool, raw.len);
    if (text->data == NULL) {
        return NGX_XPECTO_MESSAGE_FAILED;
    }

    if (xpecto_json_decode(raw.data, raw.len, text->data, &len)
        != XPECTO_OK)
    {
        return NGX_XPECTO_MESSAGE_BAD_JSON;
    }

    text->len = len;

    return NGX_XPECTO_MESSAGE_GOOD;
}


/* null sends nothing; what is neither string nor digits is nobody's number */

static ngx_int_t
ngx_http_xpecto_message_json_recipient(ngx_http_xpecto_message_walk_t *walk,
    const xpecto_json_value_t *value, ngx_http_xpecto_message_role_e role,
    ngx_xpecto_message_t *message)
{
    size_t               i;
    ngx_str_t            text;
    const xpecto_str_t  *str;

    str = &value->value;

    switch (value->type) {

    case XPECTO_JSON_STRING:

        /* a list may be long */

        if (ngx_http_xpecto_message_string(walk, value, &text)
            != NGX_XPECTO_MESSAGE_GOOD)
        {
            return NGX_ERROR;
        }

        return ngx_http_xpecto_message_recipient(message, text.data, text.len);

    case XPECTO_JSON_NUMBER:

        for (i = 0; i < str->len; i++) {
            if (str->data[i] < '0' || str->data[i] > '9') {
                break;
            }
        }

        if (i < str->len) {
            break;
        }

        return ngx_http_xpecto_message_recipient(message, str->data, str->len);

    case XPECTO_JSON_LITERAL:

        if (str->data[0] == 'n') {
            return NGX_OK;
        }

        break;

    case XPECTO_JSON_ARRAY:

        if (role == NGX_XPECTO_MESSAGE_LIST) {
            return NGX_OK;
        }

        break;

    default: /* XPECTO_JSON_OBJECT */

        if (role == NGX_XPECTO_MESSAGE_CONTACT) {
            return NGX_OK;
        }

        break;
    }

    /* 1.5e10 has as many spellings as one likes: what is no string is one */

    return ngx_http_xpecto_message_invalid(message, str->data, 0);
}


/*
 * Who is named as the writer of a message that is sent to somebody is the
 * business itself (Infobip); of one that is not, a person (webhooks).
 */

static ngx_int_t
ngx_http_xpecto_message_item(ngx_http_xpecto_message_walk_t *walk)
{
    ngx_uint_t               i, n;
    ngx_xpecto_recipient_t  *writer, *recipient;

    n = walk->sent ? 0 : walk->writers.recipients.nelts;
    writer = walk->writers.recipients.elts;

    for (i = 0; i < n; i++) {
        recipient = ngx_array_push(&walk->message->recipients);
        if (recipient == NULL) {
            return NGX_ERROR;
        }

        *recipient = writer[i];
    }

    walk->writers.recipients.nelts = 0;
    walk->sent = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_message_feed(void *data, u_char *p, size_t len)
{
    ngx_http_xpecto_message_walk_t *walk = data;

    return (xpecto_json_feed(walk->json, p, len) == XPECTO_OK) ? NGX_OK
                                                               : NGX_DECLINED;
}
