
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent_revoked.h"


/* buckets that the status room looks at, 2 MiB at most */

#define NGX_HTTP_XPECTO_CONSENT_REVOKED_LOOK    16384

/* seconds that a change takes at most, with what is to be on the disk */

#define NGX_HTTP_XPECTO_CONSENT_REVOKED_HOLD    60


typedef struct {
    ngx_xpecto_zone_arg_t          zone;
    ngx_str_t                      persist;
} ngx_http_xpecto_consent_revoked_args_t;


static ngx_uint_t ngx_http_xpecto_consent_revoked_is_open(ngx_conf_t *cf,
    ngx_str_t *name);
static void ngx_http_xpecto_consent_revoked_close(void *data);
static ngx_uint_t ngx_http_xpecto_consent_revoked_used(void *data);
static ngx_uint_t ngx_http_xpecto_consent_revoked_floor(void *data);


static ngx_xpecto_arg_t  ngx_http_xpecto_consent_revoked_args[] = {

    { ngx_string("persist"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_consent_revoked_args_t, persist), NULL },

      ngx_xpecto_null_arg
};


char *
ngx_http_xpecto_consent_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_consent_main_conf_t *xmcf = conf;

    ngx_str_t                               *value;
    ngx_uint_t                               i;
    ngx_shm_zone_t                          *shm_zone;
    ngx_pool_cleanup_t                      *cln;
    ngx_xpecto_gauge_t                       gauge;
    ngx_http_xpecto_consent_revoked_t       *rev;
    ngx_http_xpecto_consent_revoked_args_t   args;

    static struct {
        ngx_str_t     name;
        ngx_str_t     help;
        ngx_uint_t  (*get)(void *data);
    } gauges[] = {
        { ngx_string("xpecto_consent_revoked"),
          ngx_string("Choices that are void before their end."),
          ngx_http_xpecto_consent_revoked_used },
        { ngx_string("xpecto_consent_floor_timestamp_seconds"),
          ngx_string("Choices that were made until then are void."),
          ngx_http_xpecto_consent_revoked_floor }
    };

    if (xmcf->revoked != NULL) {
        return "is duplicate";
    }

    value = cf->args->elts;

    ngx_memzero(&args, sizeof(ngx_http_xpecto_consent_revoked_args_t));

    if (ngx_xpecto_conf_zone(&value[1], &args.zone) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid zone \"%V\": \"name:size\" of at "
                           "least %uz bytes is expected", &value[1],
                           8 * ngx_pagesize);
        return NGX_CONF_ERROR;
    }

    if (ngx_xpecto_conf_args(cf, ngx_http_xpecto_consent_revoked_args, 2,
                             &args)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    rev = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_consent_revoked_t));
    if (rev == NULL) {
        return NGX_CONF_ERROR;
    }

    rev->name = args.zone.name;
    rev->cycle = cf->cycle;

    rev->fd = NGX_INVALID_FILE;

    if (args.persist.len) {

        if (ngx_http_xpecto_consent_revoked_is_open(cf, &args.persist)) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is written for another purpose",
                               &args.persist);
            return NGX_CONF_ERROR;
        }

        rev->file = ngx_xpecto_open_private(cf, &args.persist);
        rev->buf = ngx_palloc(cf->pool, NGX_HTTP_XPECTO_CONSENT_REVOKED_READ);
        cln = ngx_pool_cleanup_add(cf->pool, 0);

        if (rev->file == NULL || rev->buf == NULL || cln == NULL) {
            return NGX_CONF_ERROR;
        }

        cln->handler = ngx_http_xpecto_consent_revoked_close;
        cln->data = rev;
    }

    shm_zone = ngx_shared_memory_add(cf, &args.zone.name, args.zone.size,
                                     &ngx_http_xpecto_consent_filter_module);
    if (shm_zone == NULL) {
        return NGX_CONF_ERROR;
    }

    shm_zone->init = ngx_http_xpecto_consent_revoked_init_zone;
    shm_zone->data = rev;

    for (i = 0; i < sizeof(gauges) / sizeof(gauges[0]); i++) {
        ngx_memzero(&gauge, sizeof(ngx_xpecto_gauge_t));

        gauge.name = gauges[i].name;
        gauge.help = gauges[i].help;
        gauge.get = gauges[i].get;
        gauge.data = rev;

        if (ngx_xpecto_gauge(cf, &gauge) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    xmcf->revoked = rev;

    return NGX_CONF_OK;
}


static ngx_uint_t
ngx_http_xpecto_consent_revoked_is_open(ngx_conf_t *cf, ngx_str_t *name)
{
    ngx_str_t         full;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_open_file_t  *file;

    full = *name;

    if (ngx_conf_full_name(cf->cycle, &full, 0) != NGX_OK) {
        return 0;
    }

    part = &cf->cycle->open_files.part;
    file = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                return 0;
            }

            part = part->next;
            file = part->elts;
            i = 0;
        }

        if (file[i].name.len == full.len
            && ngx_strncmp(file[i].name.data, full.data, full.len) == 0)
        {
            return 1;
        }
    }
}


/*
 * Whoever was first may have made the change by now, so that who comes next
 * looks only then.  Where the zone is full, each change voids all that was
 * given.
 */

ngx_int_t
ngx_http_xpecto_consent_hold(ngx_http_request_t *r, xpecto_choice_t *choice,
    ngx_http_xpecto_consent_held_t *held)
{
    uint64_t                              now;
    ngx_http_xpecto_consent_revoked_t    *rev;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    xmcf = ngx_http_get_module_main_conf(r,
                                        ngx_http_xpecto_consent_filter_module);
    rev = xmcf->revoked;

    if (rev == NULL || !xpecto_choice_has_id(choice)) {
        return NGX_OK;
    }

    now = (uint64_t) ngx_time();

    held->tag = xpecto_revoked_tag(rev->sh->secret, choice->id);
    held->until = now + NGX_HTTP_XPECTO_CONSENT_REVOKED_HOLD;

    switch (xpecto_revoked_hold(&rev->cells, held->tag, held->until, now,
                                &rev->stamp))
    {

    case XPECTO_OK:
        held->zone = rev;
        break;

    case XPECTO_DECLINED:
        return NGX_DECLINED;

    default:
        break;
    }

    if (ngx_http_xpecto_consent_is_revoked(r, choice)) {
        ngx_http_xpecto_consent_release(held);
        return NGX_DECLINED;
    }

    return NGX_OK;
}


void
ngx_http_xpecto_consent_release(ngx_http_xpecto_consent_held_t *held)
{
    if (held->zone != NULL) {
        xpecto_revoked_release(&held->zone->cells, held->tag, held->until);
    }
}


static void
ngx_http_xpecto_consent_revoked_close(void *data)
{
    ngx_http_xpecto_consent_revoked_t *rev = data;

    if (rev->fd != NGX_INVALID_FILE) {
        (void) ngx_close_file(rev->fd);
    }
}


static ngx_uint_t
ngx_http_xpecto_consent_revoked_used(void *data)
{
    ngx_http_xpecto_consent_revoked_t *rev = data;

    return xpecto_cells_used(&rev->cells, ngx_time(),
                             NGX_HTTP_XPECTO_CONSENT_REVOKED_LOOK);
}


static ngx_uint_t
ngx_http_xpecto_consent_revoked_floor(void *data)
{
    ngx_http_xpecto_consent_revoked_t *rev = data;

    return rev->sh->floor;
}
