
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* "2026/11/22 12:00:00 [error] 71#71: *3 ": how nginx begins a line. */


#include "xpecto_redact_quoted.h"


static size_t xpecto_log_digits(const uint8_t *p, size_t i, size_t len);


size_t
xpecto_log_prefix(const uint8_t *p, size_t len)
{
    size_t             i, n;
    static const char  date[] = "dddd/dd/dd dd:dd:dd [";

    for (i = 0; date[i]; i++) {

        if (i == len
            || (date[i] == 'd' ? p[i] < '0' || p[i] > '9'
                               : p[i] != (uint8_t) date[i]))
        {
            return 0;
        }
    }

    while (i < len && p[i] >= 'a' && p[i] <= 'z') {
        i++;
    }

    if (len - i < 2 || p[i] != ']' || p[i + 1] != ' ') {
        return 0;
    }

    i = xpecto_log_digits(p, i + 2, len);

    if (i == len || p[i] != '#') {
        return 0;
    }

    i = xpecto_log_digits(p, i + 1, len);

    if (len - i < 2 || p[i] != ':' || p[i + 1] != ' ') {
        return 0;
    }

    i += 2;

    if (i < len && p[i] == '*') {
        n = xpecto_log_digits(p, i + 1, len);

        if (n < len && p[n] == ' ') {
            i = n + 1;
        }
    }

    return i;
}


static size_t
xpecto_log_digits(const uint8_t *p, size_t i, size_t len)
{
    while (i < len && p[i] >= '0' && p[i] <= '9') {
        i++;
    }

    return i;
}
