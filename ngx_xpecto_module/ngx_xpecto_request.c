
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_xpecto_spine.h"
#include "core/xpecto_path.h"


/*
 * Of a request and of its subrequests, the newest first: the variables, which
 * no redirect takes away and which they share, have a word for the list.
 */

typedef struct ngx_xpecto_ctx_s  ngx_xpecto_ctx_t;

struct ngx_xpecto_ctx_s {
    ngx_module_t        *module;
    ngx_http_request_t  *request;
    ngx_xpecto_ctx_t    *next;
    /* the data follows */
};


typedef struct {
    ngx_uint_t           status;
    ngx_str_t            line;
} ngx_xpecto_status_line_t;


static ngx_int_t ngx_xpecto_drop_header(ngx_http_request_t *r,
    ngx_list_part_t *part, ngx_uint_t i);
static ngx_int_t ngx_xpecto_list_reserve(ngx_http_request_t *r,
    ngx_list_t *list);
static ngx_int_t ngx_xpecto_word_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_xpecto_run_header_filters(ngx_http_request_t *r);


static ngx_http_output_header_filter_pt  ngx_http_next_header_filter;


/* the codes for which nginx has no reason phrase */

static ngx_xpecto_status_line_t  ngx_xpecto_status_lines[] = {
    { 422, ngx_string("422 Unprocessable Content") },
    { 451, ngx_string("451 Unavailable For Legal Reasons") },
    { 0, ngx_null_string }
};


/* an internal redirect zeroes r->ctx */

void *
ngx_xpecto_find_ctx(ngx_http_request_t *r, ngx_module_t *module)
{
    ngx_xpecto_ctx_t        *ctx;
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_http_get_module_main_conf(r, ngx_xpecto_module);
    ctx = (ngx_xpecto_ctx_t *) r->variables[xmcf->ctxs].data;

    for ( /* void */ ; ctx; ctx = ctx->next) {

        if (ctx->module == module && ctx->request == r) {
            r->ctx[module->ctx_index] = ctx + 1;
            return ctx + 1;
        }
    }

    return NULL;
}


void *
ngx_xpecto_alloc_ctx(ngx_http_request_t *r, ngx_module_t *module, size_t size)
{
    ngx_xpecto_ctx_t           *ctx;
    ngx_xpecto_main_conf_t     *xmcf;
    ngx_http_variable_value_t  *word;

    ctx = ngx_palloc(r->pool, sizeof(ngx_xpecto_ctx_t) + size);
    if (ctx == NULL) {
        return NULL;
    }

    xmcf = ngx_http_get_module_main_conf(r, ngx_xpecto_module);
    word = &r->variables[xmcf->ctxs];

    ctx->module = module;
    ctx->request = r;
    ctx->next = (ngx_xpecto_ctx_t *) word->data;

    word->data = (u_char *) ctx;
    r->ctx[module->ctx_index] = ctx + 1;

    return ctx + 1;
}


ngx_int_t
ngx_xpecto_request_words(ngx_conf_t *cf, ngx_uint_t n)
{
    u_char                  *p;
    ngx_str_t                name;
    ngx_int_t                index;
    ngx_uint_t              *word;
    ngx_http_variable_t     *var;
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_http_conf_get_module_main_conf(cf, ngx_xpecto_module);
    index = NGX_ERROR;

    for ( /* void */ ; n > 0; n--) {

        word = ngx_array_push(&xmcf->words);
        p = ngx_pnalloc(cf->pool, sizeof("xpecto word ") + NGX_INT_T_LEN);

        if (word == NULL || p == NULL) {
            return NGX_ERROR;
        }

        name.data = p;
        name.len = ngx_sprintf(p, "xpecto word %ui", xmcf->words.nelts) - p;

        var = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_NOHASH);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = ngx_xpecto_word_variable;

        /* new names: one index follows the other */

        *word = ngx_http_get_variable_index(cf, &name);

        if (*word == (ngx_uint_t) NGX_ERROR) {
            return NGX_ERROR;
        }

        index = (index == NGX_ERROR) ? (ngx_int_t) *word : index;
    }

    return index;
}


static ngx_int_t
ngx_xpecto_word_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    v->not_found = 1;

    return NGX_OK;
}


void
ngx_xpecto_carry_words(ngx_http_request_t *r, ngx_http_variable_value_t *to)
{
    ngx_uint_t               i, *word;
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_http_get_module_main_conf(r, ngx_xpecto_module);
    word = xmcf->words.elts;

    for (i = 0; i < xmcf->words.nelts; i++) {
        to[word[i]] = r->variables[word[i]];
    }
}


ngx_table_elt_t *
ngx_xpecto_push_header(ngx_http_request_t *r, ngx_list_t *headers,
    ngx_str_t *key, ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    /* of a request whose first line nginx could not read there is no list */

    if (headers->pool == NULL
        && ngx_list_init(headers, r->pool, 8, sizeof(ngx_table_elt_t))
           != NGX_OK)
    {
        return NULL;
    }

    h = ngx_xpecto_push_line(headers, key, value);

    if (h == NULL || headers != &r->headers_in.headers) {
        return h;
    }

    h->hash = 0;

    h->lowcase_key = ngx_pnalloc(r->pool, key->len);
    if (h->lowcase_key == NULL) {
        return NULL;
    }

    ngx_strlow(h->lowcase_key, key->data, key->len);
    h->hash = 1;

    return h;
}


ngx_int_t
ngx_xpecto_drop_headers(ngx_http_request_t *r,
    ngx_uint_t (*match)(ngx_table_elt_t *h, void *data), void *data)
{
    ngx_int_t         dropped;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    dropped = 0;
    part = &r->headers_in.headers.part;
    i = 0;

    while (part != NULL) {

        if (i >= part->nelts) {
            part = part->next;
            i = 0;
            continue;
        }

        h = part->elts;

        if (!match(&h[i], data)) {
            i++;
            continue;
        }

        if (ngx_xpecto_drop_header(r, part, i) != NGX_OK) {
            return NGX_ERROR;
        }

        dropped++;

        /*
         * the next line now stands at the same index, in the next part, or,
         * if the part itself has gone, in what part->next still leads to
         */

        if (part->nelts == 0) {
            part = part->next;
            i = 0;
        }
    }

    return dropped;
}


/*
 * Others hold pointers to the elements, so none of them moves: a part is cut
 * at its ends or split.  All but the first part must hold something, since
 * the usual walk over a list does not expect an empty one.
 */

static ngx_int_t
ngx_xpecto_drop_header(ngx_http_request_t *r, ngx_list_part_t *part,
    ngx_uint_t i)
{
    ngx_list_t       *list;
    ngx_list_part_t  *prev, *rest;

    list = &r->headers_in.headers;

    if (i == part->nelts - 1) {
        part->nelts--;

    } else if (i == 0) {
        part->elts = (u_char *) part->elts + list->size;
        part->nelts--;

    } else {
        rest = ngx_palloc(r->pool, sizeof(ngx_list_part_t));
        if (rest == NULL) {
            return NGX_ERROR;
        }

        rest->elts = (u_char *) part->elts + (i + 1) * list->size;
        rest->nelts = part->nelts - i - 1;
        rest->next = part->next;

        part->nelts = i;
        part->next = rest;

        if (list->last == part) {
            list->last = rest;
        }
    }

    if (part->nelts == 0 && part != &list->part) {

        for (prev = &list->part; prev->next != part; prev = prev->next) {
            /* void */
        }

        prev->next = part->next;

        if (list->last == part) {
            list->last = prev;
        }
    }

    return ngx_xpecto_list_reserve(r, list);
}


/*
 * list->nalloc is the room of the last part, which may have changed with it:
 * the next push starts a part of its own.
 */

static ngx_int_t
ngx_xpecto_list_reserve(ngx_http_request_t *r, ngx_list_t *list)
{
    if (list->last->nelts != 0) {
        list->nalloc = list->last->nelts;
        return NGX_OK;
    }

    /* without memory: full, so that the next push asks again */

    list->nalloc = 0;

    list->last->elts = ngx_palloc(r->pool, 8 * list->size);
    if (list->last->elts == NULL) {
        return NGX_ERROR;
    }

    list->nalloc = 8;

    return NGX_OK;
}


ngx_int_t
ngx_xpecto_plain_path(ngx_http_request_t *r, xpecto_str_t *path)
{
    u_char       *p;
    xpecto_rc_e   rc;

    if (xpecto_path_is_plain(path->data, path->len)) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, path->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    rc = xpecto_path_plain(path->data, path->len, p, &path->len);
    path->data = p;

    return (rc == XPECTO_OK) ? NGX_OK : NGX_DECLINED;
}


ngx_int_t
ngx_xpecto_send(ngx_http_request_t *r, ngx_uint_t status, ngx_str_t *type,
    ngx_str_t *body)
{
    ngx_int_t                  rc;
    ngx_buf_t                 *b;
    ngx_chain_t                out;
    ngx_xpecto_status_line_t  *line;

    static ngx_str_t  cache_control = ngx_string("Cache-Control");
    static ngx_str_t  no_store = ngx_string("no-store");

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    r->headers_out.status = status;
    ngx_str_null(&r->headers_out.status_line);

    for (line = ngx_xpecto_status_lines; line->status; line++) {

        if (line->status == status) {
            r->headers_out.status_line = line->line;
            break;
        }
    }

    ngx_http_clear_content_length(r);
    ngx_http_clear_accept_ranges(r);
    ngx_http_clear_last_modified(r);
    ngx_http_clear_etag(r);

    r->headers_out.content_type = *type;
    r->headers_out.content_type_len = type->len;
    r->headers_out.content_type_lowcase = NULL;
    r->headers_out.content_length_n = body->len;

    if (ngx_xpecto_push_header(r, &r->headers_out.headers, &cache_control,
                               &no_store)
        == NULL)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (body->len == 0) {
        r->header_only = 1;
    }

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = body->data;
    b->last = body->data + body->len;
    b->memory = 1;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


ngx_int_t
ngx_xpecto_refuse(ngx_http_request_t *r, ngx_uint_t status, ngx_str_t *type,
    ngx_str_t *body)
{
    ngx_uint_t                 i;
    ngx_http_err_page_t       *page;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (clcf->error_pages != NULL && !r->error_page && r->uri_changes != 0) {

        page = clcf->error_pages->elts;

        for (i = 0; i < clcf->error_pages->nelts; i++) {

            if ((ngx_uint_t) page[i].status == status) {
                return status;
            }
        }
    }

    /* an error that has led here by error_page is not the one answered */

    r->err_status = 0;

    ngx_http_finalize_request(r, ngx_xpecto_send(r, status, type, body));

    return NGX_DONE;
}


void
ngx_xpecto_filter_init(void)
{
    ngx_http_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_xpecto_run_header_filters;
}


ngx_int_t
ngx_xpecto_header_filter(ngx_conf_t *cf,
    ngx_http_output_header_filter_pt filter)
{
    ngx_xpecto_main_conf_t            *xmcf;
    ngx_http_output_header_filter_pt  *next;

    xmcf = ngx_http_conf_get_module_main_conf(cf, ngx_xpecto_module);

    /* the end of the list is a NULL */

    next = ngx_array_push_n(&xmcf->filters, xmcf->filters.nelts ? 1 : 2);
    if (next == NULL) {
        return NGX_ERROR;
    }

    next = xmcf->filters.elts;

    next[xmcf->filters.nelts - 2] = filter;
    next[xmcf->filters.nelts - 1] = NULL;

    return NGX_OK;
}


static ngx_int_t
ngx_xpecto_run_header_filters(ngx_http_request_t *r)
{
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_http_get_module_main_conf(r, ngx_xpecto_module);

    return (xmcf->filters.nelts == 0)
           ? ngx_http_next_header_filter(r)
           : ngx_xpecto_filter_headers(r, xmcf->filters.elts);
}


/* not static: nobody pays for its registers where there is no filter */

ngx_int_t
ngx_xpecto_filter_headers(ngx_http_request_t *r,
    ngx_http_output_header_filter_pt *filter)
{
    ngx_int_t  rc;

    do {
        rc = (*filter)(r);

        if (rc != NGX_OK) {
            return rc;
        }

    } while (*++filter != NULL);

    return ngx_http_next_header_filter(r);
}
