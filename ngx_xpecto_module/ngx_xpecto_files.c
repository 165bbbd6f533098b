
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_xpecto_spine.h"


/* a change within the clock's grain of the last one would look the same */

#define NGX_XPECTO_FILES_SETTLE  2


typedef struct {
    const ngx_xpecto_files_t  *files;
    ngx_uint_t                 optional;
    ngx_str_t                 *conf;
    ngx_uint_t                 line;
} ngx_xpecto_files_try_t;


static void ngx_xpecto_files_look(ngx_xpecto_file_t *file);
static void ngx_xpecto_files_again(const ngx_xpecto_files_t *files,
    ngx_xpecto_files_t *now);
static ngx_uint_t ngx_xpecto_files_restless(const ngx_xpecto_files_t *now,
    const ngx_xpecto_files_t *before, ngx_msec_t quiet);
static void ngx_xpecto_make_private(ngx_open_file_t *file, ngx_log_t *log);
static ngx_int_t ngx_xpecto_files_try(ngx_cycle_t *cycle,
    ngx_core_conf_t *ccf, void *data);


xpecto_rc_e
ngx_xpecto_files_add(ngx_xpecto_files_t *files, const char *path,
    xpecto_err_t *err)
{
    size_t              len;
    ngx_uint_t          i;
    ngx_xpecto_file_t  *file;

    for (i = 0; i < files->n; i++) {

        if (ngx_strcmp(files->file[i].name, path) == 0) {
            return XPECTO_OK;
        }
    }

    len = ngx_strlen(path);

    if (files->n == NGX_XPECTO_FILES || len >= NGX_XPECTO_FILE_NAME) {
        (void) snprintf(err->text, sizeof(err->text),
                        (len < NGX_XPECTO_FILE_NAME)
                        ? "it is made of too many files"
                        : "its name or that of a file it names is too long");
        return XPECTO_ERROR;
    }

    file = &files->file[files->n++];

    ngx_memcpy(file->name, path, len + 1);
    ngx_xpecto_files_look(file);

    return XPECTO_OK;
}


static void
ngx_xpecto_files_look(ngx_xpecto_file_t *file)
{
    struct stat  st;

    file->device = 0;
    file->inode = 0;
    file->size = 0;
    file->changed = 0;
    file->error = 0;
    file->settled = 1;

    if (stat(file->name, &st) == -1) {
        file->error = ngx_errno;
        return;
    }

    file->device = st.st_dev;
    file->inode = st.st_ino;
    file->size = st.st_size;
    file->changed = (uint64_t) st.st_ctim.tv_sec * 1000000000
                    + st.st_ctim.tv_nsec;
    file->settled = time(NULL) - st.st_ctime >= NGX_XPECTO_FILES_SETTLE;
}


ngx_int_t
ngx_xpecto_files_changed(const ngx_xpecto_files_t *files, ngx_msec_t quiet)
{
    ngx_uint_t          i;
    ngx_xpecto_files_t  now;

    ngx_xpecto_files_again(files, &now);

    if (ngx_xpecto_files_restless(&now, files, quiet)) {
        return NGX_AGAIN;
    }

    for (i = 0; i < now.n; i++) {

        if (now.file[i].settled != files->file[i].settled) {
            return NGX_OK;
        }
    }

    return ngx_xpecto_files_same(&now, files) ? NGX_DECLINED : NGX_OK;
}


ngx_uint_t
ngx_xpecto_files_kept(const ngx_xpecto_files_t *files,
    const ngx_xpecto_files_t *before, ngx_msec_t quiet)
{
    ngx_xpecto_files_t  now;

    ngx_xpecto_files_again(files, &now);

    return ngx_xpecto_files_same(&now, files)
           && !ngx_xpecto_files_restless(&now, before, quiet);
}


static void
ngx_xpecto_files_again(const ngx_xpecto_files_t *files,
    ngx_xpecto_files_t *now)
{
    ngx_uint_t  i;

    *now = *files;

    for (i = 0; i < now->n; i++) {
        ngx_xpecto_files_look(&now->file[i]);
    }
}


/*
 * 1: one of them has changed, and only just.  Half of an old and half of a
 * new file may be sound and yet be neither: whoever writes must be done.
 */

static ngx_uint_t
ngx_xpecto_files_restless(const ngx_xpecto_files_t *now,
    const ngx_xpecto_files_t *before, ngx_msec_t quiet)
{
    uint64_t         ns;
    ngx_uint_t       i;
    struct timespec  ts;

    if (ngx_xpecto_files_same(now, before)) {
        return 0;
    }

    (void) clock_gettime(CLOCK_REALTIME, &ts);
    ns = (uint64_t) ts.tv_sec * 1000000000 + ts.tv_nsec;

    for (i = 0; i < now->n; i++) {

        if (now->file[i].changed <= ns
            && ns - now->file[i].changed < (uint64_t) quiet * 1000000)
        {
            return 1;
        }
    }

    return 0;
}


ngx_uint_t
ngx_xpecto_files_same(const ngx_xpecto_files_t *one,
    const ngx_xpecto_files_t *two)
{
    ngx_uint_t                i;
    const ngx_xpecto_file_t  *a, *b;

    if (one->n != two->n) {
        return 0;
    }

    for (i = 0; i < one->n; i++) {
        a = &one->file[i];
        b = &two->file[i];

        if (a->device != b->device
            || a->inode != b->inode
            || a->size != b->size
            || a->changed != b->changed
            || a->error != b->error
            || ngx_strcmp(a->name, b->name) != 0)
        {
            return 0;
        }
    }

    return 1;
}


xpecto_rc_e
ngx_xpecto_read_file(const char *path, ngx_xpecto_files_t *files, size_t max,
    xpecto_image_t *content, xpecto_err_t *err)
{
    int           fd;
    size_t        size;
    u_char        text[NGX_MAX_ERROR_STR / 16];
    ssize_t       n;
    ngx_err_t     error;
    struct stat   st, after;

    content->data = NULL;
    content->len = 0;

    /* before it is opened: what changes from now on is seen */

    if (files != NULL
        && ngx_xpecto_files_add(files, path, err) != XPECTO_OK)
    {
        return XPECTO_ERROR;
    }

    fd = open(path, O_RDONLY|O_CLOEXEC|O_NONBLOCK);

    if (fd == -1 || fstat(fd, &st) == -1) {
        error = ngx_errno;

        *ngx_strerror(error, text, sizeof(text) - 1) = '\0';

        (void) snprintf(err->text, sizeof(err->text),
                        "it cannot be opened (%d: %s)", error, text);
        goto failed;
    }

    if (!S_ISREG(st.st_mode)) {
        (void) snprintf(err->text, sizeof(err->text),
                        "it is not a regular file");
        goto failed;
    }

    size = (size_t) st.st_size;

    if (size == 0 || size > max) {
        (void) snprintf(err->text, sizeof(err->text),
                        size ? "it is larger than %zu bytes" : "it is empty",
                        max);
        goto failed;
    }

    content->data = malloc(size);
    if (content->data == NULL) {
        (void) snprintf(err->text, sizeof(err->text), "no memory");
        goto failed;
    }

    while (content->len < size) {

        n = read(fd, (u_char *) content->data + content->len,
                 size - content->len);

        if (n == -1 && ngx_errno == NGX_EINTR) {
            continue;
        }

        if (n <= 0) {
            (void) snprintf(err->text, sizeof(err->text),
                            "it could not be read to its end");
            goto failed;
        }

        content->len += n;
    }

    /* half of one state and half of another may well be a document */

    if (fstat(fd, &after) == -1
        || after.st_size != st.st_size
        || after.st_mtim.tv_sec != st.st_mtim.tv_sec
        || after.st_mtim.tv_nsec != st.st_mtim.tv_nsec)
    {
        (void) snprintf(err->text, sizeof(err->text),
                        "it changes while it is read");
        goto failed;
    }

    (void) close(fd);

    return XPECTO_OK;

failed:

    if (fd != -1) {
        (void) close(fd);
    }

    free(content->data);
    content->data = NULL;

    return XPECTO_ERROR;
}


ngx_open_file_t *
ngx_xpecto_open_private(ngx_conf_t *cf, ngx_str_t *name)
{
    ngx_fd_t          fd;
    ngx_uint_t        regular;
    ngx_file_info_t   fi;
    ngx_open_file_t  *file;

    file = ngx_conf_open_file(cf->cycle, name);

    if (file != NULL) {
        ngx_xpecto_make_private(file, cf->log);

        fd = ngx_open_file(file->name.data, NGX_FILE_WRONLY,
                           NGX_FILE_NONBLOCK, 0);

        if (fd == NGX_INVALID_FILE) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                               ngx_open_file_n " \"%V\" failed",
                               &file->name);
            return NULL;
        }

        /* a pipe would stop nginx until it is read, a device keeps nothing */

        regular = (ngx_fd_info(fd, &fi) != NGX_FILE_ERROR && ngx_is_file(&fi));

        (void) ngx_close_file(fd);

        if (!regular) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is not a regular file", &file->name);
            return NULL;
        }

        if (file->flush == NULL) {
            file->flush = ngx_xpecto_make_private;
        }
    }

    return file;
}


/* what fails here fails again where the file is opened, which says so */

static void
ngx_xpecto_make_private(ngx_open_file_t *file, ngx_log_t *log)
{
    ngx_fd_t  fd;

    fd = ngx_open_file(file->name.data, NGX_FILE_WRONLY, O_CREAT|O_EXCL,
                       NGX_FILE_OWNER_ACCESS);

    if (fd != NGX_INVALID_FILE) {
        (void) ngx_close_file(fd);
    }
}


/* workers run as an ordinary user: what they cannot read they cannot follow */

ngx_int_t
ngx_xpecto_files_readable(const ngx_xpecto_files_t *files, ngx_cycle_t *cycle,
    ngx_uint_t optional, ngx_str_t *conf, ngx_uint_t line)
{
    ngx_xpecto_files_try_t  try;

    try.files = files;
    try.optional = optional;
    try.conf = conf;
    try.line = line;

    return ngx_xpecto_as_worker(cycle, ngx_xpecto_files_try, &try);
}


static ngx_int_t
ngx_xpecto_files_try(ngx_cycle_t *cycle, ngx_core_conf_t *ccf, void *data)
{
    ngx_xpecto_files_try_t  *try = data;

    ngx_fd_t                  fd;
    ngx_err_t                 err;
    ngx_uint_t                i;
    const ngx_xpecto_file_t  *file;

    for (i = 0; i < try->files->n; i++) {
        file = &try->files->file[i];

        fd = ngx_open_file(file->name, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

        if (fd != NGX_INVALID_FILE) {
            (void) ngx_close_file(fd);
            continue;
        }

        err = ngx_errno;

        if (try->optional && err == NGX_ENOENT) {
            continue;
        }

        ngx_log_error(NGX_LOG_EMERG, cycle->log, err,
                      "\"%s\" cannot be read by the user \"%s\" of the "
                      "workers, who have to follow it, in %V:%ui",
                      file->name, ccf->username, try->conf, try->line);

        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_xpecto_as_worker(ngx_cycle_t *cycle, ngx_xpecto_as_worker_pt handler,
    void *data)
{
    int               ngroups;
    gid_t             gid, groups[NGROUPS_MAX];
    ngx_int_t         rc;
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    if (geteuid() != 0 || ccf->user == (ngx_uid_t) NGX_CONF_UNSET_UINT) {
        return NGX_OK;
    }

    gid = getegid();
    ngroups = getgroups(NGROUPS_MAX, groups);

    if (ngroups == -1
        || initgroups(ccf->username, ccf->group) == -1
        || setegid(ccf->group) == -1
        || seteuid(ccf->user) == -1)
    {
        ngx_log_error(NGX_LOG_ALERT, cycle->log, ngx_errno,
                      "becoming the user of the workers failed");
        rc = NGX_ERROR;

    } else {
        rc = handler(cycle, ccf, data);
    }

    if (seteuid(0) == -1
        || setegid(gid) == -1
        || (ngroups != -1 && setgroups(ngroups, groups) == -1))
    {
        ngx_log_error(NGX_LOG_ALERT, cycle->log, ngx_errno,
                      "becoming the superuser again failed");
        return NGX_ERROR;
    }

    return rc;
}
