
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_jurisdiction.h"


/*
 * What a worker remembers: most requests come from a few places.  A tag is
 * one of the two of its slot, the one that was derived last is the first.
 */

#define NGX_HTTP_XPECTO_JURISDICTION_TAGS  128
#define NGX_HTTP_XPECTO_JURISDICTION_TEXT  96


typedef struct {
    xpecto_country_t            country;
    xpecto_countries_t          origins;
    ngx_uint_t                  regime;
    ngx_uint_t                  min_age;
    ngx_xpecto_consent_model_e  model;
    int32_t                     signal_from;

    /* the regimes by spaces, and again by commas */

    size_t                      len;
    u_char                      text[2 * NGX_HTTP_XPECTO_JURISDICTION_TEXT];
} ngx_http_xpecto_jurisdiction_memory_t;


/* all that a tag depends on: of the rules, the signals, the address */

typedef struct {
    ngx_uint_t                  generation;     /* of the rules, 0: none */
    xpecto_set_t                origins;
    uint64_t                    areas;
    uint64_t                    address;
} ngx_http_xpecto_jurisdiction_key_t;


typedef struct {
    ngx_http_xpecto_jurisdiction_key_t     key;
    ngx_http_xpecto_jurisdiction_memory_t  memory;
} ngx_http_xpecto_jurisdiction_tag_t;


struct ngx_http_xpecto_jurisdiction_tags_s {
    ngx_http_xpecto_jurisdiction_tag_t
                             tag[NGX_HTTP_XPECTO_JURISDICTION_TAGS][2];
};


static ngx_http_xpecto_jurisdiction_tag_t *ngx_http_xpecto_jurisdiction_slot(
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_key_t *key);
static ngx_int_t ngx_http_xpecto_jurisdiction_tell(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_memory_t *memory,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);
static void ngx_http_xpecto_jurisdiction_note(
    ngx_http_xpecto_jurisdiction_memory_t *memory,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_jurisdiction_derive(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    ngx_http_xpecto_jurisdiction_key_t *key,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);
static ngx_int_t ngx_http_xpecto_jurisdiction_regimes(ngx_http_request_t *r,
    u_char *text, size_t len, ngx_http_xpecto_jurisdiction_ctx_t *ctx);


ngx_http_xpecto_jurisdiction_tags_t *
ngx_http_xpecto_jurisdiction_tags(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_jurisdiction_tags_t));
}


/* the first of two */

static ngx_http_xpecto_jurisdiction_tag_t *
ngx_http_xpecto_jurisdiction_slot(
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_key_t *key)
{
    uint64_t  h;

    h = key->origins.bits[0] + key->origins.bits[1]
        + key->origins.bits[2] + key->origins.bits[3]
        + key->areas + 13 * key->address;

    h *= 0x9e3779b97f4a7c15ULL;

    return xjmcf->tags->tag[h / (UINT64_MAX
                                 / NGX_HTTP_XPECTO_JURISDICTION_TAGS + 1)];
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_tell(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_memory_t *memory,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_xpecto_jurisdiction_t  *j;

    j = &ctx->jurisdiction;

    j->country = memory->country;
    j->origins = memory->origins;
    j->regime = memory->regime;
    j->min_age = memory->min_age;
    j->model = memory->model;
    j->signal_from = memory->signal_from;

    return ngx_http_xpecto_jurisdiction_regimes(r, memory->text, memory->len,
                                                ctx);
}


/* the texts fit in */

static void
ngx_http_xpecto_jurisdiction_note(
    ngx_http_xpecto_jurisdiction_memory_t *memory,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_xpecto_jurisdiction_t  *j;

    j = &ctx->jurisdiction;

    memory->country = j->country;
    memory->origins = j->origins;
    memory->regime = j->regime;
    memory->min_age = j->min_age;
    memory->model = j->model;
    memory->signal_from = j->signal_from;
    memory->len = j->regimes.len;

    if (memory->len != 0) {
        /* ctx->list follows */
        ngx_memcpy(memory->text, j->regimes.data, 2 * memory->len);
    }
}


ngx_int_t
ngx_http_xpecto_jurisdiction_tag(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_uint_t                                 i;
    ngx_http_xpecto_jurisdiction_key_t         key;
    ngx_http_xpecto_jurisdiction_tag_t        *tag;
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    xjmcf = ngx_http_get_module_main_conf(r,
                                          ngx_http_xpecto_jurisdiction_module);

    key.generation = ngx_xpecto_image_generation(xjmcf->rules);

    for (i = 0; i < 4; i++) {
        key.origins.bits[i] = facts->transfer.declared.bits[i]
                              | facts->transfer.hinted.bits[i];
    }

    key.areas = facts->transfer.areas;
    key.address = ctx->jurisdiction.country
                  | (uint64_t) facts->transfer.unknown << 16
                  | (uint64_t) (facts->stale != 0) << 17;

    tag = ngx_http_xpecto_jurisdiction_slot(xjmcf, &key);

    for (i = 0; i < 2; i++) {

        if (ngx_memcmp(&tag[i].key, &key, sizeof(key)) == 0) {
            return ngx_http_xpecto_jurisdiction_tell(r, &tag[i].memory, ctx);
        }
    }

    if (ngx_http_xpecto_jurisdiction_derive(r, facts, &key, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ctx->jurisdiction.regimes.len > NGX_HTTP_XPECTO_JURISDICTION_TEXT) {
        return NGX_OK;
    }

    tag[1] = tag[0];
    tag[0].key = key;

    ngx_http_xpecto_jurisdiction_note(&tag[0].memory, ctx);

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_derive(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_facts_t *facts,
    ngx_http_xpecto_jurisdiction_key_t *key,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    size_t                      len;
    u_char                      text[2 * XPECTO_TRANSFER_REGIMES];
    ngx_uint_t                  i, unknown;
    xpecto_set_t                set;
    const xpecto_rules_t       *rules;
    ngx_xpecto_jurisdiction_t  *j;

    rules = facts->rules;
    set = key->origins;
    j = &ctx->jurisdiction;

    ngx_http_xpecto_jurisdiction_codes(rules, &set, &j->origins);

    len = xpecto_transfer_regimes(rules, &set, key->areas, text);

    for (i = 0; i < len; i++) {
        text[len + i] = (text[i] == ' ') ? ',' : text[i];
    }

    i = xpecto_rules_country(rules, j->country);

    if (i != XPECTO_RULES_NONE) {
        j->regime = rules->regimes[rules->countries[i].territorial].number;
        xpecto_set_add(&set, (unsigned) i);
    }

    /* what protects the person: the strictest that may apply */

    j->model = NGX_XPECTO_CONSENT_OPT_IN;
    j->signal_from = INT32_MIN;

    unknown = (facts->transfer.unknown || i == XPECTO_RULES_NONE
               || facts->stale);

    j->min_age = xpecto_transfer_min_age(rules, &set, key->areas, unknown);

    if (!unknown) {
        if (xpecto_transfer_opt_out(rules, &set, key->areas)) {
            j->model = NGX_XPECTO_CONSENT_OPT_OUT;
        }

        j->signal_from = xpecto_transfer_signal(rules, &set);
    }

    return ngx_http_xpecto_jurisdiction_regimes(r, text, len, ctx);
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_regimes(ngx_http_request_t *r, u_char *text,
    size_t len, ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    u_char  *p;

    if (len == 0) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, 2 * len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(p, text, 2 * len);

    ctx->jurisdiction.regimes.len = len;
    ctx->jurisdiction.regimes.data = p;

    ctx->list.len = len;
    ctx->list.data = p + len;

    return NGX_OK;
}


/* as many as there is room for: the decision knows them all */

void
ngx_http_xpecto_jurisdiction_codes(const xpecto_rules_t *rules,
    xpecto_set_t *set, xpecto_countries_t *countries)
{
    unsigned  i;

    for (i = xpecto_set_next(set, 0);
         i < rules->ncountries && countries->n < XPECTO_COUNTRIES_MAX;
         i = xpecto_set_next(set, i + 1))
    {
        countries->cc[countries->n++] = rules->countries[i].code;
    }
}
