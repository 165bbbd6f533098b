
/*
 * What a consent decision costs, from the Cookie line of a request to its
 * purposes: with a token that is seen for the first time, with a line that
 * was seen before, without a token; and what a long line costs to filter.
 *
 *     build/bench/consent
 *
 * ns, the least mean of many runs over 1,000 visitors.
 */


#define _GNU_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "xpecto_consent.h"
#include "xpecto_cookie.h"
#include "xpecto_nh.h"
#include "xpecto_token.h"


#define RUNS      200
#define VISITORS  1000
#define LINE      4096


typedef struct {
    uint64_t               digest[2];
    xpecto_choice_t        choice;
    xpecto_cookie_scan_t   cookies;
} known_t;


typedef struct {
    const char  *name;
    uint64_t   (*run)(unsigned i);
} row_t;


static uint8_t                bytes[VISITORS][LINE];
static xpecto_str_t           lines[VISITORS], without[VISITORS],
                              longs[VISITORS];
static known_t                known[VISITORS];
static xpecto_str_t           own;
static xpecto_nh_key_t        nh;
static xpecto_token_keys_t    keys;
static xpecto_token_codec_t   codec;
static xpecto_cookie_names_t  names;
static int64_t                now;

static const uint8_t  ring[] =
    "1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n";


static uint64_t
clock_ns(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000000u + (uint64_t) ts.tv_nsec;
}


static void
die(const char *what)
{
    fprintf(stderr, "consent: %s\n", what);
    exit(1);
}


static void
prepare(void)
{
    size_t                 i, len, max;
    xpecto_err_t           err;
    xpecto_str_t           scope;
    xpecto_keyring_t       keyring;
    xpecto_cookie_node_t  *nodes;

    own.data = (const uint8_t *) "__Host-Http-xpc";
    own.len = sizeof("__Host-Http-xpc") - 1;
    scope.data = (const uint8_t *) "bench.example";
    scope.len = sizeof("bench.example") - 1;
    codec.keys = &keys;
    now = (int64_t) time(NULL);

    for (i = 0; i < sizeof(nh.words) / sizeof(nh.words[0]); i++) {
        nh.words[i] = 0x9e3779b97f4a7c15u * (i + 1);
    }

    if (xpecto_keyring_parse(&keyring, ring, sizeof(ring) - 1, &err)
        != XPECTO_OK
        || xpecto_token_keys_create(&keys, &keyring) != XPECTO_OK
        || xpecto_token_domain(&codec, &own, &scope) != XPECTO_OK)
    {
        die("the keys cannot be prepared");
    }

    max = xpecto_cookie_trackers_nodes() + 1;
    nodes = malloc(max * sizeof(xpecto_cookie_node_t));

    if (nodes == NULL) {
        die("no memory");
    }

    xpecto_cookie_names_init(&names, nodes, max);

    for (i = 0; i < xpecto_cookie_ntrackers; i++) {
        len = strlen(xpecto_cookie_trackers[i].pattern);
        (void) xpecto_cookie_names_add(&names,
                       (const uint8_t *) xpecto_cookie_trackers[i].pattern,
                       len, xpecto_cookie_trackers[i].purposes);
    }
}


static xpecto_str_t
line_of(unsigned i, size_t at, const char *text, const char *token, size_t len)
{
    int           n;
    xpecto_str_t  line;

    n = snprintf((char *) &bytes[i][at], LINE - at, "%s%.*s", text, (int) len,
                 token);

    line.data = &bytes[i][at];
    line.len = (size_t) n;

    return line;
}


static void
make_lines(void)
{
    size_t           len, at;
    uint8_t          token[XPECTO_TOKEN_LEN], nonce[XPECTO_NONCE_LEN];
    unsigned         i, k;
    char             text[LINE];
    xpecto_choice_t  choice;

    static const char *const  trackers[] = {
        "_ga", "_gid", "_fbp", "_gcl_au", "_ga_8XQ2V7PLMK", "_hjSessionUser_2"
    };

    memset(nonce, 0, sizeof(nonce));

    for (i = 0; i < VISITORS; i++) {
        memset(&choice, 0, sizeof(choice));
        choice.granted = 1 << XPECTO_PURPOSE_ANALYTICS;
        choice.created = (uint32_t) now;
        choice.updated = (uint32_t) now;
        choice.expires = (uint32_t) now + 182 * 86400;
        choice.flags = XPECTO_CHOICE_EXPLICIT;
        memcpy(choice.id, &i, sizeof(i));
        choice.id[15] = 1;

        if (xpecto_token_encode(&codec, &choice, nonce, token, &len)
            != XPECTO_OK)
        {
            die("a token cannot be made");
        }

        lines[i] = line_of(i, 0, "sid=8f14e45fceea167a5a36dedd4bea2543; "
                           "lang=en; _ga=GA1.2.1234567890.1700000000; "
                           "__Host-Http-xpc=", (char *) token, len);

        without[i] = line_of(i, 512, "sid=8f14e45fceea167a5a36dedd4bea2543; "
                             "lang=en; _ga=GA1.2.1234567890.1700000000", "",
                             0);

        for (k = 0, at = 0; k < 30; k++) {
            at += (size_t) snprintf(text + at, sizeof(text) - at,
                                    "%s%s%u=%060u", at ? "; " : "",
                                    k % 3 == 0 ? trackers[k / 3 % 6] : "app",
                                    k % 3 == 0 ? 0 : k, i);
        }

        longs[i] = line_of(i, 1024, text, "", 0);
    }
}


static uint64_t
decide(xpecto_choice_t *choice)
{
    xpecto_decision_t       decision;
    xpecto_consent_facts_t  facts;

    memset(&facts, 0, sizeof(facts));
    facts.asked = XPECTO_PURPOSES_ASKED;
    facts.model = XPECTO_MODEL_OPT_IN;

    if (choice != NULL
        && xpecto_consent_check(choice, now, 0) == XPECTO_CHOICE_VALID)
    {
        facts.choice = choice;
    }

    xpecto_consent_decide(&decision, &facts);

    return decision.granted;
}


static uint64_t
first_sight(unsigned i)
{
    xpecto_choice_t       choice;
    xpecto_cookie_scan_t  scan;

    memset(&scan, 0, sizeof(scan));
    xpecto_cookie_scan(&names, &own, &lines[i], &scan);

    if (xpecto_token_decode(&codec, scan.value.data, scan.value.len, &choice,
                            NULL)
        != XPECTO_TOKEN_OK)
    {
        die("a token is refused");
    }

    return decide(&choice);
}


static uint64_t
remembered(unsigned i)
{
    uint64_t              digest[2];
    xpecto_choice_t       choice;
    xpecto_cookie_scan_t  scan;

    xpecto_nh128(digest, &nh, lines[i].data, lines[i].len);

    if (digest[0] != known[i].digest[0] || digest[1] != known[i].digest[1]) {
        die("a line is not known");
    }

    xpecto_cookie_scan_copy(&scan, &known[i].cookies, &lines[i]);
    choice = known[i].choice;

    return decide(&choice) + scan.own;
}


static uint64_t
no_token(unsigned i)
{
    xpecto_cookie_scan_t  scan;

    memset(&scan, 0, sizeof(scan));
    xpecto_cookie_scan(&names, &own, &without[i], &scan);

    return decide(NULL) + scan.own;
}


static uint64_t
filter(unsigned i)
{
    uint8_t               out[LINE];
    unsigned              stripped;
    xpecto_cookie_scan_t  scan;

    stripped = 0;
    memset(&scan, 0, sizeof(scan));
    xpecto_cookie_scan(&names, &own, &longs[i], &scan);

    return xpecto_cookie_filter(&names, &own, &scan, 0xffff, &longs[i], out,
                                &stripped) + stripped;
}


static void
remember(void)
{
    unsigned  i;

    for (i = 0; i < VISITORS; i++) {
        xpecto_nh128(known[i].digest, &nh, lines[i].data, lines[i].len);
        xpecto_cookie_scan(&names, &own, &lines[i], &known[i].cookies);

        if (xpecto_token_decode(&codec, known[i].cookies.value.data,
                                known[i].cookies.value.len, &known[i].choice,
                                NULL)
            != XPECTO_TOKEN_OK)
        {
            die("a token is refused");
        }
    }
}


int
main(void)
{
    double    ns, least;
    size_t    i;
    uint64_t  t, sum;
    unsigned  n, run;

    static const row_t  rows[] = {
        { "a token at first sight", first_sight },
        { "a line that is remembered", remembered },
        { "without a token", no_token },
        { "a long line, filtered", filter }
    };

    prepare();
    make_lines();
    remember();

    sum = 0;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        least = 1e9;

        for (run = 0; run < RUNS; run++) {
            t = clock_ns();

            for (n = 0; n < VISITORS; n++) {
                sum += rows[i].run(n);
            }

            ns = (double) (clock_ns() - t) / VISITORS;
            least = ns < least ? ns : least;
        }

        printf("%-26s %7.1f ns\n", rows[i].name, least);
    }

    printf("(a long line: %zu bytes, 30 cookies; sum %llu)\n", longs[0].len,
           (unsigned long long) sum);

    xpecto_token_keys_free(&keys);
    free(names.nodes);

    return 0;
}
