
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * The preferences page: the same choice as the API's, for people, without a
 * script.  Its forms post to the API.
 */


#include "ngx_http_xpecto_consent.h"
#include "core/xpecto_base64.h"
#include "core/xpecto_form.h"
#include "core/xpecto_mac.h"
#include "core/xpecto_page.h"


/* bytes of a template: sections that exclude each other are all in it */

#define NGX_HTTP_XPECTO_CONSENT_TEMPLATE  16384

#define NGX_HTTP_XPECTO_CONSENT_DATE      (sizeof("2026-03-01") - 1)


struct ngx_http_xpecto_consent_page_s {
    ngx_str_t                 file;     /* empty: the one that is built in */
    ngx_str_t                 policy;
    xpecto_page_t             page;
    ngx_str_t                 source;
    ngx_str_t                 csp;
    ngx_str_t                 where;    /* the directive is */
    ngx_uint_t                line;
};


static char *ngx_http_xpecto_consent_page_compile(ngx_conf_t *cf,
    ngx_http_xpecto_consent_page_t *page, ngx_uint_t asked);
static char *ngx_http_xpecto_consent_page_error(ngx_conf_t *cf,
    ngx_http_xpecto_consent_page_t *page, xpecto_page_err_t *err);
static char *ngx_http_xpecto_consent_page_csp(ngx_conf_t *cf,
    ngx_http_xpecto_consent_page_t *page, xpecto_str_t *style);
static ngx_uint_t ngx_http_xpecto_consent_page_is_url(ngx_str_t *url);
static ngx_uint_t ngx_http_xpecto_consent_quality(ngx_http_request_t *r,
    const char *type);
static ngx_uint_t ngx_http_xpecto_consent_quality_of(u_char *p, u_char *last);
static void ngx_http_xpecto_consent_page_facts(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, xpecto_page_facts_t *facts,
    u_char *buf);
static void ngx_http_xpecto_consent_page_need(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, xpecto_page_facts_t *facts);
static void ngx_http_xpecto_consent_page_return(ngx_http_request_t *r,
    xpecto_str_t *value, u_char *buf);


static ngx_xpecto_arg_t  ngx_http_xpecto_consent_page_args[] = {

    { ngx_string("policy"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_consent_page_t, policy), NULL },

      ngx_xpecto_null_arg
};


/* 1: the client would rather have HTML than JSON */

ngx_uint_t
ngx_http_xpecto_consent_wants_page(ngx_http_request_t *r)
{
    ngx_uint_t  html;

    html = ngx_http_xpecto_consent_quality(r, "text/html");

    return html && html >= ngx_http_xpecto_consent_quality(r,
                                                          "application/json");
}


/* of a type that the client names, in thousandths; 0: it does not */

static ngx_uint_t
ngx_http_xpecto_consent_quality(ngx_http_request_t *r, const char *type)
{
    size_t            len;
    u_char           *p, *last, *end;
    ngx_uint_t        i, max, n;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    max = 0;
    len = ngx_strlen(type);

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

        if (!ngx_http_xpecto_consent_is(&h[i], "accept", 6)) {
            continue;
        }

        last = h[i].value.data + h[i].value.len;

        for (p = h[i].value.data; p < last; p = end + 1) {

            while (p < last && (*p == ' ' || *p == '\t')) {
                p++;
            }

            end = ngx_strlchr(p, last, ',');

            if (end == NULL) {
                end = last;
            }

            if ((size_t) (end - p) < len
                || ngx_strncasecmp(p, (u_char *) type, len) != 0
                || (p + len < end && p[len] != ';' && p[len] != ' '
                    && p[len] != '\t'))
            {
                continue;
            }

            n = ngx_http_xpecto_consent_quality_of(p + len, end);

            if (n > max) {
                max = n;
            }
        }
    }

    return max;
}


/* "; q=0.8": what is no number from 0 to 1 counts as 1, as without */

static ngx_uint_t
ngx_http_xpecto_consent_quality_of(u_char *p, u_char *last)
{
    ngx_int_t  n;

    p = ngx_strlcasestrn(p, last, (u_char *) "q=", 2 - 1);

    if (p == NULL || last - p < 3 || p[2] != '0') {
        return 1000;
    }

    p += 3;

    while (last > p && (last[-1] == ' ' || last[-1] == '\t')) {
        last--;
    }

    if (p == last) {
        return 0;
    }

    n = (*p == '.' && last - p < 5) ? ngx_atofp(p, last - p, 3) : NGX_ERROR;

    return n == NGX_ERROR ? 1000 : (ngx_uint_t) n;
}


ngx_int_t
ngx_http_xpecto_consent_send_page(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx)
{
    size_t                               len;
    u_char                              *buf;
    ngx_str_t                            body;
    xpecto_page_facts_t                  facts;
    ngx_http_xpecto_consent_page_t      *page;
    ngx_http_xpecto_consent_loc_conf_t  *xlcf;

    static ngx_str_t  type = ngx_string("text/html");
    static ngx_str_t  csp = ngx_string("Content-Security-Policy");

    xlcf = ngx_http_get_module_loc_conf(r,
                                        ngx_http_xpecto_consent_filter_module);
    page = xlcf->page;

    buf = ngx_pnalloc(r->pool, 2 * XPECTO_WISH_BACK
                               + 2 * NGX_HTTP_XPECTO_CONSENT_DATE
                               + NGX_INT_T_LEN);
    if (buf == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_xpecto_consent_page_facts(r, ctx, &facts, buf);
    facts.values[XPECTO_PAGE_POLICY] = ngx_xpecto_str(&page->policy);

    len = xpecto_page_render(&page->page, &facts, NULL, 0);

    body.len = len;
    body.data = ngx_pnalloc(r->pool, len);

    if (body.data == NULL
        || ngx_xpecto_push_header(r, &r->headers_out.headers, &csp,
                                  &page->csp)
           == NULL)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    (void) xpecto_page_render(&page->page, &facts, body.data, len);

    ngx_str_set(&r->headers_out.charset, "utf-8");

    return ngx_xpecto_send(r, NGX_HTTP_OK, &type, &body);
}


/* buf: room for what the page says of this request */

static void
ngx_http_xpecto_consent_page_facts(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, xpecto_page_facts_t *facts,
    u_char *buf)
{
    u_char                              *p;
    ngx_tm_t                             tm;
    ngx_uint_t                           i;
    xpecto_str_t                        *value;
    ngx_http_core_loc_conf_t            *clcf;
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_xpecto_consent_filter_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    ngx_memzero(facts, sizeof(xpecto_page_facts_t));

    facts->asked = (uint16_t) conf->asked;
    facts->granted = ctx->decision.granted;
    facts->barred = xpecto_consent_barred(&ctx->decision);

    value = facts->values;
    value[XPECTO_PAGE_ACTION] = ngx_xpecto_str(&clcf->name);

    p = buf;

    if (ctx->state == XPECTO_CHOICE_VALID
        && (ctx->choice.flags & XPECTO_CHOICE_EXPLICIT))
    {
        facts->flags |= XPECTO_PAGE_CHOSEN;
        facts->chosen = ctx->choice.granted;

        if (facts->chosen & facts->asked) {
            facts->flags |= XPECTO_PAGE_GRANTED;
        }

        for (i = XPECTO_PAGE_UPDATED; i <= XPECTO_PAGE_EXPIRES; i++) {
            ngx_gmtime(i == XPECTO_PAGE_UPDATED ? ctx->choice.updated
                                                : ctx->choice.expires, &tm);

            value[i].data = p;
            p = ngx_sprintf(p, "%4d-%02d-%02d", tm.ngx_tm_year,
                            tm.ngx_tm_mon, tm.ngx_tm_mday);
            value[i].len = p - value[i].data;
        }

    } else if (ctx->state != XPECTO_CHOICE_NONE
               && ctx->state != XPECTO_CHOICE_VALID)
    {
        facts->flags |= XPECTO_PAGE_VOID;
    }

    if (ctx->decision.gpc) {
        facts->flags |= XPECTO_PAGE_GPC;
    }

    if (ngx_http_xpecto_consent_asks_age(r, ctx)) {
        facts->flags |= XPECTO_PAGE_AGE;
    }

    if (ctx->decision.layers[XPECTO_LAYER_AGE] & facts->asked) {
        facts->flags |= XPECTO_PAGE_YOUNG;
    }

    value[XPECTO_PAGE_REVISION].data = p;
    p = ngx_sprintf(p, "%ui", ctx->revision);
    value[XPECTO_PAGE_REVISION].len = p - value[XPECTO_PAGE_REVISION].data;

    ngx_http_xpecto_consent_page_need(r, ctx, facts);
    ngx_http_xpecto_consent_page_return(r, value, p);
}


/* what the gate that sent the visitor here needs, unless it is open now */

static void
ngx_http_xpecto_consent_page_need(ngx_http_request_t *r,
    ngx_http_xpecto_consent_ctx_t *ctx, xpecto_page_facts_t *facts)
{
    int         n;
    ngx_str_t   purpose, label;

    if (ngx_http_arg(r, (u_char *) "for", 3, &purpose) != NGX_OK) {
        return;
    }

    n = xpecto_purpose_find(purpose.data, purpose.len);

    if (n < 0 || (ctx->decision.granted & XPECTO_PURPOSE_BIT(n))) {
        return;
    }

    label.data = (u_char *) xpecto_page_label(n);
    label.len = ngx_strlen(label.data);

    facts->flags |= XPECTO_PAGE_NEEDED;
    facts->values[XPECTO_PAGE_NEED] = ngx_xpecto_str(&label);
}


/*
 * A path of this site that the forms lead back to, if there is one, else to
 * the page.  The form of the age leads to the page, which still knows it.
 */

static void
ngx_http_xpecto_consent_page_return(ngx_http_request_t *r,
    xpecto_str_t *value, u_char *buf)
{
    size_t         len;
    u_char        *back, *p;
    ngx_str_t      arg, need;
    xpecto_str_t   raw, *action;

    action = &value[XPECTO_PAGE_ACTION];

    value[XPECTO_PAGE_BACK] = *action;

    if (ngx_http_arg(r, (u_char *) "return", 6, &arg) != NGX_OK) {
        return;
    }

    raw = ngx_xpecto_str(&arg);

    if (xpecto_form_decode(&raw, buf, XPECTO_WISH_BACK, &len) != XPECTO_OK
        || !xpecto_wish_is_path(buf, len))
    {
        return;
    }

    value[XPECTO_PAGE_RETURN].data = buf;
    value[XPECTO_PAGE_RETURN].len = len;

    if (ngx_http_arg(r, (u_char *) "for", 3, &need) != NGX_OK
        || xpecto_purpose_find(need.data, need.len) < 0)
    {
        need.len = 0;
    }

    if (action->len + sizeof("?return=&for=") + arg.len + need.len
        > XPECTO_WISH_BACK)
    {
        return;
    }

    back = buf + XPECTO_WISH_BACK;

    p = ngx_cpymem(back, action->data, action->len);
    p = ngx_cpymem(p, "?return=", sizeof("?return=") - 1);
    p = ngx_cpymem(p, arg.data, arg.len);

    if (need.len) {
        p = ngx_cpymem(p, "&for=", sizeof("&for=") - 1);
        p = ngx_cpymem(p, need.data, need.len);
    }

    if (xpecto_wish_is_path(back, (size_t) (p - back))) {
        value[XPECTO_PAGE_BACK].data = back;
        value[XPECTO_PAGE_BACK].len = p - back;
    }
}


ngx_int_t
ngx_http_xpecto_consent_check_page(ngx_conf_t *cf,
    ngx_http_xpecto_consent_page_t *page, ngx_uint_t api)
{
    if (page == NULL || api) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"xpecto_consent_page\" is used where no location has "
                  "\"xpecto_consent_api\": nobody sees it in %V:%ui",
                  &page->where, page->line);

    return NGX_ERROR;
}


/* xpecto_consent_page [file] [policy=url] */

char *
ngx_http_xpecto_consent_page(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_consent_loc_conf_t *xlcf = conf;

    ngx_str_t                       *value;
    ngx_uint_t                       first;
    ngx_http_xpecto_consent_page_t  *page;

    if (xlcf->page != NULL) {
        return "is duplicate";
    }

    page = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_consent_page_t));
    if (page == NULL) {
        return NGX_CONF_ERROR;
    }

    page->where = cf->conf_file->file.name;
    page->line = cf->conf_file->line;

    value = cf->args->elts;
    first = 1;

    if (ngx_strncmp(value[1].data, "policy=", sizeof("policy=") - 1) != 0) {
        page->file = value[1];
        first = 2;

        if (ngx_conf_full_name(cf->cycle, &page->file, 1) != NGX_OK
            || ngx_xpecto_conf_file(cf, &page->file,
                                    NGX_HTTP_XPECTO_CONSENT_TEMPLATE,
                                    &page->source)
               != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    if (ngx_xpecto_conf_args(cf, ngx_http_xpecto_consent_page_args, first,
                             page)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (page->policy.len
        && !ngx_http_xpecto_consent_page_is_url(&page->policy))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"policy=%V\" is neither a path of this site nor "
                           "an https URL", &page->policy);
        return NGX_CONF_ERROR;
    }

    xlcf->page = page;

    return NGX_CONF_OK;
}


static ngx_uint_t
ngx_http_xpecto_consent_page_is_url(ngx_str_t *url)
{
    ngx_str_t  path;

    path = *url;

    if (path.len > sizeof("https://") - 1
        && ngx_strncmp(path.data, "https://", sizeof("https://") - 1) == 0)
    {
        path.data += sizeof("https:/") - 1;
        path.len -= sizeof("https:/") - 1;
    }

    return xpecto_wish_is_path(path.data, path.len);
}


/* a location with the API: its page, or the one that is built in */

char *
ngx_http_xpecto_consent_init_page(ngx_conf_t *cf,
    ngx_http_xpecto_consent_loc_conf_t *xlcf)
{
    ngx_http_xpecto_consent_page_t      *page;
    ngx_http_xpecto_consent_srv_conf_t  *xscf;

    xscf = ngx_http_conf_get_module_srv_conf(cf,
                                        ngx_http_xpecto_consent_filter_module);

    page = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_consent_page_t));
    if (page == NULL) {
        return NGX_CONF_ERROR;
    }

    if (xlcf->page != NULL) {
        *page = *xlcf->page;
    }

    if (page->policy.len == 0) {
        ngx_str_set(&page->policy, "/privacy");
    }

    if (page->file.len == 0) {
        page->source.data = (u_char *) xpecto_page_default;
        page->source.len = ngx_strlen(xpecto_page_default);
    }

    xlcf->page = page;

    return ngx_http_xpecto_consent_page_compile(cf, page, xscf->asked);
}


static char *
ngx_http_xpecto_consent_page_compile(ngx_conf_t *cf,
    ngx_http_xpecto_consent_page_t *page, ngx_uint_t asked)
{
    size_t                     n;
    ngx_uint_t                 i;
    ngx_str_t                 *name, label;
    xpecto_str_t               style;
    xpecto_page_err_t          err;
    xpecto_page_part_t        *parts;
    xpecto_page_facts_t        facts;
    ngx_http_core_loc_conf_t  *clcf;

    static ngx_str_t  longest = ngx_string("4294967295");

    n = xpecto_page_parts(page->source.data, page->source.len);

    parts = ngx_palloc(cf->pool, n * sizeof(xpecto_page_part_t));
    if (parts == NULL) {
        return NGX_CONF_ERROR;
    }

    if (xpecto_page_compile(&page->page, parts, page->source.data,
                            page->source.len, &err)
        != XPECTO_OK
        || xpecto_page_check(page->source.data, page->source.len,
                             (uint16_t) asked, &style, &err)
           != XPECTO_OK)
    {
        return ngx_http_xpecto_consent_page_error(cf, page, &err);
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    name = &clcf->name;

    ngx_memzero(&facts, sizeof(xpecto_page_facts_t));

    facts.asked = (uint16_t) asked;
    facts.values[XPECTO_PAGE_ACTION] = ngx_xpecto_str(name);
    facts.values[XPECTO_PAGE_BACK] = ngx_xpecto_str(name);
    facts.values[XPECTO_PAGE_POLICY] = ngx_xpecto_str(&page->policy);

    for (i = XPECTO_PAGE_UPDATED; i < XPECTO_PAGE_NEED; i++) {
        facts.values[i] = ngx_xpecto_str(&longest);
    }

    for (i = 0; i < XPECTO_PURPOSES; i++) {
        label.data = (u_char *) xpecto_page_label(i);
        label.len = ngx_strlen(label.data);

        if (label.len > facts.values[XPECTO_PAGE_NEED].len) {
            facts.values[XPECTO_PAGE_NEED] = ngx_xpecto_str(&label);
        }
    }

    n = xpecto_page_longest(&page->page, &facts);

    if (n > XPECTO_PAGE_SIZE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the consent page%s%V is up to %uz bytes long, "
                           "more than %d", page->file.len ? " of " : "",
                           &page->file, n, XPECTO_PAGE_SIZE);
        return NGX_CONF_ERROR;
    }

    return ngx_http_xpecto_consent_page_csp(cf, page, &style);
}


static char *
ngx_http_xpecto_consent_page_error(ngx_conf_t *cf,
    ngx_http_xpecto_consent_page_t *page, xpecto_page_err_t *err)
{
    u_char     *p;
    ngx_str_t   word;
    u_char      buf[sizeof(": \"\"") + 64];

    word.data = buf;
    p = buf;

    if (err->word.len) {
        p = ngx_sprintf(p, ": \"%*s\"", ngx_min(err->word.len, (size_t) 64),
                        err->word.data);
    }

    word.len = p - buf;

    if (err->line) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%s%V in %V:%uz",
                           err->text, &word, &page->file, err->line);

    } else {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%s%V in %V",
                           err->text, &word, &page->file);
    }

    return NGX_CONF_ERROR;
}


/* the style sheet stands in the page: its digest is what may be applied */

static char *
ngx_http_xpecto_consent_page_csp(ngx_conf_t *cf,
    ngx_http_xpecto_consent_page_t *page, xpecto_str_t *style)
{
    u_char   *p;
    uint8_t   digest[XPECTO_MAC_LEN];

    static char  policy[] = "default-src 'none'; style-src 'sha256-";
    static char  rest[] = "'; form-action 'self'; frame-ancestors 'none'; "
                          "base-uri 'none'";

    if (xpecto_sha256(style->data, style->len, digest) != XPECTO_OK) {
        return NGX_CONF_ERROR;
    }

    p = ngx_pnalloc(cf->pool, sizeof(policy) + sizeof(rest)
                              + XPECTO_BASE64_ENCODED(XPECTO_MAC_LEN));
    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    page->csp.data = p;

    p = ngx_cpymem(p, policy, sizeof(policy) - 1);
    p += xpecto_base64_encode(p, digest, XPECTO_MAC_LEN);
    p = ngx_cpymem(p, rest, sizeof(rest) - 1);

    page->csp.len = p - page->csp.data;

    return NGX_CONF_OK;
}
