
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* How the values of arguments, headers and nginx variables are read. */


#include <string.h>

#include "xpecto_redact_edit.h"


/* a JSON member whose meaning its parent decides; both names folded */

typedef struct {
    const char      *name;
    const char      *parent;
    uint8_t          class;
} xpecto_child_t;


typedef struct {
    const char      *name;
    size_t           len;
    uint8_t          form;
    uint8_t          class;
} xpecto_place_name_t;

#define XPECTO_PLACE(name, form, class)                                      \
    { name, sizeof(name) - 1, XPECTO_FORM_##form, XPECTO_CLASS_##class }


static int xpecto_name_hex(uint8_t c);
static xpecto_redact_place_t xpecto_name_folded_header(
    const xpecto_redact_t *rd, const uint8_t *buf, size_t n);
static int xpecto_place_find(const xpecto_place_name_t *table, size_t n,
    int prefixes, const uint8_t *name, size_t len,
    xpecto_redact_place_t *place);


static const xpecto_child_t  xpecto_children[] = {
    { "id", "messages", XPECTO_CLASS_ID },
    { "id", "statuses", XPECTO_CLASS_ID },
    { "id", "context", XPECTO_CLASS_ID },
    { "id", "calls", XPECTO_CLASS_ID },
    { "id", "messageechoes", XPECTO_CLASS_ID },
    { "id", "threads", XPECTO_CLASS_PHONE },
    { "id", "reply", XPECTO_CLASS_CONTENT },
    { "id", "buttonreply", XPECTO_CLASS_CONTENT },
    { "id", "listreply", XPECTO_CLASS_CONTENT },
    { "id", "rows", XPECTO_CLASS_CONTENT },
    { "id", "image", XPECTO_CLASS_MEDIA },
    { "id", "video", XPECTO_CLASS_MEDIA },
    { "id", "audio", XPECTO_CLASS_MEDIA },
    { "id", "document", XPECTO_CLASS_MEDIA },
    { "id", "sticker", XPECTO_CLASS_MEDIA },
    { "url", "image", XPECTO_CLASS_MEDIA },
    { "url", "video", XPECTO_CLASS_MEDIA },
    { "url", "audio", XPECTO_CLASS_MEDIA },
    { "url", "document", XPECTO_CLASS_MEDIA },
    { "url", "sticker", XPECTO_CLASS_MEDIA },
    { "url", "parameters", XPECTO_CLASS_CONTENT },
    { "name", "contacts", XPECTO_CLASS_NAME },
    { "name", "contact", XPECTO_CLASS_NAME },
    { "name", "profile", XPECTO_CLASS_NAME },
    { "name", "sender", XPECTO_CLASS_NAME },
    { "title", "reply", XPECTO_CLASS_CONTENT },
    { "title", "buttonreply", XPECTO_CLASS_CONTENT },
    { "title", "listreply", XPECTO_CLASS_CONTENT },
    { "title", "rows", XPECTO_CLASS_CONTENT },
    { "title", "sections", XPECTO_CLASS_CONTENT },
    { "value", "parameters", XPECTO_CLASS_CONTENT },
    { "data", "flowactionpayload", XPECTO_CLASS_CONTENT },
    { "hash", "identity", XPECTO_CLASS_USER },
    { "source", "payload", XPECTO_CLASS_PHONE },
    { "destination", "payload", XPECTO_CLASS_PHONE },
    { "input", "contacts", XPECTO_CLASS_PHONE },
    { "input", "participants", XPECTO_CLASS_PHONE },
    { "input", "addedparticipants", XPECTO_CLASS_PHONE },
    { "input", "removedparticipants", XPECTO_CLASS_PHONE },
    { "code", "language", XPECTO_CLASS_NONE },
    { "code", "currency", XPECTO_CLASS_NONE },
    { "code", "error", XPECTO_CLASS_NONE },
    { "code", "errors", XPECTO_CLASS_NONE },
    { "message", "error", XPECTO_CLASS_NONE },
    { "message", "errors", XPECTO_CLASS_NONE }
};

#define XPECTO_CHILDREN                                                      \
    (sizeof(xpecto_children) / sizeof(xpecto_children[0]))


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


size_t
xpecto_name_fold(uint8_t *dst, const uint8_t *p, size_t len)
{
    size_t   i, n;
    uint8_t  c;

    n = 0;

    for (i = 0; i < len; i++) {

        c = p[i];

        /* "%2E" and "%252E": the 25 of an encoded percent sign is skipped */

        if (c == '%' && len - i > 2
            && xpecto_name_hex(p[i + 1]) >= 0
            && xpecto_name_hex(p[i + 2]) >= 0)
        {
            while (p[i + 1] == '2' && p[i + 2] == '5' && len - i > 4
                   && xpecto_name_hex(p[i + 3]) >= 0
                   && xpecto_name_hex(p[i + 4]) >= 0)
            {
                i += 2;
            }

            c = (uint8_t) (xpecto_name_hex(p[i + 1]) << 4
                           | xpecto_name_hex(p[i + 2]));
            i += 2;
        }

        if (c == '_' || c == '-' || c == '.') {
            continue;
        }

        if (n == XPECTO_REDACT_NAME_MAX) {
            return 0;
        }

        if (c >= 'A' && c <= 'Z') {
            c |= 0x20;
        }

        dst[n++] = c;
    }

    return n;
}


static int
xpecto_name_hex(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}


xpecto_named_t
xpecto_name_argument(const xpecto_redact_t *rd, const uint8_t *name,
    size_t len, unsigned where)
{
    size_t          n, i, last;
    uint8_t         buf[XPECTO_REDACT_NAME_MAX];
    xpecto_class_e  class;
    xpecto_named_t  named;

    n = xpecto_name_fold(buf, name, len);

    named = xpecto_name_find(rd, buf, n, where, NULL, 0);

    if (n == 0 || named.class != XPECTO_CLASS_NONE) {
        return named;
    }

    if (buf[n - 1] >= '0' && buf[n - 1] <= '9') {

        while (n > 0 && buf[n - 1] >= '0' && buf[n - 1] <= '9') {
            n--;
        }

        return xpecto_name_find(rd, buf, n, where, NULL, 0);
    }

    if (buf[n - 1] != ']') {
        return named;
    }

    /*
     * "to[]", "to[0]": what is outside; "contact[wa_id]": what is inside.
     * "a[phone]" is what is left of a name that held a number.
     */

    for (i = 0; (buf[i] >= 'a' && buf[i] <= 'z')
                || (buf[i] >= '0' && buf[i] <= '9'); i++)
    {
        /* void */
    }

    if (i == 0 || buf[i] != '[') {
        return named;
    }

    named = xpecto_name_find(rd, buf, i, where, NULL, 0);

    while (named.class == XPECTO_CLASS_NONE && n > i && buf[n - 1] == ']') {

        for (last = --n; n > i && buf[n - 1] != '['; n--) { /* void */ }

        if (xpecto_class_parse(&buf[n], last - n, &class) != XPECTO_OK) {
            named = xpecto_name_find(rd, &buf[n], last - n, where, NULL, 0);
        }

        n -= (n > i);
    }

    return named;
}


xpecto_rc_e
xpecto_name_within(xpecto_named_t *named, const uint8_t *name, size_t len,
    const uint8_t *parent, size_t plen)
{
    size_t                 i;
    const xpecto_child_t  *child;

    for (i = 0; i < XPECTO_CHILDREN; i++) {

        child = &xpecto_children[i];

        if (strlen(child->parent) == plen
            && memcmp(child->parent, parent, plen) == 0
            && strlen(child->name) == len
            && memcmp(child->name, name, len) == 0)
        {
            named->class = (xpecto_class_e) child->class;
            named->flags = 0;

            return XPECTO_OK;
        }
    }

    return XPECTO_DECLINED;
}


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
