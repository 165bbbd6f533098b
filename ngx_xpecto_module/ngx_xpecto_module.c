
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_xpecto_spine.h"


#define NGX_XPECTO_KEYS_SIZE      65536

/* columns of counters: workers do not share cache lines */

#define NGX_XPECTO_COLUMNS        32
#define NGX_XPECTO_COLUMN_LINE    (64 / sizeof(ngx_atomic_t))
#define NGX_XPECTO_COLUMN_SIZE                                               \
    ((NGX_XPECTO_COUNTERS + NGX_XPECTO_COLUMN_LINE - 1)                      \
     / NGX_XPECTO_COLUMN_LINE * NGX_XPECTO_COLUMN_LINE)


struct ngx_xpecto_counters_s {
    ngx_atomic_t  columns[NGX_XPECTO_COLUMNS][NGX_XPECTO_COLUMN_SIZE];
};


static char *ngx_xpecto_keys(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *ngx_xpecto_epochs_slot(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static void *ngx_xpecto_secret(ngx_conf_t *cf, size_t size, ngx_str_t *file,
    ngx_str_t *content);
static ngx_int_t ngx_xpecto_secret_parsed(ngx_conf_t *cf, ngx_str_t *file,
    ngx_str_t *content, xpecto_rc_e rc, xpecto_err_t *err);
static void ngx_xpecto_secret_cleanup(void *data);
static ngx_uint_t ngx_xpecto_epochs_ahead(void *data);
static ngx_xpecto_main_conf_t *ngx_xpecto_cycle_conf(ngx_cycle_t *cycle);
static ngx_atomic_t *ngx_xpecto_column(ngx_xpecto_counters_t *counters);
static ngx_int_t ngx_xpecto_init_counters(ngx_shm_zone_t *shm_zone,
    void *data);
static void *ngx_xpecto_create_main_conf(ngx_conf_t *cf);
static char *ngx_xpecto_init_main_conf(ngx_conf_t *cf, void *conf);
static void *ngx_xpecto_create_loc_conf(ngx_conf_t *cf);
static char *ngx_xpecto_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);
static ngx_int_t ngx_xpecto_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_xpecto_init(ngx_conf_t *cf);
static ngx_int_t ngx_xpecto_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_xpecto_init_process(ngx_cycle_t *cycle);
static void ngx_xpecto_exit_process(ngx_cycle_t *cycle);


static ngx_command_t  ngx_xpecto_commands[] = {

    { ngx_string("xpecto_keys"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_xpecto_keys,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_epochs"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_xpecto_epochs_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_ledger"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_xpecto_ledger_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("xpecto_tags"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_xpecto_loc_conf_t, tags),
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_xpecto_module_ctx = {
    ngx_xpecto_preconfiguration,           /* preconfiguration */
    ngx_xpecto_init,                       /* postconfiguration */

    ngx_xpecto_create_main_conf,           /* create main configuration */
    ngx_xpecto_init_main_conf,             /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_xpecto_create_loc_conf,            /* create location configuration */
    ngx_xpecto_merge_loc_conf              /* merge location configuration */
};


ngx_module_t  ngx_xpecto_module = {
    NGX_MODULE_V1,
    &ngx_xpecto_module_ctx,                /* module context */
    ngx_xpecto_commands,                   /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_xpecto_init_module,                /* init module */
    ngx_xpecto_init_process,               /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_xpecto_exit_process,               /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static char *
ngx_xpecto_keys(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_xpecto_main_conf_t  *xmcf = conf;

    ngx_str_t          content;
    xpecto_rc_e        rc;
    xpecto_err_t       err;
    xpecto_keyring_t  *ring;

    if (xmcf->keyring != NULL) {
        return "is duplicate";
    }

    ring = ngx_xpecto_secret(cf, sizeof(xpecto_keyring_t), &xmcf->keys_file,
                             &content);
    if (ring == NULL) {
        return NGX_CONF_ERROR;
    }

    err.text[0] = '\0';
    rc = xpecto_keyring_parse(ring, content.data, content.len, &err);

    if (ngx_xpecto_secret_parsed(cf, &xmcf->keys_file, &content, rc, &err)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    xmcf->keyring = ring;

    return NGX_CONF_OK;
}


/* the ring may follow: keys are derived when all of it has been read */

static char *
ngx_xpecto_epochs_slot(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_xpecto_main_conf_t  *xmcf = conf;

    ngx_str_t         content;
    xpecto_rc_e       rc;
    xpecto_err_t      err;
    xpecto_epochs_t  *epochs;

    if (xmcf->epochs != NULL) {
        return "is duplicate";
    }

    epochs = ngx_xpecto_secret(cf, sizeof(xpecto_epochs_t),
                               &xmcf->epochs_file, &content);
    if (epochs == NULL) {
        return NGX_CONF_ERROR;
    }

    err.text[0] = '\0';
    rc = xpecto_epochs_parse(epochs, content.data, content.len, &err);

    if (ngx_xpecto_secret_parsed(cf, &xmcf->epochs_file, &content, rc, &err)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (xpecto_epochs_at(epochs, ngx_time()) == NULL) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "the first epoch of \"%V\" has not begun: "
                           "until then there is no key of an epoch",
                           &xmcf->epochs_file);
    }

    xmcf->epochs = epochs;

    return NGX_CONF_OK;
}


/*
 * Reads the file of the directive's argument and allocates what it is parsed
 * into, which is wiped when the configuration goes.
 */

static void *
ngx_xpecto_secret(ngx_conf_t *cf, size_t size, ngx_str_t *file,
    ngx_str_t *content)
{
    ngx_str_t           *value, *secret;
    ngx_pool_cleanup_t  *cln;

    value = cf->args->elts;
    *file = value[1];

    if (ngx_conf_full_name(cf->cycle, file, 1) != NGX_OK) {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(cf->pool, sizeof(ngx_str_t));
    if (cln == NULL) {
        return NULL;
    }

    secret = cln->data;

    secret->data = ngx_pcalloc(cf->pool, size);
    if (secret->data == NULL) {
        return NULL;
    }

    secret->len = size;
    cln->handler = ngx_xpecto_secret_cleanup;

    if (ngx_xpecto_conf_file(cf, file, NGX_XPECTO_KEYS_SIZE, content)
        != NGX_OK)
    {
        return NULL;
    }

    return secret->data;
}


static ngx_int_t
ngx_xpecto_secret_parsed(ngx_conf_t *cf, ngx_str_t *file, ngx_str_t *content,
    xpecto_rc_e rc, xpecto_err_t *err)
{
    ngx_file_info_t  fi;

    xpecto_cleanse(content->data, content->len);

    if (rc != XPECTO_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" is refused: %s",
                           file, err->text);
        return NGX_ERROR;
    }

    if (ngx_file_info(file->data, &fi) != NGX_FILE_ERROR
        && (ngx_file_access(&fi) & 0007))
    {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "\"%V\" holds keys and is open to everybody: "
                           "only the master needs to read it",
                           file);
    }

    return NGX_OK;
}


static void
ngx_xpecto_secret_cleanup(void *data)
{
    ngx_str_t  *secret = data;

    xpecto_cleanse(secret->data, secret->len);
}


xpecto_keyring_t *
ngx_xpecto_keyring(ngx_conf_t *cf)
{
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_http_conf_get_module_main_conf(cf, ngx_xpecto_module);

    return xmcf->keyring;
}


xpecto_keyring_t *
ngx_xpecto_keyring_cycle(ngx_cycle_t *cycle)
{
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_xpecto_cycle_conf(cycle);

    return xmcf == NULL ? NULL : xmcf->keyring;
}


xpecto_epochs_t *
ngx_xpecto_epochs(ngx_conf_t *cf)
{
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_http_conf_get_module_main_conf(cf, ngx_xpecto_module);

    return xmcf->epochs;
}


xpecto_epochs_t *
ngx_xpecto_epochs_cycle(ngx_cycle_t *cycle)
{
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_xpecto_cycle_conf(cycle);

    return xmcf == NULL ? NULL : xmcf->epochs;
}


static ngx_uint_t
ngx_xpecto_epochs_ahead(void *data)
{
    xpecto_epochs_t  *epochs = data;

    time_t      now;
    ngx_uint_t  i, n;

    now = ngx_time();
    n = 0;

    for (i = 0; i < epochs->n; i++) {
        n += (epochs->epochs[i].not_before > now);
    }

    return n;
}


/* NULL: there is no http block */

static ngx_xpecto_main_conf_t *
ngx_xpecto_cycle_conf(ngx_cycle_t *cycle)
{
    return ngx_http_cycle_get_module_main_conf(cycle, ngx_xpecto_module);
}


ngx_xpecto_counters_t *
ngx_xpecto_counters(ngx_cycle_t *cycle)
{
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_xpecto_cycle_conf(cycle);

    return xmcf == NULL ? NULL : xmcf->counters->data;
}


void
ngx_xpecto_count(ngx_xpecto_counters_t *counters,
    ngx_xpecto_counter_e counter, ngx_uint_t n)
{
    if (counters != NULL) {
        (void) ngx_atomic_fetch_add(&ngx_xpecto_column(counters)[counter], n);
    }
}


void
ngx_xpecto_count_each(ngx_xpecto_counters_t *counters,
    ngx_xpecto_counter_e first, uint32_t *n, ngx_uint_t total)
{
    ngx_atomic_t  *column;

    if (counters == NULL) {
        return;
    }

    column = ngx_xpecto_column(counters) + first;

    for ( /* void */ ; total > 0; n++, column++) {

        if (*n > 0) {
            (void) ngx_atomic_fetch_add(column, *n);
            total -= *n;
        }
    }
}


static ngx_atomic_t *
ngx_xpecto_column(ngx_xpecto_counters_t *counters)
{
    return counters->columns[(ngx_uint_t) ngx_process_slot
                             % NGX_XPECTO_COLUMNS];
}


void
ngx_xpecto_count_request(ngx_http_request_t *r, ngx_xpecto_counter_e counter)
{
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_http_get_module_main_conf(r, ngx_xpecto_module);

    (void) ngx_atomic_fetch_add(&xmcf->column[counter], 1);
}


ngx_uint_t
ngx_xpecto_counter(ngx_xpecto_counters_t *counters,
    ngx_xpecto_counter_e counter)
{
    ngx_uint_t  i, n;

    n = 0;

    for (i = 0; i < NGX_XPECTO_COLUMNS; i++) {
        n += counters->columns[i][counter];
    }

    return n;
}


static ngx_int_t
ngx_xpecto_init_counters(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_slab_pool_t  *shpool;

    if (data != NULL) {
        shm_zone->data = data;
        return NGX_OK;
    }

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (shm_zone->shm.exists) {
        shm_zone->data = shpool->data;
        return NGX_OK;
    }

    shpool->data = ngx_slab_calloc(shpool, sizeof(ngx_xpecto_counters_t));
    if (shpool->data == NULL) {
        return NGX_ERROR;
    }

    shm_zone->data = shpool->data;

    return NGX_OK;
}


ngx_int_t
ngx_xpecto_gauge(ngx_conf_t *cf, ngx_xpecto_gauge_t *gauge)
{
    ngx_xpecto_gauge_t      *g;
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_http_conf_get_module_main_conf(cf, ngx_xpecto_module);

    g = ngx_array_push(&xmcf->gauges);
    if (g == NULL) {
        return NGX_ERROR;
    }

    *g = *gauge;

    return NGX_OK;
}


ngx_array_t *
ngx_xpecto_gauges(ngx_cycle_t *cycle)
{
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_xpecto_cycle_conf(cycle);

    return xmcf == NULL ? NULL : &xmcf->gauges;
}


static void *
ngx_xpecto_create_main_conf(ngx_conf_t *cf)
{
    ngx_xpecto_main_conf_t  *xmcf;

    xmcf = ngx_pcalloc(cf->pool, sizeof(ngx_xpecto_main_conf_t));
    if (xmcf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     xmcf->keyring = NULL;
     *     xmcf->epochs = NULL;
     *     xmcf->ledger = NULL;
     *     xmcf->tags = 0;
     *     xmcf->tags_mac = NULL;
     */

    if (ngx_array_init(&xmcf->gauges, cf->pool, 8, sizeof(ngx_xpecto_gauge_t))
        != NGX_OK
        || ngx_array_init(&xmcf->images, cf->pool, 4,
                          sizeof(ngx_xpecto_image_t *))
           != NGX_OK
        || ngx_array_init(&xmcf->words, cf->pool, 4, sizeof(ngx_uint_t))
           != NGX_OK
        || ngx_array_init(&xmcf->handlers, cf->pool, 8,
                          sizeof(ngx_http_handler_pt))
           != NGX_OK
        || ngx_array_init(&xmcf->filters, cf->pool, 4,
                          sizeof(ngx_http_output_header_filter_pt))
           != NGX_OK)
    {
        return NULL;
    }

    return xmcf;
}


static char *
ngx_xpecto_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_xpecto_main_conf_t *xmcf = conf;

    ngx_xpecto_gauge_t  gauge;

    if (xmcf->keyring == NULL
        && (xmcf->epochs != NULL || xmcf->ledger != NULL))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "there is \"%s\", but no \"xpecto_keys\"",
                           (xmcf->epochs != NULL) ? "xpecto_epochs"
                                                  : "xpecto_ledger");
        return NGX_CONF_ERROR;
    }

    if (ngx_xpecto_image_gauges(cf, xmcf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (xmcf->epochs == NULL) {
        return NGX_CONF_OK;
    }

    if (xpecto_epochs_derive(xmcf->epochs, &xmcf->keyring->keys[0])
        != XPECTO_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "OpenSSL cannot derive the keys of \"%V\"",
                           &xmcf->epochs_file);
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&gauge, sizeof(ngx_xpecto_gauge_t));

    ngx_str_set(&gauge.name, "xpecto_epochs_ahead");
    ngx_str_set(&gauge.help, "Epochs of xpecto_epochs that have not begun.");
    gauge.get = ngx_xpecto_epochs_ahead;
    gauge.data = xmcf->epochs;

    if (ngx_xpecto_gauge(cf, &gauge) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static void *
ngx_xpecto_create_loc_conf(ngx_conf_t *cf)
{
    ngx_xpecto_loc_conf_t  *xlcf;

    xlcf = ngx_palloc(cf->pool, sizeof(ngx_xpecto_loc_conf_t));
    if (xlcf == NULL) {
        return NULL;
    }

    xlcf->tags = NGX_CONF_UNSET;

    return xlcf;
}


static char *
ngx_xpecto_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_xpecto_loc_conf_t *prev = parent;
    ngx_xpecto_loc_conf_t *conf = child;

    ngx_xpecto_main_conf_t  *xmcf;

    ngx_conf_merge_value(conf->tags, prev->tags, 0);

    if (conf->tags) {
        xmcf = ngx_http_conf_get_module_main_conf(cf, ngx_xpecto_module);

        if (xmcf->keyring == NULL) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"xpecto_tags\" is on, "
                               "but there is no \"xpecto_keys\"");
            return NGX_CONF_ERROR;
        }

        xmcf->tags = 1;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_xpecto_preconfiguration(ngx_conf_t *cf)
{
    size_t                   size;
    ngx_xpecto_main_conf_t  *xmcf;

    static ngx_str_t  name = ngx_string("xpecto_counters");

    xmcf = ngx_http_conf_get_module_main_conf(cf, ngx_xpecto_module);

    size = ngx_align(sizeof(ngx_xpecto_counters_t), ngx_pagesize)
           + 8 * ngx_pagesize;

    xmcf->counters = ngx_shared_memory_add(cf, &name, size,
                                           &ngx_xpecto_module);
    if (xmcf->counters == NULL) {
        return NGX_ERROR;
    }

    xmcf->counters->init = ngx_xpecto_init_counters;

    xmcf->ctxs = ngx_xpecto_request_words(cf, 1);

    return (xmcf->ctxs == NGX_ERROR) ? NGX_ERROR : NGX_OK;
}


static ngx_int_t
ngx_xpecto_init(ngx_conf_t *cf)
{
    ngx_xpecto_main_conf_t  *xmcf;

    static ngx_str_t  request_id = ngx_string("request_id");

    xmcf = ngx_http_conf_get_module_main_conf(cf, ngx_xpecto_module);

    /* a configuration that fails must not take them from the one that runs */

    ngx_xpecto_filter_init();

    if (xmcf->tags || xmcf->ledger != NULL) {
        xmcf->request_id = ngx_http_get_variable_index(cf, &request_id);

        if (xmcf->request_id == NGX_ERROR) {
            return NGX_ERROR;
        }
    }

    return ngx_xpecto_tags_init(cf, xmcf);
}


static ngx_int_t
ngx_xpecto_init_module(ngx_cycle_t *cycle)
{
    ngx_uint_t                i;
    ngx_xpecto_image_t      **image;
    ngx_xpecto_main_conf_t   *xmcf;

    xmcf = ngx_xpecto_cycle_conf(cycle);

    if (xmcf == NULL) {
        return NGX_OK;
    }

    ngx_xpecto_tags_init_module(cycle);
    ngx_xpecto_handlers_init_module(cycle, xmcf);

    image = xmcf->images.elts;

    for (i = 0; i < xmcf->images.nelts; i++) {
        ngx_xpecto_image_start(image[i], cycle->log);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_xpecto_init_process(ngx_cycle_t *cycle)
{
    ngx_uint_t                i;
    ngx_xpecto_image_t      **image;
    ngx_xpecto_main_conf_t   *xmcf;

    xmcf = ngx_xpecto_cycle_conf(cycle);

    if (xmcf == NULL || ngx_process == NGX_PROCESS_HELPER) {
        return NGX_OK;
    }

    xmcf->column = ngx_xpecto_column(xmcf->counters->data);

    image = xmcf->images.elts;

    for (i = 0; i < xmcf->images.nelts; i++) {

        if (ngx_xpecto_image_begin(image[i], cycle) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return ngx_xpecto_tags_init_process(cycle, xmcf);
}


static void
ngx_xpecto_exit_process(ngx_cycle_t *cycle)
{
    ngx_uint_t                i;
    ngx_xpecto_image_t      **image;
    ngx_xpecto_main_conf_t   *xmcf;

    xmcf = ngx_xpecto_cycle_conf(cycle);

    if (xmcf == NULL || ngx_process == NGX_PROCESS_HELPER) {
        return;
    }

    image = xmcf->images.elts;

    for (i = 0; i < xmcf->images.nelts; i++) {
        ngx_xpecto_image_stop(image[i]);
    }

    if (xmcf->ledger != NULL) {
        ngx_xpecto_ledger_end(xmcf->ledger);
    }

    xpecto_mac_free(xmcf->tags_mac);
    xmcf->tags_mac = NULL;
}
