
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * A file of epochs.  What is accepted is sorted, its names are unique and
 * found again, each epoch holds at its own begin and not a second earlier;
 * what is refused leaves nothing, and a text that names a line.
 */


#include <stdlib.h>
#include <string.h>

#include "xpecto_epochs.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
holds(int condition)
{
    if (!condition) {
        abort();
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t                 k;
    unsigned               i;
    xpecto_err_t           err;
    const uint8_t         *p;
    xpecto_epochs_t        epochs;
    const xpecto_epoch_t  *e;

    err.text[0] = '\0';

    if (xpecto_epochs_parse(&epochs, data, size, &err) != XPECTO_OK) {
        holds(strncmp(err.text, "line ", 5) == 0
              || strcmp(err.text, "no epoch") == 0);

        p = (const uint8_t *) &epochs;

        for (k = 0; k < sizeof(epochs); k++) {
            holds(p[k] == 0);
        }

        return 0;
    }

    holds(epochs.n > 0 && epochs.n <= XPECTO_EPOCHS_MAX);
    holds(xpecto_epochs_at(&epochs, epochs.epochs[0].not_before - 1) == NULL);

    for (i = 0; i < epochs.n; i++) {
        e = &epochs.epochs[i];

        holds(e->name_len > 0 && e->name_len <= XPECTO_EPOCH_NAME_LEN);
        holds(xpecto_epochs_find(&epochs, e->name, e->name_len) == e);
        holds(xpecto_epochs_at(&epochs, e->not_before) == e);
        holds(i == 0 || xpecto_epochs_at(&epochs, e->not_before - 1) == e - 1);
    }

    return 0;
}
