
/*
 * A MaxMind DB of as many nodes as wanted, for measures and for a server that
 * is to be led astray: random networks of both families, each in a country.
 *
 *     build/bench/mmdb NODES SEED EPOCH [COUNTRY NETWORK] > FILE
 *
 * NETWORK, an IPv4 address, is a /24 in COUNTRY whatever the seed.
 */


#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#define COUNTRIES  200
#define LEAF       0x80000000U          /* of a country; else a node */
#define EMPTY      0xffffffffU


static uint64_t    seed;
static uint32_t  (*nodes)[2];
static uint32_t    nnodes, maxnodes;


static uint64_t
any(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;

    return seed;
}


static uint32_t
new_node(uint32_t value)
{
    nodes[nnodes][0] = value;
    nodes[nnodes][1] = value;

    return nnodes++;
}


/* the first len bits; what was larger around it stays around it */

static void
insert(const uint8_t *addr, unsigned len, uint32_t value)
{
    unsigned  depth, side;
    uint32_t  node, next;

    node = 0;

    for (depth = 0; depth < len; depth++) {
        side = addr[depth / 8] >> (7 - depth % 8) & 1;

        if (depth == len - 1) {
            nodes[node][side] = LEAF | value;
            return;
        }

        next = nodes[node][side];

        if (next & LEAF) {
            next = new_node(next);
            nodes[node][side] = next;
        }

        node = next;
    }
}


static void
put(unsigned n, unsigned bytes)
{
    while (bytes-- > 0) {
        putchar((int) (n >> 8 * bytes & 0xff));
    }
}


static void
put_string(const char *text)
{
    put(0x40 | (unsigned) strlen(text), 1);
    fputs(text, stdout);
}


/* after 16 zeros each country has a record of 22 bytes */

static void
put_records(void)
{
    char      code[3] = "AA";
    unsigned  i;

    put(0, 16);

    for (i = 0; i < COUNTRIES; i++) {
        code[0] = (char) ('A' + i / 26);
        code[1] = (char) ('A' + i % 26);

        put(0xe1, 1);
        put_string("country");
        put(0xe1, 1);
        put_string("iso_code");
        put_string(code);
    }
}


static void
put_metadata(unsigned epoch)
{
    fputs("\xab\xcd\xef" "MaxMind.com", stdout);
    put(0xe9, 1);
    put_string("binary_format_major_version");
    put(0xa102, 2);
    put_string("binary_format_minor_version");
    put(0xa0, 1);
    put_string("build_epoch");
    put(0x0402, 2);
    put(epoch, 4);
    put_string("database_type");
    put_string("Xpecto-Bench");
    put_string("description");
    put(0xe0, 1);
    put_string("ip_version");
    put(0xa106, 2);
    put_string("languages");
    put(0x0004, 2);
    put_string("node_count");
    put(0xc4, 1);
    put(nnodes, 4);
    put_string("record_size");
    put(0xa11c, 2);
}


int
main(int argc, char **argv)
{
    uint8_t   addr[16];
    uint32_t  i, record, left, right;
    unsigned  side, len;

    if (argc != 4 && argc != 6) {
        fprintf(stderr, "usage: %s NODES SEED EPOCH [COUNTRY NETWORK]\n",
                argv[0]);
        return 1;
    }

    maxnodes = (uint32_t) strtoul(argv[1], NULL, 10);
    seed = strtoul(argv[2], NULL, 10) * 2 + 1;
    nodes = malloc(((size_t) maxnodes + 256) * sizeof(*nodes));

    if (nodes == NULL) {
        return 1;
    }

    for (i = 0; i < 64; i++) {
        (void) any();
    }

    (void) new_node(EMPTY);

    if (argc == 6) {
        memset(addr, 0, sizeof(addr));
        (void) inet_pton(AF_INET, argv[5], addr + 12);
        insert(addr, 120, (uint32_t) ((argv[4][0] - 'A') * 26
                                      + argv[4][1] - 'A'));
    }

    while (nnodes < maxnodes) {
        memset(addr, 0, sizeof(addr));

        for (i = 0; i < 8; i++) {
            addr[i] = (uint8_t) any();
        }

        if (any() & 1) {
            memmove(addr + 12, addr, 4);
            memset(addr, 0, 12);
            len = 112 + (unsigned) (any() % 13);

            if (argc == 6 && addr[12] == 81) {
                continue;
            }

        } else {
            addr[0] = 0x20 | (addr[0] & 0x0f);
            len = 24 + (unsigned) (any() % 25);
        }

        insert(addr, len, (uint32_t) (any() % COUNTRIES));
    }

    /* records of 28 bits */

    for (i = 0; i < nnodes; i++) {
        left = right = 0;

        for (side = 0; side < 2; side++) {
            record = nodes[i][side];

            if (record == EMPTY) {
                record = nnodes;

            } else if (record & LEAF) {
                record = nnodes + 16 + 22 * (record & ~LEAF);
            }

            left = side ? left : record;
            right = side ? record : right;
        }

        put(left, 3);
        put(left >> 24 << 4 | right >> 24, 1);
        put(right, 3);
    }

    put_records();
    put_metadata((unsigned) strtoul(argv[3], NULL, 10));

    return 0;
}
