
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_jurisdiction.h"


/* lines about names that nobody knows: there may be many tenants */

#define NGX_HTTP_XPECTO_JURISDICTION_REMARKS  10


/* tenants that a worker looks at before it goes on with its requests */

#define NGX_HTTP_XPECTO_JURISDICTION_SLICE    500


struct ngx_http_xpecto_jurisdiction_review_s {
    ngx_xpecto_image_t         *tenants_image;
    ngx_xpecto_image_t         *rules_image;

    const void                 *tenants;
    const xpecto_rules_t       *rules;
    ngx_str_t                   rules_file;
    ngx_str_t                   file;
    xpecto_tenant_t             tenant;
    ngx_uint_t                  n;      /* of remarks */
    ngx_log_t                  *log;

    ngx_event_t                 timer;  /* of a worker */
    uint32_t                    next;
    ngx_uint_t                  generation;
};


static void ngx_http_xpecto_jurisdiction_review_tenants(
    ngx_http_xpecto_jurisdiction_review_t *review, uint32_t end);
static void ngx_http_xpecto_jurisdiction_review_begin(void *data,
    ngx_log_t *log);
static void ngx_http_xpecto_jurisdiction_review_slice(ngx_event_t *ev);
static void ngx_http_xpecto_jurisdiction_review(
    ngx_http_xpecto_jurisdiction_review_t *review);
static void ngx_http_xpecto_jurisdiction_review_country(
    ngx_http_xpecto_jurisdiction_review_t *review, xpecto_country_t country);
static void ngx_http_xpecto_jurisdiction_review_region(
    ngx_http_xpecto_jurisdiction_review_t *review, const xpecto_name_t *name,
    char *member);
static void ngx_http_xpecto_jurisdiction_stranger(
    ngx_http_xpecto_jurisdiction_review_t *review, u_char *name, size_t len,
    char *member);


/*
 * What tenants name and the rules do not have: not an error, as each of both
 * files may be the one that is to follow.  An origin of that kind is unknown,
 * a region is not allowed, an attestation does not hold.
 */

ngx_int_t
ngx_http_xpecto_jurisdiction_check_tenants(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf)
{
    ngx_xpecto_image_t                     *tenants;
    ngx_http_xpecto_jurisdiction_review_t  *review;

    tenants = ngx_xpecto_tenants_image(cf);

    if (tenants == NULL) {
        return NGX_OK;
    }

    review = ngx_pcalloc(cf->pool,
                         sizeof(ngx_http_xpecto_jurisdiction_review_t));
    if (review == NULL) {
        return NGX_ERROR;
    }

    review->tenants_image = tenants;
    review->rules_image = xjmcf->rules;
    review->log = cf->log;

    review->tenants = ngx_xpecto_image_compiled(tenants, &review->file);
    review->rules = ngx_xpecto_image_compiled(xjmcf->rules,
                                              &review->rules_file);

    ngx_http_xpecto_jurisdiction_review_tenants(review,
                                       xpecto_tenants_count(review->tenants));

    ngx_xpecto_image_watch(tenants, ngx_http_xpecto_jurisdiction_review_begin,
                           review);
    ngx_xpecto_image_watch(xjmcf->rules,
                           ngx_http_xpecto_jurisdiction_review_begin, review);

    return NGX_OK;
}


/* those from review->next on */

static void
ngx_http_xpecto_jurisdiction_review_tenants(
    ngx_http_xpecto_jurisdiction_review_t *review, uint32_t end)
{
    for ( /* void */ ; review->next < end; review->next++) {
        (void) xpecto_tenants_get(review->tenants, review->next,
                                  &review->tenant);
        ngx_http_xpecto_jurisdiction_review(review);
    }

    if (end == xpecto_tenants_count(review->tenants)
        && review->n > NGX_HTTP_XPECTO_JURISDICTION_REMARKS)
    {
        ngx_log_error(NGX_LOG_WARN, review->log, 0,
                      "%ui names more in \"%V\" that are not in \"%V\"",
                      review->n - NGX_HTTP_XPECTO_JURISDICTION_REMARKS,
                      &review->file, &review->rules_file);
    }
}


/* one of the two files was replaced */

static void
ngx_http_xpecto_jurisdiction_review_begin(void *data, ngx_log_t *log)
{
    ngx_http_xpecto_jurisdiction_review_t *review = data;

    review->next = 0;
    review->n = 0;
    review->log = log;
    review->generation = ngx_xpecto_image_generation(review->tenants_image);

    review->timer.handler = ngx_http_xpecto_jurisdiction_review_slice;
    review->timer.data = review;
    review->timer.log = log;
    review->timer.cancelable = 1;

    ngx_add_timer(&review->timer, 1);
}


/* who publishes other tenants meanwhile looks at those */

static void
ngx_http_xpecto_jurisdiction_review_slice(ngx_event_t *ev)
{
    uint32_t                                n;
    ngx_http_xpecto_jurisdiction_review_t  *review;

    review = ev->data;

    review->tenants = ngx_xpecto_image_pin(review->tenants_image);
    review->rules = ngx_xpecto_image_pin(review->rules_image);

    if (review->tenants != NULL && review->rules != NULL
        && ngx_xpecto_image_generation(review->tenants_image)
           == review->generation)
    {
        n = xpecto_tenants_count(review->tenants);

        if (n - review->next > NGX_HTTP_XPECTO_JURISDICTION_SLICE) {
            n = review->next + NGX_HTTP_XPECTO_JURISDICTION_SLICE;
            ngx_add_timer(ev, 1);
        }

        ngx_http_xpecto_jurisdiction_review_tenants(review, n);
    }

    ngx_xpecto_image_unpin(review->rules_image);
    ngx_xpecto_image_unpin(review->tenants_image);
}


static void
ngx_http_xpecto_jurisdiction_review(
    ngx_http_xpecto_jurisdiction_review_t *review)
{
    ngx_uint_t        i;
    xpecto_str_t      name;
    xpecto_tenant_t  *tenant;

    tenant = &review->tenant;

    for (i = 0; i < tenant->establishment.n; i++) {
        ngx_http_xpecto_jurisdiction_review_country(review,
                                                tenant->establishment.cc[i]);
    }

    for (i = 0; i < tenant->nseats; i++) {
        if (!xpecto_rules_area_known(review->rules, tenant->seats[i])) {
            ngx_http_xpecto_jurisdiction_stranger(review,
                                              (u_char *) tenant->seats[i],
                                              ngx_strlen(tenant->seats[i]),
                                              "establishment");
        }
    }

    if (tenant->region.len != 0) {
        ngx_http_xpecto_jurisdiction_review_region(review, &tenant->region,
                                                   "region");
    }

    for (i = 0; i < tenant->nregions; i++) {
        ngx_http_xpecto_jurisdiction_review_region(review,
                                                   &tenant->regions[i],
                                                   "allow_regions");
    }

    for (i = 0; i < tenant->nattest; i++) {
        name.data = tenant->attest[i].data;
        name.len = tenant->attest[i].len;

        if (xpecto_transfer_attest(review->rules, name) == 0) {
            ngx_http_xpecto_jurisdiction_stranger(review,
                                                  (u_char *) name.data,
                                                  name.len, "attest");
        }
    }
}


static void
ngx_http_xpecto_jurisdiction_review_country(
    ngx_http_xpecto_jurisdiction_review_t *review, xpecto_country_t country)
{
    u_char            code[2];
    ngx_str_t         tenant;
    xpecto_country_t  iso;

    code[0] = (u_char) (country >> 8);
    code[1] = (u_char) (country & 0xff);

    iso = ngx_http_xpecto_jurisdiction_iso(country);

    if (xpecto_rules_country(review->rules, iso) == XPECTO_RULES_NONE) {
        ngx_http_xpecto_jurisdiction_stranger(review, code, 2,
                                              "establishment");
        return;
    }

    if (iso != country
        && review->n++ < NGX_HTTP_XPECTO_JURISDICTION_REMARKS)
    {
        tenant.len = review->tenant.name.len;
        tenant.data = review->tenant.name.data;

        ngx_log_error(NGX_LOG_WARN, review->log, 0,
                      "\"%*s\" at tenants.%V.establishment in \"%V\" is no "
                      "ISO 3166-1 code, \"%c%c\" is used",
                      (size_t) 2, code, &tenant, &review->file,
                      iso >> 8, iso & 0xff);
    }
}


static void
ngx_http_xpecto_jurisdiction_review_region(
    ngx_http_xpecto_jurisdiction_review_t *review, const xpecto_name_t *name,
    char *member)
{
    xpecto_str_t  region;

    region.data = name->data;
    region.len = name->len;

    if (xpecto_rules_region(review->rules, region) == NULL) {
        ngx_http_xpecto_jurisdiction_stranger(review, (u_char *) name->data,
                                              name->len, member);
    }
}


static void
ngx_http_xpecto_jurisdiction_stranger(
    ngx_http_xpecto_jurisdiction_review_t *review, u_char *name, size_t len,
    char *member)
{
    ngx_str_t  tenant;

    if (review->n++ >= NGX_HTTP_XPECTO_JURISDICTION_REMARKS) {
        return;
    }

    tenant.len = review->tenant.name.len;
    tenant.data = review->tenant.name.data;

    ngx_log_error(NGX_LOG_WARN, review->log, 0,
                  "\"%*s\" at tenants.%V.%s in \"%V\" is not in \"%V\"",
                  len, name, &tenant, member, &review->file,
                  &review->rules_file);
}


/* the Union has codes of its own for two countries, which people write */

xpecto_country_t
ngx_http_xpecto_jurisdiction_iso(xpecto_country_t country)
{
    if (country == XPECTO_COUNTRY('U', 'K')) {
        return XPECTO_COUNTRY('G', 'B');
    }

    if (country == XPECTO_COUNTRY('E', 'L')) {
        return XPECTO_COUNTRY('G', 'R');
    }

    return country;
}
