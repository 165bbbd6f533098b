
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * The first byte cuts the rest into two values, one of which is sealed.
 * Whatever they are: a line has one end and one begin, where verify looks for
 * it; it is UTF-8 without control characters; a byte of room too few is
 * refused, and no byte beyond the room is touched; a number that is sealed
 * is not there in the clear.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_ledger.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count(const uint8_t *p, size_t len, const void *what, size_t n);
static int is_number(const xpecto_str_t *str);


#define NUMBER  8


static void
holds(int condition)
{
    if (!condition) {
        abort();
    }
}


static size_t
count(const uint8_t *p, size_t len, const void *what, size_t n)
{
    size_t  i, found;

    found = 0;

    for (i = 0; i + n <= len; i++) {
        found += (memcmp(&p[i], what, n) == 0);
    }

    return found;
}


/* it begins with as many digits as tell it from others */

static int
is_number(const xpecto_str_t *str)
{
    size_t  i;

    for (i = 0; i < str->len && i < NUMBER; i++) {
        if (str->data[i] < '0' || str->data[i] > '9') {
            return 0;
        }
    }

    return i == NUMBER;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t                         i, len, again, found;
    uint8_t                        line[XPECTO_LEDGER_LINE + 1];
    xpecto_key_t                   key;
    xpecto_err_t                   err;
    xpecto_epochs_t                epochs;
    xpecto_ledger_field_t          fields[2];
    xpecto_ledger_chain_t          chain;
    xpecto_ledger_event_t          event;

    static const uint8_t           id[XPECTO_LEDGER_ID_LEN];
    static const char              begin[] = "{\"chain\":\"";
    static const char              text[] =
        "a:0:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";

    if (size == 0) {
        return 0;
    }

    memset(&key, 1, sizeof(xpecto_key_t));
    memset(fields, 0, sizeof(fields));

    holds(xpecto_epochs_parse(&epochs, (const uint8_t *) text,
                              sizeof(text) - 1, &err)
          == XPECTO_OK
          && xpecto_epochs_derive(&epochs, &key) == XPECTO_OK
          && xpecto_ledger_open(&chain, &key, id) == XPECTO_OK);

    fields[0].name = "open";
    fields[0].str.data = data + 1;
    fields[0].str.len = data[0] % size;

    fields[1].name = "closed";
    fields[1].type = XPECTO_LEDGER_SEALED;
    fields[1].str.data = data + 1 + fields[0].str.len;
    fields[1].str.len = size - 1 - fields[0].str.len;

    event.name = "fuzz";
    event.msec = 1795348800007;
    event.fields = fields;
    event.nfields = 2;

    if (xpecto_ledger_line(&chain, &event, &epochs, line, XPECTO_LEDGER_LINE,
                           &len)
        == XPECTO_OK)
    {
        holds(len <= XPECTO_LEDGER_LINE && line[len - 1] == '\n');
        holds(memcmp(line, begin, sizeof(begin) - 1) == 0);
        holds(count(line, len, begin, sizeof(begin) - 1) == 1);

        for (i = 0; i < len - 1; i++) {
            holds(line[i] >= 0x20 && line[i] != 0x7f);
            holds(line[i] != 0xc0 && line[i] != 0xc1 && line[i] < 0xf5);
        }

        if (is_number(&fields[1].str)) {
            found = count(line, len, fields[1].str.data, NUMBER);

            event.nfields = 1;
            holds(xpecto_ledger_line(&chain, &event, &epochs, line,
                                     XPECTO_LEDGER_LINE, &again)
                  == XPECTO_OK);
            holds(count(line, again, fields[1].str.data, NUMBER) == found);
            event.nfields = 2;
        }

        line[len - 1] = 0x5a;
        holds(xpecto_ledger_line(&chain, &event, &epochs, line, len - 1,
                                 &again)
              == XPECTO_ERROR);
        holds(line[len - 1] == 0x5a);
    }

    xpecto_ledger_close(&chain);

    return 0;
}
