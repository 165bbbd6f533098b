
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_message.h"
#include "core/xpecto_nocase.h"
#include "core/xpecto_phone.h"
#include "core/xpecto_recipient.h"


#define NGX_XPECTO_MESSAGE_TYPE_MAX  32


static xpecto_rc_e ngx_http_xpecto_message_segment(void *data,
    const xpecto_recipient_t *recipient);
static xpecto_rc_e ngx_http_xpecto_message_add(void *data,
    const xpecto_recipient_t *recipient);
static ngx_int_t ngx_http_xpecto_message_bare(ngx_xpecto_message_t *message,
    const xpecto_recipient_t *recipient);
static ngx_int_t ngx_http_xpecto_message_push(ngx_xpecto_message_t *message,
    ngx_xpecto_recipient_e kind, const u_char *p, size_t len);


/* names in a query, a form and multipart/form-data */

static char  *ngx_http_xpecto_message_names[] = {
    "to",                               /* Twilio, Cloud API, Vonage */
    "recipient",
    "destination",                      /* Gupshup */
    "send_to",                          /* Gupshup enterprise */
    "whatsappnumber",                   /* WATI */
    "phone",
    "chatid",
    "user_wa_id",                       /* Cloud API, call permissions */
    NULL
};


/* path segments that the number of a recipient follows: Twilio, WATI */

static char  *ngx_http_xpecto_message_segments[] = {
    "phonenumbers",
    "sendsessionmessage",
    "sendsessionfile",
    "getmessages",
    "addcontact",
    "updatecontactattributes",
    NULL
};


/*
 * "to", "to[]" and "to[0]" are one name, which is what stays of them.  PHP
 * drops spaces before a name, and what stands behind a NUL.
 */

ngx_uint_t
ngx_http_xpecto_message_known(ngx_str_t *name)
{
    u_char      *p;
    ngx_uint_t   i;

    while (name->len != 0 && name->data[0] <= ' ') {
        name->data++;
        name->len--;
    }

    p = ngx_strlchr(name->data, name->data + name->len, '\0');

    if (p != NULL) {
        name->len = p - name->data;
    }

    p = ngx_strlchr(name->data, name->data + name->len, '[');

    if (p != NULL) {
        name->len = p - name->data;
    }

    while (name->len != 0 && name->data[name->len - 1] <= ' ') {
        name->len--;
    }

    for (i = 0; ngx_http_xpecto_message_names[i]; i++) {

        if (xpecto_is_nocase(name->data, name->len,
                             ngx_http_xpecto_message_names[i]))
        {
            return 1;
        }
    }

    return xpecto_is_nocase(name->data, name->len, "type")
           || xpecto_is_nocase(name->data, name->len, "batch");
}


/* a decoded path; what is no number there is part of another interface */

ngx_int_t
ngx_http_xpecto_message_path(ngx_xpecto_message_t *message,
    ngx_str_t *path)
{
    u_char      *p, *last, *end;
    ngx_uint_t   i, next;

    next = 0;
    last = path->data + path->len;

    for (p = path->data; p < last; p = end + 1) {

        end = ngx_strlchr(p, last, '/');

        if (end == NULL) {
            end = last;
        }

        if (next && end != p
            && xpecto_recipients(p, end - p, ngx_http_xpecto_message_segment,
                                 message)
               != XPECTO_OK)
        {
            return NGX_ERROR;
        }

        next = 0;

        for (i = 0; ngx_http_xpecto_message_segments[i]; i++) {

            if (xpecto_is_nocase(p, end - p,
                                 ngx_http_xpecto_message_segments[i]))
            {
                next = 1;
                break;
            }
        }
    }

    return NGX_OK;
}


static xpecto_rc_e
ngx_http_xpecto_message_segment(void *data,
    const xpecto_recipient_t *recipient)
{
    xpecto_phone_t  phone;

    if (recipient->kind != XPECTO_RECIPIENT_PHONE
        && xpecto_phone_parse(&phone, recipient->text.data,
                              recipient->text.len)
           == XPECTO_ERROR)
    {
        return XPECTO_OK;
    }

    return ngx_http_xpecto_message_add(data, recipient);
}


/* all that a value names: core/xpecto_recipient.h */

ngx_int_t
ngx_http_xpecto_message_recipient(ngx_xpecto_message_t *message,
    const u_char *p, size_t len)
{
    return (xpecto_recipients(p, len, ngx_http_xpecto_message_add, message)
            == XPECTO_OK) ? NGX_OK : NGX_ERROR;
}


static xpecto_rc_e
ngx_http_xpecto_message_add(void *data, const xpecto_recipient_t *recipient)
{
    ngx_xpecto_message_t *message = data;

    ngx_int_t  rc;

    switch (recipient->kind) {

    case XPECTO_RECIPIENT_PHONE:
        rc = ngx_http_xpecto_message_push(message, NGX_XPECTO_RECIPIENT_PHONE,
                                          recipient->phone.digits,
                                          recipient->phone.len);
        break;

    case XPECTO_RECIPIENT_BSUID:
        rc = ngx_http_xpecto_message_push(message, NGX_XPECTO_RECIPIENT_BSUID,
                                          recipient->text.data,
                                          recipient->text.len);
        break;

    case XPECTO_RECIPIENT_GROUP:
        rc = ngx_http_xpecto_message_push(message, NGX_XPECTO_RECIPIENT_GROUP,
                                          recipient->text.data,
                                          recipient->text.len);
        break;

    default: /* XPECTO_RECIPIENT_INVALID */
        rc = ngx_http_xpecto_message_invalid(message, recipient->text.data,
                                             recipient->text.len);
        break;
    }

    if (rc == NGX_OK && recipient->ndigits != 0) {
        rc = ngx_http_xpecto_message_bare(message, recipient);
    }

    return (rc == NGX_OK) ? XPECTO_OK : XPECTO_ERROR;
}


/* of the last one: its value serves for both, where it is the same */

static ngx_int_t
ngx_http_xpecto_message_bare(ngx_xpecto_message_t *message,
    const xpecto_recipient_t *recipient)
{
    ngx_xpecto_recipient_t  *last;

    last = message->recipients.elts;
    last += message->recipients.nelts - 1;

    last->bare.len = recipient->ndigits;

    if (last->value.len == last->bare.len
        && ngx_memcmp(last->value.data, recipient->digits, last->bare.len)
           == 0)
    {
        last->bare.data = last->value.data;
        return NGX_OK;
    }

    last->bare.data = ngx_pnalloc(message->recipients.pool, last->bare.len);
    if (last->bare.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(last->bare.data, recipient->digits, last->bare.len);

    return NGX_OK;
}


/*
 * Whom it reaches the upstream says, who may drop all but the digits: who is
 * written to in another spelling each time is one all the same.  Digits of
 * other scripts are not told apart.
 */

ngx_int_t
ngx_http_xpecto_message_invalid(ngx_xpecto_message_t *message,
    const u_char *p, size_t len)
{
    u_char      *digits;
    size_t       i, n;
    ngx_uint_t   wide;

    digits = ngx_pnalloc(message->recipients.pool, len + 1);
    if (digits == NULL) {
        return NGX_ERROR;
    }

    n = 0;
    wide = 0;

    for (i = 0; i < len; i++) {

        if (p[i] >= (n == 0 ? '1' : '0') && p[i] <= '9') {
            digits[n++] = p[i];
        }

        wide |= (p[i] >= 0x80);
    }

    if (n < XPECTO_PHONE_MIN) {
        n = 0;

        if (!wide) {
            ngx_memcpy(digits, p, len);
            n = len;
        }
    }

    return ngx_http_xpecto_message_push(message,
                                        NGX_XPECTO_RECIPIENT_INVALID, digits,
                                        n);
}


static ngx_int_t
ngx_http_xpecto_message_push(ngx_xpecto_message_t *message,
    ngx_xpecto_recipient_e kind, const u_char *p, size_t len)
{
    ngx_xpecto_recipient_t  *recipient;

    recipient = ngx_array_push(&message->recipients);
    if (recipient == NULL) {
        return NGX_ERROR;
    }

    recipient->kind = kind;
    recipient->value.len = len;
    ngx_str_null(&recipient->bare);

    recipient->value.data = ngx_pnalloc(message->recipients.pool, len + 1);
    if (recipient->value.data == NULL) {
        message->recipients.nelts--;
        return NGX_ERROR;
    }

    ngx_memcpy(recipient->value.data, p, len);

    return NGX_OK;
}


/* a word of lower case, or nothing: it goes into logs and limits */

ngx_int_t
ngx_http_xpecto_message_type(ngx_xpecto_message_t *message,
    const u_char *p, size_t len)
{
    size_t      i;
    ngx_str_t  *type;

    type = &message->type;
    type->len = 0;

    if (len > NGX_XPECTO_MESSAGE_TYPE_MAX) {
        return NGX_OK;
    }

    for (i = 0; i < len; i++) {

        if ((p[i] < 'a' || p[i] > 'z') && p[i] != '_') {
            return NGX_OK;
        }
    }

    if (type->data == NULL) {
        type->data = ngx_pnalloc(message->recipients.pool,
                                 NGX_XPECTO_MESSAGE_TYPE_MAX);
        if (type->data == NULL) {
            return NGX_ERROR;
        }
    }

    ngx_memcpy(type->data, p, len);
    type->len = len;

    return NGX_OK;
}


/* from the given one on: no digits of them are national ones */

void
ngx_http_xpecto_message_in_full(ngx_xpecto_message_t *message, ngx_uint_t from)
{
    ngx_uint_t               i;
    ngx_xpecto_recipient_t  *recipient;

    recipient = message->recipients.elts;

    for (i = from; i < message->recipients.nelts; i++) {
        ngx_str_null(&recipient[i].bare);
    }
}


/* what the line said before are the first n */

ngx_http_xpecto_message_verdict_e
ngx_http_xpecto_message_line_again(ngx_http_request_t *r,
    ngx_http_xpecto_message_paths_t *paths, ngx_xpecto_message_t *message,
    ngx_uint_t n)
{
    ngx_uint_t                          i, k;
    ngx_xpecto_message_t                again;
    ngx_xpecto_recipient_t             *recipient, *old, *new;
    ngx_http_xpecto_message_verdict_e   verdict;

    ngx_memzero(&again, sizeof(ngx_xpecto_message_t));

    if (ngx_array_init(&again.recipients, r->pool, 1,
                       sizeof(ngx_xpecto_recipient_t))
        != NGX_OK)
    {
        return NGX_XPECTO_MESSAGE_FAILED;
    }

    verdict = ngx_http_xpecto_message_line(r, paths, &again);

    recipient = again.recipients.elts;

    for (i = 0; i < again.recipients.nelts; i++) {
        old = message->recipients.elts;

        for (k = 0; k < n; k++) {
            if (old[k].kind == recipient[i].kind
                && ngx_http_xpecto_message_is_same(&old[k].value,
                                                   &recipient[i].value))
            {
                break;
            }
        }

        if (k < n) {
            continue;
        }

        new = ngx_array_push(&message->recipients);
        if (new == NULL) {
            return NGX_XPECTO_MESSAGE_FAILED;
        }

        *new = recipient[i];
    }

    if (message->targets == NULL) {
        message->targets = again.targets;

    } else if (again.targets != NULL) {
        /* a second batch: of which of both is anybody's guess */
        return NGX_XPECTO_MESSAGE_BAD_QUERY;
    }

    return verdict;
}


ngx_uint_t
ngx_http_xpecto_message_is_same(ngx_str_t *a, ngx_str_t *b)
{
    return a->len == b->len
           && (a->len == 0 || ngx_memcmp(a->data, b->data, a->len) == 0);
}
