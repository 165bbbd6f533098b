
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_message.h"


#define NGX_XPECTO_MESSAGE_PIECE  8192


static ngx_int_t ngx_http_xpecto_message_append(void *data, u_char *p,
    size_t len);


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
