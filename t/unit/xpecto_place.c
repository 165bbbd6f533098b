
/*
 * Places against libmaxminddb, which reads the same files its own way, and
 * against lists of special networks as the RFCs write them.
 */

#define _GNU_SOURCE

#include <arpa/inet.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <maxminddb.h>

#include "xpecto_place.h"


#define PROBES  20000


static char      temp[] = "/tmp/xpecto_place.XXXXXX";
static uint64_t  seed = 1;


static const char  *files[] = {
    "t/data/mmdb/nested24.mmdb", "t/data/mmdb/nested28.mmdb",
    "t/data/mmdb/flat32.mmdb", "t/data/mmdb/flat4.mmdb"
};


/* first and last address of networks that are no place: RFC 6890 and others */

static const char  *private4[][2] = {
    { "0.0.0.0", "0.255.255.255" }, { "10.0.0.0", "10.255.255.255" },
    { "100.64.0.0", "100.127.255.255" }, { "127.0.0.0", "127.255.255.255" },
    { "169.254.0.0", "169.254.255.255" }, { "172.16.0.0", "172.31.255.255" },
    { "192.0.0.0", "192.0.0.255" }, { "192.0.2.0", "192.0.2.255" },
    { "192.168.0.0", "192.168.255.255" }, { "198.18.0.0", "198.19.255.255" },
    { "198.51.100.0", "198.51.100.255" }, { "203.0.113.0", "203.0.113.255" },
    { "224.0.0.0", "255.255.255.255" }
};


static const char  *private6[] = {
    "::", "::1", "::81.2.69.1", "64:ff9b:1::", "64:ff9b:1:ffff:ffff::1",
    "100::", "100::ffff:ffff:ffff:ffff", "2001:1::1", "2001:1ff:ffff::",
    "2001:db8::1", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "3fff::1",
    "3fff:fff:ffff::", "5f00::1", "fc00::", "fd12:3456::1",
    "fe80::1", "febf::", "fec0::1", "ff02::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
};


static const char  *tunnels[] = {
    "2001::", "2001:0:53aa:64c:1::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
    "2002::", "2002:5102:4501::1", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
};


static xpecto_rc_e
place(const char *path, const char *field, xpecto_image_t *image,
    xpecto_err_t *err)
{
    xpecto_place_conf_t  conf;

    conf.field = field;
    conf.networks = 0;
    conf.anonymous = 0;

    return xpecto_place_compile(path, &conf, image, err);
}


static uint32_t
any(void)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;

    return (uint32_t) (seed >> 32);
}


static unsigned
ask(const void *image, const char *text)
{
    uint8_t   v6[16];
    uint32_t  v4;

    if (inet_pton(AF_INET, text, &v4) == 1) {
        return xpecto_place_ipv4(image, ntohl(v4));
    }

    assert_int_equal(inet_pton(AF_INET6, text, v6), 1);

    return xpecto_place_ipv6(image, v6);
}


static unsigned
oracle(MMDB_s *mmdb, const char *text, int nested)
{
    int                   gai, rc;
    const char           *cc;
    MMDB_entry_data_s     data;
    MMDB_lookup_result_s  result;

    result = MMDB_lookup_string(mmdb, text, &gai, &rc);
    assert_int_equal(gai, 0);

    if (rc == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR) {
        return 0;
    }

    assert_int_equal(rc, MMDB_SUCCESS);

    if (!result.found_entry) {
        return 0;
    }

    rc = nested ? MMDB_get_value(&result.entry, &data, "country", "iso_code",
                                 NULL)
                : MMDB_get_value(&result.entry, &data, "country_code", NULL);
    assert_int_equal(rc, MMDB_SUCCESS);

    cc = data.utf8_string;

    return memcmp(cc, "EU", 2) == 0 ? 0 : (unsigned) (cc[0] << 8 | cc[1]);
}


/* equal, or we know that the address is no place */

static void
compare(const void *image, MMDB_s *mmdb, const char *text, int nested)
{
    unsigned  value;

    value = ask(image, text);

    if (value == XPECTO_PLACE_PRIVATE || value == XPECTO_PLACE_TUNNEL) {
        return;
    }

    if (value != oracle(mmdb, text, nested)) {
        fail_msg("%s: %x, not %x", text, value, oracle(mmdb, text, nested));
    }
}


/* every network's first and last address and the neighbours, and any */

static void
test_equal(void **state)
{
    char            text[INET6_ADDRSTRLEN];
    size_t          f;
    MMDB_s          mmdb;
    unsigned        i, j, nested;
    uint8_t         v6[16];
    uint32_t        v4;
    xpecto_err_t    err;
    xpecto_image_t  image;

    static const char  *edges[] = {
        "2.125.160.216", "2.125.160.223", "5.44.16.0", "5.44.31.255",
        "5.45.0.0", "5.45.255.255", "14.0.0.0", "14.127.255.255",
        "14.128.0.0", "14.255.255.255", "23.0.0.0", "23.15.255.255",
        "77.64.0.0", "77.111.247.5", "77.127.255.255", "81.2.69.0",
        "81.2.69.255", "177.0.0.0", "177.127.255.255", "194.0.0.0",
        "210.0.0.0", "210.1.255.255", "222.255.255.255", "223.255.255.0",
        "223.255.255.255"
    };

    static const char  *edges6[] = {
        "2001:200::", "2001:3ff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::",
        "2003:1fff:ffff:ffff:ffff:ffff:ffff:ffff", "2400::", "2600::",
        "240f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2800::", "280f:ffff::",
        "2a00:1450:4000::", "2a00:1450:47ff:ffff:ffff:ffff:ffff:ffff",
        "2a02:cf40::", "2a02:cf47:ffff:ffff:ffff:ffff:ffff:ffff",
        "2a0a:1:2:3::", "2a0a:1:2:3:7fff:ffff:ffff:ffff",
        "2a0a:1:2:3:8000::", "2a0a:1:2:3:bfff:ffff:ffff:ffff",
        "2a0a:1:2:3:ffff:ffff:ffff:ffff", "2a0a:1:2:4::", "2a0a:1:2:4::1",
        "2a0a:1:2:4::2", "2a0a:1:2:5::", "2a0a:1:2:ffff:8000::", "2a0a:1:3::",
        "2a0a:1:3:ffff:ffff:ffff:ffff:ffff", "2c0f::", "2c0f:ffff::",
        "3ffe:ffff::", "4000::", "4000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "4001::", "fbff::"
    };

    for (f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
        nested = strstr(files[f], "nested") != NULL;

        assert_int_equal(MMDB_open(files[f], MMDB_MODE_MMAP, &mmdb), 0);
        assert_int_equal(place(files[f], NULL, &image, &err),
                         XPECTO_OK);
        assert_int_equal(xpecto_place_epoch(image.data), 1767225600);

        for (i = 0; i < PROBES; i++) {
            v4 = htonl(any());
            (void) inet_ntop(AF_INET, &v4, text, sizeof(text));
            compare(image.data, &mmdb, text, (int) nested);
        }

        for (i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
            for (j = 0; j < 3; j++) {
                assert_int_equal(inet_pton(AF_INET, edges[i], &v4), 1);
                v4 = htonl(ntohl(v4) + j - 1);
                (void) inet_ntop(AF_INET, &v4, text, sizeof(text));
                compare(image.data, &mmdb, text, (int) nested);
            }
        }

        for (i = 0; i < PROBES; i++) {

            /* near an edge, with random bits after a random length */

            assert_int_equal(inet_pton(AF_INET6,
                                       edges6[any() % (sizeof(edges6)
                                              / sizeof(edges6[0]))], v6), 1);

            for (j = any() % 17; j < 16; j++) {
                v6[j] = (uint8_t) any();
            }

            (void) inet_ntop(AF_INET6, v6, text, sizeof(text));
            compare(image.data, &mmdb, text, (int) nested);
        }

        for (i = 0; i < sizeof(edges6) / sizeof(edges6[0]); i++) {
            compare(image.data, &mmdb, edges6[i], (int) nested);

            assert_int_equal(inet_pton(AF_INET6, edges6[i], v6), 1);

            for (j = 16; j-- > 0 && v6[j]-- == 0; /* void */) { /* void */ }

            (void) inet_ntop(AF_INET6, v6, text, sizeof(text));
            compare(image.data, &mmdb, text, (int) nested);
        }

        free(image.data);
        MMDB_close(&mmdb);
    }

    (void) state;
}


static void
test_known(void **state)
{
    xpecto_err_t    err;
    xpecto_image_t  image;

    assert_int_equal(place(files[0], NULL, &image, &err),
                     XPECTO_OK);

    assert_int_equal(ask(image.data, "81.2.69.142"), XPECTO_COUNTRY('G', 'B'));
    assert_int_equal(ask(image.data, "8.8.8.8"), XPECTO_PLACE_UNKNOWN);
    assert_int_equal(ask(image.data, "194.0.1.1"), XPECTO_PLACE_UNKNOWN);
    assert_int_equal(ask(image.data, "::ffff:81.2.69.142"),
                     XPECTO_COUNTRY('G', 'B'));
    assert_int_equal(ask(image.data, "64:ff9b::81.2.69.142"),
                     XPECTO_COUNTRY('G', 'B'));
    assert_int_equal(ask(image.data, "2a0a:1:2:3:ffff:ffff:ffff:ffff"),
                     XPECTO_COUNTRY('I', 'T'));
    assert_int_equal(ask(image.data, "2a0a:1:2:3:ffff:ffff:ffff:fffe"),
                     XPECTO_PLACE_UNKNOWN);
    assert_int_equal(ask(image.data, "2a0a:1:2:4::1"),
                     XPECTO_COUNTRY('P', 'T'));
    assert_int_equal(ask(image.data, "2a0a:1:2:5::1"), XPECTO_PLACE_UNKNOWN);

    free(image.data);
    (void) state;
}


static void
test_special(void **state)
{
    size_t          f, i;
    uint32_t        v4;
    xpecto_err_t    err;
    xpecto_image_t  image;

    for (f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
        assert_int_equal(place(files[f], NULL, &image, &err),
                         XPECTO_OK);

        for (i = 0; i < sizeof(private4) / sizeof(private4[0]); i++) {
            assert_int_equal(ask(image.data, private4[i][0]),
                             XPECTO_PLACE_PRIVATE);
            assert_int_equal(ask(image.data, private4[i][1]),
                             XPECTO_PLACE_PRIVATE);

            (void) inet_pton(AF_INET, private4[i][1], &v4);
            v4 = ntohl(v4) + 1;

            if (v4 != 0) {
                assert_int_not_equal(xpecto_place_ipv4(image.data, v4),
                                     XPECTO_PLACE_PRIVATE);
            }
        }

        for (i = 0; i < sizeof(private6) / sizeof(private6[0]); i++) {
            assert_int_equal(ask(image.data, private6[i]),
                             XPECTO_PLACE_PRIVATE);
        }

        for (i = 0; i < sizeof(tunnels) / sizeof(tunnels[0]); i++) {
            assert_int_equal(ask(image.data, tunnels[i]), XPECTO_PLACE_TUNNEL);
        }

        assert_int_equal(ask(image.data, "192.88.99.1"), XPECTO_PLACE_TUNNEL);

        free(image.data);
    }

    (void) state;
}


static void
test_field(void **state)
{
    xpecto_err_t    err;
    xpecto_image_t  image;

    assert_int_equal(place("t/data/mmdb/named.mmdb", "place.where", &image,
                           &err), XPECTO_OK);
    assert_int_equal(ask(image.data, "81.2.69.142"), XPECTO_COUNTRY('G', 'B'));
    free(image.data);

    assert_int_equal(place("t/data/mmdb/nested24.mmdb",
                           "registered_country.iso_code", &image, &err),
                           XPECTO_OK);
    assert_int_equal(ask(image.data, "81.2.69.142"), XPECTO_COUNTRY('Z', 'A'));
    free(image.data);

    assert_int_equal(place("t/data/mmdb/named.mmdb", NULL, &image, &err),
                           XPECTO_ERROR);
    assert_non_null(strstr(err.text, "has no country in country.iso_code"));

    assert_int_equal(place("t/data/mmdb/none.mmdb", "asn", &image, &err),
                           XPECTO_ERROR);
    assert_non_null(strstr(err.text, "has no country in asn"));

    assert_int_equal(place("t/data/mmdb/none.mmdb", "a..b", &image, &err),
                           XPECTO_ERROR);
    assert_non_null(strstr(err.text, "field path"));

    (void) state;
}


static uint8_t *
load(const char *name, size_t *len)
{
    FILE     *f;
    uint8_t  *p;

    p = malloc(1 << 20);
    f = fopen(name, "rb");
    assert_non_null(f);
    *len = fread(p, 1, 1 << 20, f);
    (void) fclose(f);

    return p;
}


static xpecto_rc_e
compile(const uint8_t *p, size_t len, xpecto_image_t *image, xpecto_err_t *err)
{
    int  fd;

    fd = open(temp, O_WRONLY|O_CREAT|O_TRUNC, 0600);
    assert_int_not_equal(fd, -1);
    assert_int_equal(write(fd, p, len), (ssize_t) len);
    (void) close(fd);

    err->text[0] = '\0';

    return place(temp, NULL, image, err);
}


/* who hides is nowhere; a server that is rented out is where it is */

static void
test_hidden(void **state)
{
    xpecto_err_t         err;
    xpecto_image_t       image;
    xpecto_place_conf_t  conf;

    assert_int_equal(place("t/data/mmdb/traits.mmdb", NULL, &image, &err),
                     XPECTO_OK);
    assert_int_equal(ask(image.data, "81.2.69.142"), XPECTO_PLACE_HIDDEN);
    assert_int_equal(ask(image.data, "5.45.1.1"), XPECTO_PLACE_HIDDEN);
    assert_int_equal(ask(image.data, "77.65.1.1"), XPECTO_COUNTRY('D', 'E'));
    assert_int_equal(ask(image.data, "2003::1"), XPECTO_COUNTRY('D', 'E'));
    assert_int_equal(ask(image.data, "2400::1"), XPECTO_PLACE_HIDDEN);
    assert_int_equal(ask(image.data, "14.0.0.1"), XPECTO_PLACE_UNKNOWN);
    free(image.data);

    conf.field = NULL;
    conf.networks = 3;
    conf.anonymous = 1;

    assert_int_equal(xpecto_place_compile("t/data/mmdb/anonymous.mmdb", &conf,
                                          &image, &err), XPECTO_OK);
    assert_int_equal(ask(image.data, "81.2.69.142"), XPECTO_PLACE_HIDDEN);
    assert_int_equal(ask(image.data, "77.65.1.1"), XPECTO_PLACE_UNKNOWN);
    assert_int_equal(ask(image.data, "2003::1"), XPECTO_PLACE_UNKNOWN);
    assert_int_equal(ask(image.data, "2400::1"), XPECTO_PLACE_HIDDEN);
    free(image.data);

    assert_int_equal(xpecto_place_compile(files[0], &conf, &image, &err),
                     XPECTO_ERROR);
    assert_non_null(strstr(err.text, "has no network in \"is_anonymous\""));

    (void) state;
}


/* the first field that a record has */

static void
test_fields(void **state)
{
    xpecto_err_t    err;
    xpecto_image_t  image;

    assert_int_equal(place(files[0],
                           "place.where,registered_country.iso_code,"
                           "country.iso_code,traits.country", &image,
                           &err), XPECTO_ERROR);
    assert_non_null(strstr(err.text, "too long"));

    assert_int_equal(place(files[0], "place.where,country.iso_code", &image,
                           &err), XPECTO_OK);
    assert_int_equal(ask(image.data, "81.2.69.142"), XPECTO_COUNTRY('G', 'B'));
    free(image.data);

    assert_int_equal(place(files[0], "registered_country.iso_code,a", &image,
                           &err), XPECTO_OK);
    assert_int_equal(ask(image.data, "81.2.69.142"), XPECTO_COUNTRY('Z', 'A'));
    free(image.data);

    assert_int_equal(place(files[0], "a,", &image, &err), XPECTO_ERROR);
    assert_int_equal(place(files[0], ",a", &image, &err), XPECTO_ERROR);
    assert_int_equal(place(files[0], "a,b,c,d,e", &image, &err), XPECTO_ERROR);
    assert_non_null(strstr(err.text, "too many"));

    (void) state;
}


static void
test_few(void **state)
{
    xpecto_err_t         err;
    xpecto_image_t       image;
    xpecto_place_conf_t  conf;

    conf.field = NULL;
    conf.networks = 1000;
    conf.anonymous = 0;

    assert_int_equal(xpecto_place_compile(files[3], &conf, &image, &err),
                     XPECTO_ERROR);
    assert_non_null(strstr(err.text, "has only"));

    conf.networks = 2;

    assert_int_equal(xpecto_place_compile(files[3], &conf, &image, &err),
                     XPECTO_OK);
    free(image.data);

    (void) state;
}


/* another field is another thing; none at all is older than any */

static void
test_older(void **state)
{
    size_t               len, i;
    uint8_t             *p;
    xpecto_err_t         err;
    xpecto_image_t       old, new, field, none;
    xpecto_place_conf_t  conf;

    conf.field = NULL;
    conf.networks = 0;
    conf.anonymous = 0;

    p = load(files[0], &len);

    for (i = len - 16; memcmp(p + i, "build_epoch", 11) != 0; i--) {
        /* void */
    }

    /* a uint64 of four bytes */

    assert_memory_equal(p + i + 11, "\x04\x02", 2);

    assert_int_equal(place(files[0], NULL, &new, &err), XPECTO_OK);
    assert_int_equal(place(files[0], "registered_country.iso_code", &field,
                           &err), XPECTO_OK);
    assert_int_equal(xpecto_place_empty(&conf, &none), XPECTO_OK);

    p[i + 15]--;
    assert_int_equal(compile(p, len, &old, &err), XPECTO_OK);

    assert_true(xpecto_place_older(old.data, new.data));
    assert_true(xpecto_place_older(none.data, old.data));
    assert_false(xpecto_place_older(new.data, old.data));
    assert_false(xpecto_place_older(new.data, new.data));
    assert_false(xpecto_place_older(old.data, field.data));
    assert_false(xpecto_place_older(old.data, none.data));

    free(old.data);
    free(new.data);
    free(field.data);
    free(none.data);
    free(p);
    (void) state;
}


/* no beginning of a file is a file, and each has its sentence */

static void
test_truncated(void **state)
{
    size_t          len, n;
    uint8_t        *p;
    xpecto_err_t    err;
    xpecto_image_t  image;

    p = load(files[3], &len);

    for (n = 0; n < len; n++) {
        assert_int_equal(compile(p, n, &image, &err), XPECTO_ERROR);
        assert_int_not_equal(err.text[0], '\0');
    }

    assert_int_equal(compile(p, len, &image, &err), XPECTO_OK);
    free(image.data);
    free(p);

    assert_int_equal(place("/nonexistent", NULL, &image, &err), XPECTO_ERROR);
    assert_non_null(strstr(err.text, "No such file"));

    assert_int_equal(place("/tmp", NULL, &image, &err), XPECTO_ERROR);
    assert_int_equal(place("t/unit/xpecto_place.c", NULL, &image, &err),
                           XPECTO_ERROR);
    assert_non_null(strstr(err.text, "no complete MaxMind DB"));

    (void) state;
}


/* a flipped bit is refused or harmless: no answer leads astray */

static void
test_flipped(void **state)
{
    size_t          len, i, f;
    uint8_t        *p, v6[16];
    unsigned        value;
    xpecto_err_t    err;
    xpecto_image_t  image;

    for (f = 1; f < 4; f++) {
        p = load(files[f], &len);

        for (i = any() % 3; i < len; i += 3) {
            p[i] ^= (uint8_t) (1 << any() % 8);

            if (compile(p, len, &image, &err) == XPECTO_OK) {
                value = xpecto_place_ipv4(image.data, any());
                assert_true(value <= XPECTO_PLACE_TUNNEL
                            || (value >= XPECTO_PLACE_COUNTRY
                                && value <= XPECTO_COUNTRY('Z', 'Z')));

                memset(v6, 0x2a, 16);
                (void) xpecto_place_ipv6(image.data, v6);
                free(image.data);
            }

            free(p);
            p = load(files[f], &len);
        }

        free(p);
    }

    (void) state;
}


/*
 * Trees that are none.  The head of flat4.mmdb, whose records have 24 bits,
 * is overwritten: each node leads twice to the next, or to itself.
 */

static void
test_hostile_trees(void **state)
{
    size_t          len, i;
    uint8_t        *p;
    xpecto_err_t    err;
    xpecto_image_t  image;

    p = load(files[3], &len);

    for (i = 0; i < 40; i++) {
        memset(p + 6 * i, 0, 6);
        p[6 * i + 2] = (uint8_t) (i + 1);
        p[6 * i + 5] = (uint8_t) (i + 1);
    }

    assert_int_equal(compile(p, len, &image, &err), XPECTO_ERROR);
    assert_non_null(strstr(err.text, "deeper than an address"));

    /* 30 levels and a leaf: 2^31 ways */

    memset(p + 6 * 30, 0xff, 6);
    p[6 * 30] = p[6 * 30 + 3] = 0;
    memcpy(p + 6 * 30 + 1, "\x00\x64", 2);
    memcpy(p + 6 * 30 + 4, "\x00\x64", 2);

    assert_int_equal(compile(p, len, &image, &err), XPECTO_ERROR);

    free(p);

    /* a circle of two, and the first one alone */

    p = load(files[3], &len);
    memcpy(p, "\0\0\1" "\0\0\1" "\0\0\2" "\0\0\2" "\0\0\1" "\0\0\1",
           18);

    assert_int_equal(compile(p, len, &image, &err), XPECTO_ERROR);
    assert_non_null(strstr(err.text, "deeper than an address"));

    memset(p, 0, 6);

    assert_int_equal(compile(p, len, &image, &err), XPECTO_ERROR);
    assert_non_null(strstr(err.text, "leads back to the first"));

    free(p);
    (void) state;
}


/* wherever a copy has holes of zeros, it is refused, or has the answers */

static void
test_holes(void **state)
{
    size_t          len, i, f, end, refused;
    uint8_t        *p;
    xpecto_err_t    err;
    xpecto_image_t  image, whole;

    for (f = 0; f < 4; f++) {
        assert_int_equal(place(files[f], NULL, &whole, &err), XPECTO_OK);

        p = load(files[f], &len);

        for (end = len; memcmp(p + end - 1, "MaxMind.com", 11) != 0; end--) {
            /* void */
        }

        refused = 0;

        for (i = 0; i + 64 <= end; i += 7) {
            memset(p + i, 0, 64);

            if (compile(p, len, &image, &err) == XPECTO_OK) {
                assert_int_equal(image.len, whole.len);
                assert_memory_equal(image.data, whole.data, whole.len);
                free(image.data);

            } else {
                refused++;
            }

            free(p);
            p = load(files[f], &len);
        }

        assert_true(refused > end / 16);

        free(whole.data);
        free(p);
    }

    (void) state;
}


/* in the metadata: containers in containers, and pointers that multiply */

static void
test_hostile_metadata(void **state)
{
    size_t          len, i, n;
    uint8_t        *p;
    xpecto_err_t    err;
    xpecto_image_t  image;

    p = load(files[3], &len);

    for (i = len; memcmp(p + i, "MaxMind.com", 11) != 0; i--) { /* void */ }

    i += 11;
    p[i++] = 0xe1;                      /* a map of one */
    memcpy(p + i, "\x41" "a", 2);
    i += 2;

    /* array of one, in an array of one ... */

    for (n = 0; n < 100000; n++) {
        p[i + 2 * n] = 0x01;
        p[i + 2 * n + 1] = 0x04;
    }

    assert_int_equal(compile(p, i + 2 * n, &image, &err), XPECTO_ERROR);
    assert_non_null(strstr(err.text, "metadata"));

    /* sixteen arrays of two pointers to the next */

    n = i - 3;

    for (len = 0; len < 15; len++) {
        p[i] = 0x02;
        p[i + 1] = 0x04;
        p[i + 2] = p[i + 4] = 0x20;
        p[i + 3] = p[i + 5] = (uint8_t) (i + 6 - n);
        i += 6;
    }

    memcpy(p + i, "\x41" "b", 2);

    assert_int_equal(compile(p, i + 2, &image, &err), XPECTO_ERROR);
    assert_non_null(strstr(err.text, "metadata"));

    free(p);
    (void) state;
}


static int
setup(void **state)
{
    int  fd;

    fd = mkstemp(temp);
    (void) state;

    return fd == -1 || close(fd);
}


static int
teardown(void **state)
{
    (void) state;

    return unlink(temp);
}


/* all of them have it: the ends, one between; the block goes on at once */

static void
test_around(void **state)
{
    unsigned        i, f, value;
    uint32_t        addr, first, last;
    xpecto_err_t    err;
    xpecto_image_t  image;

    (void) state;

    for (f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
        assert_int_equal(place(files[f], NULL, &image, &err), XPECTO_OK);

        for (addr = 0, i = 0; i < PROBES; i++) {
            value = xpecto_place_ipv4(image.data, addr);
            xpecto_place_around(image.data, addr, &first, &last);

            assert_true(first <= addr && addr <= last);
            assert_int_equal(first >> 16, last >> 16);
            assert_int_equal(xpecto_place_ipv4(image.data, first), value);
            assert_int_equal(xpecto_place_ipv4(image.data, last), value);
            assert_int_equal(xpecto_place_ipv4(image.data,
                                        first + any() % (last - first + 1)),
                             value);

            if ((last & 0xffff) != 0xffff) {
                assert_int_not_equal(xpecto_place_ipv4(image.data, last + 1),
                                     value);
            }

            addr = (i & 1) ? any() : last + 1;
        }

        free(image.data);
    }
}


static void
test_represented(void **state)
{
    unsigned        answer;
    xpecto_err_t    err;
    xpecto_image_t  image;
    struct in6_addr  addr;

    (void) state;

    assert_int_equal(place("t/data/mmdb/represented.mmdb", NULL, &image,
                           &err),
                     XPECTO_OK);

    answer = xpecto_place_ipv4(image.data, 0x5102458e);
    assert_int_equal(xpecto_place_of(answer), XPECTO_COUNTRY('G', 'B'));
    assert_int_equal(xpecto_place_for(answer), XPECTO_COUNTRY('U', 'S'));

    assert_int_equal(inet_pton(AF_INET6, "2003::1", &addr), 1);
    answer = xpecto_place_ipv6(image.data, addr.s6_addr);
    assert_int_equal(xpecto_place_of(answer), XPECTO_COUNTRY('D', 'E'));
    assert_int_equal(xpecto_place_for(answer), XPECTO_COUNTRY('U', 'S'));

    /* inside of a /64 */

    assert_int_equal(inet_pton(AF_INET6, "2a0a:1:2:3::1", &addr), 1);
    answer = xpecto_place_ipv6(image.data, addr.s6_addr);
    assert_int_equal(xpecto_place_of(answer), XPECTO_COUNTRY('F', 'R'));
    assert_int_equal(xpecto_place_for(answer), XPECTO_COUNTRY('U', 'S'));

    /* itself, no code, nobody's country */

    assert_int_equal(xpecto_place_ipv4(image.data, 0x4d400001),
                     XPECTO_COUNTRY('D', 'E'));
    assert_int_equal(xpecto_place_ipv4(image.data, 0x0e000001),
                     XPECTO_COUNTRY('I', 'N'));
    assert_int_equal(xpecto_place_ipv4(image.data, 0x052d0001),
                     XPECTO_PLACE_UNKNOWN);

    free(image.data);

    /* a field that is named is all that is asked for */

    assert_int_equal(place("t/data/mmdb/represented.mmdb", "country.iso_code",
                           &image, &err),
                     XPECTO_OK);
    assert_int_equal(xpecto_place_ipv4(image.data, 0x5102458e),
                     XPECTO_COUNTRY('G', 'B'));
    free(image.data);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_special),
        cmocka_unit_test(test_field),
        cmocka_unit_test(test_hidden),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_few),
        cmocka_unit_test(test_older),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_flipped),
        cmocka_unit_test(test_holes),
        cmocka_unit_test(test_hostile_trees),
        cmocka_unit_test(test_hostile_metadata),
        cmocka_unit_test(test_represented),
        cmocka_unit_test(test_around)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, setup, teardown);
}
