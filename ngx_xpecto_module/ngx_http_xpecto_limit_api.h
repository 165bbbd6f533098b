
/*
 * What the files of the operator's location share: ..._api_module.c lets him
 * in and answers, ..._api_act.c does what he asks for.
 */


#ifndef _NGX_HTTP_XPECTO_LIMIT_API_H_INCLUDED_
#define _NGX_HTTP_XPECTO_LIMIT_API_H_INCLUDED_


#include "ngx_http_xpecto_limit_ban.h"
#include "core/xpecto_act.h"


#define NGX_HTTP_XPECTO_LIMIT_API_ANSWER  512


/*
 * Writes the answer's object, all but its braces, to p and returns its end.
 * NULL: *status and *error say why not.
 */

u_char *ngx_http_xpecto_limit_api_act(ngx_http_request_t *r,
    xpecto_act_t *act, u_char *p, ngx_uint_t *status, const char **error);

/* the address of the other end of the connection, whatever realip says */

ngx_int_t ngx_http_xpecto_limit_api_peer(ngx_http_request_t *r,
    ngx_sockaddr_t *sockaddr, socklen_t *socklen);


#endif /* _NGX_HTTP_XPECTO_LIMIT_API_H_INCLUDED_ */
