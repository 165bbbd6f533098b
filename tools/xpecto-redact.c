
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * The engine of the redact room as a command: lines in, lines out.
 *
 * Memory is bounded: a line that is longer than the buffer is cut in two
 * where that changes nothing of what is found, and is given up, which is
 * "[content]" up to its end, where one value alone fills the half of it.
 */


#define _XOPEN_SOURCE  700

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "xpecto_epochs.h"
#include "xpecto_redact.h"


#define XR_BUFFER      (1024 * 1024)    /* of input */
#define XR_AHEAD       1024             /* behind a cut, at least */
#define XR_CUTS        24               /* places that are tried for one */
#define XR_NAMES       256
#define XR_KEY_FILE    65536            /* of the longest one */

#define XR_CLEAN       0                /* exit codes */
#define XR_FOUND       1
#define XR_TROUBLE     2


typedef struct {
    xpecto_redact_t        rd;
    xpecto_mask_t          mask;
    xpecto_pseudonym_t     pseudonym;
    xpecto_redact_name_t   names[XR_NAMES];
    uint8_t                folded[XR_NAMES][XPECTO_REDACT_NAME_MAX];

    xpecto_form_e          form;
    int                    check;
    int                    stats;
    int                    quiet;
    const char            *styles[XPECTO_CLASSES];  /* as they were given */

    uint8_t               *in;
    uint8_t               *out[3];      /* xpecto_redact_bound(XR_BUFFER) */
    uint8_t               *end;         /* of what is to be written */

    const char            *file;
    uint64_t               line;
    uint64_t               lines;       /* of all files */
    uint64_t               changed;
    uint64_t               counts[XPECTO_CLASSES];
    uint64_t               of_line[XPECTO_CLASSES];

    uint64_t               done;        /* bytes */
    uint64_t               size;        /* of a file, 0: not known */
    time_t                 start;
    time_t                 shown;
} xr_t;


static void xr_options(xr_t *xr, int argc, char **argv);
static void xr_option_style(xr_t *xr, const char *word);
static void xr_option_name(xr_t *xr, const char *word);
static xpecto_form_e xr_option_form(const char *word);
static int xr_is_name(const char *name);
static void xr_option_keys(xr_t *xr, const char *keys, const char *epochs,
    const char *epoch, const char *tenant);
static size_t xr_read_file(const char *name, uint8_t *buf, size_t cap);

static void xr_argument(xr_t *xr, const char *name);
static void xr_file(xr_t *xr, int fd);
static int xr_is_packed(const uint8_t *p, size_t len);
static void xr_whole_line(xr_t *xr, size_t start, size_t end, int newline);
static size_t xr_long_line(xr_t *xr, size_t len, int *skip);
static size_t xr_cut(xr_t *xr, size_t len, size_t whole);
static size_t xr_redact(xr_t *xr, uint8_t *out, const uint8_t *p, size_t len,
    int tail, int count);
static void xr_end_of_line(xr_t *xr);
static int xr_is_output(const struct stat *st);
static void xr_write(const void *data, size_t len);
static void xr_flush(void);

static void xr_progress(xr_t *xr);
static void xr_stats(const xr_t *xr);
static void xr_die(const char *what, const char *name, const char *why);


static const char  xr_usage[] =
    "usage: xpecto-redact [option ...] [file ...]\n"
    "\n"
    "Redacts logs from files or standard input to standard output.\n"
    "\n"
    "  -c, --check              only say which lines hold something: 1 if any\n"
    "  -s, --stats              what was found, on standard error\n"
    "      --style CLASS=STYLE  as of xpecto_redact_as; may be repeated\n"
    "      --name CLASS=NAME    as of xpecto_redact_name; may be repeated\n"
    "      --form FORM          what a line is: log, json, body, query, uri\n"
    "                           or text; log is for logs of all kinds\n"
    "      --keys FILE          the file of xpecto_keys, and\n"
    "      --epochs FILE        of xpecto_epochs, for pseudonyms\n"
    "      --epoch NAME         of that epoch, else of the one that has begun\n"
    "      --tenant NAME        of that tenant, else of nobody known\n"
    "  -q, --quiet              no progress on a terminal\n"
    "  -h, --help\n"
    "\n"
    "It exits with 0, with 1 if --check found something, with 2 on trouble.\n";


static const struct {
    const char     *name;
    xpecto_form_e   form;
} xr_forms[] = {
    { "log", XPECTO_FORM_LINE },
    { "json", XPECTO_FORM_JSON },
    { "body", XPECTO_FORM_BODY },
    { "query", XPECTO_FORM_QUERY },
    { "uri", XPECTO_FORM_URI },
    { "text", XPECTO_FORM_TEXT }
};


int
main(int argc, char **argv)
{
    int           i;
    size_t        cap;
    static xr_t   xr;

    xr_options(&xr, argc, argv);

    cap = xpecto_redact_bound(XR_BUFFER);
    xr.in = malloc(XR_BUFFER);

    for (i = 0; i < 3; i++) {
        xr.out[i] = malloc(cap);

        if (xr.in == NULL || xr.out[i] == NULL) {
            xr_die("no memory", NULL, NULL);
        }
    }

    xr.start = time(NULL);

    if (optind == argc) {
        xr_argument(&xr, "-");
    }

    for (i = optind; i < argc; i++) {
        xr_argument(&xr, argv[i]);
    }

    xr_flush();

    if (xr.shown) {
        (void) fputs("\r\033[K", stderr);
    }

    if (xr.stats) {
        xr_stats(&xr);
    }

    return (xr.check && xr.changed) ? XR_FOUND : XR_CLEAN;
}


static void
xr_options(xr_t *xr, int argc, char **argv)
{
    int          c;
    const char  *keys, *epochs, *epoch, *tenant;

    static const struct option  options[] = {
        { "check", no_argument, NULL, 'c' },
        { "stats", no_argument, NULL, 's' },
        { "quiet", no_argument, NULL, 'q' },
        { "help", no_argument, NULL, 'h' },
        { "style", required_argument, NULL, 'S' },
        { "name", required_argument, NULL, 'N' },
        { "form", required_argument, NULL, 'F' },
        { "keys", required_argument, NULL, 'K' },
        { "epochs", required_argument, NULL, 'E' },
        { "epoch", required_argument, NULL, 'e' },
        { "tenant", required_argument, NULL, 'T' },
        { NULL, 0, NULL, 0 }
    };

    keys = epochs = epoch = tenant = NULL;

    xpecto_redact_defaults(&xr->rd);
    xr->rd.names = xr->names;
    xr->form = XPECTO_FORM_LINE;

    while ((c = getopt_long(argc, argv, "csqh", options, NULL)) != -1) {

        switch (c) {

        case 'c':
            xr->check = 1;
            break;

        case 's':
            xr->stats = 1;
            break;

        case 'q':
            xr->quiet = 1;
            break;

        case 'S':
            xr_option_style(xr, optarg);
            break;

        case 'N':
            xr_option_name(xr, optarg);
            break;

        case 'F':
            xr->form = xr_option_form(optarg);
            break;

        case 'K':
            keys = optarg;
            break;

        case 'E':
            epochs = optarg;
            break;

        case 'e':
            epoch = optarg;
            break;

        case 'T':
            tenant = optarg;
            break;

        case 'h':
            (void) fputs(xr_usage, stdout);
            xr_flush();
            exit(XR_CLEAN);

        default:
            (void) fputs(xr_usage, stderr);
            exit(XR_TROUBLE);
        }
    }

    xr_option_keys(xr, keys, epochs, epoch, tenant);
}


static void
xr_option_style(xr_t *xr, const char *word)
{
    unsigned         last;
    const char      *p;
    xpecto_class_e   class;
    xpecto_style_e   style;

    p = strchr(word, '=');

    if (p == NULL) {
        xr_die("invalid style", word, "it must be CLASS=STYLE");
    }

    if (xpecto_class_parse((const uint8_t *) word, (size_t) (p - word), &class)
        != XPECTO_OK)
    {
        xr_die("unknown class in style", word, NULL);
    }

    if (xpecto_style_parse((const uint8_t *) p + 1, strlen(p + 1), &style,
                           &last)
        != XPECTO_OK)
    {
        xr_die("unknown style", word, NULL);
    }

    if (xpecto_redact_style(&xr->rd, class, style) != XPECTO_OK) {
        xr_die("the style cannot be applied to this class", word, NULL);
    }

    if (xr->styles[class] != NULL) {
        xr_die("the class already has a style", word, NULL);
    }

    xr->styles[class] = word;

    if (style == XPECTO_STYLE_MASK) {

        if (last < 1 || last > XPECTO_MASK_LAST) {
            xr_die("invalid style", word, "one to four digits can stay");
        }

        (void) xpecto_mask_build(&xr->mask, last);
        xr->rd.mask = &xr->mask;
    }
}


static void
xr_option_name(xr_t *xr, const char *word)
{
    size_t                 len;
    unsigned               i;
    const char            *p;
    xpecto_redact_name_t  *name;

    p = strchr(word, '=');

    if (p == NULL) {
        xr_die("invalid name", word, "it must be CLASS=NAME");
    }

    if (xr->rd.nnames == XR_NAMES) {
        xr_die("too many names", word, NULL);
    }

    name = &xr->names[xr->rd.nnames];

    if (xpecto_class_parse((const uint8_t *) word, (size_t) (p - word),
                           &name->class)
        != XPECTO_OK)
    {
        xr_die("unknown class in name", word, NULL);
    }

    if (!xr_is_name(p + 1)) {
        xr_die("invalid character in name", word, NULL);
    }

    len = xpecto_name_fold(xr->folded[xr->rd.nnames], (const uint8_t *) p + 1,
                           strlen(p + 1));
    if (len == 0) {
        xr_die("invalid name", word, "it must have 1 to 40 letters or digits");
    }

    for (i = 0; i < xr->rd.nnames; i++) {
        if (xr->names[i].name.len == len
            && memcmp(xr->folded[i], xr->folded[xr->rd.nnames], len) == 0)
        {
            xr_die("duplicate name", word,
                   "case, \"_\", \"-\" and \".\" do not count");
        }
    }

    name->name.data = xr->folded[xr->rd.nnames++];
    name->name.len = len;
}


/* no character that ends names, as of xpecto_redact_name */

static int
xr_is_name(const char *name)
{
    for ( /* void */ ; *name != '\0'; name++) {
        if (*name <= ' ' || *name >= 0x7f || strchr("=&;?#/%\"\\", *name)) {
            return 0;
        }
    }

    return 1;
}


static xpecto_form_e
xr_option_form(const char *word)
{
    size_t  i;

    for (i = 0; i < sizeof(xr_forms) / sizeof(xr_forms[0]); i++) {
        if (strcmp(xr_forms[i].name, word) == 0) {
            return xr_forms[i].form;
        }
    }

    xr_die("unknown form", word, NULL);

    return XPECTO_FORM_LINE;
}


static void
xr_option_keys(xr_t *xr, const char *keys, const char *epochs,
    const char *epoch, const char *tenant)
{
    size_t                   len;
    unsigned                 i;
    xpecto_err_t             err;
    const xpecto_epoch_t    *ep;
    static uint8_t           text[XR_KEY_FILE];
    static xpecto_epochs_t   list;
    static xpecto_keyring_t  ring;

    if (keys == NULL && epochs == NULL) {

        if (epoch != NULL || tenant != NULL) {
            xr_die("--epoch and --tenant need --keys and --epochs", NULL, NULL);
        }

        for (i = 0; i < XPECTO_CLASSES; i++) {
            if (xr->styles[i] != NULL
                && xr->rd.styles[i] == XPECTO_STYLE_PSEUDONYM)
            {
                xr_die("--keys and --epochs are needed for", xr->styles[i],
                       NULL);
            }
        }

        return;
    }

    if (keys == NULL || epochs == NULL) {
        xr_die("--keys and --epochs need each other", NULL, NULL);
    }

    len = xr_read_file(keys, text, sizeof(text));

    if (xpecto_keyring_parse(&ring, text, len, &err) != XPECTO_OK) {
        xr_die("invalid file", keys, err.text);
    }

    len = xr_read_file(epochs, text, sizeof(text));

    if (xpecto_epochs_parse(&list, text, len, &err) != XPECTO_OK) {
        xr_die("invalid file", epochs, err.text);
    }

    if (xpecto_epochs_derive(&list, &ring.keys[0]) != XPECTO_OK) {
        xr_die("OpenSSL cannot derive keys", NULL, NULL);
    }

    ep = (epoch != NULL) ? xpecto_epochs_find(&list, (const uint8_t *) epoch,
                                              strlen(epoch))
                         : xpecto_epochs_at(&list, time(NULL));

    if (ep == NULL) {
        xr_die("no such epoch", epoch, NULL);
    }

    if (xpecto_pseudonym_set(&xr->pseudonym, ep->pseudonym, ep->name,
                             ep->name_len, (const uint8_t *) tenant,
                             (tenant != NULL) ? strlen(tenant) : 0)
        != XPECTO_OK)
    {
        xr_die("the name of the epoch cannot stand in a pseudonym", NULL,
               NULL);
    }

    xr->rd.pseudonym = &xr->pseudonym;

    xpecto_cleanse(text, sizeof(text));
    xpecto_cleanse(&ring, sizeof(ring));
    xpecto_cleanse(&list, sizeof(list));
}


static size_t
xr_read_file(const char *name, uint8_t *buf, size_t cap)
{
    size_t  len;
    FILE   *in;

    in = fopen(name, "rb");

    if (in == NULL) {
        xr_die("cannot open", name, strerror(errno));
    }

    len = fread(buf, 1, cap, in);

    if (ferror(in) || len == cap) {
        xr_die("cannot read", name, (len == cap) ? "it is too large"
                                                 : strerror(errno));
    }

    (void) fclose(in);

    return len;
}


static void
xr_argument(xr_t *xr, const char *name)
{
    int          fd;
    struct stat  st;

    fd = (strcmp(name, "-") == 0) ? STDIN_FILENO : open(name, O_RDONLY);

    if (fd == -1) {
        xr_die("cannot open", name, strerror(errno));
    }

    xr->file = name;
    xr->done = 0;
    xr->size = 0;

    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {

        if (xr_is_output(&st)) {
            xr_die("cannot read", name, "it is the output as well");
        }

        xr->size = (uint64_t) st.st_size;
    }

    xr_file(xr, fd);

    (void) close(fd);
}


static void
xr_file(xr_t *xr, int fd)
{
    int       skip;
    size_t    len, start;
    ssize_t   n;
    uint8_t  *end;

    skip = 0;
    len = 0;
    xr->line = 1;

    for ( ;; ) {

        n = read(fd, xr->in + len, XR_BUFFER - len);

        if (n == -1) {

            if (errno == EINTR) {
                continue;
            }

            xr_die("cannot read", xr->file, strerror(errno));
        }

        if (n == 0) {
            break;
        }

        len += (size_t) n;

        /* in there nothing would be found, whatever it holds */

        if (xr->done == 0 && xr_is_packed(xr->in, len)) {
            xr_die("cannot read", xr->file, "it is compressed or of wide "
                   "characters, only plain text can be read");
        }

        xr->done += (uint64_t) n;

        for (start = 0; start < len; start = (size_t) (end - xr->in) + 1) {

            end = memchr(xr->in + start, '\n', len - start);
            if (end == NULL) {
                break;
            }

            if (skip) {
                skip = 0;
                xr_write("\n", xr->check ? 0 : 1);
                xr_end_of_line(xr);

            } else {
                xr_whole_line(xr, start, (size_t) (end - xr->in), 1);
            }
        }

        if (skip) {
            start = len;

        } else if (start == 0 && len == XR_BUFFER) {
            start = xr_long_line(xr, len, &skip);
        }

        len -= start;
        memmove(xr->in, xr->in + start, len);

        xr_progress(xr);
    }

    if (len > 0) {
        xr_whole_line(xr, 0, len, 0);

    } else if (skip) {
        xr_end_of_line(xr);
    }
}


/* gzip, zstd, xz, bzip2, lz4, zip; UTF-16 in either order of bytes */

static int
xr_is_packed(const uint8_t *p, size_t len)
{
    size_t  i;

    static const struct {
        size_t       len;
        const char  *first;
    } kinds[] = {
        { 3, "\x1f\x8b\x08" },
        { 4, "\x28\xb5\x2f\xfd" },
        { 5, "\xfd" "7zXZ" },
        { 3, "BZh" },
        { 4, "\x04\x22\x4d\x18" },
        { 4, "PK\x03\x04" },
        { 2, "\xff\xfe" },
        { 2, "\xfe\xff" }
    };

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (len >= kinds[i].len
            && memcmp(p, kinds[i].first, kinds[i].len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* a CR belongs to the line's end */

static void
xr_whole_line(xr_t *xr, size_t start, size_t end, int newline)
{
    size_t    n, len;
    uint8_t  *p, *out;

    p = xr->in + start;
    len = end - start;
    out = xr->out[0];

    if (len > 0 && p[len - 1] == '\r') {
        len--;
    }

    n = xr_redact(xr, out, p, len, 0, 1);

    if (!xr->check) {

        if (n > 0) {
            xr_write(out, n);
        }

        xr_write(p + len, end - start - len + (newline ? 1 : 0));
    }

    xr_end_of_line(xr);
}


/* the buffer is one piece of a line; returns how much of it is done with */

static size_t
xr_long_line(xr_t *xr, size_t len, int *skip)
{
    size_t  n, cut;

    static const char  rest[] = "[content]";

    n = xr_redact(xr, xr->out[0], xr->in, len, 1, 0);
    cut = xr_cut(xr, len, n);

    *skip = (cut == 0);

    if (*skip) {
        cut = len;
        xr->of_line[XPECTO_CLASS_CONTENT]++;
    }

    n = xr_redact(xr, xr->out[0], xr->in, cut, *skip, 1);

    if (!xr->check) {
        xr_write(xr->out[0], n);
        xr_write(rest, *skip ? sizeof(rest) - 1 : 0);
    }

    return cut;
}


/*
 * Where the two pieces, each on its own, give what they give together: no
 * value, and no name before it, reaches over the cut.  0: nowhere in the
 * second half.
 */

static size_t
xr_cut(xr_t *xr, size_t len, size_t whole)
{
    size_t    i, n, m, step;
    uint8_t  *p;
    unsigned  tries;

    p = xr->in;
    i = len - XR_AHEAD;
    step = XR_AHEAD;

    for (tries = 0; tries < XR_CUTS && i > len / 2; tries++) {

        while (i > len / 2 && strchr(" \t,;&", p[i - 1]) == NULL) {
            i--;
        }

        if (i == len / 2) {
            break;
        }

        n = xr_redact(xr, xr->out[1], p, i, 0, 0);
        m = xr_redact(xr, xr->out[2], p + i, len - i, 1, 0);

        if (n + m == whole
            && memcmp(xr->out[0], xr->out[1], n) == 0
            && memcmp(xr->out[0] + n, xr->out[2], m) == 0)
        {
            return i;
        }

        i -= (i - len / 2 > step) ? step : i - len / 2;
        step += step / 2;
    }

    return 0;
}


/* the length of what is in out in any case */

static size_t
xr_redact(xr_t *xr, uint8_t *out, const uint8_t *p, size_t len, int tail,
    int count)
{
    unsigned                i;
    xpecto_rc_e             rc;
    xpecto_redact_place_t   place;
    xpecto_redact_result_t  res;

    place.form = xr->form;
    place.class = XPECTO_CLASS_CONTENT;

    rc = xpecto_redact(&xr->rd, place, p, len, tail, out,
                       xpecto_redact_bound(XR_BUFFER), &res);

    if (rc == XPECTO_ERROR) {
        xr_die("a line does not fit", xr->file, NULL);
    }

    if (rc == XPECTO_DECLINED) {
        memcpy(out, p, len);
        return len;
    }

    for (i = 0; i < XPECTO_CLASSES && count; i++) {
        xr->of_line[i] += res.counts[i];
    }

    return res.len;
}


static void
xr_end_of_line(xr_t *xr)
{
    unsigned     i, found;
    const char  *comma;

    found = 0;
    comma = "";

    for (i = 0; i < XPECTO_CLASSES; i++) {

        if (xr->of_line[i] == 0) {
            continue;
        }

        if (xr->check) {

            if (!found) {
                (void) printf("%s:%" PRIu64 ": ", xr->file, xr->line);
            }

            (void) printf("%s%s %" PRIu64, comma,
                          xpecto_class_name((xpecto_class_e) i),
                          xr->of_line[i]);
            comma = ", ";
        }

        found = 1;
        xr->counts[i] += xr->of_line[i];
        xr->of_line[i] = 0;
    }

    if (found) {
        xr->changed++;

        if (xr->check) {
            (void) putchar('\n');
        }
    }

    xr->lines++;
    xr->line++;
}


/* what is read would be written behind its end for ever */

static int
xr_is_output(const struct stat *st)
{
    struct stat  out;

    return fstat(STDOUT_FILENO, &out) == 0 && st->st_dev == out.st_dev
           && st->st_ino == out.st_ino;
}


static void
xr_write(const void *data, size_t len)
{
    if (len > 0 && fwrite(data, 1, len, stdout) != len) {
        xr_die("cannot write", NULL, strerror(errno));
    }
}


/* an end that was lost is no end */

static void
xr_flush(void)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        xr_die("cannot write", NULL, strerror(errno));
    }
}


/* once a second, for a person who looks on */

static void
xr_progress(xr_t *xr)
{
    time_t  now;

    xr_flush();

    now = time(NULL);

    if (xr->quiet || now - xr->start < 1 || now == xr->shown
        || !isatty(STDERR_FILENO) || isatty(STDOUT_FILENO))
    {
        return;
    }

    xr->shown = now;

    if (xr->size != 0) {
        (void) fprintf(stderr, "\r%s: %" PRIu64 "%% of %" PRIu64 " MB\033[K",
                       xr->file, xr->done * 100 / xr->size,
                       xr->size / 1000000);

    } else {
        (void) fprintf(stderr, "\r%s: %" PRIu64 " MB\033[K", xr->file,
                       xr->done / 1000000);
    }
}


static void
xr_stats(const xr_t *xr)
{
    unsigned  i;

    (void) fprintf(stderr, "lines %" PRIu64 "\nchanged %" PRIu64 "\n",
                   xr->lines, xr->changed);

    for (i = 0; i < XPECTO_CLASSES; i++) {
        (void) fprintf(stderr, "%s %" PRIu64 "\n",
                       xpecto_class_name((xpecto_class_e) i), xr->counts[i]);
    }
}


static void
xr_die(const char *what, const char *name, const char *why)
{
    (void) fflush(stdout);
    (void) fprintf(stderr, "xpecto-redact: %s", what);

    if (name != NULL) {
        (void) fprintf(stderr, " \"%s\"", name);
    }

    if (why != NULL) {
        (void) fprintf(stderr, ": %s", why);
    }

    (void) fputc('\n', stderr);
    exit(XR_TROUBLE);
}
