
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_jurisdiction.h"


/*
 * Where nothing but the address speaks and nothing is decided, what follows
 * depends on rules, location and place alone.  A worker keeps each result that
 * is not like another for as long as it lives, so that requests may point to
 * it; which one a place leads to it remembers until the rules change.
 */

#define NGX_HTTP_XPECTO_JURISDICTION_PLACES    256
#define NGX_HTTP_XPECTO_JURISDICTION_NETWORKS  512
#define NGX_HTTP_XPECTO_JURISDICTION_RESULTS   1024


typedef struct {
    ngx_uint_t                            generation;   /* of the rules */
    ngx_http_xpecto_jurisdiction_conf_t  *conf;
    uint64_t                              address;
    ngx_http_xpecto_jurisdiction_ctx_t   *result;
} ngx_http_xpecto_jurisdiction_place_t;


/* a network of the database, of IPv4: nobody's address is kept */

typedef struct {
    ngx_uint_t                            generation;   /* of both */
    ngx_http_xpecto_jurisdiction_conf_t  *conf;
    uint32_t                              first;
    uint32_t                              size;         /* less one */
    time_t                                until;
    ngx_http_xpecto_jurisdiction_ctx_t   *result;
} ngx_http_xpecto_jurisdiction_network_t;


struct ngx_http_xpecto_jurisdiction_plain_s {
    ngx_atomic_t                         *rules;        /* generations */
    ngx_atomic_t                         *database;
    ngx_pool_t                           *pool;
    ngx_uint_t                            n;
    ngx_http_xpecto_jurisdiction_ctx_t
                            *results[NGX_HTTP_XPECTO_JURISDICTION_RESULTS];
    ngx_http_xpecto_jurisdiction_place_t
                             places[NGX_HTTP_XPECTO_JURISDICTION_PLACES];
    ngx_http_xpecto_jurisdiction_network_t
                             networks[NGX_HTTP_XPECTO_JURISDICTION_NETWORKS];
};


static ngx_http_xpecto_jurisdiction_ctx_t *
    ngx_http_xpecto_jurisdiction_plain_ipv4(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, struct sockaddr *sockaddr);
static ngx_http_xpecto_jurisdiction_ctx_t *
    ngx_http_xpecto_jurisdiction_plain_network(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, uint32_t addr,
    ngx_http_xpecto_jurisdiction_network_t *n);


static void ngx_http_xpecto_jurisdiction_plain_learn(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, uint64_t address,
    ngx_http_xpecto_jurisdiction_place_t *p);
static ngx_http_xpecto_jurisdiction_ctx_t *
    ngx_http_xpecto_jurisdiction_plain_result(
    ngx_http_xpecto_jurisdiction_plain_t *plain,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);
static ngx_http_xpecto_jurisdiction_ctx_t *
    ngx_http_xpecto_jurisdiction_plain_keep(
    ngx_http_xpecto_jurisdiction_plain_t *plain,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx);
static ngx_uint_t ngx_http_xpecto_jurisdiction_plain_same(
    ngx_http_xpecto_jurisdiction_ctx_t *one,
    ngx_http_xpecto_jurisdiction_ctx_t *two);
static ngx_uint_t ngx_http_xpecto_jurisdiction_hidden(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf, ngx_uint_t place);
static ngx_uint_t ngx_http_xpecto_jurisdiction_in(
    struct sockaddr *sockaddr, const void *image);


/* until a network is known */

static ngx_atomic_t  ngx_http_xpecto_jurisdiction_never;


ngx_http_xpecto_jurisdiction_plain_t *
ngx_http_xpecto_jurisdiction_plain_create(ngx_conf_t *cf)
{
    ngx_http_xpecto_jurisdiction_plain_t  *plain;

    plain = ngx_pcalloc(cf->pool, sizeof(ngx_http_xpecto_jurisdiction_plain_t));
    if (plain == NULL) {
        return NULL;
    }

    plain->pool = cf->pool;
    plain->rules = &ngx_http_xpecto_jurisdiction_never;
    plain->database = &ngx_http_xpecto_jurisdiction_never;

    return plain;
}


ngx_http_xpecto_jurisdiction_ctx_t *
ngx_http_xpecto_jurisdiction_plain(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf)
{
    struct sockaddr                     *sockaddr;
    ngx_http_variable_value_t           *words;
    ngx_http_xpecto_jurisdiction_ctx_t  *ctx;

    words = &r->variables[xjmcf->words];
    sockaddr = r->connection->sockaddr;

    /* a request has one answer, whatever is replaced meanwhile */

    if (words[NGX_HTTP_XPECTO_JURISDICTION_CONF].data == (u_char *) xjcf
        && words[NGX_HTTP_XPECTO_JURISDICTION_PEER].data
           == (u_char *) sockaddr)
    {
        return (void *) words[NGX_HTTP_XPECTO_JURISDICTION_RESULT].data;
    }

    ctx = (sockaddr->sa_family == AF_INET)
          ? ngx_http_xpecto_jurisdiction_plain_ipv4(r, xjmcf, xjcf, sockaddr)
          : ngx_http_xpecto_jurisdiction_recall(r, xjmcf, xjcf,
                            ngx_http_xpecto_jurisdiction_address(r, xjmcf));

    if (ctx == NULL) {
        return ngx_http_xpecto_jurisdiction_general(r, xjmcf, xjcf);
    }

    words[NGX_HTTP_XPECTO_JURISDICTION_CONF].data = (u_char *) xjcf;
    words[NGX_HTTP_XPECTO_JURISDICTION_PEER].data = (u_char *) sockaddr;
    words[NGX_HTTP_XPECTO_JURISDICTION_RESULT].data = (u_char *) ctx;

    ngx_http_xpecto_jurisdiction_count(r, words, ctx);

    return ctx;
}


/* generations only grow: if their sum is the same, each of them is */

static ngx_inline ngx_http_xpecto_jurisdiction_ctx_t *
ngx_http_xpecto_jurisdiction_plain_ipv4(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, struct sockaddr *sockaddr)
{
    uint32_t                                 addr;
    uint64_t                                 h;
    ngx_http_xpecto_jurisdiction_plain_t    *plain;
    ngx_http_xpecto_jurisdiction_network_t  *n;

    plain = xjmcf->plain;
    addr = ntohl(((struct sockaddr_in *) sockaddr)->sin_addr.s_addr);

    h = ((addr >> 8) + ((uintptr_t) xjcf >> 4)) * 0x9e3779b97f4a7c15ULL;

    n = &plain->networks[h / (UINT64_MAX
                              / NGX_HTTP_XPECTO_JURISDICTION_NETWORKS + 1)];

    if (n->conf == xjcf && addr - n->first <= n->size
        && n->generation == *plain->rules + *plain->database
        && ngx_time() <= n->until)
    {
        return n->result;
    }

    return ngx_http_xpecto_jurisdiction_plain_network(r, xjmcf, xjcf, addr, n);
}


static ngx_http_xpecto_jurisdiction_ctx_t *
ngx_http_xpecto_jurisdiction_plain_network(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, uint32_t addr,
    ngx_http_xpecto_jurisdiction_network_t *n)
{
    time_t                                 max_age;
    uint32_t                               last;
    uint64_t                               address;
    const void                            *image;
    ngx_http_xpecto_jurisdiction_ctx_t    *ctx;
    ngx_http_xpecto_jurisdiction_plain_t  *plain;

    /* two databases have other networks than one */

    if (xjmcf->places == NULL || xjmcf->anonymous != NULL) {
        return ngx_http_xpecto_jurisdiction_recall(r, xjmcf, xjcf,
                              ngx_http_xpecto_jurisdiction_address(r, xjmcf));
    }

    image = ngx_xpecto_image_pin(xjmcf->places);
    (void) ngx_xpecto_image_pin(xjmcf->rules);

    address = ngx_http_xpecto_jurisdiction_address(r, xjmcf);
    ctx = ngx_http_xpecto_jurisdiction_recall(r, xjmcf, xjcf, address);

    if (image != NULL && ctx != NULL
        && ngx_http_xpecto_jurisdiction_why_not(address)
           != XPECTO_SIGNAL_DB_STALE)
    {
        plain = xjmcf->plain;
        plain->rules = ngx_xpecto_image_clock(xjmcf->rules);
        plain->database = ngx_xpecto_image_clock(xjmcf->places);

        xpecto_place_around(image, addr, &n->first, &last);

        n->size = last - n->first;
        n->conf = xjcf;
        n->generation = ngx_xpecto_image_generation(xjmcf->rules)
                        + ngx_xpecto_image_generation(xjmcf->places);
        max_age = xjmcf->db[NGX_HTTP_XPECTO_DB_COUNTRY].max_age;

        n->until = (max_age == 0) ? NGX_MAX_INT_T_VALUE
                   : (time_t) xpecto_place_epoch(image) + max_age;
        n->result = ctx;
    }

    ngx_xpecto_image_unpin(xjmcf->rules);
    ngx_xpecto_image_unpin(xjmcf->places);

    return ctx;
}


ngx_http_xpecto_jurisdiction_ctx_t *
ngx_http_xpecto_jurisdiction_recall(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, uint64_t address)
{
    uint64_t                               h;
    ngx_uint_t                             generation;
    ngx_http_xpecto_jurisdiction_place_t  *p;

    generation = ngx_xpecto_image_generation(xjmcf->rules);
    h = (address + ((uintptr_t) xjcf >> 4)) * 0x9e3779b97f4a7c15ULL;

    p = &xjmcf->plain->places[h / (UINT64_MAX
                                   / NGX_HTTP_XPECTO_JURISDICTION_PLACES + 1)];

    if (p->address != address || p->conf != xjcf
        || p->generation != generation)
    {
        ngx_http_xpecto_jurisdiction_plain_learn(r, xjmcf, xjcf, address, p);
    }

    return p->result;
}


/* what it cannot learn is found without it */

static void
ngx_http_xpecto_jurisdiction_plain_learn(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf,
    ngx_http_xpecto_jurisdiction_conf_t *xjcf, uint64_t address,
    ngx_http_xpecto_jurisdiction_place_t *p)
{
    const void                          *rules;
    ngx_http_xpecto_jurisdiction_ctx_t  *ctx;

    p->address = address;
    p->conf = xjcf;
    p->result = NULL;

    rules = ngx_xpecto_image_pin(xjmcf->rules);
    p->generation = ngx_xpecto_image_generation(xjmcf->rules);

    ctx = ngx_pcalloc(r->pool, sizeof(ngx_http_xpecto_jurisdiction_ctx_t));

    if (ctx != NULL && rules != NULL
        && ngx_http_xpecto_jurisdiction_weigh(r, xjcf, address, ctx)
           == NGX_OK)
    {
        p->result = ngx_http_xpecto_jurisdiction_plain_result(xjmcf->plain,
                                                              ctx);
    }

    ngx_xpecto_image_unpin(xjmcf->rules);
}


static ngx_http_xpecto_jurisdiction_ctx_t *
ngx_http_xpecto_jurisdiction_plain_result(
    ngx_http_xpecto_jurisdiction_plain_t *plain,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_uint_t  i;

    for (i = 0; i < plain->n; i++) {

        if (ngx_http_xpecto_jurisdiction_plain_same(plain->results[i], ctx)) {
            return plain->results[i];
        }
    }

    return (plain->n < NGX_HTTP_XPECTO_JURISDICTION_RESULTS)
           ? ngx_http_xpecto_jurisdiction_plain_keep(plain, ctx) : NULL;
}


static ngx_http_xpecto_jurisdiction_ctx_t *
ngx_http_xpecto_jurisdiction_plain_keep(
    ngx_http_xpecto_jurisdiction_plain_t *plain,
    ngx_http_xpecto_jurisdiction_ctx_t *ctx)
{
    ngx_http_xpecto_jurisdiction_ctx_t  *kept;

    kept = ngx_pcalloc(plain->pool,
                       sizeof(ngx_http_xpecto_jurisdiction_ctx_t));

    if (kept == NULL) {
        return NULL;
    }

    kept->jurisdiction = ctx->jurisdiction;
    kept->states = ctx->states;

    kept->jurisdiction.regimes.data = ngx_pstrdup(plain->pool,
                                                  &ctx->jurisdiction.regimes);
    kept->list.len = ctx->list.len;
    kept->list.data = ngx_pstrdup(plain->pool, &ctx->list);

    if (kept->jurisdiction.regimes.data == NULL || kept->list.data == NULL
        || ngx_http_xpecto_jurisdiction_state(plain->pool, kept) != NGX_OK)
    {
        return NULL;
    }

    plain->results[plain->n++] = kept;

    return kept;
}


static ngx_uint_t
ngx_http_xpecto_jurisdiction_plain_same(
    ngx_http_xpecto_jurisdiction_ctx_t *one,
    ngx_http_xpecto_jurisdiction_ctx_t *two)
{
    ngx_xpecto_jurisdiction_t  *a, *b;

    a = &one->jurisdiction;
    b = &two->jurisdiction;

    return a->country == b->country
           && a->regime == b->regime
           && a->min_age == b->min_age
           && a->model == b->model
           && a->signal_from == b->signal_from
           && one->states == two->states
           && a->origins.n == b->origins.n
           && ngx_memcmp(a->origins.cc, b->origins.cc,
                         a->origins.n * sizeof(xpecto_country_t))
              == 0
           && a->regimes.len == b->regimes.len
           && ngx_memcmp(a->regimes.data, b->regimes.data, a->regimes.len)
              == 0;
}


uint64_t
ngx_http_xpecto_jurisdiction_address(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf)
{
    time_t       max_age;
    uint64_t     epoch;
    ngx_uint_t   place;
    const void  *image;

    /* an AF_UNIX peer is nowhere */

    if (xjmcf->places == NULL
        || r->connection->sockaddr->sa_family == AF_UNIX)
    {
        return ngx_http_xpecto_jurisdiction_doubt(XPECTO_SIGNAL_DB_MISSING);
    }

    image = ngx_xpecto_image_pin(xjmcf->places);

    epoch = (image == NULL) ? 0 : xpecto_place_epoch(image);

    if (epoch == 0) {
        ngx_xpecto_image_unpin(xjmcf->places);
        return ngx_http_xpecto_jurisdiction_doubt(XPECTO_SIGNAL_DB_MISSING);
    }

    place = ngx_http_xpecto_jurisdiction_in(r->connection->sockaddr, image);

    ngx_xpecto_image_unpin(xjmcf->places);

    if (place == XPECTO_PLACE_PRIVATE) {
        return ngx_http_xpecto_jurisdiction_doubt(XPECTO_SIGNAL_PRIVATE_IP)
               | place;
    }

    if (xjmcf->anonymous != NULL) {
        place = ngx_http_xpecto_jurisdiction_hidden(r, xjmcf, place);
    }

    max_age = xjmcf->db[NGX_HTTP_XPECTO_DB_COUNTRY].max_age;

    if (max_age != 0 && ngx_time() - (time_t) epoch > max_age) {
        return ngx_http_xpecto_jurisdiction_doubt(XPECTO_SIGNAL_DB_STALE)
               | place;
    }

    return place;
}


static ngx_uint_t
ngx_http_xpecto_jurisdiction_hidden(ngx_http_request_t *r,
    ngx_http_xpecto_jurisdiction_main_conf_t *xjmcf, ngx_uint_t place)
{
    const void  *image;

    image = ngx_xpecto_image_pin(xjmcf->anonymous);

    if (image != NULL
        && ngx_http_xpecto_jurisdiction_in(r->connection->sockaddr, image)
           == XPECTO_PLACE_HIDDEN)
    {
        place = XPECTO_PLACE_HIDDEN;
    }

    ngx_xpecto_image_unpin(xjmcf->anonymous);

    return place;
}


static ngx_uint_t
ngx_http_xpecto_jurisdiction_in(struct sockaddr *sockaddr,
    const void *image)
{
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;

    if (sockaddr->sa_family == AF_INET6) {
        sin6 = (struct sockaddr_in6 *) sockaddr;
        return xpecto_place_ipv6(image, sin6->sin6_addr.s6_addr);
    }

#endif

    sin = (struct sockaddr_in *) sockaddr;

    return xpecto_place_ipv4(image, ntohl(sin->sin_addr.s_addr));
}
