
/*
 * What the files of the message room share: ..._module.c decides when a body
 * is read and what becomes of a bad one, ..._body.c finds the fields that say
 * who gets the message by the JSON paths of ..._paths.c, ..._recipient.c reads
 * their values, ..._target.c says where the parts of a batch lead to.
 */


#ifndef _NGX_HTTP_XPECTO_MESSAGE_H_INCLUDED_
#define _NGX_HTTP_XPECTO_MESSAGE_H_INCLUDED_


#include "ngx_xpecto.h"
#include "core/xpecto_json.h"


typedef enum {
    NGX_XPECTO_MESSAGE_GOOD = 0,
    NGX_XPECTO_MESSAGE_BAD_QUERY,
    NGX_XPECTO_MESSAGE_BAD_JSON,
    NGX_XPECTO_MESSAGE_BAD_FORM,
    NGX_XPECTO_MESSAGE_BAD_MULTIPART,
    NGX_XPECTO_MESSAGE_TOO_LARGE,
    NGX_XPECTO_MESSAGE_BAD_TYPE,
    NGX_XPECTO_MESSAGE_BAD_ENCODING,
    NGX_XPECTO_MESSAGE_FAILED           /* no memory, or a read error */
} ngx_http_xpecto_message_verdict_e;


typedef enum {
    NGX_XPECTO_MESSAGE_JSON = 0,
    NGX_XPECTO_MESSAGE_FORM,
    NGX_XPECTO_MESSAGE_MULTIPART,
    NGX_XPECTO_MESSAGE_SNIFF,           /* no Content-Type */
    NGX_XPECTO_MESSAGE_OTHER
} ngx_http_xpecto_message_format_e;


/* what stands at a JSON path */

typedef enum {
    NGX_XPECTO_MESSAGE_RECIPIENT = 0,
    NGX_XPECTO_MESSAGE_LIST,            /* or an array, which has own path */
    NGX_XPECTO_MESSAGE_CONTACT,         /* or an object, which has own paths */
    NGX_XPECTO_MESSAGE_SENT,            /* a recipient of an item */
    NGX_XPECTO_MESSAGE_FROM,            /* the same if it is sent to nobody */
    NGX_XPECTO_MESSAGE_FULL,            /* as WhatsApp tells it: in full */
    NGX_XPECTO_MESSAGE_ITEM,            /* its end */
    NGX_XPECTO_MESSAGE_TYPE,
    NGX_XPECTO_MESSAGE_BATCH,
    NGX_XPECTO_MESSAGE_BATCH_BODY,
    NGX_XPECTO_MESSAGE_BATCH_URL
} ngx_http_xpecto_message_role_e;


typedef struct {
    char                               *path;
    ngx_http_xpecto_message_role_e      role;
} ngx_http_xpecto_message_path_t;


extern const ngx_http_xpecto_message_path_t
    ngx_http_xpecto_message_body_list[];
extern const ngx_http_xpecto_message_path_t
    ngx_http_xpecto_message_batch_list[];


/* compiled once per configuration */

typedef struct {
    xpecto_json_paths_t        body;
    xpecto_json_paths_t        batch;   /* the array that "batch" holds */
} ngx_http_xpecto_message_paths_t;

ngx_int_t ngx_http_xpecto_message_compile(
    ngx_http_xpecto_message_paths_t *paths);

/* path and query */

ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_line(
    ngx_http_request_t *r, ngx_http_xpecto_message_paths_t *paths,
    ngx_xpecto_message_t *message);

/* what a Content-Type says that a body is */

ngx_http_xpecto_message_format_e ngx_http_xpecto_message_format(
    ngx_str_t *type);

void ngx_http_xpecto_message_in_full(ngx_xpecto_message_t *message,
    ngx_uint_t from);

/* the same of a line that was rewritten since; n: recipients that it had */

ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_line_again(
    ngx_http_request_t *r, ngx_http_xpecto_message_paths_t *paths,
    ngx_xpecto_message_t *message, ngx_uint_t n);

ngx_uint_t ngx_http_xpecto_message_is_same(ngx_str_t *a, ngx_str_t *b);

/* r->request_body */

ngx_http_xpecto_message_verdict_e ngx_http_xpecto_message_body(
    ngx_http_request_t *r, ngx_http_xpecto_message_paths_t *paths,
    ngx_http_xpecto_message_format_e format, ngx_xpecto_message_t *message);

/* values; the allocations are of the pool of message->recipients */

ngx_uint_t ngx_http_xpecto_message_known(ngx_str_t *name);
ngx_int_t ngx_http_xpecto_message_path(ngx_xpecto_message_t *message,
    ngx_str_t *path);
ngx_int_t ngx_http_xpecto_message_recipient(ngx_xpecto_message_t *message,
    const u_char *p, size_t len);
ngx_int_t ngx_http_xpecto_message_invalid(ngx_xpecto_message_t *message,
    const u_char *p, size_t len);
ngx_int_t ngx_http_xpecto_message_type(ngx_xpecto_message_t *message,
    const u_char *p, size_t len);

/* where a part of a batch leads to; the path is decoded, "/" and the URL's */

ngx_int_t ngx_http_xpecto_message_target(ngx_http_request_t *r,
    ngx_xpecto_message_t *message, ngx_str_t *path);

/* bytes of r->request_body: as they lie there, or in one piece */

typedef ngx_int_t (*ngx_http_xpecto_message_piece_pt)(void *data, u_char *p,
    size_t len);

ngx_int_t ngx_http_xpecto_message_pieces(ngx_http_request_t *r,
    off_t start, off_t end, ngx_http_xpecto_message_piece_pt handler,
    void *data);
ngx_int_t ngx_http_xpecto_message_slice(ngx_http_request_t *r,
    off_t start, off_t end, ngx_str_t *text);


#endif /* _NGX_HTTP_XPECTO_MESSAGE_H_INCLUDED_ */
