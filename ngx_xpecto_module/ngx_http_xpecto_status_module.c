
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_xpecto.h"


typedef enum {
    NGX_HTTP_XPECTO_STATUS_OFF = 0,
    NGX_HTTP_XPECTO_STATUS_PROMETHEUS,
    NGX_HTTP_XPECTO_STATUS_JSON
} ngx_http_xpecto_status_format_e;


typedef struct {
    ngx_uint_t   format;
} ngx_http_xpecto_status_conf_t;


/* one counter; those of one name stand together */

typedef struct {
    ngx_str_t    name;
    ngx_str_t    label;         /* result="known", without the braces */
    ngx_str_t    help;          /* of the first of a name */
} ngx_http_xpecto_status_counter_t;


/* where the answer is written: p is NULL while it is measured */

typedef struct {
    u_char      *p;
    size_t       len;
} ngx_http_xpecto_status_out_t;


/* all that is told, taken once: it would change while it is measured */

typedef struct {
    ngx_uint_t               counters[NGX_XPECTO_COUNTERS];
    ngx_array_t              samples;          /* ngx_xpecto_sample_t */
    ngx_xpecto_gauge_t      *gauges;
    ngx_uint_t               ngauges;
    ngx_uint_t              *ends;             /* of each gauge's samples */
} ngx_http_xpecto_status_values_t;


static ngx_int_t ngx_http_xpecto_status_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_xpecto_status_take(ngx_http_request_t *r,
    ngx_http_xpecto_status_values_t *values);
static void ngx_http_xpecto_status_prometheus(
    ngx_http_xpecto_status_out_t *out,
    ngx_http_xpecto_status_values_t *values);
static void ngx_http_xpecto_status_json(ngx_http_xpecto_status_out_t *out,
    ngx_http_xpecto_status_values_t *values);
static void ngx_http_xpecto_status_json_member(
    ngx_http_xpecto_status_out_t *out, ngx_str_t *name, ngx_str_t *label,
    ngx_uint_t value);
static void ngx_http_xpecto_status_head(ngx_http_xpecto_status_out_t *out,
    ngx_str_t *name, ngx_str_t *help, const char *type);
static void ngx_http_xpecto_status_sample(ngx_http_xpecto_status_out_t *out,
    ngx_str_t *name, ngx_str_t *label, ngx_uint_t value);
static void ngx_http_xpecto_status_text(ngx_http_xpecto_status_out_t *out,
    const void *text, size_t len);
static void ngx_http_xpecto_status_number(ngx_http_xpecto_status_out_t *out,
    ngx_uint_t n);

static char *ngx_http_xpecto_status(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static void *ngx_http_xpecto_status_create_conf(ngx_conf_t *cf);


#define ngx_http_xpecto_status_literal(out, s)                               \
    ngx_http_xpecto_status_text(out, s, sizeof(s) - 1)

#define NGX_HTTP_XPECTO_STATUS_FIRST(name, label, help)                      \
    { ngx_string("xpecto_" name), ngx_string(label), ngx_string(help) }

#define NGX_HTTP_XPECTO_STATUS_NEXT(name, label)                             \
    { ngx_string("xpecto_" name), ngx_string(label), ngx_null_string }


/* in the order of ngx_xpecto_counter_e */

static ngx_http_xpecto_status_counter_t  ngx_http_xpecto_status_counters[] = {

    NGX_HTTP_XPECTO_STATUS_FIRST("tenant_requests_total",
        "result=\"known\"", "Requests by what their credential said."),
    NGX_HTTP_XPECTO_STATUS_NEXT("tenant_requests_total",
        "result=\"none\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("tenant_requests_total",
        "result=\"unknown\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("tenant_requests_total",
        "result=\"conflict\""),

    NGX_HTTP_XPECTO_STATUS_FIRST("reloads_total",
        "result=\"ok\"", "Files that changed while nginx was running."),
    NGX_HTTP_XPECTO_STATUS_NEXT("reloads_total",
        "result=\"failed\""),

    NGX_HTTP_XPECTO_STATUS_FIRST("message_bodies_total", "",
        "Bodies that were read for their recipients."),
    NGX_HTTP_XPECTO_STATUS_FIRST("message_recipients_total", "",
        "Recipients found."),
    NGX_HTTP_XPECTO_STATUS_FIRST("message_refused_total",
        "reason=\"broken\"", "Bodies that could not be read."),
    NGX_HTTP_XPECTO_STATUS_NEXT("message_refused_total",
        "reason=\"too_large\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("message_refused_total",
        "reason=\"type\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("message_passed_unreadable_total", "",
        "Bodies that could not be read and were passed on."),

    NGX_HTTP_XPECTO_STATUS_FIRST("tags_stripped_total", "",
        "Requests whose client sent X-Xpecto-* fields."),
    NGX_HTTP_XPECTO_STATUS_FIRST("tags_signed_total", "",
        "Requests passed on with signed tags."),

    NGX_HTTP_XPECTO_STATUS_FIRST("ledger_lines_total",
        "result=\"written\"", "Lines of the ledger."),
    NGX_HTTP_XPECTO_STATUS_NEXT("ledger_lines_total",
        "result=\"lost\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("ledger_left_out_total", "",
        "Personal fields that no epoch was there to seal."),

    NGX_HTTP_XPECTO_STATUS_FIRST("redact_values_total",
        "log=\"access\"", "Log values or lines that were changed."),
    NGX_HTTP_XPECTO_STATUS_NEXT("redact_values_total",
        "log=\"error\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("redact_spans_total",
        "class=\"phone\"", "Spans replaced in logs."),
    NGX_HTTP_XPECTO_STATUS_NEXT("redact_spans_total", "class=\"id\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("redact_spans_total", "class=\"user\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("redact_spans_total", "class=\"email\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("redact_spans_total", "class=\"ip\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("redact_spans_total", "class=\"name\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("redact_spans_total", "class=\"content\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("redact_spans_total", "class=\"location\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("redact_spans_total", "class=\"media\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("redact_spans_total",
        "class=\"credential\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("redact_spans_total", "class=\"account\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("redact_dropped_total", "",
        "Log values left out because they could not be redacted."),

    NGX_HTTP_XPECTO_STATUS_FIRST("jurisdiction_requests_total",
        "result=\"tagged\"", "Requests by what became of their transfer."),
    NGX_HTTP_XPECTO_STATUS_NEXT("jurisdiction_requests_total",
        "result=\"unknown\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("jurisdiction_requests_total",
        "result=\"denied\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("jurisdiction_requests_total",
        "result=\"observed\""),

    NGX_HTTP_XPECTO_STATUS_FIRST("consent_requests_total",
        "state=\"valid\"", "Requests by the state of their consent."),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_requests_total", "state=\"none\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_requests_total",
        "state=\"expired\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_requests_total",
        "state=\"stale_policy\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_requests_total",
        "state=\"invalid_format\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_requests_total",
        "state=\"invalid_key\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_requests_total",
        "state=\"invalid_mac\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_requests_total",
        "state=\"invalid_range\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_requests_total",
        "state=\"revoked\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("consent_changes_total",
        "event=\"given\"", "Choices made through the API."),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_changes_total",
        "event=\"refused\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_changes_total",
        "event=\"withdrawn\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("consent_gated_total", "",
        "Requests refused for want of a purpose."),
    NGX_HTTP_XPECTO_STATUS_FIRST("consent_gpc_total", "",
        "Requests with Global Privacy Control."),
    NGX_HTTP_XPECTO_STATUS_FIRST("consent_cookies_total",
        "action=\"stripped\"", "Cookies kept from passing."),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_cookies_total",
        "action=\"suppressed\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("consent_zone_full_total", "",
        "Withdrawals for which there was no room in the zone."),
    NGX_HTTP_XPECTO_STATUS_FIRST("consent_api_refused_total",
        "reason=\"insecure\"", "Calls of the API that were refused."),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_api_refused_total",
        "reason=\"elsewhere\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_api_refused_total",
        "reason=\"age\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_api_refused_total",
        "reason=\"missing\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_api_refused_total",
        "reason=\"method\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_api_refused_total",
        "reason=\"changed\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_api_refused_total",
        "reason=\"large\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_api_refused_total",
        "reason=\"type\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_api_refused_total",
        "reason=\"syntax\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("consent_api_refused_total",
        "reason=\"value\""),

    NGX_HTTP_XPECTO_STATUS_FIRST("limit_decisions_total",
        "result=\"passed\"", "Decisions of the limits."),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_decisions_total",
        "result=\"rejected\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_decisions_total",
        "result=\"rejected_dry_run\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("limit_full_total", "",
        "Keys for which a zone had no room."),
    NGX_HTTP_XPECTO_STATUS_FIRST("limit_snapshots_total",
        "result=\"written\"", "Files of zones, for a restart."),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_snapshots_total",
        "result=\"failed\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("limit_banned_total",
        "result=\"rejected\"", "Requests of who is banned."),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_banned_total",
        "result=\"rejected_dry_run\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("limit_bans_total",
        "cause=\"rejects\"", "Bans by what has led to them."),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_bans_total",
        "cause=\"credentials\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_bans_total",
        "cause=\"recipients\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("limit_cooled_total",
        "result=\"rejected\"", "Requests that the upstream would refuse."),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_cooled_total",
        "result=\"rejected_dry_run\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("limit_cooldowns_total",
        "code=\"130429\"", "Answers of the upstream that began a cooldown."),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_cooldowns_total",
        "code=\"131056\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_cooldowns_total",
        "code=\"80007\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("limit_refunded_total", "",
        "Requests whose cost was given back."),
    NGX_HTTP_XPECTO_STATUS_FIRST("limit_rejected_total",
        "code=\"130429\"", "Requests refused, by the error that they got."),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_rejected_total", "code=\"4\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_rejected_total", "code=\"80007\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_rejected_total", "code=\"131048\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_rejected_total", "code=\"131056\""),
    NGX_HTTP_XPECTO_STATUS_NEXT("limit_rejected_total", "code=\"133016\""),
    NGX_HTTP_XPECTO_STATUS_FIRST("limit_unread_total", "",
        "Policies that count by messages where none are read."),
};


/* a counter without its row would be read behind the table */

typedef char  ngx_http_xpecto_status_rows_match_counters
    [sizeof(ngx_http_xpecto_status_counters)
     / sizeof(ngx_http_xpecto_status_counters[0]) == NGX_XPECTO_COUNTERS
     ? 1 : -1];


static ngx_conf_enum_t  ngx_http_xpecto_status_formats[] = {
    { ngx_string("prometheus"), NGX_HTTP_XPECTO_STATUS_PROMETHEUS },
    { ngx_string("json"), NGX_HTTP_XPECTO_STATUS_JSON },
    { ngx_null_string, 0 }
};


static ngx_command_t  ngx_http_xpecto_status_commands[] = {

    { ngx_string("xpecto_status"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE1,
      ngx_http_xpecto_status,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_xpecto_status_module_ctx = {
    NULL,                                  /* preconfiguration */
    NULL,                                  /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_xpecto_status_create_conf,    /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_xpecto_status_module = {
    NGX_MODULE_V1,
    &ngx_http_xpecto_status_module_ctx,    /* module context */
    ngx_http_xpecto_status_commands,       /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_xpecto_status_handler(ngx_http_request_t *r)
{
    ngx_int_t                         rc;
    ngx_str_t                         body;
    ngx_http_xpecto_status_out_t      out;
    ngx_http_xpecto_status_conf_t    *xscf;
    ngx_http_xpecto_status_values_t  *values;

    void  (*write)(ngx_http_xpecto_status_out_t *out,
        ngx_http_xpecto_status_values_t *values);

    static ngx_str_t  prometheus = ngx_string("text/plain; version=0.0.4");
    static ngx_str_t  json = ngx_string("application/json");

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    values = ngx_palloc(r->pool, sizeof(ngx_http_xpecto_status_values_t));

    if (values == NULL || ngx_http_xpecto_status_take(r, values) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    xscf = ngx_http_get_module_loc_conf(r, ngx_http_xpecto_status_module);

    write = xscf->format == NGX_HTTP_XPECTO_STATUS_JSON
            ? ngx_http_xpecto_status_json : ngx_http_xpecto_status_prometheus;

    out.p = NULL;
    out.len = 0;

    write(&out, values);

    body.data = ngx_pnalloc(r->pool, out.len);
    if (body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    out.p = body.data;
    out.len = 0;

    write(&out, values);

    body.len = out.len;

    return ngx_xpecto_send(r, NGX_HTTP_OK,
                           xscf->format == NGX_HTTP_XPECTO_STATUS_JSON
                           ? &json : &prometheus,
                           &body);
}


static ngx_int_t
ngx_http_xpecto_status_take(ngx_http_request_t *r,
    ngx_http_xpecto_status_values_t *values)
{
    ngx_uint_t              i;
    ngx_array_t            *gauges;
    ngx_cycle_t            *cycle;
    ngx_xpecto_gauge_t     *gauge;
    ngx_xpecto_sample_t    *sample;
    ngx_xpecto_counters_t  *counters;

    cycle = (ngx_cycle_t *) ngx_cycle;
    counters = ngx_xpecto_counters(cycle);
    gauges = ngx_xpecto_gauges(cycle);

    for (i = 0; i < NGX_XPECTO_COUNTERS; i++) {
        values->counters[i] = ngx_xpecto_counter(counters, i);
    }

    gauge = gauges->elts;

    values->gauges = gauge;
    values->ngauges = gauges->nelts;

    values->ends = ngx_palloc(r->pool, gauges->nelts * sizeof(ngx_uint_t));

    if (values->ends == NULL
        || ngx_array_init(&values->samples, r->pool, gauges->nelts + 1,
                          sizeof(ngx_xpecto_sample_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < gauges->nelts; i++) {

        if (gauge[i].list != NULL) {

            if (gauge[i].list(gauge[i].data, &values->samples) != NGX_OK) {
                return NGX_ERROR;
            }

        } else {
            sample = ngx_array_push(&values->samples);
            if (sample == NULL) {
                return NGX_ERROR;
            }

            sample->label = gauge[i].label;
            sample->value = gauge[i].get(gauge[i].data);
        }

        values->ends[i] = values->samples.nelts;
    }

    return NGX_OK;
}


/* Prometheus text exposition format 0.0.4 */

static void
ngx_http_xpecto_status_prometheus(ngx_http_xpecto_status_out_t *out,
    ngx_http_xpecto_status_values_t *values)
{
    ngx_str_t                          *last;
    ngx_uint_t                          i, k;
    ngx_xpecto_gauge_t                 *gauge;
    ngx_xpecto_sample_t                *sample;
    ngx_http_xpecto_status_counter_t   *counter;

    for (i = 0; i < NGX_XPECTO_COUNTERS; i++) {
        counter = &ngx_http_xpecto_status_counters[i];

        if (counter->help.len) {
            ngx_http_xpecto_status_head(out, &counter->name, &counter->help,
                                        "counter");
        }

        ngx_http_xpecto_status_sample(out, &counter->name, &counter->label,
                                      values->counters[i]);
    }

    sample = values->samples.elts;
    last = NULL;
    k = 0;

    for (i = 0; i < values->ngauges; i++) {
        gauge = &values->gauges[i];

        if (k < values->ends[i]
            && (last == NULL || last->len != gauge->name.len
                || ngx_strncmp(last->data, gauge->name.data, last->len) != 0))
        {
            ngx_http_xpecto_status_head(out, &gauge->name, &gauge->help,
                                        "gauge");
            last = &gauge->name;
        }

        for ( /* void */ ; k < values->ends[i]; k++) {
            ngx_http_xpecto_status_sample(out, &gauge->name, &sample[k].label,
                                          sample[k].value);
        }
    }
}


static void
ngx_http_xpecto_status_head(ngx_http_xpecto_status_out_t *out, ngx_str_t *name,
    ngx_str_t *help, const char *type)
{
    ngx_http_xpecto_status_literal(out, "# HELP ");
    ngx_http_xpecto_status_text(out, name->data, name->len);
    ngx_http_xpecto_status_literal(out, " ");
    ngx_http_xpecto_status_text(out, help->data, help->len);
    ngx_http_xpecto_status_literal(out, "\n# TYPE ");
    ngx_http_xpecto_status_text(out, name->data, name->len);
    ngx_http_xpecto_status_literal(out, " ");
    ngx_http_xpecto_status_text(out, type, ngx_strlen(type));
    ngx_http_xpecto_status_literal(out, "\n");
}


static void
ngx_http_xpecto_status_sample(ngx_http_xpecto_status_out_t *out,
    ngx_str_t *name, ngx_str_t *label, ngx_uint_t value)
{
    ngx_http_xpecto_status_text(out, name->data, name->len);

    if (label->len) {
        ngx_http_xpecto_status_literal(out, "{");
        ngx_http_xpecto_status_text(out, label->data, label->len);
        ngx_http_xpecto_status_literal(out, "}");
    }

    ngx_http_xpecto_status_literal(out, " ");
    ngx_http_xpecto_status_number(out, value);
    ngx_http_xpecto_status_literal(out, "\n");
}


/* one object: {"version":"...","xpecto_limit_decisions_total.passed":1,...} */

static void
ngx_http_xpecto_status_json(ngx_http_xpecto_status_out_t *out,
    ngx_http_xpecto_status_values_t *values)
{
    ngx_uint_t                          i, k;
    ngx_xpecto_sample_t                *sample;
    ngx_http_xpecto_status_counter_t   *counter;

    ngx_http_xpecto_status_literal(out, "{\"version\":\""
                                        NGX_XPECTO_VERSION "\"");

    for (i = 0; i < NGX_XPECTO_COUNTERS; i++) {
        counter = &ngx_http_xpecto_status_counters[i];

        ngx_http_xpecto_status_json_member(out, &counter->name,
                                           &counter->label,
                                           values->counters[i]);
    }

    sample = values->samples.elts;
    k = 0;

    for (i = 0; i < values->ngauges; i++) {

        for ( /* void */ ; k < values->ends[i]; k++) {
            ngx_http_xpecto_status_json_member(out, &values->gauges[i].name,
                                               &sample[k].label,
                                               sample[k].value);
        }
    }

    ngx_http_xpecto_status_literal(out, "}\n");
}


/* a label's value, between its quotes, is the end of the member's name */

static void
ngx_http_xpecto_status_json_member(ngx_http_xpecto_status_out_t *out,
    ngx_str_t *name, ngx_str_t *label, ngx_uint_t value)
{
    u_char  *p, *last;

    ngx_http_xpecto_status_literal(out, ",\"");
    ngx_http_xpecto_status_text(out, name->data, name->len);

    if (label->len) {
        last = label->data + label->len - 1;
        p = ngx_strlchr(label->data, last, '"') + 1;

        ngx_http_xpecto_status_literal(out, ".");
        ngx_http_xpecto_status_text(out, p, last - p);
    }

    ngx_http_xpecto_status_literal(out, "\":");
    ngx_http_xpecto_status_number(out, value);
}


static void
ngx_http_xpecto_status_text(ngx_http_xpecto_status_out_t *out,
    const void *text, size_t len)
{
    if (out->p != NULL) {
        ngx_memcpy(out->p + out->len, text, len);
    }

    out->len += len;
}


static void
ngx_http_xpecto_status_number(ngx_http_xpecto_status_out_t *out, ngx_uint_t n)
{
    u_char  buf[NGX_INT_T_LEN], *p;

    p = ngx_sprintf(buf, "%ui", n);

    ngx_http_xpecto_status_text(out, buf, p - buf);
}


static char *
ngx_http_xpecto_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_xpecto_status_conf_t *xscf = conf;

    ngx_str_t                 *value;
    ngx_conf_enum_t           *e;
    ngx_http_core_loc_conf_t  *clcf;

    if (xscf->format != NGX_HTTP_XPECTO_STATUS_OFF) {
        return "is duplicate";
    }

    xscf->format = NGX_HTTP_XPECTO_STATUS_PROMETHEUS;

    if (cf->args->nelts == 2) {
        value = cf->args->elts;

        for (e = ngx_http_xpecto_status_formats; e->name.len; e++) {

            if (ngx_strcmp(e->name.data, value[1].data) == 0) {
                xscf->format = e->value;
                break;
            }
        }

        if (e->name.len == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid format \"%V\", it must be "
                               "\"prometheus\" or \"json\"", &value[1]);
            return NGX_CONF_ERROR;
        }
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_xpecto_status_handler;

    return NGX_CONF_OK;
}


static void *
ngx_http_xpecto_status_create_conf(ngx_conf_t *cf)
{
    /* set by ngx_pcalloc(): NGX_HTTP_XPECTO_STATUS_OFF */

    return ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_status_conf_t));
}
