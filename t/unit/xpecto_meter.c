
/*
 * Hashes of many values at once: each as SipHash has it of the scope, of what
 * the value belongs to and of the value, one after the other.
 */


#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpecto_meter.h"


#define MAX   41
#define LONG  40


static void
values(void **state)
{
    size_t                i, n, len;
    uint8_t               text[MAX][LONG], in[17 + LONG], secret[16];
    uint64_t              hash[MAX + 1][2], out[2], within[2];
    unsigned              k, seen;
    xpecto_meter_value_t  v[MAX];

    (void) state;

    seen = 0;

    for (k = 0; k < 20000; k++) {
        n = k % (MAX + 1);

        for (i = 0; i < 16; i++) {
            secret[i] = (uint8_t) rand();
            ((uint8_t *) within)[i] = (uint8_t) rand();
        }

        memset(hash, 0x5a, sizeof(hash));

        for (i = 0; i < n; i++) {

            /* most as numbers are, now and then a longer or a shorter one */

            len = (rand() % 12 == 0) ? (size_t) rand() % LONG
                                     : 7 + (size_t) rand() % 9;
            v[i].scope = (uint8_t) ('0' + rand() % 4);
            v[i].value.len = len;
            v[i].value.data = text[i] + LONG - len;
            seen |= 1u << ((len < 31) ? len : 31);

            while (len > 0) {
                text[i][LONG - len--] = (uint8_t) rand();
            }
        }

        xpecto_meter_values(hash, secret, within, v, n);

        for (i = 0; i < n; i++) {
            in[0] = v[i].scope;
            memcpy(in + 1, within, 16);
            memcpy(in + 17, v[i].value.data, v[i].value.len);
            xpecto_siphash128(out, secret, in, 17 + v[i].value.len);

            assert_true(hash[i][0] == out[0] && hash[i][1] == out[1]);
        }

        assert_true(hash[n][0] == 0x5a5a5a5a5a5a5a5aull);
    }

    assert_int_equal(seen, 0xffffffff);

    /* of those that belong to nothing */

    xpecto_meter_values(hash, secret, NULL, v, MAX);

    for (i = 0; i < MAX; i++) {
        in[0] = v[i].scope;
        memcpy(in + 1, v[i].value.data, v[i].value.len);
        xpecto_siphash128(out, secret, in, 1 + v[i].value.len);

        assert_true(hash[i][0] == out[0] && hash[i][1] == out[1]);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(values)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
