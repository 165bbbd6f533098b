
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_jurisdiction.h"


static ngx_uint_t ngx_http_xpecto_jurisdiction_happened(
    ngx_xpecto_remark_t *remark, time_t when);
static u_char *ngx_http_xpecto_jurisdiction_day(u_char *p, time_t when);
static ngx_uint_t ngx_http_xpecto_jurisdiction_rules_generation(void *data);
static ngx_uint_t ngx_http_xpecto_jurisdiction_rules_expire(void *data);
static ngx_uint_t ngx_http_xpecto_jurisdiction_expired(void *data);
static ngx_int_t ngx_http_xpecto_jurisdiction_built(void *data,
    ngx_array_t *samples);
static ngx_int_t ngx_http_xpecto_jurisdiction_ages(void *data,
    ngx_array_t *samples);
static ngx_int_t ngx_http_xpecto_jurisdiction_generations(void *data,
    ngx_array_t *samples);
static ngx_int_t ngx_http_xpecto_jurisdiction_each(
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf, ngx_array_t *samples,
    ngx_uint_t (*get)(ngx_xpecto_image_t *im));
static ngx_uint_t ngx_http_xpecto_jurisdiction_epoch(ngx_xpecto_image_t *im);
static ngx_uint_t ngx_http_xpecto_jurisdiction_age(ngx_xpecto_image_t *im);


static ngx_str_t  ngx_http_xpecto_jurisdiction_labels[] = {
    ngx_string("role=\"country\""),
    ngx_string("role=\"anonymous\"")
};


static ngx_xpecto_gauge_t  ngx_http_xpecto_jurisdiction_rules_gauges[] = {

    { ngx_string("xpecto_jurisdiction_rules_generation"),
      ngx_string("Generation of the compiled rules."),
      ngx_null_string,
      ngx_http_xpecto_jurisdiction_rules_generation, NULL, NULL },

    { ngx_string("xpecto_jurisdiction_rules_expire_timestamp_seconds"),
      ngx_string("When the rules want to be reviewed; 0: never."),
      ngx_null_string,
      ngx_http_xpecto_jurisdiction_rules_expire, NULL, NULL },

    { ngx_string("xpecto_jurisdiction_attestations_expired"),
      ngx_string("Attestations of the rules that have expired."),
      ngx_null_string,
      ngx_http_xpecto_jurisdiction_expired, NULL, NULL }
};


static ngx_xpecto_gauge_t  ngx_http_xpecto_jurisdiction_places_gauges[] = {

    { ngx_string("xpecto_jurisdiction_geoip_built_timestamp_seconds"),
      ngx_string("When the MaxMind DB was made; 0: there is none."),
      ngx_null_string,
      NULL, ngx_http_xpecto_jurisdiction_built, NULL },

    { ngx_string("xpecto_jurisdiction_geoip_age_seconds"),
      ngx_string("Age of the MaxMind DB."),
      ngx_null_string,
      NULL, ngx_http_xpecto_jurisdiction_ages, NULL },

    { ngx_string("xpecto_jurisdiction_geoip_generation"),
      ngx_string("Generation of the compiled MaxMind DB."),
      ngx_null_string,
      NULL, ngx_http_xpecto_jurisdiction_generations, NULL }
};


/* expired rules are said once a day as well: they want to be read again */

void
ngx_http_xpecto_jurisdiction_remark_rules(const void *image,
    ngx_xpecto_remark_t *remark)
{
    time_t                  expires;
    u_char                  day[NGX_HTTP_XPECTO_DAY];
    ngx_str_t               name;
    ngx_uint_t              i;
    xpecto_str_t            text;
    const xpecto_rules_t   *rules;
    const xpecto_attest_t  *attest;

    rules = image;
    expires = (time_t) rules->expires * 86400;

    if (remark->now >= expires
        && (ngx_http_xpecto_jurisdiction_happened(remark, expires)
            || remark->since / 86400 != remark->now / 86400))
    {
        ngx_log_error(NGX_LOG_WARN, remark->log, 0,
                      "\"%V\" expired on %*s", remark->file,
                      ngx_http_xpecto_jurisdiction_day(day, expires) - day,
                      day);
    }

    for (i = 0; i < rules->nattests; i++) {
        attest = &rules->attests[i];
        expires = (time_t) attest->expires * 86400;

        if (!ngx_http_xpecto_jurisdiction_happened(remark, expires)) {
            continue;
        }

        text = xpecto_rules_text(rules, attest->name);
        name.data = (u_char *) text.data;
        name.len = text.len;

        ngx_log_error(NGX_LOG_WARN, remark->log, 0,
                      "attestation \"%V\" in \"%V\" expired on %*s", &name,
                      remark->file,
                      ngx_http_xpecto_jurisdiction_day(day, expires) - day,
                      day);
    }
}


void
ngx_http_xpecto_jurisdiction_remark_places(const void *image,
    ngx_xpecto_remark_t *remark)
{
    time_t                              epoch;
    u_char                              day[NGX_HTTP_XPECTO_DAY];
    ngx_http_xpecto_jurisdiction_db_t  *db;

    db = remark->data;
    epoch = (time_t) xpecto_place_epoch(image);

    if (epoch == 0 || db->max_age == 0
        || !ngx_http_xpecto_jurisdiction_happened(remark,
                                                  epoch + db->max_age + 1))
    {
        return;
    }

    ngx_log_error(NGX_LOG_WARN, remark->log, 0,
                  "\"%V\" was made on %*s: it is older than \"max_age\" and "
                  "no address of it is an origin any more", remark->file,
                  ngx_http_xpecto_jurisdiction_day(day, epoch) - day, day);
}


static ngx_uint_t
ngx_http_xpecto_jurisdiction_happened(ngx_xpecto_remark_t *remark, time_t when)
{
    return (remark->since == 0 || when > remark->since)
           && when <= remark->now;
}


static u_char *
ngx_http_xpecto_jurisdiction_day(u_char *p, time_t when)
{
    ngx_tm_t  tm;

    ngx_gmtime(when, &tm);

    return ngx_sprintf(p, "%4d-%02d-%02d", tm.ngx_tm_year, tm.ngx_tm_mon,
                       tm.ngx_tm_mday);
}


ngx_int_t
ngx_http_xpecto_jurisdiction_gauges(ngx_conf_t *cf, ngx_uint_t rules)
{
    ngx_uint_t           i, n;
    ngx_xpecto_gauge_t  *gauges, gauge;

    if (rules) {
        gauges = ngx_http_xpecto_jurisdiction_rules_gauges;
        n = sizeof(ngx_http_xpecto_jurisdiction_rules_gauges)
            / sizeof(ngx_xpecto_gauge_t);

    } else {
        gauges = ngx_http_xpecto_jurisdiction_places_gauges;
        n = sizeof(ngx_http_xpecto_jurisdiction_places_gauges)
            / sizeof(ngx_xpecto_gauge_t);
    }

    for (i = 0; i < n; i++) {
        gauge = gauges[i];
        gauge.data = ngx_http_conf_get_module_main_conf(cf,
                                          ngx_http_xpecto_jurisdiction_module);

        if (ngx_xpecto_gauge(cf, &gauge) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_xpecto_jurisdiction_rules_generation(void *data)
{
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf = data;

    return ngx_xpecto_image_generation(xjmcf->rules);
}


/* 0 where they do not expire */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_rules_expire(void *data)
{
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf = data;

    int32_t                expires;
    const xpecto_rules_t  *rules;

    rules = ngx_xpecto_image_pin(xjmcf->rules);

    expires = (rules == NULL || rules->expires == INT32_MAX) ? 0
                                                             : rules->expires;

    ngx_xpecto_image_unpin(xjmcf->rules);

    return (ngx_uint_t) expires * 86400;
}


static ngx_uint_t
ngx_http_xpecto_jurisdiction_expired(void *data)
{
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf = data;

    ngx_uint_t             i, n;
    const xpecto_rules_t  *rules;

    rules = ngx_xpecto_image_pin(xjmcf->rules);
    n = 0;

    for (i = 0; rules != NULL && i < rules->nattests; i++) {
        n += (ngx_time() / 86400 >= rules->attests[i].expires);
    }

    ngx_xpecto_image_unpin(xjmcf->rules);

    return n;
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_built(void *data, ngx_array_t *samples)
{
    return ngx_http_xpecto_jurisdiction_each(data, samples,
                                           ngx_http_xpecto_jurisdiction_epoch);
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_ages(void *data, ngx_array_t *samples)
{
    return ngx_http_xpecto_jurisdiction_each(data, samples,
                                             ngx_http_xpecto_jurisdiction_age);
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_generations(void *data, ngx_array_t *samples)
{
    return ngx_http_xpecto_jurisdiction_each(data, samples,
                                             ngx_xpecto_image_generation);
}


static ngx_int_t
ngx_http_xpecto_jurisdiction_each(
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf, ngx_array_t *samples,
    ngx_uint_t (*get)(ngx_xpecto_image_t *im))
{
    ngx_uint_t            i;
    ngx_xpecto_image_t   *dbs[NGX_HTTP_XPECTO_DBS];
    ngx_xpecto_sample_t  *sample;

    dbs[NGX_HTTP_XPECTO_DB_COUNTRY] = xjmcf->places;
    dbs[NGX_HTTP_XPECTO_DB_ANONYMOUS] = xjmcf->anonymous;

    for (i = 0; i < NGX_HTTP_XPECTO_DBS; i++) {

        if (dbs[i] == NULL) {
            continue;
        }

        sample = ngx_array_push(samples);
        if (sample == NULL) {
            return NGX_ERROR;
        }

        sample->label = ngx_http_xpecto_jurisdiction_labels[i];
        sample->value = get(dbs[i]);
    }

    return NGX_OK;
}


/* 0 where there is no database */

static ngx_uint_t
ngx_http_xpecto_jurisdiction_epoch(ngx_xpecto_image_t *im)
{
    ngx_uint_t   epoch;
    const void  *places;

    places = ngx_xpecto_image_pin(im);
    epoch = (places == NULL) ? 0 : (ngx_uint_t) xpecto_place_epoch(places);
    ngx_xpecto_image_unpin(im);

    return epoch;
}


static ngx_uint_t
ngx_http_xpecto_jurisdiction_age(ngx_xpecto_image_t *im)
{
    ngx_uint_t  epoch;

    epoch = ngx_http_xpecto_jurisdiction_epoch(im);

    return (epoch == 0 || (time_t) epoch > ngx_time())
           ? 0 : (ngx_uint_t) ngx_time() - epoch;
}
