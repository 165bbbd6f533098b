
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_limit.h"
#include "core/xpecto_mac.h"


#define NGX_HTTP_XPECTO_LIMIT_LAYOUT   3

/* buckets that the status room looks at, 2 MiB at most */

#define NGX_HTTP_XPECTO_LIMIT_LOOK     16384


typedef struct {
    ngx_str_t                     persist;
    size_t                        unique;
} ngx_http_xpecto_limit_zone_args_t;


static ngx_int_t ngx_http_xpecto_limit_init_zone(ngx_shm_zone_t *shm_zone,
    void *data);
static ngx_int_t ngx_http_xpecto_limit_map(ngx_http_xpecto_limit_zone_t *zone,
    ngx_http_xpecto_limit_shm_t *sh);
static void ngx_http_xpecto_limit_carry_over(ngx_shm_zone_t *shm_zone,
    ngx_http_xpecto_limit_zone_t *zone);
static ngx_http_xpecto_limit_zone_t *ngx_http_xpecto_limit_old_zone(
    ngx_conf_t *cf, ngx_str_t *name, size_t size);
static ngx_uint_t ngx_http_xpecto_limit_used(void *data);
static ngx_uint_t ngx_http_xpecto_limit_size(void *data);


static ngx_xpecto_arg_t  ngx_http_xpecto_limit_zone_arg_table[] = {

    { ngx_string("persist"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_limit_zone_args_t, persist), NULL },

    { ngx_string("unique"), NGX_XPECTO_ARG_SIZE,
      offsetof(ngx_http_xpecto_limit_zone_args_t, unique), NULL },

      ngx_xpecto_null_arg
};


uint64_t
ngx_http_xpecto_limit_now(void)
{
    struct timespec  ts;

#ifdef CLOCK_BOOTTIME
    (void) clock_gettime(CLOCK_BOOTTIME, &ts);
#else
    (void) clock_gettime(CLOCK_MONOTONIC, &ts);
#endif

    return ((uint64_t) ts.tv_sec * 1000000000 + ts.tv_nsec) * XPECTO_TICKS_NS;
}


uint64_t
ngx_http_xpecto_limit_wall(void)
{
    struct timeval  tv;

    ngx_gettimeofday(&tv);

    return (uint64_t) tv.tv_sec * XPECTO_USEC + tv.tv_usec;
}


static ngx_int_t
ngx_http_xpecto_limit_init_zone(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_http_xpecto_limit_zone_t  *prev = data;

    size_t                         size;
    ngx_slab_pool_t               *shpool;
    ngx_http_xpecto_limit_shm_t   *sh;
    ngx_http_xpecto_limit_zone_t  *zone;

    zone = shm_zone->data;

    if (zone->persist != NULL
        && ngx_http_xpecto_limit_writable(zone) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (prev != NULL) {
        zone->sh = prev->sh;
        zone->cells = prev->cells;
        zone->recipients = prev->recipients;

        if (zone->sh->unique == 0 && zone->unique != 0) {
            ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                          "xpecto_limit_zone \"%V\" has no table of "
                          "recipients: \"unique\" needs another size of the "
                          "zone, or a restart", &zone->name);
            return NGX_ERROR;
        }

        if (zone->unique != zone->sh->unique) {
            ngx_log_error(NGX_LOG_WARN, shm_zone->shm.log, 0,
                          "\"unique\" of xpecto_limit_zone \"%V\" stays as "
                          "it was until its size changes", &zone->name);
        }

        return NGX_OK;
    }

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (shm_zone->shm.exists) {
        sh = shpool->data;

        if (sh->layout != NGX_HTTP_XPECTO_LIMIT_LAYOUT
            || sh->cell != sizeof(xpecto_cell_t))
        {
            ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                          "xpecto_limit_zone \"%V\" has another layout",
                          &shm_zone->shm.name);
            return NGX_ERROR;
        }

        return ngx_http_xpecto_limit_map(zone, sh);
    }

    /* all pages that the pool has, in one piece */

    size = shpool->pfree << ngx_pagesize_shift;

    if (size < sizeof(ngx_http_xpecto_limit_shm_t) + zone->unique
               + 2 * XPECTO_BUCKET_SIZE)
    {
        ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                      "xpecto_limit_zone \"%V\" is too small: \"unique\" "
                      "leaves nothing for its limits", &zone->name);
        return NGX_ERROR;
    }

    sh = ngx_slab_calloc(shpool, size);
    if (sh == NULL) {
        return NGX_ERROR;
    }

    sh->layout = NGX_HTTP_XPECTO_LIMIT_LAYOUT;
    sh->cell = sizeof(xpecto_cell_t);
    sh->unique = zone->unique;
    sh->size = size - sizeof(ngx_http_xpecto_limit_shm_t) - zone->unique;
    sh->written = ngx_time();

    if (ngx_http_xpecto_limit_map(zone, sh) != NGX_OK
        || xpecto_random(sh->secret, XPECTO_SIPHASH_KEY_LEN) != XPECTO_OK)
    {
        return NGX_ERROR;
    }

    shpool->data = sh;

    if (zone->old != NULL) {
        ngx_http_xpecto_limit_carry_over(shm_zone, zone);

    } else if (zone->persist != NULL && !ngx_test_config) {
        ngx_http_xpecto_limit_restore(zone, shm_zone->shm.log);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_limit_map(ngx_http_xpecto_limit_zone_t *zone,
    ngx_http_xpecto_limit_shm_t *sh)
{
    u_char  *p;

    zone->sh = sh;
    p = (u_char *) (sh + 1);

    if (xpecto_cells_init(&zone->cells, p, sh->size) != XPECTO_OK
        || (sh->unique != 0
            && xpecto_unique_init(&zone->recipients, p + sh->size, sh->unique)
               != XPECTO_OK))
    {
        return NGX_ERROR;
    }

    zone->cells.clock = ngx_http_xpecto_limit_now;

    return NGX_OK;
}


/*
 * The workers of the old cycle go on with the old zone until they have
 * finished: what they let pass from now on is not known here.
 */

static void
ngx_http_xpecto_limit_carry_over(ngx_shm_zone_t *shm_zone,
    ngx_http_xpecto_limit_zone_t *zone)
{
    uint64_t                       lost, stamp;
    ngx_http_xpecto_limit_zone_t  *old;

    old = zone->old;
    zone->old = NULL;

    if (old->sh == NULL) {
        return;
    }

    ngx_memcpy(zone->sh->secret, old->sh->secret, XPECTO_SIPHASH_KEY_LEN);

    /* what its workers hold is held here until they have gone */

    ngx_memcpy(zone->sh->processes, old->sh->processes,
               sizeof(zone->sh->processes));
    ngx_memcpy(zone->sh->wide, old->sh->wide, sizeof(zone->sh->wide));

    if (zone->sh->unique != 0 && old->sh->unique != 0) {
        xpecto_unique_copy(&zone->recipients, &old->recipients, ngx_time());
    }

    old->cells.wall = ngx_time();
    zone->cells.wall = ngx_time();

    stamp = (uint64_t) ngx_pid << 32;
    lost = xpecto_cells_copy(&zone->cells, &old->cells,
                             ngx_http_xpecto_limit_now(), &stamp);

    if (lost != 0) {
        ngx_log_error(NGX_LOG_WARN, shm_zone->shm.log, 0,
                      "xpecto_limit_zone \"%V\" is now too small: "
                      "%uL keys are forgotten", &zone->name, lost);
    }
}


ngx_int_t
ngx_http_xpecto_limit_name(ngx_str_t *name)
{
    u_char      ch;
    ngx_uint_t  i;

    for (i = 0; i < name->len; i++) {
        ch = name->data[i];

        if ((ch < 'a' || ch > 'z') && (ch < 'A' || ch > 'Z')
            && (ch < '0' || ch > '9')
            && ch != '_' && ch != '-' && ch != '.' && ch != ':')
        {
            return NGX_ERROR;
        }
    }

    return (name->len == 0 || name->len > XPECTO_NAME_MAX) ? NGX_ERROR
                                                           : NGX_OK;
}


char *
ngx_http_xpecto_limit_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    char                               *rv;
    ngx_str_t                          *value;
    ngx_array_t                        *zones;
    ngx_shm_zone_t                     *shm_zone;
    ngx_xpecto_zone_arg_t               arg;
    ngx_http_xpecto_limit_zone_t      **z, *zone;
    ngx_http_xpecto_limit_zone_args_t   args;

    value = cf->args->elts;

    if (ngx_xpecto_conf_zone(&value[1], &arg) != NGX_OK
        || ngx_http_xpecto_limit_name(&arg.name) != NGX_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid zone \"%V\": \"name:size\" of at "
                           "least %uz bytes is expected", &value[1],
                           8 * ngx_pagesize);
        return NGX_CONF_ERROR;
    }

    shm_zone = ngx_shared_memory_add(cf, &arg.name, arg.size,
                                     &ngx_http_xpecto_limit_module);
    if (shm_zone == NULL) {
        return NGX_CONF_ERROR;
    }

    if (shm_zone->data != NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "duplicate zone \"%V\"",
                           &arg.name);
        return NGX_CONF_ERROR;
    }

    zone = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_limit_zone_t));
    if (zone == NULL) {
        return NGX_CONF_ERROR;
    }

    zone->name = arg.name;
    zone->old = ngx_http_xpecto_limit_old_zone(cf, &arg.name, arg.size);

    shm_zone->init = ngx_http_xpecto_limit_init_zone;
    shm_zone->data = zone;

    zones = (ngx_array_t *) (p + cmd->offset);

    ngx_memzero(&args, sizeof(ngx_http_xpecto_limit_zone_args_t));

    args.unique = NGX_CONF_UNSET_SIZE;

    rv = ngx_xpecto_conf_args(cf, ngx_http_xpecto_limit_zone_arg_table, 2,
                              &args);

    if (rv == NGX_CONF_OK && args.unique != NGX_CONF_UNSET_SIZE) {

        if (args.unique < XPECTO_UNIQUE_MIN + 64
            || args.unique > arg.size - 8 * ngx_pagesize)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid part \"unique\" of %uz bytes: at least "
                               "%d are expected, and less than the zone",
                               args.unique, XPECTO_UNIQUE_MIN + 64);
            return NGX_CONF_ERROR;
        }

        zone->unique = args.unique;
    }

    if (rv == NGX_CONF_OK && args.persist.len != 0) {
        rv = ngx_http_xpecto_limit_persist(cf, zones, zone, &args.persist);
    }

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    z = ngx_array_push(zones);
    if (z == NULL) {
        return NGX_CONF_ERROR;
    }

    *z = zone;

    return NGX_CONF_OK;
}


static ngx_http_xpecto_limit_zone_t *
ngx_http_xpecto_limit_old_zone(ngx_conf_t *cf, ngx_str_t *name, size_t size)
{
    ngx_uint_t        i;
    ngx_shm_zone_t   *shm_zone;
    ngx_list_part_t  *part;

    if (cf->cycle->old_cycle == NULL) {
        return NULL;
    }

    part = &cf->cycle->old_cycle->shared_memory.part;
    shm_zone = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {

            if (part->next == NULL) {
                return NULL;
            }

            part = part->next;
            shm_zone = part->elts;
            i = 0;
        }

        if (shm_zone[i].tag == &ngx_http_xpecto_limit_module
            && shm_zone[i].shm.size != size
            && shm_zone[i].shm.name.len == name->len
            && ngx_strncmp(shm_zone[i].shm.name.data, name->data, name->len)
               == 0)
        {
            return shm_zone[i].data;
        }
    }
}


ngx_int_t
ngx_http_xpecto_limit_gauges(ngx_conf_t *cf, ngx_array_t *zones)
{
    size_t                          len;
    u_char                         *p;
    ngx_uint_t                      i, k;
    ngx_xpecto_gauge_t              gauge;
    ngx_http_xpecto_limit_zone_t  **zone;

    zone = zones->elts;

    for (i = 0; i < 2; i++) {

        ngx_memzero(&gauge, sizeof(ngx_xpecto_gauge_t));

        if (i == 0) {
            ngx_str_set(&gauge.name, "xpecto_limit_cells_used");
            ngx_str_set(&gauge.help, "Keys that are alive, about.");
            gauge.get = ngx_http_xpecto_limit_used;

        } else {
            ngx_str_set(&gauge.name, "xpecto_limit_cells");
            ngx_str_set(&gauge.help, "Keys that fit; use 0.7 of them.");
            gauge.get = ngx_http_xpecto_limit_size;
        }

        for (k = 0; k < zones->nelts; k++) {

            len = sizeof("zone=\"\"") - 1 + zone[k]->name.len;

            p = ngx_pnalloc(cf->pool, len);
            if (p == NULL) {
                return NGX_ERROR;
            }

            gauge.label.data = p;
            gauge.label.len = ngx_sprintf(p, "zone=\"%V\"", &zone[k]->name)
                              - p;
            gauge.data = zone[k];

            if (ngx_xpecto_gauge(cf, &gauge) != NGX_OK) {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_xpecto_limit_used(void *data)
{
    ngx_http_xpecto_limit_zone_t  *zone = data;

    zone->cells.wall = ngx_time();

    return xpecto_cells_used(&zone->cells, ngx_http_xpecto_limit_now(),
                             NGX_HTTP_XPECTO_LIMIT_LOOK);
}


static ngx_uint_t
ngx_http_xpecto_limit_size(void *data)
{
    ngx_http_xpecto_limit_zone_t  *zone = data;

    return zone->cells.nbuckets * XPECTO_BUCKET_CELLS;
}
