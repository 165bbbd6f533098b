
/*
 * Errors of Meta's Graph API that speak of limits, as its clients know them.
 */


#ifndef _XPECTO_GRAPH_H_INCLUDED_
#define _XPECTO_GRAPH_H_INCLUDED_


#include "xpecto.h"


typedef enum {
    XPECTO_GRAPH_THROUGHPUT = 0,        /* 130429, of a phone number */
    XPECTO_GRAPH_APP,                   /* 4, of an app */
    XPECTO_GRAPH_ACCOUNT,               /* 80007, of an account (WABA) */
    XPECTO_GRAPH_SPAM,                  /* 131048, messages to too many */
    XPECTO_GRAPH_PAIR,                  /* 131056, to one person */
    XPECTO_GRAPH_REGISTER,              /* 133016, of a phone number */
    XPECTO_GRAPH_BLOCKED,               /* 368, whoever it is */
    XPECTO_GRAPH_ERRORS
} xpecto_graph_e;


/* of an error without its details */

#define XPECTO_GRAPH_LEN  384


uint32_t xpecto_graph_code(xpecto_graph_e error);

/* why, in a sentence without its end; it needs no escape */

xpecto_str_t xpecto_graph_reason(xpecto_graph_e error);

/*
 * The body: dst holds XPECTO_GRAPH_LEN and the details, which need no escape.
 */

size_t xpecto_graph_write(uint8_t *dst, xpecto_graph_e error,
    const xpecto_str_t *details);


#endif /* _XPECTO_GRAPH_H_INCLUDED_ */
