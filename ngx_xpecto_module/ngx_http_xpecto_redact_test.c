
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * The self-test of nginx -t: planted values go through the styles of each
 * location, in every variable that the configuration uses and in a line of
 * the error log.  What a "keep" shows, and would not without it, is refused
 * unless it is said to be meant.
 */


#include "ngx_http_xpecto_redact.h"


#define NGX_HTTP_XPECTO_REDACT_PLANT  512   /* of the longest planted line */


/* what stands around a value in each form, and around its name */

typedef struct {
    const char                        *before;
    const char                        *between; /* NULL: there is no name */
    const char                        *behind;
} ngx_http_xpecto_redact_frame_t;


static ngx_int_t ngx_http_xpecto_redact_test_conf(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf);
static ngx_int_t ngx_http_xpecto_redact_test_place(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf, xpecto_redact_place_t place,
    ngx_str_t *where);
static ngx_int_t ngx_http_xpecto_redact_test_value(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf, xpecto_redact_place_t place,
    ngx_str_t *where, const char *name, const char *value);
static ngx_uint_t ngx_http_xpecto_redact_test_shows(xpecto_redact_t *rd,
    xpecto_redact_place_t place, u_char *p, size_t len, const char *value);
static ngx_int_t ngx_http_xpecto_redact_test_refuse(ngx_conf_t *cf,
    ngx_http_xpecto_redact_style_t *style, ngx_str_t *where);


/* in the order of xpecto_form_e */

static ngx_http_xpecto_redact_frame_t  ngx_http_xpecto_redact_frames[] = {
    { "a ", NULL, " b" },                       /* TEXT */
    { "GET /a?", "=", " HTTP/1.1" },            /* REQUEST */
    { "/a?", "=", "" },                         /* URI */
    { "", NULL, "" },                           /* HOST */
    { "", "=", "" },                            /* QUERY */
    { "", "=", "" },                            /* COOKIE */
    { "", "=", "; Path=/" },                    /* SET_COOKIE */
    { "{\"", "\":\"", "\"}" },                  /* JSON */
    { "{\"", "\":\"", "\"}" },                  /* BODY */
    { "2026/11/22 12:00:00 [error] 1#1: *1 a, client: 192.0.2.0, server: s, "
      "request: \"GET /a?", "=", " HTTP/1.1\", host: \"h\"" },  /* LOG */
    { "", "=", "" },                            /* LINE */
    { "", NULL, "" }                            /* WHOLE */
};


/* a form without its frame would be read behind the table */

typedef char  ngx_http_xpecto_redact_frames_match_forms
    [sizeof(ngx_http_xpecto_redact_frames)
     / sizeof(ngx_http_xpecto_redact_frames[0]) == XPECTO_FORM_NONE ? 1 : -1];


/* found by what they are; their digits are of documentation, or of nobody */

static const char *ngx_http_xpecto_redact_plants[] = {
    "+16505551234",
    "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA",
    "US.13491208655302741918",
    "zqplantvk@example.com",
    "198.51.100.77",
    "2001:db8:1:2::77",
    "EAAJzqPlantvkZBx7ZAplantvkZBx7ZAplantvkZBx7ZAplantvkZBx7ZA",
    "4111111111111111"
};


/* found by their place */

static const char *ngx_http_xpecto_redact_place_names[] = {
    "to", "message_id", "user_id", "username", "email", "ip",
    "profile_name", "first_name", "text", "body", "caption", "latitude",
    "address", "link", "media_url", "filename", "access_token", "pin",
    "card", "iban"
};


#define NGX_HTTP_XPECTO_REDACT_PLANTS                                        \
    (sizeof(ngx_http_xpecto_redact_plants)                                   \
     / sizeof(ngx_http_xpecto_redact_plants[0]))

#define NGX_HTTP_XPECTO_REDACT_PLACE_NAMES                                   \
    (sizeof(ngx_http_xpecto_redact_place_names)                              \
     / sizeof(ngx_http_xpecto_redact_place_names[0]))


/* locations whose styles and names are the same are one */

ngx_int_t
ngx_http_xpecto_redact_test_add(ngx_http_xpecto_redact_main_conf_t *rmcf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf)
{
    ngx_uint_t                           i;
    ngx_http_xpecto_redact_loc_conf_t  **conf;

    for (i = 0; i < XPECTO_CLASSES; i++) {
        if (rlcf->styles[i] != NULL
            && rlcf->styles[i]->style == XPECTO_STYLE_KEEP
            && !rlcf->styles[i]->exposed)
        {
            break;
        }
    }

    if (i == XPECTO_CLASSES || rlcf->mode != NGX_HTTP_XPECTO_REDACT_ON) {
        return NGX_OK;
    }

    conf = rmcf->tests.elts;

    for (i = 0; i < rmcf->tests.nelts; i++) {
        if (conf[i]->names == rlcf->names
            && ngx_memcmp(conf[i]->styles, rlcf->styles, sizeof(rlcf->styles))
               == 0)
        {
            return NGX_OK;
        }
    }

    conf = ngx_array_push(&rmcf->tests);
    if (conf == NULL) {
        return NGX_ERROR;
    }

    *conf = rlcf;

    return NGX_OK;
}


ngx_int_t
ngx_http_xpecto_redact_test(ngx_conf_t *cf,
    ngx_http_xpecto_redact_main_conf_t *rmcf)
{
    ngx_uint_t                           i;
    ngx_http_xpecto_redact_loc_conf_t  **conf;

    conf = rmcf->tests.elts;

    for (i = 0; i < rmcf->tests.nelts; i++) {
        if (ngx_http_xpecto_redact_test_conf(cf, conf[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_redact_test_conf(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf)
{
    ngx_uint_t                  i, n, turn;
    ngx_http_variable_t        *v;
    xpecto_redact_place_t       place;
    ngx_http_core_main_conf_t  *cmcf;

    static ngx_str_t  error_log = ngx_string("the error log");

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    v = cmcf->variables.elts;
    n = cmcf->variables.nelts;

    /* one value first: the address, and then where it may stand */

    for (i = 0; i < 3 * n; i++) {

        /* nobody can name what has a space in its name: words of requests */

        if (ngx_strlchr(v[i % n].name.data,
                        v[i % n].name.data + v[i % n].name.len, ' ')
            != NULL)
        {
            continue;
        }

        place = xpecto_redact_variable(&rlcf->rd, v[i % n].name.data,
                                       v[i % n].name.len);

        switch (place.form) {

        case XPECTO_FORM_NONE:
            continue;

        case XPECTO_FORM_WHOLE:
            turn = 0;
            break;

        case XPECTO_FORM_TEXT:
            turn = 2;
            break;

        default:
            turn = 1;
            break;
        }

        if (turn == i / n
            && ngx_http_xpecto_redact_test_place(cf, rlcf, place,
                                                 &v[i % n].name)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    place.form = XPECTO_FORM_LOG;
    place.class = XPECTO_CLASSES;

    return ngx_http_xpecto_redact_test_place(cf, rlcf, place, &error_log);
}


static ngx_int_t
ngx_http_xpecto_redact_test_place(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf, xpecto_redact_place_t place,
    ngx_str_t *where)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_HTTP_XPECTO_REDACT_PLANTS; i++) {
        if (ngx_http_xpecto_redact_test_value(cf, rlcf, place, where, "q",
                                            ngx_http_xpecto_redact_plants[i])
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (ngx_http_xpecto_redact_frames[place.form].between == NULL) {
        return ngx_http_xpecto_redact_test_value(cf, rlcf, place, where, NULL,
                                                 "zqplantvk");
    }

    for (i = 0; i < NGX_HTTP_XPECTO_REDACT_PLACE_NAMES; i++) {
        if (ngx_http_xpecto_redact_test_value(cf, rlcf, place, where,
                                       ngx_http_xpecto_redact_place_names[i],
                                       "zqplantvk")
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_redact_test_value(ngx_conf_t *cf,
    ngx_http_xpecto_redact_loc_conf_t *rlcf, xpecto_redact_place_t place,
    ngx_str_t *where, const char *name, const char *value)
{
    u_char                          *p, buf[NGX_HTTP_XPECTO_REDACT_PLANT];
    ngx_uint_t                       i;
    xpecto_redact_t                  rd;
    ngx_http_xpecto_redact_style_t  *style;
    ngx_http_xpecto_redact_frame_t  *frame;

    frame = &ngx_http_xpecto_redact_frames[place.form];

    p = ngx_snprintf(buf, sizeof(buf), "%s%s%s%s%s", frame->before,
                     frame->between ? name : "",
                     frame->between ? frame->between : "", value,
                     frame->behind);

    rd = rlcf->rd;
    rd.pseudonym = NULL;

    if (!ngx_http_xpecto_redact_test_shows(&rd, place, buf, p - buf, value)) {
        return NGX_OK;
    }

    /* as if nothing were kept but what is meant to be, one by one */

    for (i = 0; i < XPECTO_CLASSES; i++) {
        style = rlcf->styles[i];

        if (style == NULL || style->style != XPECTO_STYLE_KEEP
            || style->exposed)
        {
            continue;
        }

        (void) xpecto_redact_style(&rd, i, XPECTO_STYLE_LABEL);

        if (!ngx_http_xpecto_redact_test_shows(&rd, place, buf, p - buf,
                                               value))
        {
            return ngx_http_xpecto_redact_test_refuse(cf, style, where);
        }
    }

    /* no place of ours: a style changes nothing */

    return NGX_OK;
}


static ngx_uint_t
ngx_http_xpecto_redact_test_shows(xpecto_redact_t *rd,
    xpecto_redact_place_t place, u_char *p, size_t len, const char *value)
{
    u_char                  out[XPECTO_REDACT_BOUND(
                                    NGX_HTTP_XPECTO_REDACT_PLANT)];
    xpecto_rc_e             rc;
    xpecto_redact_result_t  res;

    rc = xpecto_redact(rd, place, p, len, 0, out, sizeof(out), &res);

    if (rc == XPECTO_DECLINED) {
        return 1;
    }

    return rc == XPECTO_OK
           && ngx_strlcasestrn(out, out + res.len, (u_char *) value,
                               ngx_strlen(value) - 1)
              != NULL;
}


static ngx_int_t
ngx_http_xpecto_redact_test_refuse(ngx_conf_t *cf,
    ngx_http_xpecto_redact_style_t *style, ngx_str_t *where)
{
    const char  *dollar;

    dollar = (ngx_strlchr(where->data, where->data + where->len, ' ') == NULL)
             ? "$" : "";

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"%V\" shows what is planted in %s%V, "
                  "it must be \"%V exposed\" if that is meant in %V:%ui",
                  &style->text, dollar, where, &style->text, &style->file,
                  style->line);

    return NGX_ERROR;
}
