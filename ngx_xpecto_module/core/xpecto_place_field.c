
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_place_seal.h"
#include "xpecto_place_table.h"


xpecto_rc_e
xpecto_place_field(const char *field, xpecto_err_t *err)
{
    xpecto_place_paths_t  paths;

    return xpecto_place_paths(&paths, field, err);
}


xpecto_rc_e
xpecto_place_paths(xpecto_place_paths_t *paths, const char *field,
    xpecto_err_t *err)
{
    char      *p, end;
    size_t     len;
    unsigned   n;

    if (field == NULL) {
        field = "country.iso_code,country_code";
    }

    len = strlen(field);

    if (len >= sizeof(paths->text)) {
        return xpecto_place_error(err, "the field path is too long");
    }

    memset(paths, 0, sizeof(xpecto_place_paths_t));
    memcpy(paths->text, field, len + 1);

    end = ',';

    for (p = paths->text; end == ','; paths->n++) {

        if (paths->n == XPECTO_PLACE_PATHS) {
            return xpecto_place_error(err, "too many field paths");
        }

        end = '.';

        for (n = 0; end == '.'; n++) {

            if (n == XPECTO_PLACE_PATH || strchr(".,", *p) != NULL) {
                return xpecto_place_error(err, "invalid field path");
            }

            paths->path[paths->n][n] = p;

            p += strcspn(p, ".,");
            end = *p;
            *p++ = '\0';
        }
    }

    return XPECTO_OK;
}
