
/*
 * Meta's own limits of the WhatsApp Business Platform, as policies that have
 * a name.
 */


#ifndef _XPECTO_WHATSAPP_H_INCLUDED_
#define _XPECTO_WHATSAPP_H_INCLUDED_


#include "xpecto.h"
#include "xpecto_graph.h"
#include "xpecto_target.h"


#define XPECTO_WHATSAPP_PREFIX  "whatsapp:"


typedef enum {
    XPECTO_WHATSAPP_RATE = 0,   /* so many in so many seconds, evenly */
    XPECTO_WHATSAPP_SLIDING,    /* in any so many seconds */
    XPECTO_WHATSAPP_PAIR,       /* xpecto_pair.h */
    XPECTO_WHATSAPP_UNIQUE      /* different recipients */
} xpecto_whatsapp_e;


typedef struct {
    const char         *name;   /* behind the prefix */
    xpecto_whatsapp_e   kind;
    uint64_t            count;
    uint32_t            seconds;
    uint32_t            burst;  /* RATE, PAIR: at once */
    xpecto_scope_e      scope;
    uint32_t            endpoints;  /* bit n: one of these */
    unsigned            messages;   /* 1: each message counts, 0: a request */
    xpecto_graph_e      error;
    const char         *source;
    uint32_t            as_of;  /* 20251121 */
} xpecto_whatsapp_t;


/* for what is said to whoever names another */

#define XPECTO_WHATSAPP_NAMES                                                \
    "\"whatsapp:\" and \"throughput\", \"throughput-20\", "                   \
    "\"throughput-1000\", \"pair\", \"reach-250\", \"reach-2k\", "           \
    "\"reach-10k\", \"reach-100k\", \"management\", \"management-200\" "      \
    "or \"register\""

/* of the name with its prefix; NULL: there is none */

const xpecto_whatsapp_t *xpecto_whatsapp_find(const uint8_t *name,
    size_t len);

/* the n-th of all; NULL: there are no more */

const xpecto_whatsapp_t *xpecto_whatsapp(size_t n);


#endif /* _XPECTO_WHATSAPP_H_INCLUDED_ */
