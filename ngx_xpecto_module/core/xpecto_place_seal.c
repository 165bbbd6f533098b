
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xpecto_place_seal.h"


#define XPECTO_PLACE_FILE_MAX  (1 << 30)


static xpecto_rc_e xpecto_place_copy(int fd, int copy, size_t *size,
    xpecto_err_t *err);


/*
 * A copy that nobody can change any more: whoever writes into the file in
 * place changes neither what is checked nor what the library reads.
 */

xpecto_rc_e
xpecto_place_seal(const char *path, int *copy, size_t *size,
    xpecto_err_t *err)
{
    int          fd;
    xpecto_rc_e  rc;

    *copy = -1;
    *size = 0;

    /* a pipe must not make us wait */

    fd = open(path, O_RDONLY|O_CLOEXEC|O_NONBLOCK);
    if (fd == -1) {
        return xpecto_place_error(err, "cannot be opened: %s",
                                  strerror(errno));
    }

    *copy = memfd_create("xpecto_place", MFD_CLOEXEC|MFD_ALLOW_SEALING);

    if (*copy == -1) {
        rc = xpecto_place_error(err, "memfd_create() failed: %s",
                                strerror(errno));

    } else {
        rc = xpecto_place_copy(fd, *copy, size, err);
    }

    (void) close(fd);

    if (rc != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    if (fcntl(*copy, F_ADD_SEALS,
              F_SEAL_WRITE|F_SEAL_SHRINK|F_SEAL_GROW|F_SEAL_SEAL)
        == -1)
    {
        return xpecto_place_error(err, "cannot be sealed: %s",
                                  strerror(errno));
    }

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_place_copy(int fd, int copy, size_t *size, xpecto_err_t *err)
{
    char         buf[65536], *p;
    ssize_t      n, written;
    struct stat  before, after;

    if (fstat(fd, &before) == -1 || !S_ISREG(before.st_mode)) {
        return xpecto_place_error(err, "is not a regular file");
    }

    if (before.st_size == 0) {
        return xpecto_place_error(err, "is empty");
    }

    if (before.st_size > XPECTO_PLACE_FILE_MAX) {
        return xpecto_place_error(err, "is larger than 1 GiB");
    }

    for ( ;; ) {
        n = read(fd, buf, sizeof(buf));

        if (n == -1) {
            return xpecto_place_error(err, "cannot be read: %s",
                                      strerror(errno));
        }

        if (n == 0) {
            break;
        }

        *size += (size_t) n;

        if (*size > XPECTO_PLACE_FILE_MAX) {
            return xpecto_place_error(err, "grows while it is read");
        }

        for (p = buf; n > 0; p += written, n -= written) {
            written = write(copy, p, (size_t) n);

            if (written == -1) {
                return xpecto_place_error(err,
                                          "cannot be copied: %s",
                                          strerror(errno));
            }
        }
    }

    if (fstat(fd, &after) == -1
        || (size_t) after.st_size != *size
        || after.st_mtim.tv_sec != before.st_mtim.tv_sec
        || after.st_mtim.tv_nsec != before.st_mtim.tv_nsec)
    {
        return xpecto_place_error(err, "changes while it is read");
    }

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_place_error(xpecto_err_t *err, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    (void) vsnprintf(err->text, sizeof(err->text), fmt, args);
    va_end(args);

    return XPECTO_ERROR;
}
