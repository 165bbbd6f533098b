
/*
 * Answers of the Graph API: see xpecto_reply.h.
 */


#include <string.h>

#include "xpecto_reply.h"


#define XPECTO_REPLY_DIGITS  9          /* of a number that is kept */


typedef struct {
    const uint8_t          *text;
    uint32_t                minutes;    /* most of the array so far */
    xpecto_usage_t         *usage;
} xpecto_usage_parser_t;


static xpecto_rc_e xpecto_reply_value(void *data,
    const xpecto_json_value_t *value);
static xpecto_rc_e xpecto_usage_value(void *data,
    const xpecto_json_value_t *value);
static void xpecto_usage_add(xpecto_usage_parser_t *p, uint64_t start);
static int xpecto_reply_number(const xpecto_json_value_t *value,
    uint32_t *number);


static const char *const  xpecto_reply_body[] = { "error.code" };

/* the account's array ends behind its members */

static const char *const  xpecto_reply_usage[] = {
    "*[].estimated_time_to_regain_access", "*"
};


xpecto_rc_e
xpecto_reply_compile(xpecto_reply_paths_t *paths)
{
    if (xpecto_json_compile(&paths->body, xpecto_reply_body, 1) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    return xpecto_json_compile(&paths->usage, xpecto_reply_usage, 2);
}


void
xpecto_reply_init(xpecto_reply_t *reply, const xpecto_reply_paths_t *paths)
{
    reply->left = XPECTO_REPLY_BODY;
    reply->code = 0;

    xpecto_json_init(&reply->json, &paths->body, xpecto_reply_value, reply);
}


xpecto_rc_e
xpecto_reply_feed(xpecto_reply_t *reply, const uint8_t *p, size_t len)
{
    xpecto_rc_e  rc;

    if (reply->code != 0) {
        return XPECTO_OK;
    }

    rc = xpecto_json_feed(&reply->json, p,
                          len < reply->left ? len : reply->left);

    if (reply->code != 0) {
        return XPECTO_OK;
    }

    if (rc != XPECTO_OK || len >= reply->left) {
        reply->left = 0;
        return XPECTO_DECLINED;
    }

    reply->left -= len;

    return XPECTO_AGAIN;
}


/* the first code counts: a document that repeats it is none of Meta's */

static xpecto_rc_e
xpecto_reply_value(void *data, const xpecto_json_value_t *value)
{
    xpecto_reply_t  *reply = data;

    uint32_t  code;

    if (!xpecto_reply_number(value, &code)) {
        return XPECTO_OK;
    }

    reply->code = code;

    return XPECTO_DECLINED;
}


xpecto_rc_e
xpecto_usage_parse(xpecto_usage_t *usage, const xpecto_reply_paths_t *paths,
    const uint8_t *value, size_t len)
{
    xpecto_json_t          json;
    xpecto_usage_parser_t  p;

    usage->n = 0;

    p.text = value;
    p.minutes = 0;
    p.usage = usage;

    xpecto_json_init(&json, &paths->usage, xpecto_usage_value, &p);

    if (xpecto_json_feed(&json, value, len) != XPECTO_OK
        || xpecto_json_finish(&json) != XPECTO_OK)
    {
        usage->n = 0;
        return XPECTO_ERROR;
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_usage_value(void *data, const xpecto_json_value_t *value)
{
    xpecto_usage_parser_t  *p = data;

    uint32_t  minutes;

    if (value->path == 1) {

        if (value->type == XPECTO_JSON_ARRAY && p->minutes != 0) {
            xpecto_usage_add(p, value->start);
        }

        p->minutes = 0;

        return XPECTO_OK;
    }

    if (!xpecto_reply_number(value, &minutes)) {
        return XPECTO_OK;
    }

    if (minutes > XPECTO_USAGE_MINUTES) {
        minutes = XPECTO_USAGE_MINUTES;
    }

    if (minutes > p->minutes) {
        p->minutes = minutes;
    }

    return XPECTO_OK;
}


/* the matcher does not tell names: this one stands before the array */

static void
xpecto_usage_add(xpecto_usage_parser_t *p, uint64_t start)
{
    size_t           n;
    const uint8_t   *end, *id;
    xpecto_usage_t  *usage;

    usage = p->usage;

    if (usage->n == XPECTO_USAGE_ACCOUNTS) {
        return;
    }

    for (end = p->text + start; end > p->text && end[-1] != '"'; end--) {
        /* void: white space and the colon */
    }

    if (end == p->text) {
        return;
    }

    end--;

    for (id = end; id > p->text && id[-1] >= '0' && id[-1] <= '9'; id--) {
        /* void */
    }

    n = (size_t) (end - id);

    if (id == p->text || id[-1] != '"' || n == 0 || n > XPECTO_USAGE_ID_MAX)
    {
        return;
    }

    usage->account[usage->n].minutes = p->minutes;
    usage->account[usage->n].len = (uint32_t) n;
    memcpy(usage->account[usage->n].id, id, n);
    usage->n++;
}


/* 1: a whole number that is not 0; a long one is as large as fits */

static int
xpecto_reply_number(const xpecto_json_value_t *value, uint32_t *number)
{
    size_t    i;
    uint32_t  n;

    if (value->type != XPECTO_JSON_NUMBER) {
        return 0;
    }

    n = 0;

    for (i = 0; i < value->value.len; i++) {

        if (value->value.data[i] < '0' || value->value.data[i] > '9') {
            return 0;
        }

        n = (i < XPECTO_REPLY_DIGITS) ? n * 10 + (value->value.data[i] - '0')
                                      : UINT32_MAX;
    }

    *number = n;

    return n != 0;
}
