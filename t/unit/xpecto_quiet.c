
/*
 * Log text that holds nothing personal: how much of it is taken for a phone
 * number or the like.  The text is made here, by its own seeded generator.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "xpecto_scan.h"


#define LINE    1024
#define LINES   120000
#define VALUES  4000
#define ALL     ((1u << XPECTO_CLASSES) - 1)
#define IP      XPECTO_CLASS_BIT(XPECTO_CLASS_IP)

#define SIZE(list)  (sizeof(list) / sizeof((list)[0]))


static uint64_t  state;


/* splitmix64 */

static uint64_t
rnd(uint64_t n)
{
    uint64_t  z;

    z = state += 0x9e3779b97f4a7c15ull;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;

    return (z ^ z >> 31) % n;
}


static char *
digits(char *p, size_t n, const char *alphabet)
{
    while (n-- > 0) {
        *p++ = alphabet[rnd(strlen(alphabet))];
    }

    return p;
}


/* up to n digits, small values as often as large ones */

static char *
count(char *p, size_t n)
{
    *p++ = (char) ('1' + rnd(9));

    return digits(p, (size_t) rnd(n), "0123456789");
}


/* of 2015 to 2033, while unix time begins with 1; without format in seconds */

static char *
moment(char *p, const char *format)
{
    time_t  t;

    t = (time_t) (1420070400 + rnd(2000000000 - 1420070400));

    if (format == NULL) {
        return p + sprintf(p, "%u", (unsigned) t);
    }

    return p + strftime(p, 64, format, gmtime(&t));
}


static char *
word(char *p)
{
    static const char *const  words[] = {
        "worker", "upstream", "connection", "cache", "block", "session",
        "request", "job", "shard", "replica", "queue", "index", "node",
        "telemetry", "mobile", "phone book", "hotel", "user", "cell", "batch"
    };

    return p + sprintf(p, "%s", words[rnd(SIZE(words))]);
}


static char *
uuid(char *p, const char *alphabet)
{
    size_t  i;

    static const size_t  groups[] = { 8, 4, 4, 4, 12 };

    for (i = 0; i < 5; i++) {
        p = digits(p, groups[i], alphabet);
        *p++ = '-';
    }

    return p - 1;
}


/* the names of what stands in braces in the lines below */

static char *
item(char *p, const char *name)
{
    const char  *hex;

    hex = rnd(4) ? "0123456789abcdef" : "0123456789ABCDEF";

    switch (name[0]) {

    case 'u':
        return moment(p, NULL);

    case 'm':
        return digits(moment(p, NULL), 3, "0123456789");

    case 'U':
        return digits(moment(p, NULL), 6, "0123456789");

    case 'N':
        return digits(moment(p, NULL), 9, "0123456789");

    case 'd':
        return moment(p, "%Y-%m-%d");

    case 'D':
        return moment(p, "%Y%m%d");

    case 't':
        return moment(p, "%H:%M:%S");

    case 'c':
        return moment(p, "%d/%b/%Y:%H:%M:%S +0000");

    case 'i':
        return p + sprintf(p, "%u.%u.%u.%u", (unsigned) rnd(256),
                           (unsigned) rnd(256), (unsigned) rnd(256),
                           (unsigned) rnd(256));

    case 'v':
        return p + sprintf(p, "%u.%u.%u", (unsigned) rnd(20),
                           (unsigned) rnd(40), (unsigned) rnd(400));

    case 'g':
        *p++ = '1';
        return digits(p, 14 + (size_t) rnd(3), "0123456789");

    case 'G':
        *p++ = (char) ('1' + rnd(9));
        return digits(p, 12 + (size_t) rnd(5), "0123456789");

    case 'x':
        return uuid(p, hex);

    case 'X':
        return uuid(p, "0123456789");

    case 'h':
        return digits(p, (size_t) atoi(name + 1), hex);

    case 'b':
        return digits(p, (size_t) atoi(name + 1),
                      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                      "0123456789-_");

    case 'w':
        return word(p);

    case 'f':
        p += sprintf(p, "%u.", (unsigned) rnd(100));
        return digits(p, 3, "0123456789");

    case 'n':
        return count(p, (size_t) atoi(name + 1));

    case 'z':
        return digits(p, (size_t) atoi(name + 1), "0123456789");

    default:
        fail_msg("no item \"%s\"", name);
        return p;
    }
}


static void
fill(char *line, const char *format)
{
    char         name[8];
    const char  *end;

    while (*format) {
        end = (*format == '{') ? strchr(format, '}') : NULL;

        if (end == NULL || end - format > 4) {
            *line++ = *format++;
            continue;
        }

        (void) snprintf(name, sizeof(name), "%.*s", (int) (end - format - 1),
                        format + 1);
        line = item(line, name);
        format = end + 1;
    }

    *line = '\0';
}


/* in memory of its own, so that reading past it is seen */

static unsigned
found(const char *text, unsigned classes, xpecto_span_t *span)
{
    size_t    pos, len;
    uint8_t  *copy;
    unsigned  n;

    len = strlen(text);
    copy = malloc(len);
    assert_non_null(copy);
    memcpy(copy, text, len);

    pos = 0;
    n = 0;

    while (xpecto_scan_next(copy, len, &pos, classes, 0, span) == XPECTO_OK) {
        n++;
    }

    free(copy);

    return n;
}


/* at most 0.05 of 1,000 lines */

static void
lines_without_numbers(void **unused)
{
    char           line[LINE];
    unsigned       i, n, spans;
    xpecto_span_t  span;

    static const char *const  formats[] = {
        "{i} - - [{c}] \"GET /assets/{b8}.js?v={u} HTTP/1.1\" {z3} {n7} "
        "\"-\" \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, "
        "like Gecko) Chrome/{z3}.0.{z4}.{z2} Safari/537.36\"",
        "{i} - - [{c}] \"GET /img/{n9}.png HTTP/1.1\" 304 0 \"https://"
        "app.example.com/\" \"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2_1 like "
        "Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 "
        "Mobile/15E148 Safari/604.1\" {f} {f}",
        "{i} - - [{c}] \"GET /v19.0/{G}/messages HTTP/2.0\" 200 {n5} {f} {f}"
        " {n8} {n4}",
        "{i} - - [{c}] \"POST /api/{x}/events HTTP/1.1\" 202 {n5} {m}",
        "{d} {t} [error] {n5}#{n5}: *{n9} open() \"/srv/www/{h8}/{n6}.html\" "
        "failed (2: No such file or directory), client: {i}, server: "
        "example.com, request: \"GET /{h8} HTTP/1.1\", host: \"{i}:{n5}\"",
        "{d}T{t}.{z6}Z INFO [{w}-{n3}] c.e.app.Handler - took {n5} ms, "
        "id={x}, size={n9}",
        "{\"ts\":{u}.{z3},\"level\":\"info\",\"msg\":\"{w} done\",\"took\":"
        "{f},\"trace\":\"{h32}\",\"span\":\"{h16}\"}",
        "{\"time\":\"{d}T{t}Z\",\"t\":{m},\"ns\":{N},\"pid\":{n5},\"v\":"
        "\"{v}\",\"id\":\"{x}\"}",
        "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"time\":{u},"
        "\"changes\":[{\"value\":{\"metadata\":{\"phone_number_id\":\"{G}\"},"
        "\"statuses\":[{\"status\":\"sent\",\"timestamp\":\"{u}\"}]}}]}]}",
        "081109 {z6} {n4} INFO dfs.DataNode$PacketResponder: PacketResponder "
        "{n1} for block blk_{n1}{z18} terminating",
        "{D} {z6} {n5} WARN {w}: Receiving block blk_-{n1}{z18} src: /{i}:"
        "{n5} dest: /{i}:{n5} of size {n8}",
        "- {u} 2005.11.09 dn{n3} Nov  9 {t} dn{n3}/dn{n3} crond[{n4}]: "
        "(root) CMD (run-parts /etc/cron.hourly)",
        "R{z2}-M1-N0-C:J12-U11 {d}-15.42.50.{z6} R{z2} RAS KERNEL INFO "
        "instruction cache parity error corrected {n4} 0x{h8}",
        "{d} {t},{z3} INFO [main] attempt_{m}_{z4}_m_{z6}_0 task_{m}_{z4}",
        "Nov 22 {t} host sshd[{n5}]: Failed password for root from {i} port "
        "{n5} ssh2",
        "Nov 22 {t} host kernel: [{n7}.{z6}] audit: type={z4} audit({u}.{z3}"
        ":{n4}): apparmor=\"STATUS\" pid={n5} ino={n8}",
        "{D}-{t}:{z3}|Step_LSC|{n8}|onStandStepChanged {n5}",
        "{m}##{n4}##{n6}##{n5}##{n5}##{n8} totalAltitude={n4}",
        "{t} zookeeper: Established session 0x{h15} with negotiated timeout "
        "{n5} for client /{i}:{n5}",
        "{d} {t} nova.compute [req-{x} {h32} {h32} - - -] [instance: {x}] "
        "Took {f} seconds, total memory: {n6} MB, used: {n6}.00 MB",
        "etag: W/\"{h8}-{h6}\" x-request-id: {h32} content-length: {n9} "
        "last-modified: {d} age: {n6}",
        "GET /static/{h20}.css?{h8}={n6}&_={m} sha256={h64}",
        "commit {h40} tag v{v} build {n6} of {D} ({h7})",
        "traceparent: 00-{h32}-{h16}-01 tracestate: x={b22}",
        "{n3}  {n3}      0 {n7} {n6} {n7}    0    0    {n2}    {n2} {n4} {n4}"
        "  {n1}  {n1} {n2}  0",
        "eth0: RX packets {n8} bytes {n9} TX packets {n8} errors {n2} "
        "dropped {n3} 00:16:3e:{h2}:{h2}:{h2}",
        "mem {n8} kB swap {n7} kB load {f} {f} {f} up {n6} s",
        "00000{z3}0  {h2} {h2} {h2} {h2} {h2} {h2} {h2} {h2}  {h2} {h2} {h2} "
        "{h2} {h2} {h2} {h2} {h2}  |........|",
        "Cookie: _ga=GA1.2.{n9}.{u}; sid={b32}; theme=dark; _fbp=fb.1.{m}."
        "{n9}",
        "order #{n6} item {n5} qty {n2} price ${n4}.{z2} EUR {n3},{z2} "
        "{z2}%  rev {n4}/{n4}",
        "SELECT * FROM {w} WHERE id={n9} AND t>{u} LIMIT {n3} -- {f} ms",
        "phone_number_id={G}&waba_id={G}&timestamp={u} status=delivered",
        "lat={f}{z3} lon=-{f}{z3} zoom={n2} tile={n2}/{n4}/{n4} {n3}x{n3}",
        "isbn 978-{z1}-{z2}-{z6}-{z1} sku {h4}-{n5} ref {h3}{n4} "
        "at {d} {t} for {n3} s, {n3}-{n3}, {n2}:{n2}, [{n4}..{n4}]",
        "mobile app {v} on iPhone, phone calls: {n3} of {n4}, tel queue {n2}"
        " fax {n3}, sms sent {n5}, whatsapp sessions {n6}",
        "process {n5} exited on signal {n2} after {f} s, rss {n7}, fd {n3}, "
        "0x{h12} 0x{h16} <{h8}> [{h8}]",
        "wal: segment {h24} lsn {h1}/{h8} {n3} buffers, {n4} kB, xid {n9}"
    };

    (void) unused;

    state = 20261122;
    spans = 0;

    for (i = 0; i < LINES; i++) {
        fill(line, formats[i % SIZE(formats)]);

        n = found(line, ALL & ~IP, &span);

        if (n > 0 && (spans += n) <= 20) {
            print_message("# class %d: %s\n", (int) span.class, line);
        }
    }

    print_message("# %u of %u lines\n", spans, LINES);
    assert_true(spans * 1000.0 <= 0.05 * LINES);
}


/* values that are never personal, in the places where they stand: none */

static void
values_of_other_kinds(void **unused)
{
    char           line[LINE], value[LINE];
    size_t         i, j, k;
    unsigned       bad;
    xpecto_span_t  span;

    static const struct {
        const char  *name;
        const char  *format;
        unsigned     classes;
    } kinds[] = {
        { "unix s", "{u}", ALL },
        { "unix ms", "{m}", ALL },
        { "unix us", "{U}", ALL },
        { "unix ns", "{N}", ALL },
        { "unix s.ms", "{u}.{z3}", ALL },
        { "UUID", "{x}", ALL },
        { "UUID of digits", "{X}", ALL },
        { "MD5", "{h32}", ALL },
        { "SHA-1", "{h40}", ALL },
        { "SHA-256", "{h64}", ALL },
        { "a short hash", "{h8}", ALL },
        { "IPv4", "{i}", ALL & ~IP },
        { "IPv4 and port", "{i}:{n5}", ALL & ~IP },
        { "version", "{v}", ALL },
        { "version", "v{v}-rc{n1}+{h8}", ALL },
        { "date", "{d}", ALL },
        { "date", "{D}", ALL },
        { "date and time", "{d} {t}", ALL },
        { "date and time", "{d}T{t}.{z6}Z", ALL },
        { "date and time", "{D}{z2}0000", ALL },
        { "date and time", "{c}", ALL },
        { "Graph id", "{g}", ALL },
        { "decimal", "{f}", ALL },
        { "count", "{n9}", ALL }
    };

    static const char *const  places[] = {
        "%s", "x=%s", "x=%s&y=1", "{\"x\":\"%s\"}", "{\"x\":%s,\"y\":2}",
        "/a/%s/b", "a %s b", "(%s)", "[%s]", "a,%s,b", "x: %s;",
        "%%22x%%22%%3A%%22%s%%22", "\\x22x\\x22:\\x22%s\\x22", "x%%3D%s",
        "file_%s.log", "a/%s?x", "<%s>", "'%s'", "took %s from", "%s\n"
    };

    (void) unused;

    state = 1;

    for (i = 0; i < SIZE(kinds); i++) {
        bad = 0;

        for (j = 0; j < VALUES; j++) {
            fill(value, kinds[i].format);
            k = j % SIZE(places);
            (void) snprintf(line, sizeof(line), places[k], value);

            if (found(line, kinds[i].classes, &span) && bad++ < 3) {
                print_message("# %s, class %d: %s\n", kinds[i].name,
                              (int) span.class, line);
            }
        }

        if (bad > 0) {
            fail_msg("%s: %u of %u", kinds[i].name, bad, VALUES);
        }
    }
}


/* ids of the Graph API in their places, whatever digit they begin with */

static void
graph_ids_in_their_places(void **unused)
{
    char           line[LINE];
    size_t         i, j;
    xpecto_span_t  span;

    static const char *const  places[] = {
        "GET /v19.0/{G} HTTP/1.1", "/v23.0/{G}/messages",
        "https://graph.example.com/v22.0/{G}/media?x=1",
        "{\"phone_number_id\":\"{G}\"}", "{\"phone_number_id\": {G}}",
        "\\x22waba_id\\x22:\\x22{G}\\x22", "phone_number_id={G}&x=1",
        "%22business_id%22%3A%22{G}%22", "catalog_id={G}", "app_id={G}",
        "{\"flow_id\":\"{G}\",\"media_id\":\"{G}\"}"
    };

    (void) unused;

    state = 7;

    for (i = 0; i < SIZE(places); i++) {
        for (j = 0; j < VALUES; j++) {
            fill(line, places[i]);

            if (found(line, ALL, &span)) {
                fail_msg("class %d: %s", (int) span.class, line);
            }
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(lines_without_numbers),
        cmocka_unit_test(values_of_other_kinds),
        cmocka_unit_test(graph_ids_in_their_places)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
