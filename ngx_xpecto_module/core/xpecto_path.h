
/*
 * The path that servers may take a path for.  Whoever decides by a path has
 * to see through the spellings that an upstream takes for the same one:
 *
 *     "/a//b", "/a/b/"    most frameworks merge and drop slashes
 *     "/a\b"              URLs as browsers, Node and Windows read them
 *     "/a;v=1/b;c"        parameters of segments: Java's servlets
 *     "/a/x/..;/b"        the same: ".." once the parameter is gone
 *     "/a./b%20"          names of files on Windows: IIS, ASP.NET
 *     "/%61"              decoded by nginx, and again by who is behind it
 *
 * The normal form has none of these: what percent codes stand for, however
 * often they are encoded; "/" between segments and none at the end; no ";"
 * with what follows and then no spaces, control characters and dots at the
 * end of a segment; no segment that is empty then, and none that ".." takes
 * back.  Case is left as it is: names are compared without it, see
 * xpecto_nocase.h.
 */


#ifndef _XPECTO_PATH_H_INCLUDED_
#define _XPECTO_PATH_H_INCLUDED_


#include "xpecto.h"


/*
 * The name of the segment at *p, without what does not count; percent codes
 * are not decoded.  An empty one is returned as such, ".." as well.
 *
 * OK         *p is behind it
 * DECLINED   no more segments
 */

xpecto_rc_e xpecto_path_next(const uint8_t **p, const uint8_t *last,
    xpecto_str_t *name);
int xpecto_path_is_up(const xpecto_str_t *name);

/* 1: it is the normal form of itself */

int xpecto_path_is_plain(const uint8_t *path, size_t len);

/*
 * Writes the normal form, which is never longer, to out.
 *
 * DECLINED   all the same, but servers differ in where it leads: behind an
 *            empty segment ".." takes back this one, or that before it
 */

xpecto_rc_e xpecto_path_plain(const uint8_t *path, size_t len, uint8_t *out,
    size_t *n);

/*
 * What a URL or a relative reference (RFC 3986) has of both, as it stands
 * there: "1/messages?to=2", "https://host/1/messages#top".  The path is
 * without the slash that it begins with.
 */

void xpecto_path_of_url(const xpecto_str_t *url, xpecto_str_t *path,
    xpecto_str_t *query);


#endif /* _XPECTO_PATH_H_INCLUDED_ */
