
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* Cookie and Set-Cookie: every value goes. */


#include <string.h>

#include "xpecto_redact_edit.h"


static int xpecto_cookie_is_attribute(const uint8_t *p, size_t len);


/* "a=b; c=d" */

void
xpecto_edit_cookie(xpecto_edit_t *e, size_t from, size_t to)
{
    size_t          i, end;
    const uint8_t  *p;

    p = e->p;

    for ( /* void */ ; from < to; from = end + 1) {

        end = xpecto_edit_find(p, from, to, ';');

        while (from < end && p[from] == ' ') {
            from++;
        }

        i = xpecto_edit_find(p, from, end, '=');

        if (i == end) {
            i = from;

        } else {
            i++;
        }

        xpecto_edit_named(e, i, end, XPECTO_CLASS_CREDENTIAL,
                          XPECTO_QUOTE_NONE);
    }
}


/* "a=b; Path=/; HttpOnly"; several may stand behind one another */

void
xpecto_edit_set_cookie(xpecto_edit_t *e, size_t from, size_t to)
{
    size_t          i, end, value;
    unsigned        first;
    const uint8_t  *p;

    p = e->p;

    for (first = 1; from < to; from = end + 1, first = 0) {

        end = xpecto_edit_find(p, from, to, ';');

        while (from < end && p[from] == ' ') {
            from++;
        }

        i = xpecto_edit_find(p, from, end, '=');
        value = i < end ? i + 1 : from;

        if (!first && xpecto_cookie_is_attribute(p + from, i - from)) {

            /* a second "=" is that of the next cookie: "Path=/, c=d" */

            i = xpecto_edit_find(p, i + 1, end, '=');

            if (i >= end) {
                continue;
            }

            value = i + 1;
        }

        xpecto_edit_named(e, value, end, XPECTO_CLASS_CREDENTIAL,
                          XPECTO_QUOTE_NONE);
    }
}


static int
xpecto_cookie_is_attribute(const uint8_t *p, size_t len)
{
    size_t    n;
    uint8_t   name[XPECTO_REDACT_NAME_MAX];
    unsigned  i;

    static const char  *attributes[] = {
        "path", "domain", "expires", "maxage", "secure", "httponly",
        "samesite", "partitioned", "priority", "version"
    };

    n = xpecto_name_fold(name, p, len);

    for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
        if (strlen(attributes[i]) == n
            && memcmp(attributes[i], name, n) == 0)
        {
            return 1;
        }
    }

    return 0;
}
