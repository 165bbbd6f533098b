
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_message.h"


#define NGX_XPECTO_MESSAGE_PIECE  8192


static ngx_int_t ngx_http_xpecto_message_append(void *data, u_char *p,
    size_t len);
static ngx_int_t ngx_http_xpecto_message_charset(u_char *p, u_char *last);


/*
 * Hands on the bytes of the body from start to end, in memory or in the file
 * they are kept in.  NGX_DECLINED of the handler ends it.
 */

ngx_int_t
ngx_http_xpecto_message_pieces(ngx_http_request_t *r, off_t start, off_t end,
    ngx_http_xpecto_message_piece_pt handler, void *data)
{
    off_t         pos, from, to;
    u_char        buf[NGX_XPECTO_MESSAGE_PIECE];
    size_t        n;
    ssize_t       rn;
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    pos = 0;

    for (cl = r->request_body->bufs; cl && pos < end; cl = cl->next) {

        b = cl->buf;

        from = ngx_max(start - pos, 0);
        to = ngx_min(end - pos, ngx_buf_size(b));

        pos += ngx_buf_size(b);

        while (from < to) {

            if (ngx_buf_in_memory(b)) {
                n = to - from;
                rc = handler(data, b->pos + from, n);

            } else {
                n = ngx_min(to - from, NGX_XPECTO_MESSAGE_PIECE);

                rn = ngx_read_file(b->file, buf, n, b->file_pos + from);

                if (rn != (ssize_t) n) {
                    return NGX_ERROR;
                }

                rc = handler(data, buf, n);
            }

            if (rc != NGX_OK) {
                return rc;
            }

            from += n;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_xpecto_message_append(void *data, u_char *p, size_t len)
{
    ngx_str_t *text = data;

    ngx_memcpy(text->data + text->len, p, len);
    text->len += len;

    return NGX_OK;
}


/* bytes of the body in one piece: where they are, if they are so already */

ngx_int_t
ngx_http_xpecto_message_slice(ngx_http_request_t *r, off_t start, off_t end,
    ngx_str_t *text)
{
    ngx_buf_t  *b;

    b = r->request_body->bufs->buf;

    if (ngx_buf_in_memory(b) && end <= ngx_buf_size(b)) {
        text->data = b->pos + start;
        text->len = end - start;
        return NGX_OK;
    }

    text->len = 0;
    text->data = ngx_pnalloc(r->pool, end - start + 1);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    return ngx_http_xpecto_message_pieces(r, start, end,
                                          ngx_http_xpecto_message_append,
                                          text);
}


ngx_http_xpecto_message_format_e
ngx_http_xpecto_message_format(ngx_str_t *type)
{
    u_char  *p, *last;
    size_t   len;

    last = type->data + type->len;
    p = ngx_strlchr(type->data, last, ';');

    if (p == NULL) {
        p = last;
    }

    while (p > type->data && (p[-1] == ' ' || p[-1] == '\t')) {
        p--;
    }

    len = p - type->data;

#define ngx_xpecto_message_is(s)                                             \
    (len == sizeof(s) - 1                                                    \
     && ngx_strncasecmp(type->data, (u_char *) s, sizeof(s) - 1) == 0)

    if (len == 0) {
        return NGX_XPECTO_MESSAGE_SNIFF;
    }

    if (ngx_http_xpecto_message_charset(p, last) != NGX_OK) {
        return NGX_XPECTO_MESSAGE_OTHER;
    }

    if (ngx_xpecto_message_is("application/json")
        || (len > sizeof("+json") - 1
            && ngx_strncasecmp(p - (sizeof("+json") - 1), (u_char *) "+json",
                               sizeof("+json") - 1)
               == 0))
    {
        return NGX_XPECTO_MESSAGE_JSON;
    }

    if (ngx_xpecto_message_is("application/x-www-form-urlencoded")) {
        return NGX_XPECTO_MESSAGE_FORM;
    }

    if (ngx_xpecto_message_is("multipart/form-data")) {
        return NGX_XPECTO_MESSAGE_MULTIPART;
    }

    return NGX_XPECTO_MESSAGE_OTHER;
}


/*
 * DECLINED: not as we read it, such as UTF-7 or EBCDIC.  Of several parameters
 * any might count for somebody, one within quotes and "charset*" as well.
 */

static ngx_int_t
ngx_http_xpecto_message_charset(u_char *p, u_char *last)
{
    size_t       len;
    ngx_uint_t   i;

    static ngx_str_t  charsets[] = {
        ngx_string("utf-8"),
        ngx_string("utf8"),
        ngx_string("us-ascii"),
        ngx_string("iso-8859-1"),
        ngx_null_string
    };

    while ((p = ngx_strlchr(p, last, ';')) != NULL) {

        do {
            p++;
        } while (p < last && (*p == ' ' || *p == '\t'));

        if (last - p < 7 || ngx_strncasecmp(p, (u_char *) "charset", 7) != 0) {
            continue;
        }

        for (p += 7; p < last; p++) {
            if (ngx_strchr(" \t=\"'", *p) == NULL) {
                break;
            }
        }

        for (i = 0; charsets[i].len; i++) {
            len = charsets[i].len;

            if ((size_t) (last - p) >= len
                && ngx_strncasecmp(p, charsets[i].data, len) == 0
                && (p + len == last || ngx_strchr("\"'; \t", p[len]) != NULL))
            {
                break;
            }
        }

        if (charsets[i].len == 0) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}
