
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"
#include "core/xpecto_doc.h"
#include "core/xpecto_form.h"


static const char *ngx_http_xpecto_consent_parse_json(
    ngx_http_xpecto_consent_wish_t *wish, ngx_str_t *body);
static const char *ngx_http_xpecto_consent_parse_list(
    const xpecto_node_t *root, const char *key, ngx_uint_t *mask,
    ngx_uint_t *all);
static const char *ngx_http_xpecto_consent_parse_form(
    ngx_http_xpecto_consent_wish_t *wish, ngx_str_t *body);
static ngx_uint_t ngx_http_xpecto_consent_equal(u_char *p, size_t len,
    const char *text);
static ngx_uint_t ngx_http_xpecto_consent_is_ours(ngx_http_request_t *r,
    ngx_str_t *url);
static size_t ngx_http_xpecto_consent_without_port(ngx_str_t *host);


/* a sentence that says what is wrong, or NULL */

const char *
ngx_http_xpecto_consent_parse(ngx_http_request_t *r,
    ngx_http_xpecto_consent_wish_t *wish, ngx_str_t *body)
{
    if (ngx_http_xpecto_consent_is_type(r, "application/json")) {
        return ngx_http_xpecto_consent_parse_json(wish, body);
    }

    wish->form = 1;

    return ngx_http_xpecto_consent_parse_form(wish, body);
}


ngx_uint_t
ngx_http_xpecto_consent_is_type(ngx_http_request_t *r, const char *type)
{
    size_t      len;
    ngx_str_t  *value;

    if (r->headers_in.content_type == NULL) {
        return 0;
    }

    value = &r->headers_in.content_type->value;
    len = ngx_strlen(type);

    if (value->len < len
        || ngx_strncasecmp(value->data, (u_char *) type, len) != 0)
    {
        return 0;
    }

    return value->len == len || value->data[len] == ';'
           || value->data[len] == ' ' || value->data[len] == '\t';
}


/* NGX_DECLINED: too large */

ngx_int_t
ngx_http_xpecto_consent_read_body(ngx_http_request_t *r, ngx_str_t *body)
{
    off_t         size;
    ssize_t       n;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    body->len = 0;
    body->data = ngx_pnalloc(r->pool, NGX_HTTP_XPECTO_CONSENT_BODY);
    if (body->data == NULL) {
        return NGX_ERROR;
    }

    if (r->request_body == NULL) {
        return NGX_OK;
    }

    for (cl = r->request_body->bufs; cl; cl = cl->next) {
        b = cl->buf;
        size = ngx_buf_size(b);

        if (size > (off_t) (NGX_HTTP_XPECTO_CONSENT_BODY - body->len)) {
            return NGX_DECLINED;
        }

        if (ngx_buf_in_memory(b)) {
            ngx_memcpy(body->data + body->len, b->pos, (size_t) size);

        } else if (size) {
            n = ngx_read_file(b->file, body->data + body->len, (size_t) size,
                              b->file_pos);

            if (n != size) {
                return NGX_ERROR;
            }
        }

        body->len += (size_t) size;
    }

    return NGX_OK;
}


static const char *
ngx_http_xpecto_consent_parse_json(ngx_http_xpecto_consent_wish_t *wish,
    ngx_str_t *body)
{
    ngx_uint_t      accept_all, reject_all;
    const char     *error;
    xpecto_doc_t   *doc;
    xpecto_err_t    err;
    xpecto_node_t   root;

    static const char *const  members[] = { "accept", "reject", NULL };

    doc = xpecto_doc_parse(body->data, body->len, &root, &err);
    if (doc == NULL) {
        return "This is not JSON, or it names a member twice.";
    }

    error = NULL;
    accept_all = 0;
    reject_all = 0;

    if (xpecto_doc_type(&root, XPECTO_DOC_OBJECT, &err) != XPECTO_OK
        || xpecto_doc_members(&root, members, &err) != XPECTO_OK)
    {
        error = "A choice is an object of \"accept\" and \"reject\".";
    }

    if (error == NULL) {
        error = ngx_http_xpecto_consent_parse_list(&root, "accept",
                                                   &wish->accept, &accept_all);
    }

    if (error == NULL) {
        error = ngx_http_xpecto_consent_parse_list(&root, "reject",
                                                   &wish->reject, &reject_all);
    }

    wish->accept_all = accept_all;
    wish->reject_all = reject_all;

    xpecto_doc_free(doc);

    return error;
}


static const char *
ngx_http_xpecto_consent_parse_list(const xpecto_node_t *root, const char *key,
    ngx_uint_t *mask, ngx_uint_t *all)
{
    int            purpose;
    size_t         i;
    xpecto_rc_e    rc;
    xpecto_str_t   name;
    xpecto_err_t   err;
    xpecto_node_t  list, item;

    rc = xpecto_doc_get(root, key, XPECTO_DOC_ARRAY, 0, &list, &err);

    if (rc == XPECTO_DECLINED) {
        return NULL;
    }

    if (rc != XPECTO_OK) {
        return "\"accept\" and \"reject\" are lists of purposes.";
    }

    for (i = 0; i < xpecto_doc_size(&list); i++) {
        xpecto_doc_element(&list, i, &item);

        if (xpecto_doc_type(&item, XPECTO_DOC_STRING, &err) != XPECTO_OK) {
            return "\"accept\" and \"reject\" are lists of purposes.";
        }

        name = xpecto_doc_string(&item);

        if (name.len == 1 && name.data[0] == '*') {
            *all = 1;
            continue;
        }

        purpose = xpecto_purpose_find(name.data, name.len);

        if (purpose < 0) {
            return "A purpose is unknown.";
        }

        *mask |= XPECTO_PURPOSE_BIT(purpose);
    }

    return NULL;
}


/* accept=all, reject=all, p.analytics=1, return=/path */

static const char *
ngx_http_xpecto_consent_parse_form(ngx_http_xpecto_consent_wish_t *wish,
    ngx_str_t *body)
{
    int                  purpose;
    size_t               name_len, len;
    u_char               name[32], value[NGX_HTTP_XPECTO_CONSENT_RETURN];
    const uint8_t       *p, *last;
    xpecto_form_pair_t   pair;

    p = body->data;
    last = p + body->len;

    while (xpecto_form_next(&p, last, &pair) == XPECTO_OK) {

        if (xpecto_form_decode(&pair.name, name, sizeof(name), &name_len)
            != XPECTO_OK
            || xpecto_form_decode(&pair.value, value, sizeof(value), &len)
               != XPECTO_OK)
        {
            return "A field is too long or is not encoded as of a form.";
        }

        if (ngx_http_xpecto_consent_equal(name, name_len, "accept")
            && ngx_http_xpecto_consent_equal(value, len, "all")
            && !wish->accept_all)
        {
            wish->accept_all = 1;
            continue;
        }

        if (ngx_http_xpecto_consent_equal(name, name_len, "reject")
            && ngx_http_xpecto_consent_equal(value, len, "all")
            && !wish->reject_all)
        {
            wish->reject_all = 1;
            continue;
        }

        if (ngx_http_xpecto_consent_equal(name, name_len, "return")
            && !wish->redirect)
        {
            wish->redirect = 1;
            wish->back.len = len;
            ngx_memcpy(wish->back.data, value, len);

            if (!ngx_http_xpecto_consent_is_path(&wish->back)) {
                return "\"return\" is not a path of this site.";
            }

            continue;
        }

        if (name_len > 2 && name[0] == 'p' && name[1] == '.' && len == 1
            && (value[0] == '0' || value[0] == '1'))
        {
            purpose = xpecto_purpose_find(name + 2, name_len - 2);

            if (purpose >= 0 && !((wish->accept | wish->reject)
                                  & XPECTO_PURPOSE_BIT(purpose)))
            {
                if (value[0] == '1') {
                    wish->accept |= XPECTO_PURPOSE_BIT(purpose);

                } else {
                    wish->reject |= XPECTO_PURPOSE_BIT(purpose);
                }

                continue;
            }
        }

        return "A field is unknown, is there twice or has a wrong value.";
    }

    return NULL;
}


static ngx_uint_t
ngx_http_xpecto_consent_equal(u_char *p, size_t len, const char *text)
{
    return len == ngx_strlen(text) && ngx_strncmp(p, text, len) == 0;
}


/* printable ASCII behind one slash: nothing that a browser reads as a host */

ngx_uint_t
ngx_http_xpecto_consent_is_path(ngx_str_t *path)
{
    ngx_uint_t  i;

    if (path->len == 0 || path->data[0] != '/') {
        return 0;
    }

    for (i = 1; i < path->len; i++) {

        if (path->data[i] <= ' ' || path->data[i] >= 0x7f
            || path->data[i] == '\\' || (i == 1 && path->data[i] == '/'))
        {
            return 0;
        }
    }

    return 1;
}


/* turns "all" into purposes: all that are asked for and not named */

const char *
ngx_http_xpecto_consent_complete(ngx_http_xpecto_consent_wish_t *wish,
    ngx_uint_t asked)
{
    if ((wish->accept | wish->reject) & ~(asked | XPECTO_PURPOSES_ALWAYS)) {
        return "A purpose is not in use here.";
    }

    if (wish->reject & XPECTO_PURPOSES_ALWAYS) {
        return "What is necessary cannot be rejected.";
    }

    if ((wish->accept & wish->reject)
        || (wish->accept_all && wish->reject_all))
    {
        return "The same is accepted and rejected.";
    }

    if (wish->accept_all) {
        wish->accept |= asked & ~wish->reject;
    }

    if (wish->reject_all) {
        wish->reject |= asked & ~wish->accept;
    }

    if (wish->accept == 0 && wish->reject == 0) {
        return "Nothing is accepted or rejected.";
    }

    return NULL;
}


/*
 * Sec-Fetch-Site, else Origin, else Referer.  One that names another site is
 * foreign whatever the others say; "Origin: null" says nothing.
 */

ngx_http_xpecto_consent_site_e
ngx_http_xpecto_consent_site(ngx_http_request_t *r)
{
    ngx_str_t        *value;
    ngx_uint_t        i, fetch, origin, referer, ours;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    fetch = 0;
    origin = 0;
    referer = NGX_HTTP_XPECTO_CONSENT_UNKNOWN;

    part = &r->headers_in.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                break;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        value = &h[i].value;

        if (ngx_http_xpecto_consent_is(&h[i], "sec-fetch-site", 14)) {

            if (!ngx_http_xpecto_consent_equal(value->data, value->len,
                                               "same-origin")
                && !ngx_http_xpecto_consent_equal(value->data, value->len,
                                                  "none"))
            {
                return NGX_HTTP_XPECTO_CONSENT_FOREIGN;
            }

            fetch = 1;

        } else if (ngx_http_xpecto_consent_is(&h[i], "origin", 6)) {

            if (ngx_http_xpecto_consent_equal(value->data, value->len,
                                              "null"))
            {
                continue;
            }

            if (!ngx_http_xpecto_consent_is_ours(r, value)) {
                return NGX_HTTP_XPECTO_CONSENT_FOREIGN;
            }

            origin = 1;

        } else if (ngx_http_xpecto_consent_is(&h[i], "referer", 7)) {
            ours = ngx_http_xpecto_consent_is_ours(r, value);

            if (referer != NGX_HTTP_XPECTO_CONSENT_FOREIGN) {
                referer = ours ? NGX_HTTP_XPECTO_CONSENT_OURS
                               : NGX_HTTP_XPECTO_CONSENT_FOREIGN;
            }
        }
    }

    return (fetch || origin) ? NGX_HTTP_XPECTO_CONSENT_OURS : referer;
}


/* https and the very host of the request; the usual port may be left out */

static ngx_uint_t
ngx_http_xpecto_consent_is_ours(ngx_http_request_t *r, ngx_str_t *url)
{
    u_char     *p, *last;
    ngx_str_t   host, here;

    if (r->headers_in.host == NULL
        || url->len <= sizeof("https://") - 1
        || ngx_strncasecmp(url->data, (u_char *) "https://",
                           sizeof("https://") - 1)
           != 0)
    {
        return 0;
    }

    host.data = url->data + sizeof("https://") - 1;
    last = url->data + url->len;

    for (p = host.data; p < last; p++) {
        if (*p == '/' || *p == '?' || *p == '#') {
            break;
        }
    }

    host.len = p - host.data;
    here = r->headers_in.host->value;

    host.len = ngx_http_xpecto_consent_without_port(&host);
    here.len = ngx_http_xpecto_consent_without_port(&here);

    return host.len != 0 && host.len == here.len
           && ngx_strncasecmp(host.data, here.data, host.len) == 0;
}


/* the length without the port that https has by itself */

static size_t
ngx_http_xpecto_consent_without_port(ngx_str_t *host)
{
    if (host->len > sizeof(":443") - 1
        && ngx_http_xpecto_consent_equal(host->data + host->len
                                         - (sizeof(":443") - 1),
                                         sizeof(":443") - 1, ":443"))
    {
        return host->len - (sizeof(":443") - 1);
    }

    return host->len;
}
