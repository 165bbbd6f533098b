
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_consent.h"


#define NGX_HTTP_XPECTO_CONSENT_TTL   (182 * 24 * 60 * 60)

/* the longest name that a consent cookie may have */

#define NGX_HTTP_XPECTO_CONSENT_NAME  128


static xpecto_cookie_names_t *ngx_http_xpecto_consent_compile(ngx_conf_t *cf,
    ngx_http_xpecto_consent_srv_conf_t *conf);
static ngx_int_t ngx_http_xpecto_consent_compile_rules(
    xpecto_cookie_names_t *names, ngx_array_t *rules);
static ngx_uint_t ngx_http_xpecto_consent_is_domain(ngx_str_t *domain);
static ngx_uint_t ngx_http_xpecto_consent_is_name(ngx_str_t *name);
static ngx_uint_t ngx_http_xpecto_consent_is_age(ngx_str_t *name);
static char *ngx_http_xpecto_consent_rules(ngx_conf_t *cf, ngx_array_t **rules,
    ngx_uint_t first, ngx_uint_t purposes);


#define NGX_HTTP_XPECTO_CONSENT_AGES  2

static ngx_str_t  ngx_http_xpecto_consent_ages[NGX_HTTP_XPECTO_CONSENT_AGES] = {
    ngx_string(NGX_HTTP_XPECTO_CONSENT_AGE_HOST),
    ngx_string(NGX_HTTP_XPECTO_CONSENT_AGE_DOMAIN)
};


static ngx_conf_enum_t  ngx_http_xpecto_consent_modes[] = {
    { ngx_string("sign"), 0 },
    { ngx_string("encrypt"), 1 },
    { ngx_null_string, 0 }
};


static ngx_xpecto_arg_t  ngx_http_xpecto_consent_cookie_args[] = {

    { ngx_string("name"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_consent_cookie_t, name), NULL },

    { ngx_string("mode"), NGX_XPECTO_ARG_ENUM,
      offsetof(ngx_http_xpecto_consent_cookie_t, mode),
      ngx_http_xpecto_consent_modes },

    { ngx_string("ttl"), NGX_XPECTO_ARG_SEC,
      offsetof(ngx_http_xpecto_consent_cookie_t, ttl), NULL },

    { ngx_string("domain"), NGX_XPECTO_ARG_STR,
      offsetof(ngx_http_xpecto_consent_cookie_t, domain), NULL },

    { ngx_string("secure"), NGX_XPECTO_ARG_VALUE,
      offsetof(ngx_http_xpecto_consent_cookie_t, secure), NULL },

      ngx_xpecto_null_arg
};


void *
ngx_http_xpecto_consent_create_main_conf(ngx_conf_t *cf)
{
    /*
     * set by ngx_pcalloc():
     *
     *     xmcf->enabled = 0;
     *     xmcf->revoked = NULL;
     *     xmcf->keys.n = 0;
     *     xmcf->known = NULL;
     */

    return ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_consent_main_conf_t));
}


void *
ngx_http_xpecto_consent_create_srv_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_consent_srv_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_consent_srv_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     conf->cookie = NULL;
     *     conf->revisions = NULL;
     *     conf->purposes = NULL;
     *     conf->keep = NULL;
     *     conf->names = NULL;
     */

    conf->gpc = NGX_CONF_UNSET_UINT;
    conf->no_sale = NGX_CONF_UNSET;
    conf->age_min = NGX_CONF_UNSET_UINT;
    conf->controller = NGX_CONF_UNSET_PTR;
    conf->processors = NGX_CONF_UNSET_PTR;
    conf->expire = NGX_CONF_UNSET;
    conf->asked = XPECTO_PURPOSES_ASKED;

    return conf;
}


char *
ngx_http_xpecto_consent_merge_srv_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_xpecto_consent_srv_conf_t *prev = parent;
    ngx_http_xpecto_consent_srv_conf_t *conf = child;

    ngx_str_t                             scope;
    xpecto_str_t                          name, age, app, sc;
    ngx_http_core_srv_conf_t             *cscf;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    static ngx_str_t  header = ngx_string("hdr:Xpecto-Consent");

    static ngx_http_xpecto_consent_cookie_t  cookie = {
        ngx_string("__Host-Http-xpc"), 0, NGX_HTTP_XPECTO_CONSENT_TTL,
        ngx_null_string, NULL, 0
    };

    ngx_conf_merge_uint_value(conf->gpc, prev->gpc,
                              NGX_HTTP_XPECTO_CONSENT_GPC_ON);
    ngx_conf_merge_value(conf->no_sale, prev->no_sale, 0);
    ngx_conf_merge_uint_value(conf->age_min, prev->age_min, 0);
    ngx_conf_merge_ptr_value(conf->controller, prev->controller, NULL);
    ngx_conf_merge_ptr_value(conf->processors, prev->processors, NULL);

    ngx_http_xpecto_consent_measure(conf);

    if (conf->expire == NGX_CONF_UNSET) {
        conf->domains = prev->domains;
    }

    ngx_conf_merge_value(conf->expire, prev->expire, 1);

    if (conf->cookie == NULL) {
        conf->cookie = prev->cookie ? prev->cookie : &cookie;
    }

    if (conf->revisions == NULL) {

        if (prev->revisions == NULL) {
            prev->revisions = ngx_array_create(cf->pool, 1,
                                               sizeof(xpecto_revision_t));
            if (prev->revisions == NULL) {
                return NGX_CONF_ERROR;
            }
        }

        conf->revisions = prev->revisions;
    }

    if (conf->purposes == NULL && conf->keep == NULL) {

        if (prev->names == NULL) {
            prev->names = ngx_http_xpecto_consent_compile(cf, prev);
        }

        conf->names = prev->names;
        conf->asked = prev->asked;
        conf->interest = prev->interest;

    } else {

        if (conf->purposes == NULL) {
            conf->purposes = prev->purposes;
            conf->asked = prev->asked;
            conf->interest = prev->interest;
        }

        if (conf->keep == NULL) {
            conf->keep = prev->keep;
        }

        conf->names = ngx_http_xpecto_consent_compile(cf, conf);
    }

    if (conf->names == NULL) {
        return NGX_CONF_ERROR;
    }

    xmcf = ngx_http_conf_get_module_main_conf(cf,
                                        ngx_http_xpecto_consent_filter_module);
    cscf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module);

    scope = conf->cookie->domain.len ? conf->cookie->domain
                                     : cscf->server_name;

    name = ngx_xpecto_str(&conf->cookie->name);
    sc = ngx_xpecto_str(&scope);

    age = ngx_xpecto_str(ngx_http_xpecto_consent_age_cookie(conf));

    conf->age_hidden = (xpecto_cookie_purposes(conf->names, &age) == 0);

    if ((xpecto_cookie_purposes(conf->names, &age)
         | xpecto_cookie_purposes(conf->names, &name))
        & ~XPECTO_PURPOSES_ALWAYS)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"xpecto_consent_purpose\" names our own cookies "
                           "as trackers: \"%V\" or \"%V\"",
                           &conf->cookie->name,
                           ngx_http_xpecto_consent_age_cookie(conf));
        return NGX_CONF_ERROR;
    }

    conf->codec.keys = &xmcf->keys;
    conf->codec.encrypt = conf->cookie->mode;
    conf->age_codec.keys = &xmcf->keys;
    conf->app_codec.keys = &xmcf->keys;
    conf->app_codec.encrypt = conf->cookie->mode;

    /* no cookie has such a name */

    app = ngx_xpecto_str(&header);

    if (xpecto_token_domain(&conf->codec, &name, &sc) != XPECTO_OK
        || xpecto_token_domain(&conf->age_codec, &age, &sc) != XPECTO_OK
        || xpecto_token_domain(&conf->app_codec, &app, &sc) != XPECTO_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the name of the consent cookie and \"%V\" are "
                           "too long together", &scope);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static xpecto_cookie_names_t *
ngx_http_xpecto_consent_compile(ngx_conf_t *cf,
    ngx_http_xpecto_consent_srv_conf_t *conf)
{
    size_t                                n, i;
    ngx_uint_t                            j;
    ngx_array_t                          *rules[2];
    xpecto_cookie_node_t                 *nodes;
    xpecto_cookie_names_t                *names;
    const xpecto_cookie_tracker_t        *tracker;
    ngx_http_xpecto_consent_rule_t       *rule;

    rules[0] = conf->purposes;
    rules[1] = conf->keep;

    n = xpecto_cookie_trackers_nodes() + 1;

    for (i = 0; i < NGX_HTTP_XPECTO_CONSENT_AGES; i++) {
        n += ngx_http_xpecto_consent_ages[i].len;
    }

    for (i = 0; i < 2; i++) {

        if (rules[i] == NULL) {
            continue;
        }

        rule = rules[i]->elts;

        for (j = 0; j < rules[i]->nelts; j++) {
            n += rule[j].pattern.len;
        }
    }

    names = ngx_palloc(cf->pool, sizeof(xpecto_cookie_names_t));
    nodes = ngx_palloc(cf->pool, n * sizeof(xpecto_cookie_node_t));

    if (names == NULL || nodes == NULL) {
        return NULL;
    }

    xpecto_cookie_names_init(names, nodes, n);

    /* never refused, but noticed */

    for (i = 0; i < NGX_HTTP_XPECTO_CONSENT_AGES; i++) {
        (void) xpecto_cookie_names_add(names,
                                ngx_http_xpecto_consent_ages[i].data,
                                ngx_http_xpecto_consent_ages[i].len,
                                XPECTO_COOKIE_OURS);
    }

    for (i = 0; i < xpecto_cookie_ntrackers; i++) {
        tracker = &xpecto_cookie_trackers[i];

        if (xpecto_cookie_names_add(names, (u_char *) tracker->pattern,
                                    ngx_strlen(tracker->pattern),
                                    tracker->purposes)
            != XPECTO_OK)
        {
            return NULL;
        }
    }

    for (i = 0; i < 2; i++) {

        if (rules[i] != NULL
            && ngx_http_xpecto_consent_compile_rules(names, rules[i])
               != NGX_OK)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "too many names of cookies");
            return NULL;
        }
    }

    return names;
}


static ngx_int_t
ngx_http_xpecto_consent_compile_rules(xpecto_cookie_names_t *names,
    ngx_array_t *rules)
{
    ngx_uint_t                       i;
    ngx_http_xpecto_consent_rule_t  *rule;

    rule = rules->elts;

    for (i = 0; i < rules->nelts; i++) {

        if (xpecto_cookie_names_add(names, rule[i].pattern.data,
                                    rule[i].pattern.len,
                                    (uint16_t) rule[i].purposes)
            != XPECTO_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


void *
ngx_http_xpecto_consent_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_xpecto_consent_loc_conf_t  *conf;

    conf = ngx_palloc(cf->pool, sizeof(ngx_http_xpecto_consent_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->enable = NGX_CONF_UNSET_UINT;
    conf->api = 0;
    conf->page = NULL;
    conf->require = NGX_CONF_UNSET_UINT;
    conf->deny = NGX_CONF_UNSET_UINT;
    ngx_str_null(&conf->ask);
    ngx_str_null(&conf->file);
    conf->line = 0;

    return conf;
}


char *
ngx_http_xpecto_consent_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_xpecto_consent_loc_conf_t *prev = parent;
    ngx_http_xpecto_consent_loc_conf_t *conf = child;

    ngx_uint_t                            require;
    ngx_http_xpecto_consent_srv_conf_t   *xscf;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    xscf = ngx_http_conf_get_module_srv_conf(cf,
                                        ngx_http_xpecto_consent_filter_module);

    ngx_conf_merge_uint_value(conf->enable, prev->enable,
                              NGX_HTTP_XPECTO_CONSENT_OFF);

    if (conf->line == 0) {
        conf->file = prev->file;
        conf->line = prev->line;
    }

    require = (conf->require != NGX_CONF_UNSET_UINT);

    if (!require) {
        conf->deny = prev->deny;
        conf->ask = prev->ask;
    }

    if (conf->page == NULL) {
        conf->page = prev->page;

    } else if (ngx_http_xpecto_consent_check_page(cf, conf->page, xscf->api)
               != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_conf_merge_uint_value(conf->require, prev->require, 0);
    ngx_conf_merge_uint_value(conf->deny, prev->deny, NGX_HTTP_FORBIDDEN);

    if (conf->enable == NGX_HTTP_XPECTO_CONSENT_OFF) {

        if (conf->api || conf->require) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"xpecto_consent_%s\" is used where "
                          "\"xpecto_consent\" is off in %V:%ui",
                          conf->api ? "api" : "require", &conf->file,
                          conf->line);
            return NGX_CONF_ERROR;
        }

        return NGX_CONF_OK;
    }

    if (ngx_xpecto_keyring(cf) == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"xpecto_consent\" is not off, "
                      "but there is no \"xpecto_keys\" in %V:%ui",
                      &conf->file, conf->line);
        return NGX_CONF_ERROR;
    }

    xmcf = ngx_http_conf_get_module_main_conf(cf,
                                        ngx_http_xpecto_consent_filter_module);
    xmcf->enabled = 1;

    if (ngx_http_xpecto_consent_check(cf, conf, require) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return conf->api ? ngx_http_xpecto_consent_init_page(cf, conf)
                     : NGX_CONF_OK;
}


char *
ngx_http_xpecto_consent_switch(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_consent_mark(cf, conf);

    return ngx_xpecto_conf_enum_slot(cf, cmd, conf);
}


/* what a location needs is known at its end, and is said of its line */

void
ngx_http_xpecto_consent_mark(ngx_conf_t *cf,
    ngx_http_xpecto_consent_loc_conf_t *xlcf)
{
    xlcf->file = cf->conf_file->file.name;
    xlcf->line = cf->conf_file->line;
}


char *
ngx_http_xpecto_consent_cookie(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_consent_srv_conf_t *xscf = conf;

    ngx_http_xpecto_consent_cookie_t  *cookie;

    if (xscf->cookie != NULL) {
        return "is duplicate";
    }

    cookie = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_consent_cookie_t));
    if (cookie == NULL) {
        return NGX_CONF_ERROR;
    }

    cookie->mode = NGX_CONF_UNSET_UINT;
    cookie->ttl = NGX_CONF_UNSET;

    if (ngx_xpecto_conf_args(cf, ngx_http_xpecto_consent_cookie_args, 1,
                             cookie)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_conf_init_uint_value(cookie->mode, 0);
    ngx_conf_init_value(cookie->ttl, NGX_HTTP_XPECTO_CONSENT_TTL);

    cookie->always = cookie->secure != NULL && cookie->secure->lengths == NULL
                     && ngx_http_xpecto_consent_is_yes(&cookie->secure->value);

    if (cookie->ttl < 1 || cookie->ttl > XPECTO_CHOICE_TTL_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"ttl\" must be from 1s to 400d: "
                           "browsers keep no cookie longer");
        return NGX_CONF_ERROR;
    }

    if (!ngx_http_xpecto_consent_is_domain(&cookie->domain)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"domain=%V\" is not a host name in lower case",
                           &cookie->domain);
        return NGX_CONF_ERROR;
    }

    if (cookie->name.len == 0) {

        if (cookie->domain.len) {
            ngx_str_set(&cookie->name, "__Secure-xpc");

        } else {
            ngx_str_set(&cookie->name, "__Host-Http-xpc");
        }
    }

    if (!ngx_http_xpecto_consent_is_name(&cookie->name)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"name=%V\" cannot be the name of a cookie",
                           &cookie->name);
        return NGX_CONF_ERROR;
    }

    if (cookie->domain.len && cookie->name.len >= sizeof("__Host-") - 1
        && ngx_strncasecmp(cookie->name.data, (u_char *) "__Host-",
                           sizeof("__Host-") - 1)
           == 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "a cookie \"%V\" has no domain: browsers refuse it",
                           &cookie->name);
        return NGX_CONF_ERROR;
    }

    if (ngx_http_xpecto_consent_is_age(&cookie->name)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"name=%V\" is the name of the cookie of an age: "
                           "the consent cookie needs another one",
                           &cookie->name);
        return NGX_CONF_ERROR;
    }

    xscf->cookie = cookie;

    return NGX_CONF_OK;
}


static ngx_uint_t
ngx_http_xpecto_consent_is_domain(ngx_str_t *domain)
{
    u_char      ch;
    ngx_uint_t  i;

    for (i = 0; i < domain->len; i++) {
        ch = domain->data[i];

        if ((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9')) {
            continue;
        }

        if (i == 0 || (ch != '-' && ch != '.')) {
            return 0;
        }
    }

    return 1;
}


static ngx_uint_t
ngx_http_xpecto_consent_is_name(ngx_str_t *name)
{
    xpecto_cookie_node_t   nodes[NGX_HTTP_XPECTO_CONSENT_NAME + 1];
    xpecto_cookie_names_t  names;

    xpecto_cookie_names_init(&names, nodes, NGX_HTTP_XPECTO_CONSENT_NAME + 1);

    return xpecto_cookie_names_add(&names, name->data, name->len, 1)
           == XPECTO_OK
           && name->data[name->len - 1] != '*';
}


static ngx_uint_t
ngx_http_xpecto_consent_is_age(ngx_str_t *name)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_HTTP_XPECTO_CONSENT_AGES; i++) {
        if (name->len == ngx_http_xpecto_consent_ages[i].len
            && ngx_strncmp(name->data, ngx_http_xpecto_consent_ages[i].data,
                           name->len)
               == 0)
        {
            return 1;
        }
    }

    return 0;
}


char *
ngx_http_xpecto_consent_purpose(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_consent_srv_conf_t *xscf = conf;

    int          n;
    ngx_str_t   *value;
    ngx_uint_t   first;

    value = cf->args->elts;

    n = xpecto_purpose_find(value[1].data, value[1].len);

    if (n < 0) {
        return ngx_http_xpecto_consent_is_unknown(cf, &value[1]);
    }

    if (XPECTO_PURPOSE_BIT(n) & XPECTO_PURPOSES_ALWAYS) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the purpose \"%V\" is never refused: name its "
                           "cookies in \"xpecto_consent_keep\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    xscf->asked |= XPECTO_PURPOSE_BIT(n);
    xscf->interest &= ~XPECTO_PURPOSE_BIT(n);
    first = 2;

    if (cf->args->nelts > 2
        && ngx_strncmp(value[2].data, "basis=", sizeof("basis=") - 1) == 0)
    {
        if (ngx_strcmp(value[2].data, "basis=legitimate_interest") == 0) {

            if (XPECTO_PURPOSE_BIT(n)
                & (XPECTO_PURPOSES_GPC | XPECTO_PURPOSES_SPOKEN))
            {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "\"%V\" needs a consent: it is %s",
                                   &value[1],
                                   (XPECTO_PURPOSE_BIT(n)
                                    & XPECTO_PURPOSES_GPC)
                                   ? "what an opt-out signal refuses"
                                   : "granted by nobody's silence");
                return NGX_CONF_ERROR;
            }

            xscf->interest |= XPECTO_PURPOSE_BIT(n);

        } else if (ngx_strcmp(value[2].data, "basis=consent") != 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid \"%V\", it must be "
                               "\"basis=consent\" or "
                               "\"basis=legitimate_interest\"", &value[2]);
            return NGX_CONF_ERROR;
        }

        first = 3;
    }

    return ngx_http_xpecto_consent_rules(cf, &xscf->purposes, first,
                                         XPECTO_PURPOSE_BIT(n));
}


char *
ngx_http_xpecto_consent_is_unknown(ngx_conf_t *cf, ngx_str_t *purpose)
{
    u_char      names[XPECTO_CONSENT_NAMES_LEN];
    ngx_str_t   known;

    known.data = names;
    known.len = xpecto_consent_names(names, 0xffff, ' ');

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "unknown purpose \"%V\", there are: %V", purpose,
                       &known);

    return NGX_CONF_ERROR;
}


char *
ngx_http_xpecto_consent_keep(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_consent_srv_conf_t *xscf = conf;

    return ngx_http_xpecto_consent_rules(cf, &xscf->keep, 1, 0);
}


static char *
ngx_http_xpecto_consent_rules(ngx_conf_t *cf, ngx_array_t **rules,
    ngx_uint_t first, ngx_uint_t purposes)
{
    ngx_str_t                       *value;
    ngx_uint_t                       i;
    xpecto_cookie_node_t            *nodes;
    xpecto_cookie_names_t            names;
    ngx_http_xpecto_consent_rule_t  *rule;

    if (*rules == NULL) {
        *rules = ngx_array_create(cf->pool, 8,
                                  sizeof(ngx_http_xpecto_consent_rule_t));
        if (*rules == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    value = cf->args->elts;

    for (i = first; i < cf->args->nelts; i++) {

        nodes = ngx_palloc(cf->temp_pool, (value[i].len + 1)
                                          * sizeof(xpecto_cookie_node_t));
        if (nodes == NULL) {
            return NGX_CONF_ERROR;
        }

        /* compiled alone: the error names this line */

        xpecto_cookie_names_init(&names, nodes, value[i].len + 1);

        if (xpecto_cookie_names_add(&names, value[i].data, value[i].len, 1)
            != XPECTO_OK)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is neither the name of a cookie nor "
                               "the begin of one with a \"*\" behind it",
                               &value[i]);
            return NGX_CONF_ERROR;
        }

        rule = ngx_array_push(*rules);
        if (rule == NULL) {
            return NGX_CONF_ERROR;
        }

        rule->pattern = value[i];
        rule->purposes = purposes;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_xpecto_consent_api(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_consent_loc_conf_t *xlcf = conf;

    ngx_str_t                            *value;
    ngx_uint_t                            regex;
    ngx_http_core_loc_conf_t             *clcf;
    ngx_http_xpecto_consent_srv_conf_t   *xscf;
    ngx_http_xpecto_consent_main_conf_t  *xmcf;

    if (xlcf->api) {
        return "is duplicate";
    }

    xlcf->api = 1;

    ngx_http_xpecto_consent_mark(cf, xlcf);

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_xpecto_consent_api_handler;

    if (cf->args->nelts == 1) {
        xmcf = ngx_http_conf_get_module_main_conf(cf,
                                        ngx_http_xpecto_consent_filter_module);
        xscf = ngx_http_conf_get_module_srv_conf(cf,
                                        ngx_http_xpecto_consent_filter_module);
        xmcf->api = 1;
        xscf->api = 1;

        /* what is behind the name of the location says what is wanted */

#if (NGX_PCRE)
        regex = (clcf->regex != NULL);
#else
        regex = 0;
#endif

        if (regex || clcf->named) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"xpecto_consent_api\" needs a location of a "
                               "prefix, as \"location /.xpecto/consent\": in "
                               "\"%V\" nothing tells the API's resources "
                               "apart", &clcf->name);
            return NGX_CONF_ERROR;
        }

        return NGX_CONF_OK;
    }

    value = cf->args->elts;

    if (value[1].len != 3 || ngx_strncmp(value[1].data, "gpc", 3) != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid value \"%V\", it must be \"gpc\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    clcf->handler = ngx_http_xpecto_consent_gpc_handler;

    return NGX_CONF_OK;
}


/* "local", or years */

char *
ngx_http_xpecto_consent_age_min(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_xpecto_consent_srv_conf_t *xscf = conf;

    ngx_int_t   n;
    ngx_str_t  *value;

    if (xscf->age_min != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == sizeof("local") - 1
        && ngx_strncmp(value[1].data, "local", sizeof("local") - 1) == 0)
    {
        xscf->age_min = NGX_HTTP_XPECTO_CONSENT_AGE_LOCAL;
        return NGX_CONF_OK;
    }

    n = ngx_atoi(value[1].data, value[1].len);

    if (n < 13 || n > 18) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid age \"%V\", it must be \"local\" or from "
                           "13 to 18", &value[1]);
        return NGX_CONF_ERROR;
    }

    xscf->age_min = n;

    return NGX_CONF_OK;
}
