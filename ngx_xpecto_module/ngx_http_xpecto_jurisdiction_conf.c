
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_jurisdiction.h"


#define NGX_HTTP_XPECTO_JURISDICTION_FILE    (4 * 1024 * 1024)
#define NGX_HTTP_XPECTO_JURISDICTION_RULES   (4 * 1024 * 1024)
#define NGX_HTTP_XPECTO_JURISDICTION_IMAGE   (32 * 1024 * 1024)
#define NGX_HTTP_XPECTO_JURISDICTION_AGE     (30 * 24 * 60 * 60)

/* how far the clock of who makes a database may be ahead of ours, s */

#define NGX_HTTP_XPECTO_JURISDICTION_AHEAD   86400


typedef struct {
    ngx_uint_t                role;
    ngx_str_t                 field;
    ngx_int_t                 networks;
    time_t                    max_age;
    ngx_xpecto_zone_arg_t     zone;
    ngx_msec_t                reload;
    ngx_flag_t                optional;
    ngx_flag_t                allow_older;
} ngx_http_xpecto_jurisdiction_args_t;


static xpecto_rc_e ngx_http_xpecto_jurisdiction_compile_rules(
    const char *path, ngx_xpecto_files_t *files, void *data,
    xpecto_image_t *image, xpecto_err_t *err);
static void ngx_http_xpecto_jurisdiction_law_error(const char *name,
    xpecto_err_t *err);
static xpecto_rc_e ngx_http_xpecto_jurisdiction_digest(xpecto_image_t *rules,
    xpecto_image_t *law, xpecto_image_t *image, xpecto_err_t *err);
static xpecto_rc_e ngx_http_xpecto_jurisdiction_compile_places(
    const char *path, ngx_xpecto_files_t *files, void *data,
    xpecto_image_t *image, xpecto_err_t *err);

static xpecto_rc_e ngx_http_xpecto_jurisdiction_accept_places(
    const void *current, const void *next, xpecto_err_t *err);
static xpecto_rc_e ngx_http_xpecto_jurisdiction_accept_older(
    const void *current, const void *next, xpecto_err_t *err);

static char *ngx_http_xpecto_jurisdiction_field(ngx_conf_t *cf,
    ngx_str_t *field, xpecto_place_conf_t *conf);


static ngx_conf_enum_t  ngx_http_xpecto_jurisdiction_roles[] = {
    { ngx_string("country"), NGX_HTTP_XPECTO_DB_COUNTRY },
    { ngx_string("anonymous"), NGX_HTTP_XPECTO_DB_ANONYMOUS },
    { ngx_null_string, 0 }
};


static ngx_xpecto_arg_t  ngx_http_xpecto_jurisdiction_geoip_args[] = {

    { ngx_string("role"), NGX_XPECTO_ARG_ENUM,
      offsetof(ngx_http_xpecto_jurisdiction_args_t, role),
      &ngx_http_xpecto_jurisdiction_roles },

    { ngx_string("field"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_jurisdiction_args_t, field), NULL },

    { ngx_string("min_networks"), NGX_XPECTO_ARG_NUM,
      offsetof(ngx_http_xpecto_jurisdiction_args_t, networks), NULL },

    { ngx_string("max_age"), NGX_XPECTO_ARG_SEC,
      offsetof(ngx_http_xpecto_jurisdiction_args_t, max_age), NULL },

    { ngx_string("zone"), NGX_XPECTO_ARG_ZONE,
      offsetof(ngx_http_xpecto_jurisdiction_args_t, zone), NULL },

    { ngx_string("reload"), NGX_XPECTO_ARG_MSEC,
      offsetof(ngx_http_xpecto_jurisdiction_args_t, reload), NULL },

    { ngx_string("optional"), NGX_XPECTO_ARG_FLAG,
      offsetof(ngx_http_xpecto_jurisdiction_args_t, optional), NULL },

    { ngx_string("allow_older"), NGX_XPECTO_ARG_FLAG,
      offsetof(ngx_http_xpecto_jurisdiction_args_t, allow_older), NULL },

      ngx_xpecto_null_arg
};


static ngx_xpecto_arg_t  ngx_http_xpecto_jurisdiction_rules_args[] = {

    { ngx_string("zone"), NGX_XPECTO_ARG_ZONE,
      offsetof(ngx_http_xpecto_jurisdiction_args_t, zone), NULL },

    { ngx_string("reload"), NGX_XPECTO_ARG_MSEC,
      offsetof(ngx_http_xpecto_jurisdiction_args_t, reload), NULL },

      ngx_xpecto_null_arg
};


/* the rules and, beside them, the legal data that they name */

static xpecto_rc_e
ngx_http_xpecto_jurisdiction_compile_rules(const char *path,
    ngx_xpecto_files_t *files, void *data, xpecto_image_t *image,
    xpecto_err_t *err)
{
    char           *p, name[NGX_MAX_PATH];
    size_t          len;
    xpecto_rc_e     rc;
    xpecto_str_t    rules_text, law_text;
    xpecto_err_t    law_err;
    xpecto_image_t  rules, law;

    if (ngx_xpecto_read_file(path, files, NGX_HTTP_XPECTO_JURISDICTION_FILE,
                             &rules, err)
        != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    rules_text.data = rules.data;
    rules_text.len = rules.len;

    p = strrchr(path, '/');
    len = (p == NULL) ? 0 : (size_t) (p - path) + 1;

    if (len >= sizeof(name)) {
        (void) snprintf(err->text, sizeof(err->text), "its name is too long");
        free(rules.data);
        return XPECTO_ERROR;
    }

    ngx_memcpy(name, path, len);

    rc = xpecto_rules_data(rules_text, name + len, sizeof(name) - len, err);

    if (rc == XPECTO_OK) {
        p = (name[len] == '/') ? name + len : name;

        rc = ngx_xpecto_read_file(p, files, NGX_HTTP_XPECTO_JURISDICTION_FILE,
                                  &law, &law_err);
        if (rc != XPECTO_OK) {
            (void) snprintf(err->text, sizeof(err->text),
                            "data.jurisdictions \"%.100s\": %.100s",
                            name + len, law_err.text);
        }
    }

    if (rc == XPECTO_OK) {
        law_text.data = law.data;
        law_text.len = law.len;

        rc = xpecto_rules_compile(rules_text, law_text, image, err);

        if (rc != XPECTO_OK) {
            ngx_http_xpecto_jurisdiction_law_error(name + len, err);
        }

        if (rc == XPECTO_OK) {
            rc = ngx_http_xpecto_jurisdiction_digest(&rules, &law, image, err);
        }

        if (rc == XPECTO_OK) {
            rc = ngx_http_xpecto_jurisdiction_suits(data, image->data, err);

            if (rc != XPECTO_OK) {
                free(image->data);
                image->data = NULL;
            }
        }

        free(law.data);
    }

    free(rules.data);

    return rc;
}


/* the line that an error names is one of the file that it is in */

static void
ngx_http_xpecto_jurisdiction_law_error(const char *name, xpecto_err_t *err)
{
    size_t        len;
    xpecto_err_t  law_err;

    len = sizeof("jurisdictions: ") - 1;

    if (ngx_strncmp(err->text, "jurisdictions: ", len) != 0) {
        return;
    }

    law_err = *err;

    (void) snprintf(err->text, sizeof(err->text),
                    "data.jurisdictions \"%.80s\": %.150s", name,
                    law_err.text + len);
}


/* which documents they were: "cat rules.json jurisdictions.json | sha256sum" */

static xpecto_rc_e
ngx_http_xpecto_jurisdiction_digest(xpecto_image_t *rules,
    xpecto_image_t *law, xpecto_image_t *image, xpecto_err_t *err)
{
    u_char          *both, digest[XPECTO_MAC_LEN];
    xpecto_rc_e      rc;
    xpecto_rules_t  *compiled;

    rc = XPECTO_ERROR;
    both = malloc(rules->len + law->len);

    if (both != NULL) {
        ngx_memcpy(both, rules->data, rules->len);
        ngx_memcpy(both + rules->len, law->data, law->len);

        rc = xpecto_sha256(both, rules->len + law->len, digest);

        free(both);
    }

    if (rc != XPECTO_OK) {
        (void) snprintf(err->text, sizeof(err->text), "no memory");
        free(image->data);
        image->data = NULL;
        return XPECTO_ERROR;
    }

    compiled = image->data;
    ngx_memcpy(compiled->digest, digest, XPECTO_RULES_DIGEST);

    return XPECTO_OK;
}


/*
 * A database that may be missing when we start must not go away afterwards:
 * a worker that finds no file keeps what it had.
 */

static xpecto_rc_e
ngx_http_xpecto_jurisdiction_compile_places(const char *path,
    ngx_xpecto_files_t *files, void *data, xpecto_image_t *image,
    xpecto_err_t *err)
{
    ngx_http_xpecto_jurisdiction_db_t *db = data;

    uint64_t     epoch;
    struct stat  st;

    if (db->optional && ngx_process != NGX_PROCESS_WORKER
        && stat(path, &st) == -1 && ngx_errno == NGX_ENOENT)
    {
        if (xpecto_place_empty(&db->conf, image) == XPECTO_OK) {
            return XPECTO_OK;
        }

        (void) snprintf(err->text, sizeof(err->text), "no memory");
        return XPECTO_ERROR;
    }

    if (xpecto_place_compile(path, &db->conf, image, err) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    epoch = xpecto_place_epoch(image->data);

    if (epoch != 0
        && epoch <= (uint64_t) time(NULL) + NGX_HTTP_XPECTO_JURISDICTION_AHEAD)
    {
        return XPECTO_OK;
    }

    (void) snprintf(err->text, sizeof(err->text),
                    epoch ? "was made in the future"
                          : "does not say when it was made");

    free(image->data);
    image->data = NULL;

    return XPECTO_ERROR;
}


static xpecto_rc_e
ngx_http_xpecto_jurisdiction_accept_places(const void *current,
    const void *next, xpecto_err_t *err)
{
    if (!xpecto_place_older(next, current)) {
        return XPECTO_OK;
    }

    if (xpecto_place_epoch(next) == 0) {
        (void) snprintf(err->text, sizeof(err->text), "it is missing");

    } else {
        (void) snprintf(err->text, sizeof(err->text),
                        "it was made before the one in use, and the directive "
                        "has no \"allow_older\"");
    }

    return XPECTO_ERROR;
}


/* any, but none is none */

static xpecto_rc_e
ngx_http_xpecto_jurisdiction_accept_older(const void *current,
    const void *next, xpecto_err_t *err)
{
    if (xpecto_place_epoch(next) != 0) {
        return XPECTO_OK;
    }

    return ngx_http_xpecto_jurisdiction_accept_places(current, next, err);
}


char *
ngx_http_xpecto_jurisdiction_mode(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_xpecto_jurisdiction_conf_t *xjcf = conf;

    ngx_http_xpecto_jurisdiction_here(cf, &xjcf->mode_where);

    return ngx_xpecto_conf_enum_slot(cf, cmd, conf);
}


void
ngx_http_xpecto_jurisdiction_here(ngx_conf_t *cf,
    ngx_http_xpecto_jurisdiction_where_t *where)
{
    where->file = cf->conf_file->file.name;
    where->line = cf->conf_file->line;
}


char *
ngx_http_xpecto_jurisdiction_geoip(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf = conf;

    ngx_str_t                            *value;
    ngx_xpecto_image_t                  **places;
    ngx_xpecto_image_conf_t               image;
    ngx_http_xpecto_jurisdiction_db_t    *db;
    ngx_http_xpecto_jurisdiction_args_t   args;

    static ngx_str_t  zones[] = {
        ngx_string("xpecto_jurisdiction_geoip"),
        ngx_string("xpecto_jurisdiction_anonymous")
    };

    value = cf->args->elts;

    ngx_memzero(&args, sizeof(ngx_http_xpecto_jurisdiction_args_t));
    args.role = NGX_CONF_UNSET_UINT;
    args.networks = NGX_CONF_UNSET;
    args.max_age = NGX_CONF_UNSET;
    args.reload = NGX_CONF_UNSET_MSEC;
    args.optional = NGX_CONF_UNSET;
    args.allow_older = NGX_CONF_UNSET;

    if (ngx_xpecto_conf_args(cf, ngx_http_xpecto_jurisdiction_geoip_args, 2,
                             &args)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_conf_init_uint_value(args.role, NGX_HTTP_XPECTO_DB_COUNTRY);

    places = (args.role == NGX_HTTP_XPECTO_DB_COUNTRY) ? &xjmcf->places
                                                       : &xjmcf->anonymous;
    db = &xjmcf->db[args.role];

    if (*places != NULL) {
        return "is duplicate";
    }

    if (args.role == NGX_HTTP_XPECTO_DB_ANONYMOUS
        && (args.field.len || args.max_age != NGX_CONF_UNSET))
    {
        return "has neither \"field\" nor \"max_age\" with "
               "\"role=anonymous\"";
    }

    if (args.field.len
        && ngx_http_xpecto_jurisdiction_field(cf, &args.field, &db->conf)
           != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (args.networks != NGX_CONF_UNSET) {
        db->conf.networks = args.networks;
    }

    db->conf.anonymous = (args.role == NGX_HTTP_XPECTO_DB_ANONYMOUS);
    db->optional = (args.optional == 1);

    if (args.role == NGX_HTTP_XPECTO_DB_COUNTRY) {
        db->max_age = (args.max_age == NGX_CONF_UNSET)
                      ? NGX_HTTP_XPECTO_JURISDICTION_AGE : args.max_age;
    }

    if (xjmcf->places == NULL && xjmcf->anonymous == NULL
        && ngx_http_xpecto_jurisdiction_gauges(cf, 0) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&image, sizeof(ngx_xpecto_image_conf_t));

    image.file = value[1];
    image.zone = args.zone.name.len ? args.zone.name : zones[args.role];
    image.size = args.zone.name.len ? args.zone.size
                                    : NGX_HTTP_XPECTO_JURISDICTION_IMAGE;
    image.reload = (args.reload == NGX_CONF_UNSET_MSEC) ? 5000 : args.reload;
    image.compile = ngx_http_xpecto_jurisdiction_compile_places;
    image.accept = (args.allow_older == 1)
                   ? ngx_http_xpecto_jurisdiction_accept_older
                   : ngx_http_xpecto_jurisdiction_accept_places;
    image.data = db;
    image.optional = db->optional;
    image.remark = ngx_http_xpecto_jurisdiction_remark_places;

    *places = ngx_xpecto_image(cf, &image);
    if (*places == NULL) {
        return NGX_CONF_ERROR;
    }

    if (args.role == NGX_HTTP_XPECTO_DB_ANONYMOUS) {
        return (ngx_http_xpecto_jurisdiction_need(cf,
                                     NGX_HTTP_XPECTO_NEED_COUNTRIES) == NGX_OK)
               ? NGX_CONF_OK : NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* before a file is looked for, which may be missing */

static char *
ngx_http_xpecto_jurisdiction_field(ngx_conf_t *cf, ngx_str_t *field,
    xpecto_place_conf_t *conf)
{
    xpecto_err_t  err;

    if (ngx_strcmp(field->data, "auto") == 0) {
        return NGX_CONF_OK;
    }

    conf->field = (char *) field->data;

    if (xpecto_place_field(conf->field, &err) != XPECTO_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "%s: \"field=%V\"", err.text, field);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_xpecto_jurisdiction_rules(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf = conf;

    ngx_str_t                            *value;
    ngx_xpecto_image_conf_t               image;
    ngx_http_xpecto_jurisdiction_args_t   args;

    static ngx_str_t  zone = ngx_string("xpecto_jurisdiction_rules");

    if (xjmcf->rules != NULL) {
        return "is duplicate";
    }

    value = cf->args->elts;

    ngx_memzero(&args, sizeof(ngx_http_xpecto_jurisdiction_args_t));
    args.reload = NGX_CONF_UNSET_MSEC;

    if (ngx_xpecto_conf_args(cf, ngx_http_xpecto_jurisdiction_rules_args, 2,
                             &args)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&image, sizeof(ngx_xpecto_image_conf_t));

    image.file = value[1];
    image.zone = args.zone.name.len ? args.zone.name : zone;
    image.size = args.zone.name.len ? args.zone.size
                                    : NGX_HTTP_XPECTO_JURISDICTION_RULES;
    image.reload = (args.reload == NGX_CONF_UNSET_MSEC) ? 5000 : args.reload;
    image.compile = ngx_http_xpecto_jurisdiction_compile_rules;
    image.data = xjmcf;
    image.remark = ngx_http_xpecto_jurisdiction_remark_rules;

    xjmcf->rules = ngx_xpecto_image(cf, &image);
    if (xjmcf->rules == NULL) {
        return NGX_CONF_ERROR;
    }

    xjmcf->tags = ngx_http_xpecto_jurisdiction_tags(cf);
    xjmcf->plain = ngx_http_xpecto_jurisdiction_plain_create(cf);

    if (xjmcf->tags == NULL || xjmcf->plain == NULL) {
        return NGX_CONF_ERROR;
    }

    xjmcf->rules_file = value[1];

    if (ngx_conf_full_name(cf->cycle, &xjmcf->rules_file, 1) != NGX_OK
        || ngx_http_xpecto_jurisdiction_gauges(cf, 1) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_xpecto_jurisdiction_destination(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_xpecto_jurisdiction_conf_t *xjcf = conf;

    ngx_str_t                                 *value;
    ngx_http_compile_complex_value_t           ccv;
    ngx_http_xpecto_jurisdiction_region_t     *region;
    ngx_http_xpecto_jurisdiction_main_conf_t  *xjmcf;

    if (xjcf->choose != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    xjcf->choose = (ngx_strcmp(value[1].data, "auto") == 0);
    xjcf->destination = NULL;
    ngx_http_xpecto_jurisdiction_here(cf, &xjcf->destination_where);

    if (xjcf->choose) {
        return (ngx_http_xpecto_jurisdiction_need(cf,
                                       NGX_HTTP_XPECTO_NEED_REGIONS) == NGX_OK
                && ngx_http_xpecto_jurisdiction_need(cf,
                                      NGX_HTTP_XPECTO_NEED_UPSTREAM) == NGX_OK)
               ? NGX_CONF_OK : NGX_CONF_ERROR;
    }

    if (ngx_strcmp(value[1].data, "off") == 0) {
        xjcf->nowhere = 1;
        return NGX_CONF_OK;
    }

    xjcf->destination = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (xjcf->destination == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = &value[1];
    ccv.complex_value = xjcf->destination;

    if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (xjcf->destination->lengths != NULL) {
        return NGX_CONF_OK;
    }

    /* a name is looked up when the rules are known */

    xjmcf = ngx_http_conf_get_module_main_conf(cf,
                                          ngx_http_xpecto_jurisdiction_module);

    region = ngx_array_push(&xjmcf->regions);
    if (region == NULL) {
        return NGX_CONF_ERROR;
    }

    region->name = value[1];
    ngx_http_xpecto_jurisdiction_here(cf, &region->where);

    return NGX_CONF_OK;
}
