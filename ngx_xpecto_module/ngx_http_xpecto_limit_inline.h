
/*
 * The directive xpecto_limit.
 */


#ifndef _NGX_HTTP_XPECTO_LIMIT_INLINE_H_INCLUDED_
#define _NGX_HTTP_XPECTO_LIMIT_INLINE_H_INCLUDED_


#include "ngx_http_xpecto_limit.h"


char *ngx_http_xpecto_limit(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* of an inline limit: takes over from the configuration before */

void ngx_http_xpecto_limit_succeed(ngx_conf_t *cf,
    ngx_http_xpecto_limit_t *limit);


#endif /* _NGX_HTTP_XPECTO_LIMIT_INLINE_H_INCLUDED_ */
