
/*
 * A streaming JSON (RFC 8259) path matcher.  It is fed a document in pieces
 * of any size, keeps a bounded state and never builds a tree.  Every
 * occurrence of a path is reported: repeated keys and keys written with
 * escapes included.
 *
 * A path is written "to", "text.body", "contacts[].phones[].phone"; "[]"
 * steps into every element of an array, "*" into every member of an object,
 * a leading "**." matches at any depth ("**.to").  An array of documents at
 * the top level is matched as "[].to".
 *
 * The grammar is strict.  Bytes from 0x80 on are taken as they are within
 * strings; half of a surrogate pair is decoded as U+FFFD.
 */


#ifndef _XPECTO_JSON_H_INCLUDED_
#define _XPECTO_JSON_H_INCLUDED_


#include "xpecto.h"


#define XPECTO_JSON_DEPTH      64       /* deeper documents are an ERROR */
#define XPECTO_JSON_KEY_MAX    64       /* longer keys match only "*" */
#define XPECTO_JSON_VALUE_MAX  256      /* bytes of a decoded value we keep */
#define XPECTO_JSON_PATHS_MAX  64       /* one bit each in the state */
#define XPECTO_JSON_STEPS_MAX  8        /* of one path */
#define XPECTO_JSON_KEYS_MAX   128      /* different names in all paths */
#define XPECTO_JSON_SLOTS      256      /* twice that, a power of two */


typedef enum {
    XPECTO_JSON_STRING = 0,
    XPECTO_JSON_NUMBER,
    XPECTO_JSON_LITERAL,                /* true, false, null */
    XPECTO_JSON_OBJECT,                 /* reported at its end, value empty */
    XPECTO_JSON_ARRAY
} xpecto_json_type_e;


typedef struct {
    unsigned                 path;      /* index into the compiled paths */
    xpecto_json_type_e       type;
    unsigned                 truncated:1;  /* longer than value could hold */
    xpecto_str_t             value;     /* escapes decoded; valid only now */
    uint64_t                 start;     /* the raw bytes in the document, */
    uint64_t                 end;       /* quotes included */
} xpecto_json_value_t;


/* anything but OK stops the matcher and is what feed() returns */

typedef xpecto_rc_e (*xpecto_json_handler_pt)(void *data,
    const xpecto_json_value_t *value);


/*
 * Compiled paths: made once, read by any number of matchers.  A path is one
 * bit.  The members are not for the caller, who only gives the room.
 */

typedef struct {
    unsigned                 n;
    unsigned                 nkeys;
    unsigned                 nsteps;    /* of the longest path */
    uint64_t                 anywhere;  /* paths that begin with "**." */

    uint64_t                 ends[XPECTO_JSON_STEPS_MAX];
    uint64_t                 elements[XPECTO_JSON_STEPS_MAX];

    /* by key, then by step: who goes on there; key 0 is any other name */

    uint64_t                 members[XPECTO_JSON_KEYS_MAX + 1]
                                    [XPECTO_JSON_STEPS_MAX];
    xpecto_str_t             keys[XPECTO_JSON_KEYS_MAX + 1];
    uint8_t                  slots[XPECTO_JSON_SLOTS];

    /* bit n: somebody goes on there at the step n */

    uint8_t                  member_steps[XPECTO_JSON_KEYS_MAX + 1];
    uint8_t                  element_steps;
} xpecto_json_paths_t;


/* one open object or array, and what its children have matched so far */

typedef struct {
    uint64_t                 at[XPECTO_JSON_STEPS_MAX];
    unsigned                 steps;     /* bit n: at[n] is set */
    uint64_t                 matched;   /* paths that end here */
    uint64_t                 start;
} xpecto_json_frame_t;


/*
 * A matcher.  Its members are not for the caller: they stand here because
 * it is the caller who allocates it.
 */

typedef struct {
    const xpecto_json_paths_t  *paths;
    xpecto_json_handler_pt      handler;
    void                       *data;
    const char                 *wanted; /* of xpecto_json_line() */

    const uint8_t              *chunk;
    uint64_t                    offset; /* of the chunk in the document */
    uint64_t                    start;  /* of the scalar */
    uint64_t                    objects;    /* bit depth - 1: not an array */

    xpecto_rc_e                 rc;
    unsigned                    state;
    unsigned                    depth;
    unsigned                    literal;
    unsigned                    code;   /* of "\uXXXX" so far */
    unsigned                    surrogate;
    uint8_t                     digits; /* of "\uXXXX" still to come */
    uint8_t                     key;    /* the string is one */
    uint8_t                     capture;
    uint8_t                     truncated;

    uint8_t                    *out;    /* value, or the caller's buffer */
    size_t                      cap;
    size_t                      len;
    uint8_t                     value[XPECTO_JSON_VALUE_MAX];

    /* 0 is around the document; one more for scalars at full depth */

    xpecto_json_frame_t         frames[XPECTO_JSON_DEPTH + 2];
} xpecto_json_t;


/*
 * The strings must live as long as the result.  ERROR: a path is malformed,
 * or there are too many paths, steps or names.
 */

xpecto_rc_e xpecto_json_compile(xpecto_json_paths_t *paths,
    const char *const *list, unsigned n);

void xpecto_json_init(xpecto_json_t *js, const xpecto_json_paths_t *paths,
    xpecto_json_handler_pt handler, void *data);

/*
 * OK         all of it was consumed
 * ERROR      not JSON; the matcher stays in error
 * other      what the handler returned
 */

xpecto_rc_e xpecto_json_feed(xpecto_json_t *js, const uint8_t *p, size_t len);

/* OK if the document is complete, ERROR if it was cut off or is empty */

xpecto_rc_e xpecto_json_finish(xpecto_json_t *js);


/*
 * What a string says, given the bytes between its quotes: for values that
 * were truncated.  out has room for len bytes and is not the input.  ERROR:
 * it is no string.
 */

xpecto_rc_e xpecto_json_decode(const uint8_t *p, size_t len, uint8_t *out,
    size_t *outlen);


/*
 * The line, counted from 1, on which the value at a concrete path begins:
 * "tenants.acme.keys[2]".  0 if there is none.  For error messages.
 */

unsigned xpecto_json_line(const uint8_t *p, size_t len, const char *path);


#endif /* _XPECTO_JSON_H_INCLUDED_ */
