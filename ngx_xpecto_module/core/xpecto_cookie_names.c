
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_consent.h"
#include "xpecto_cookie.h"


static uint16_t xpecto_cookie_step(const xpecto_cookie_names_t *names,
    uint16_t node, uint8_t byte);
static uint16_t xpecto_cookie_grow(xpecto_cookie_names_t *names,
    uint16_t node, uint8_t byte);
static int xpecto_cookie_is_token(uint8_t ch);
static inline unsigned xpecto_cookie_head(const uint8_t *p);
static inline uint16_t xpecto_cookie_walk(const xpecto_cookie_names_t *names,
    const uint8_t *p, const uint8_t *last, int pair);


#define XPECTO_COOKIE_KEEP_EXACT   0x01
#define XPECTO_COOKIE_KEEP_PREFIX  0x02

#define XPECTO_COOKIE_PREFIX_MIN   2
#define XPECTO_COOKIE_HEAD         3        /* bytes */

#define KEEP      0
#define FUNCTION  XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_FUNCTIONAL)
#define STATS     XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_ANALYTICS)
#define ADS       XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_AD_STORAGE)
#define DIAG      XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_DIAGNOSTICS)
#define REPLAY    XPECTO_PURPOSE_BIT(XPECTO_PURPOSE_SESSION_REPLAY)


/*
 * Names that only the named service sets: each was looked up, none is short
 * or common enough to be an application's own.  "mp_*" and "mf_*" are left
 * out for that reason.  docs/formats.md has them by purpose.
 */

const xpecto_cookie_tracker_t  xpecto_cookie_trackers[] = {

    /* Google Analytics, Optimize, Tag Manager's server side */

    { "_ga", STATS }, { "_ga_*", STATS }, { "_gid", STATS },
    { "_gat", STATS }, { "_gat_*", STATS }, { "_dc_gtm_*", STATS },
    { "_gali", STATS }, { "AMP_TOKEN", STATS },
    { "__utma", STATS }, { "__utmb", STATS }, { "__utmc", STATS },
    { "__utmt", STATS }, { "__utmv", STATS }, { "__utmx", STATS },
    { "__utmxx", STATS }, { "__utmz", STATS },
    { "_gaexp", STATS }, { "_gaexp_rc", STATS },
    { "_opt_awcid", STATS }, { "_opt_awgid", STATS },
    { "_opt_awkid", STATS }, { "_opt_awmid", STATS },
    { "_opt_expid", STATS }, { "_opt_utmc", STATS },
    { "FPID", STATS }, { "FPLC", STATS },

    /* Google Ads, Ad Manager, Floodlight */

    { "_gcl_*", ADS }, { "_gac_*", ADS }, { "FPAU", ADS },
    { "FPGCLAW", ADS }, { "FPGCLGB", ADS }, { "FPGCLDC", ADS },
    { "FPGSID", ADS }, { "__gads", ADS }, { "__gpi", ADS },
    { "__eoi", ADS },

    /* Meta, Microsoft Advertising */

    { "_fbp", ADS }, { "_fbc", ADS },
    { "_uetsid", ADS }, { "_uetvid", ADS }, { "_uetmsclkid", ADS },
    { "MUID", ADS },

    /* Microsoft Clarity, Hotjar */

    { "_clck", STATS|REPLAY }, { "_clsk", STATS|REPLAY },
    { "CLID", STATS|REPLAY }, { "_cltk", STATS|REPLAY },
    { "_hj*", REPLAY },

    /* HubSpot */

    { "__hstc", STATS }, { "__hssc", STATS }, { "__hssrc", STATS },
    { "hubspotutk", STATS },

    /* LinkedIn, TikTok, Snap, Pinterest, Reddit, X */

    { "li_fat_id", ADS }, { "li_sugr", ADS }, { "bcookie", ADS },
    { "bscookie", ADS }, { "lidc", ADS }, { "UserMatchHistory", ADS },
    { "AnalyticsSyncHistory", ADS }, { "ln_or", ADS },
    { "_ttp", ADS }, { "_tt_enable_cookie", ADS }, { "ttcsid", ADS },
    { "ttcsid_*", ADS }, { "ttclid", ADS },
    { "_scid", ADS }, { "_scid_r", ADS }, { "sc_at", ADS },
    { "_pin_unauth", ADS }, { "_derived_epik", ADS }, { "_epik", ADS },
    { "_pinterest_ct_ua", ADS }, { "_pinterest_ct_rt", ADS },
    { "_rdt_uuid", ADS }, { "_rdt_cid", ADS },
    { "personalization_id", ADS }, { "guest_id", ADS },
    { "guest_id_*", ADS }, { "muc_ads", ADS },

    /* Matomo, Amplitude, Segment, Yandex, Snowplow, Parsely, Heap */

    { "_pk_id", STATS }, { "_pk_id*", STATS },
    { "_pk_ses", STATS }, { "_pk_ses*", STATS },
    { "_pk_ref", STATS }, { "_pk_ref*", STATS },
    { "_pk_cvar", STATS }, { "_pk_cvar*", STATS },
    { "_pk_hsr", STATS }, { "_pk_hsr*", STATS },
    { "AMP_*", STATS }, { "amplitude_id", STATS },
    { "amplitude_id*", STATS }, { "ajs_*", STATS },
    { "_ym_*", STATS }, { "yabs-sid", STATS },
    { "_sp_id.*", STATS }, { "_sp_ses.*", STATS },
    { "_parsely_*", STATS }, { "_hp2_*", STATS },

    /* VWO, Optimizely, Crazy Egg */

    { "_vwo_*", STATS }, { "_vis_opt_*", STATS },
    { "optimizelyEndUserId", STATS }, { "optimizelySegments", STATS },
    { "_ce.*", STATS }, { "cebs", STATS }, { "cebsp_", STATS },

    /* Adobe */

    { "AMCV_*", STATS|ADS }, { "AMCVS_*", STATS|ADS },
    { "s_vi", STATS|ADS }, { "s_vi_*", STATS|ADS }, { "s_cc", STATS|ADS },
    { "s_sq", STATS|ADS }, { "s_fid", STATS|ADS }, { "demdex", STATS|ADS },

    /* Klaviyo, Quantcast, Marketo, Eloqua, Criteo, Taboola, Outbrain */

    { "__kla_id", ADS }, { "__qca", ADS }, { "_mkto_trk", ADS },
    { "ELOQUA", ADS }, { "ELQSTATUS", ADS }, { "cto_bundle", ADS },
    { "cto_bidid", ADS }, { "t_gid", ADS }, { "obuid", ADS },

    /* Intercom, Drift, Zendesk */

    { "intercom-id-*", FUNCTION }, { "intercom-session-*", FUNCTION },
    { "intercom-device-id-*", FUNCTION }, { "drift_aid", FUNCTION },
    { "driftt_aid", FUNCTION }, { "__zlcmid", FUNCTION },

    /* Sentry, New Relic, Datadog */

    { "sentrysid", DIAG }, { "NREUM", DIAG }, { "NRAGENT", DIAG },
    { "_dd_s", DIAG },

    /* FullStory, Mouseflow, Lucky Orange, Inspectlet */

    { "fs_uid", STATS|REPLAY }, { "fs_lua", STATS|REPLAY },
    { "mf_user", STATS|REPLAY }, { "lo-uid", STATS|REPLAY },
    { "lo-visits", STATS|REPLAY }, { "__insp_*", STATS|REPLAY },

    /* Contentsquare, Smartlook, Quantum Metric */

    { "_cs_id", STATS|REPLAY }, { "_cs_s", STATS|REPLAY },
    { "_cs_s_ctx", STATS|REPLAY }, { "_cs_i", STATS|REPLAY },
    { "_cs_cvars", STATS|REPLAY }, { "_cs_ep", STATS|REPLAY },
    { "_cs_mk", STATS|REPLAY }, { "_cs_mk_ga", STATS|REPLAY },
    { "_cs_mk_aa", STATS|REPLAY }, { "SL_C_*", STATS|REPLAY },
    { "QuantumMetricUserID", STATS|REPLAY },
    { "QuantumMetricSessionID", STATS|REPLAY },

    /* Shopify, PostHog, Heap, comScore, Chartbeat, Tealium */

    { "_shopify_y", STATS }, { "_shopify_s", STATS },
    { "_shopify_fs", STATS }, { "_shopify_sa_p", STATS },
    { "_shopify_sa_t", STATS }, { "ph_phc_*", STATS }, { "_hp5_*", STATS },
    { "_scor_uid", STATS }, { "_chartbeat2", STATS }, { "utag_main", STATS },
    { "utag_main_*", STATS },

    /* Baidu, Umeng, Pendo, RudderStack */

    { "Hm_lvt_*", STATS }, { "Hm_lpvt_*", STATS }, { "UM_distinctid", STATS },
    { "_pendo_*", STATS }, { "rl_anonymous_id", STATS },

    /* X, LinkedIn, AdRoll, Prebid */

    { "_twpid", ADS }, { "lms_ads", ADS }, { "lms_analytics", ADS },
    { "__adroll_fpc", ADS }, { "__ar_v4", ADS }, { "_pubcid", ADS },

    /* Dynatrace */

    { "rxVisitor", DIAG }, { "rxvt", DIAG }, { "dtCookie", DIAG },
    { "dtPC", DIAG }, { "dtSa", DIAG },

    /* what a person told somebody else about consent is never stripped */

    { "euconsent-v2", KEEP }, { "eupubconsent-v2", KEEP },
    { "__gpp", KEEP }, { "__gpp_sid", KEEP }, { "us_privacy", KEEP },
    { "usprivacy", KEEP }, { "OptanonConsent", KEEP },
    { "OptanonAlertBoxClosed", KEEP }, { "CookieConsent", KEEP },
    { "cookieyes-consent", KEEP }, { "cc_cookie", KEEP },
    { "klaro", KEEP }, { "tarteaucitron", KEEP }, { "axeptio_*", KEEP },
    { "borlabs-cookie", KEEP }, { "cmplz_*", KEEP }, { "cmapi_*", KEEP },
    { "_iub_cs-*", KEEP }, { "usercentrics*", KEEP },
    { "didomi_token", KEEP }, { "li_gc", KEEP }, { "__gpi_optout", KEEP },
    { "__hs_opt_out", KEEP }, { "__hs_do_not_track", KEEP },
    { "__hs_initial_opt_in", KEEP }, { "_vis_opt_out", KEEP },
    { "_hp2_optout", KEEP }, { "_ym_optout", KEEP }, { "fs_cid", KEEP },
    { "_cs_c", KEEP }, { "_cs_ex", KEEP }, { "_cs_optout", KEEP },
    { "lo-opt-out", KEEP }, { "_tracking_consent", KEEP },
    { "ppms_privacy_*", KEEP }, { "__ph_opt_in_out_*", KEEP },
    { "__mp_opt_in_out_*", KEEP }
};

const size_t  xpecto_cookie_ntrackers = sizeof(xpecto_cookie_trackers)
                                        / sizeof(xpecto_cookie_trackers[0]);


size_t
xpecto_cookie_trackers_nodes(void)
{
    size_t  i, n;

    n = 0;

    for (i = 0; i < xpecto_cookie_ntrackers; i++) {
        n += strlen(xpecto_cookie_trackers[i].pattern);
    }

    return n;
}


void
xpecto_cookie_names_init(xpecto_cookie_names_t *names,
    xpecto_cookie_node_t *nodes, size_t max)
{
    memset(names, 0, sizeof(xpecto_cookie_names_t));

    names->nodes = nodes;
    names->max = (max > UINT16_MAX) ? UINT16_MAX : max;
    names->n = 1;
}


xpecto_rc_e
xpecto_cookie_names_add(xpecto_cookie_names_t *names, const uint8_t *pattern,
    size_t len, uint16_t purposes)
{
    int                    prefix;
    size_t                 i;
    unsigned               head;
    uint16_t               node;
    xpecto_cookie_node_t  *last;

    prefix = (len && pattern[len - 1] == '*');

    if (prefix) {
        len--;

        if (len < XPECTO_COOKIE_PREFIX_MIN) {
            return XPECTO_DECLINED;
        }
    }

    if (len == 0) {
        return XPECTO_DECLINED;
    }

    for (i = 0; i < len; i++) {
        if (!xpecto_cookie_is_token(pattern[i]) || pattern[i] == '*') {
            return XPECTO_DECLINED;
        }
    }

    if (len < XPECTO_COOKIE_HEAD) {
        memset(names->heads, 0xff, sizeof(names->heads));

    } else {
        head = xpecto_cookie_head(pattern);
        names->heads[head / 64] |= (uint64_t) 1 << head % 64;
    }

    node = 0;

    for (i = 0; i < len; i++) {
        node = xpecto_cookie_grow(names, node, pattern[i]);

        if (node == 0) {
            return XPECTO_ERROR;
        }
    }

    last = &names->nodes[node];

    if (purposes == 0) {
        last->keep |= prefix ? XPECTO_COOKIE_KEEP_PREFIX
                             : XPECTO_COOKIE_KEEP_EXACT;

    } else if (prefix) {
        last->prefix |= purposes;

    } else {
        last->exact |= purposes;
    }

    return XPECTO_OK;
}


/* the node behind the given one, made if it is not there; 0: none is left */

static uint16_t
xpecto_cookie_grow(xpecto_cookie_names_t *names, uint16_t node, uint8_t byte)
{
    uint16_t               next, *link;
    xpecto_cookie_node_t  *new;

    next = xpecto_cookie_step(names, node, byte);

    if (next != 0) {
        return next;
    }

    if (names->n >= names->max) {
        return 0;
    }

    /* behind its siblings: what stands first in the list is met most often */

    link = (node == 0) ? &names->root[byte] : &names->nodes[node].child;

    while (*link != 0) {
        link = &names->nodes[*link].sibling;
    }

    next = (uint16_t) names->n++;
    *link = next;

    new = &names->nodes[next];

    memset(new, 0, sizeof(xpecto_cookie_node_t));
    new->byte = byte;

    return next;
}


static uint16_t
xpecto_cookie_step(const xpecto_cookie_names_t *names, uint16_t node,
    uint8_t byte)
{
    if (node == 0) {
        return names->root[byte];
    }

    node = names->nodes[node].child;

    while (node != 0 && names->nodes[node].byte != byte) {
        node = names->nodes[node].sibling;
    }

    return node;
}


/* RFC 7230, 3.2.6 */

static int
xpecto_cookie_is_token(uint8_t ch)
{
    if ((ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z')
        || (ch >= '0' && ch <= '9'))
    {
        return 1;
    }

    return ch != '\0' && strchr("!#$%&'*+-.^_`|~", ch) != NULL;
}


uint16_t
xpecto_cookie_purposes(const xpecto_cookie_names_t *names,
    const xpecto_str_t *name)
{
    return xpecto_cookie_walk(names, name->data, name->data + name->len, 0);
}


uint16_t
xpecto_cookie_pair_purposes(const xpecto_cookie_names_t *names,
    const uint8_t *p, size_t len)
{
    unsigned  head;

    /* what no name begins with, most cookies do */

    if (len > XPECTO_COOKIE_HEAD) {
        head = xpecto_cookie_head(p);

        if (!(names->heads[head / 64] >> head % 64 & 1)) {
            return 0;
        }
    }

    return xpecto_cookie_walk(names, p, p + len, 1);
}


static inline unsigned
xpecto_cookie_head(const uint8_t *p)
{
    uint32_t  bytes;

    bytes = 0;
    memcpy(&bytes, p, XPECTO_COOKIE_HEAD);

    return (bytes * 0x9e3779b1) >> (32 - 12);
}


/* a pair has a name if it has a "=", behind which is its value */

static inline uint16_t
xpecto_cookie_walk(const xpecto_cookie_names_t *names, const uint8_t *p,
    const uint8_t *last, int pair)
{
    uint16_t                     node, purposes;
    const xpecto_cookie_node_t  *at;

    purposes = 0;
    node = 0;

    for ( /* void */ ; p < last && *p != '='; p++) {
        node = xpecto_cookie_step(names, node, *p);

        if (node == 0) {
            return (!pair || purposes == 0
                    || memchr(p, '=', (size_t) (last - p)) != NULL)
                   ? purposes : 0;
        }

        at = &names->nodes[node];

        if (p + 1 == last && pair) {
            return 0;
        }

        if (p + 1 == last || p[1] == '=') {
            return (at->keep & XPECTO_COOKIE_KEEP_EXACT)
                   ? 0 : (uint16_t) (purposes | at->exact);
        }

        if (at->keep & XPECTO_COOKIE_KEEP_PREFIX) {
            return 0;
        }

        purposes |= at->prefix;
    }

    return purposes;
}
