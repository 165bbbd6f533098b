
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * The first byte says what the rest is: a choice or a birth, JSON or a form,
 * whole or in part.
 *
 * What is taken contradicts nothing: no purpose is accepted and rejected, or
 * is not asked for, or is necessary and rejected; a whole choice says each.
 * A path of a redirect stays on its host.  JSON that is deeper than four
 * levels is not taken, whatever is inside.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_wish.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_choice(xpecto_wish_t *wish, int whole);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t        *deep;
    xpecto_wish_t   wish;
    xpecto_wish_e   reason;

    if (size == 0) {
        return 0;
    }

    memset(&wish, 0, sizeof(wish));

    switch (data[0] & 3) {

    case 0:
        reason = xpecto_wish_json(&wish, data + 1, size - 1);
        break;

    case 1:
        reason = xpecto_wish_form(&wish, data + 1, size - 1);
        break;

    case 2:
        reason = xpecto_wish_birth_json(&wish, data + 1, size - 1);
        break;

    default:
        reason = xpecto_wish_birth_form(&wish, data + 1, size - 1);
        break;
    }

    if (xpecto_wish_text(reason) == NULL) {
        abort();
    }

    if (reason != XPECTO_WISH_OK) {
        return 0;
    }

    if (wish.redirect && !xpecto_wish_is_path(wish.back, wish.back_len)) {
        abort();
    }

    if (data[0] & 2) {

        if (wish.month < 1 || wish.month > 12 || wish.year < 1900
            || wish.year > 9999 || wish.accept || wish.reject)
        {
            abort();
        }

    } else {
        check_choice(&wish, data[0] & 4);
    }

    if (data[0] & 1) {
        return 0;
    }

    deep = malloc(size + 7);

    if (deep == NULL) {
        abort();
    }

    memcpy(deep, "[[[[", 4);
    memcpy(deep + 4, data + 1, size - 1);
    memcpy(deep + 3 + size, "]]]]", 4);

    if (xpecto_wish_json(&wish, deep, size + 7) != XPECTO_WISH_DEEP) {
        abort();
    }

    free(deep);

    return 0;
}


static void
check_choice(xpecto_wish_t *wish, int whole)
{
    uint16_t  named;

    if (xpecto_wish_complete(wish, XPECTO_PURPOSES_ASKED, whole)
        != XPECTO_WISH_OK)
    {
        return;
    }

    named = (uint16_t) (wish->accept | wish->reject);

    if ((wish->accept & wish->reject)
        || (named & ~(XPECTO_PURPOSES_ASKED | XPECTO_PURPOSES_ALWAYS))
        || (wish->reject & XPECTO_PURPOSES_ALWAYS)
        || (whole && (named & XPECTO_PURPOSES_ASKED) != XPECTO_PURPOSES_ASKED))
    {
        abort();
    }
}
