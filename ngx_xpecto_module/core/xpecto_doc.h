
/*
 * A JSON document whose every error names the path and the line.
 * xpecto_doc.c is the only file that includes jansson.h.
 *
 * For configuration files and small API bodies, never on the request path of
 * traffic.  Repeated keys, trailing bytes and NUL in strings are errors.  How
 * deep a document may go is what its reader asks for: a member that is not
 * known is an error as well.
 */


#ifndef _XPECTO_DOC_H_INCLUDED_
#define _XPECTO_DOC_H_INCLUDED_


#include "xpecto.h"


typedef enum {
    XPECTO_DOC_STRING = 0,
    XPECTO_DOC_INTEGER,
    XPECTO_DOC_BOOLEAN,
    XPECTO_DOC_OBJECT,
    XPECTO_DOC_ARRAY
} xpecto_doc_type_e;


typedef struct xpecto_doc_s   xpecto_doc_t;
typedef struct xpecto_node_s  xpecto_node_t;


/* a place in the document: valid while the document and the parent live */

struct xpecto_node_s {
    xpecto_doc_t           *doc;
    void                   *json;
    const xpecto_node_t    *parent;     /* NULL at the root */
    const char             *key;        /* of a member, else NULL */
    size_t                  index;      /* of an element */
};


/* a member that stands in a configuration: its value is as it is said there */

typedef struct {
    const char             *name;
    xpecto_doc_type_e       type;       /* STRING, INTEGER or ARRAY: strings
                                           between commas */
    xpecto_str_t            value;
} xpecto_doc_param_t;


/* NULL: err holds "reason, line L, column C" */

xpecto_doc_t *xpecto_doc_parse(const uint8_t *json, size_t len,
    xpecto_node_t *root, xpecto_err_t *err);
void xpecto_doc_free(xpecto_doc_t *doc);

/*
 * An object of members.  Its errors are the reason alone; failed() tells the
 * name of the one that it was, while the document lives; NULL: of none by
 * itself.  NULL: no memory.
 */

xpecto_doc_t *xpecto_doc_params(const xpecto_doc_param_t *params, size_t n,
    xpecto_node_t *root, xpecto_err_t *err);
const char *xpecto_doc_failed(const xpecto_doc_t *doc);

/*
 * Between the two, a document is many small pieces in blocks of their own,
 * all of which the second call gives back: the heap is as if there had been
 * no document.  For a process of one thread; a document of before or between
 * is freed on the same side.
 */

void xpecto_doc_apart(void);
void xpecto_doc_apart_end(void);

/* what jansson allocates with from now on, and has until now */

typedef struct {
    void                 *(*alloc)(size_t size);
    void                  (*release)(void *p);
} xpecto_doc_memory_t;

void xpecto_doc_memory(const xpecto_doc_memory_t *now,
    xpecto_doc_memory_t *before);

/* makes err "reason at plans.growth.limits[0].rate, line 12" */

xpecto_rc_e xpecto_doc_error(const xpecto_node_t *node, xpecto_err_t *err,
    const char *reason);

/* ERROR: the node is of another type */

xpecto_rc_e xpecto_doc_type(const xpecto_node_t *node, xpecto_doc_type_e type,
    xpecto_err_t *err);

/* ERROR: not an object, or a member that is not in the NULL-ended list */

xpecto_rc_e xpecto_doc_members(const xpecto_node_t *object,
    const char *const *known, xpecto_err_t *err);

/*
 * One member of an object.  DECLINED: it is not there, err is untouched
 * unless required is set, then ERROR.  ERROR: of another type.
 */

xpecto_rc_e xpecto_doc_get(const xpecto_node_t *object, const char *key,
    xpecto_doc_type_e type, int required, xpecto_node_t *node,
    xpecto_err_t *err);

/* the same of an integer; ERROR: not from min to max, as the error says */

xpecto_rc_e xpecto_doc_within(const xpecto_node_t *object, const char *key,
    int required, int64_t min, int64_t max, int64_t *n, xpecto_err_t *err);

/* elements of an array or members of an object; 0 of anything else */

size_t xpecto_doc_size(const xpecto_node_t *node);

/* the n-th element; the caller keeps n below the size */

void xpecto_doc_element(const xpecto_node_t *array, size_t n,
    xpecto_node_t *node);

/*
 * Walks the members of an object in the order of the document: iter is NULL
 * at first and then what the last call returned; NULL: no more.
 */

void *xpecto_doc_next(const xpecto_node_t *object, void *iter,
    xpecto_node_t *node);

/* the node must be of the type */

xpecto_str_t xpecto_doc_string(const xpecto_node_t *node);
int64_t xpecto_doc_integer(const xpecto_node_t *node);
int xpecto_doc_boolean(const xpecto_node_t *node);


#endif /* _XPECTO_DOC_H_INCLUDED_ */
