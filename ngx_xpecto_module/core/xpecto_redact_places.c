
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* How the values of headers and nginx variables are read. */


#include <string.h>

#include "xpecto_redact_edit.h"


typedef struct {
    const char      *name;
    size_t           len;
    uint8_t          form;
    uint8_t          class;
} xpecto_place_name_t;

#define XPECTO_PLACE(name, form, class)                                      \
    { name, sizeof(name) - 1, XPECTO_FORM_##form, XPECTO_CLASS_##class }


static xpecto_redact_place_t xpecto_name_folded_header(
    const xpecto_redact_t *rd, const uint8_t *buf, size_t n);
static int xpecto_place_find(const xpecto_place_name_t *table, size_t n,
    int prefixes, const uint8_t *name, size_t len,
    xpecto_redact_place_t *place);


/* folded names; values that are more than one thing */

static const xpecto_place_name_t  xpecto_place_headers[] = {
    XPECTO_PLACE("cookie", COOKIE, CREDENTIAL),
    XPECTO_PLACE("setcookie", SET_COOKIE, CREDENTIAL),
    XPECTO_PLACE("host", HOST, NONE),
    XPECTO_PLACE("xforwardedhost", HOST, NONE),
    XPECTO_PLACE("referer", URI, NONE),
    XPECTO_PLACE("location", URI, NONE),
    XPECTO_PLACE("refresh", URI, NONE),
    XPECTO_PLACE("link", URI, NONE),
    XPECTO_PLACE("contentlocation", URI, NONE),
    XPECTO_PLACE("destination", URI, NONE),
    XPECTO_PLACE("path", URI, NONE),
    XPECTO_PLACE("xoriginalurl", URI, NONE),
    XPECTO_PLACE("xoriginaluri", URI, NONE),
    XPECTO_PLACE("xrewriteurl", URI, NONE),
    XPECTO_PLACE("xforwardeduri", URI, NONE),
    XPECTO_PLACE("xaccelredirect", URI, NONE),

    /* what FastCGI and the like make of a request */

    XPECTO_PLACE("querystring", QUERY, NONE),
    XPECTO_PLACE("requesturi", URI, NONE),
    XPECTO_PLACE("documenturi", URI, NONE),
    XPECTO_PLACE("scriptname", URI, NONE),
    XPECTO_PLACE("scriptfilename", URI, NONE),
    XPECTO_PLACE("pathinfo", URI, NONE),
    XPECTO_PLACE("remoteuser", WHOLE, USER)
};

#define XPECTO_PLACE_HEADERS                                                 \
    (sizeof(xpecto_place_headers) / sizeof(xpecto_place_headers[0]))


static const xpecto_place_name_t  xpecto_place_variables[] = {
    XPECTO_PLACE("request", REQUEST, NONE),
    XPECTO_PLACE("request_uri", URI, NONE),
    XPECTO_PLACE("uri", URI, NONE),
    XPECTO_PLACE("document_uri", URI, NONE),
    XPECTO_PLACE("request_filename", URI, NONE),
    XPECTO_PLACE("fastcgi_script_name", URI, NONE),
    XPECTO_PLACE("fastcgi_path_info", URI, NONE),
    XPECTO_PLACE("host", HOST, NONE),
    XPECTO_PLACE("proxy_host", HOST, NONE),
    XPECTO_PLACE("upstream_addr", HOST, NONE),
    XPECTO_PLACE("args", QUERY, NONE),
    XPECTO_PLACE("query_string", QUERY, NONE),
    XPECTO_PLACE("request_body", BODY, NONE),
    XPECTO_PLACE("remote_addr", WHOLE, IP),
    XPECTO_PLACE("binary_remote_addr", WHOLE, IP),
    XPECTO_PLACE("realip_remote_addr", WHOLE, IP),
    XPECTO_PLACE("proxy_protocol_addr", WHOLE, IP),
    XPECTO_PLACE("proxy_add_x_forwarded_for", WHOLE, IP),
    XPECTO_PLACE("remote_user", WHOLE, USER),
    XPECTO_PLACE("ssl_client_i_dn", WHOLE, NAME),
    XPECTO_PLACE("ssl_client_i_dn_legacy", WHOLE, NAME),
    XPECTO_PLACE("ssl_client_s_dn", WHOLE, NAME),
    XPECTO_PLACE("ssl_client_s_dn_legacy", WHOLE, NAME),
    XPECTO_PLACE("ssl_client_cert", WHOLE, NAME),
    XPECTO_PLACE("ssl_client_raw_cert", WHOLE, NAME),
    XPECTO_PLACE("ssl_client_escaped_cert", WHOLE, NAME),
    XPECTO_PLACE("ssl_client_fingerprint", WHOLE, USER),
    XPECTO_PLACE("ssl_client_serial", WHOLE, USER),
    XPECTO_PLACE("ssl_session_id", WHOLE, CREDENTIAL),
    XPECTO_PLACE("auth_basic_user", WHOLE, USER),

    XPECTO_PLACE("body_bytes_sent", NONE, NONE),
    XPECTO_PLACE("bytes_sent", NONE, NONE),
    XPECTO_PLACE("connection", NONE, NONE),
    XPECTO_PLACE("connection_requests", NONE, NONE),
    XPECTO_PLACE("connection_time", NONE, NONE),
    XPECTO_PLACE("gzip_ratio", NONE, NONE),
    XPECTO_PLACE("hostname", NONE, NONE),
    XPECTO_PLACE("http2", NONE, NONE),
    XPECTO_PLACE("http3", NONE, NONE),
    XPECTO_PLACE("https", NONE, NONE),
    XPECTO_PLACE("is_args", NONE, NONE),
    XPECTO_PLACE("limit_conn_status", NONE, NONE),
    XPECTO_PLACE("limit_req_status", NONE, NONE),
    XPECTO_PLACE("msec", NONE, NONE),
    XPECTO_PLACE("pid", NONE, NONE),
    XPECTO_PLACE("pipe", NONE, NONE),
    XPECTO_PLACE("proxy_port", NONE, NONE),
    XPECTO_PLACE("proxy_protocol_port", NONE, NONE),
    XPECTO_PLACE("realip_remote_port", NONE, NONE),
    XPECTO_PLACE("remote_port", NONE, NONE),
    XPECTO_PLACE("request_completion", NONE, NONE),
    XPECTO_PLACE("request_id", NONE, NONE),
    XPECTO_PLACE("request_length", NONE, NONE),
    XPECTO_PLACE("request_method", NONE, NONE),
    XPECTO_PLACE("request_time", NONE, NONE),
    XPECTO_PLACE("scheme", NONE, NONE),
    XPECTO_PLACE("server_addr", NONE, NONE),
    XPECTO_PLACE("server_name", NONE, NONE),
    XPECTO_PLACE("server_port", NONE, NONE),
    XPECTO_PLACE("server_protocol", NONE, NONE),
    XPECTO_PLACE("ssl_cipher", NONE, NONE),
    XPECTO_PLACE("ssl_ciphers", NONE, NONE),
    XPECTO_PLACE("ssl_curve", NONE, NONE),
    XPECTO_PLACE("ssl_curves", NONE, NONE),
    XPECTO_PLACE("ssl_early_data", NONE, NONE),
    XPECTO_PLACE("ssl_protocol", NONE, NONE),
    XPECTO_PLACE("ssl_session_reused", NONE, NONE),
    XPECTO_PLACE("status", NONE, NONE),
    XPECTO_PLACE("tcpinfo_rcv_space", NONE, NONE),
    XPECTO_PLACE("tcpinfo_rtt", NONE, NONE),
    XPECTO_PLACE("tcpinfo_rttvar", NONE, NONE),
    XPECTO_PLACE("tcpinfo_snd_cwnd", NONE, NONE),
    XPECTO_PLACE("time_iso8601", NONE, NONE),
    XPECTO_PLACE("time_local", NONE, NONE),
    XPECTO_PLACE("upstream_bytes_received", NONE, NONE),
    XPECTO_PLACE("upstream_bytes_sent", NONE, NONE),
    XPECTO_PLACE("upstream_cache_status", NONE, NONE),
    XPECTO_PLACE("upstream_connect_time", NONE, NONE),
    XPECTO_PLACE("upstream_header_time", NONE, NONE),
    XPECTO_PLACE("upstream_response_length", NONE, NONE),
    XPECTO_PLACE("upstream_response_time", NONE, NONE),
    XPECTO_PLACE("upstream_status", NONE, NONE),
    XPECTO_PLACE("xpecto_consent", NONE, NONE),
    XPECTO_PLACE("xpecto_country", NONE, NONE),
    XPECTO_PLACE("xpecto_jurisdiction", NONE, NONE),
    XPECTO_PLACE("xpecto_jurisdiction_basis", NONE, NONE),
    XPECTO_PLACE("xpecto_jurisdiction_region", NONE, NONE),
    XPECTO_PLACE("xpecto_jurisdiction_upstream", NONE, NONE),
    XPECTO_PLACE("xpecto_jurisdiction_why", NONE, NONE),
    XPECTO_PLACE("xpecto_limit_policy", NONE, NONE),
    XPECTO_PLACE("xpecto_limit_remaining", NONE, NONE),
    XPECTO_PLACE("xpecto_limit_reset", NONE, NONE),
    XPECTO_PLACE("xpecto_limit_status", NONE, NONE),
    XPECTO_PLACE("xpecto_message_count", NONE, NONE),
    XPECTO_PLACE("xpecto_message_type", NONE, NONE),
    XPECTO_PLACE("xpecto_plan", NONE, NONE),
    XPECTO_PLACE("xpecto_redacted", NONE, NONE),
    XPECTO_PLACE("xpecto_tenant", NONE, NONE)
};

#define XPECTO_PLACE_VARIABLES                                               \
    (sizeof(xpecto_place_variables) / sizeof(xpecto_place_variables[0]))


/* TEXT: the rest is the name of a header, QUERY: of an argument */

static const xpecto_place_name_t  xpecto_place_prefixes[] = {
    XPECTO_PLACE("arg_", QUERY, NONE),
    XPECTO_PLACE("cookie_", WHOLE, CREDENTIAL),
    XPECTO_PLACE("upstream_cookie_", WHOLE, CREDENTIAL),
    XPECTO_PLACE("http_", TEXT, NONE),
    XPECTO_PLACE("sent_http_", TEXT, NONE),
    XPECTO_PLACE("sent_trailer_", TEXT, NONE),
    XPECTO_PLACE("upstream_http_", TEXT, NONE),
    XPECTO_PLACE("upstream_trailer_", TEXT, NONE),
    XPECTO_PLACE("xpecto_consent_", NONE, NONE)
};

#define XPECTO_PLACE_PREFIXES                                                \
    (sizeof(xpecto_place_prefixes) / sizeof(xpecto_place_prefixes[0]))


xpecto_redact_place_t
xpecto_redact_variable(const xpecto_redact_t *rd, const uint8_t *name,
    size_t len)
{
    int                    n;
    xpecto_named_t         named;
    xpecto_redact_place_t  place;

    place.form = XPECTO_FORM_TEXT;
    place.class = XPECTO_CLASS_NONE;

    if (xpecto_place_find(xpecto_place_variables, XPECTO_PLACE_VARIABLES, 0,
                          name, len, &place))
    {
        return place;
    }

    n = xpecto_place_find(xpecto_place_prefixes, XPECTO_PLACE_PREFIXES, 1,
                          name, len, &place);

    if (n == 0 || place.form == XPECTO_FORM_WHOLE
        || place.form == XPECTO_FORM_NONE)
    {
        return place;
    }

    name += n;
    len -= (size_t) n;

    if (place.form == XPECTO_FORM_TEXT) {
        return xpecto_name_header(rd, name, len);
    }

    named = xpecto_name_argument(rd, name, len, XPECTO_NAME_QUERY);

    place.form = XPECTO_FORM_TEXT;

    if (named.class != XPECTO_CLASS_NONE) {
        place.form = XPECTO_FORM_WHOLE;
        place.class = named.class;
    }

    return place;
}


xpecto_redact_place_t
xpecto_name_header(const xpecto_redact_t *rd, const uint8_t *name, size_t len)
{
    size_t                 n;
    uint8_t                buf[XPECTO_REDACT_NAME_MAX];
    xpecto_redact_place_t  place;

    n = xpecto_name_fold(buf, name, len);

    place = xpecto_name_folded_header(rd, buf, n);

    /* "HTTP_COOKIE" */

    if (place.form == XPECTO_FORM_TEXT && n > 4
        && memcmp(buf, "http", 4) == 0)
    {
        place = xpecto_name_folded_header(rd, buf + 4, n - 4);
    }

    return place;
}


static xpecto_redact_place_t
xpecto_name_folded_header(const xpecto_redact_t *rd, const uint8_t *buf,
    size_t n)
{
    xpecto_named_t         named;
    xpecto_redact_place_t  place;

    place.form = XPECTO_FORM_TEXT;
    place.class = XPECTO_CLASS_NONE;

    if (n == 0
        || xpecto_place_find(xpecto_place_headers, XPECTO_PLACE_HEADERS, 0,
                             buf, n, &place))
    {
        return place;
    }

    named = xpecto_name_find(rd, buf, n, XPECTO_NAME_HEADER, NULL, 0);

    if (named.class == XPECTO_CLASS_NONE) {
        named = xpecto_name_find(rd, buf, n, XPECTO_NAME_QUERY, NULL, 0);

        if (named.class == XPECTO_CLASS_NONE) {
            named = xpecto_name_secret(buf, n);
        }

        /* words like "text", "name" or "label" mean little as a header */

        if (named.class > XPECTO_CLASS_EMAIL
            && named.class != XPECTO_CLASS_CREDENTIAL)
        {
            return place;
        }
    }

    if (named.class != XPECTO_CLASS_NONE) {
        place.form = XPECTO_FORM_WHOLE;
        place.class = named.class;
    }

    return place;
}


/* the length of the entry that was found, 0: none */

static int
xpecto_place_find(const xpecto_place_name_t *table, size_t n, int prefixes,
    const uint8_t *name, size_t len, xpecto_redact_place_t *place)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if ((prefixes ? len > table[i].len : len == table[i].len)
            && memcmp(table[i].name, name, table[i].len) == 0)
        {
            place->form = (xpecto_form_e) table[i].form;
            place->class = (xpecto_class_e) table[i].class;

            return (int) table[i].len;
        }
    }

    return 0;
}
