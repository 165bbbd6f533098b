
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_json_inc.h"


static const char *xpecto_json_path(xpecto_json_paths_t *paths,
    const char *path, uint64_t bit);
static uint8_t xpecto_json_steps(const uint64_t *masks);
static unsigned xpecto_json_slot(const xpecto_json_paths_t *paths,
    const uint8_t *name, size_t len);


xpecto_rc_e
xpecto_json_compile(xpecto_json_paths_t *paths, const char *const *list,
    unsigned n)
{
    unsigned     i, s;
    uint64_t     bit;
    const char  *p;

    memset(paths, 0, sizeof(xpecto_json_paths_t));

    if (n > XPECTO_JSON_PATHS_MAX) {
        return XPECTO_ERROR;
    }

    paths->n = n;

    for (i = 0; i < n; i++) {
        bit = UINT64_C(1) << i;
        p = list[i];

        if (strncmp(p, "**.", 3) == 0) {
            paths->anywhere |= bit;
            p += 3;
        }

        if (xpecto_json_path(paths, p, bit) == NULL) {
            return XPECTO_ERROR;
        }
    }

    /* members[0] is "*" by now: a name that is known goes on there as well */

    for (i = 1; i <= paths->nkeys; i++) {
        for (s = 0; s < paths->nsteps; s++) {
            paths->members[i][s] |= paths->members[0][s];
        }
    }

    for (i = 0; i <= paths->nkeys; i++) {
        paths->member_steps[i] = xpecto_json_steps(paths->members[i]);
    }

    paths->element_steps = xpecto_json_steps(paths->elements);

    return XPECTO_OK;
}


static uint8_t
xpecto_json_steps(const uint64_t *masks)
{
    unsigned  s, steps;

    steps = 0;

    for (s = 0; s < XPECTO_JSON_STEPS_MAX; s++) {
        steps |= (unsigned) (masks[s] != 0) << s;
    }

    return (uint8_t) steps;
}


/* NULL: the path is malformed, or has too many steps or new names */

static const char *
xpecto_json_path(xpecto_json_paths_t *paths, const char *path, uint64_t bit)
{
    size_t          len;
    unsigned        step, slot;
    const char     *p;
    const uint8_t  *name;

    p = path;

    for (step = 0; step < XPECTO_JSON_STEPS_MAX; /* void */) {

        if (p[0] == '[') {
            if (p[1] != ']') {
                return NULL;
            }

            paths->elements[step] |= bit;
            p += 2;

        } else {
            len = strcspn(p, ".[]");

            if (len == 1 && *p == '*') {
                paths->members[0][step] |= bit;

            } else {
                if (len == 0 || len > XPECTO_JSON_KEY_MAX
                    || memchr(p, '*', len) != NULL)
                {
                    return NULL;
                }

                name = (const uint8_t *) p;
                slot = xpecto_json_slot(paths, name, len);

                if (paths->slots[slot] == 0) {
                    if (paths->nkeys == XPECTO_JSON_KEYS_MAX) {
                        return NULL;
                    }

                    paths->slots[slot] = (uint8_t) ++paths->nkeys;
                    paths->keys[paths->nkeys].data = name;
                    paths->keys[paths->nkeys].len = len;
                }

                paths->members[paths->slots[slot]][step] |= bit;
            }

            p += len;
        }

        step++;

        if (*p == '\0') {
            paths->ends[step - 1] |= bit;

            if (paths->nsteps < step) {
                paths->nsteps = step;
            }

            return p;
        }

        /* "a[]" needs no dot, what follows an element does */

        if (*p == '.') {
            p++;

            if (*p == '[') {
                return NULL;
            }

        } else if (*p != '[') {
            return NULL;
        }
    }

    return NULL;
}


/* where the name stands in the table, or the empty slot where it would */

static unsigned
xpecto_json_slot(const xpecto_json_paths_t *paths, const uint8_t *name,
    size_t len)
{
    unsigned             slot;
    const xpecto_str_t  *key;

    slot = (unsigned) len * 7;

    if (len != 0) {
        slot += name[0] + name[len / 2] * 5u + name[len - 1] * 31u;
    }

    for ( ;; ) {
        slot &= XPECTO_JSON_SLOTS - 1;

        if (paths->slots[slot] == 0) {
            return slot;
        }

        key = &paths->keys[paths->slots[slot]];

        if (key->len == len && memcmp(key->data, name, len) == 0) {
            return slot;
        }

        slot++;
    }
}


void
xpecto_json_named(xpecto_json_t *js, const xpecto_str_t *name)
{
    unsigned  slot;

    if (js->wanted != NULL) {
        xpecto_json_seek(js, name);
        return;
    }

    slot = xpecto_json_slot(js->paths, name->data, name->len);

    slot = js->paths->slots[slot];

    xpecto_json_step(js, js->paths->members[slot],
                     js->paths->member_steps[slot]);
}


/*
 * What a child of the innermost frame has matched.  Bit n of steps: masks[n]
 * is not zero; few are where anything has matched so far.
 */

void
xpecto_json_step(xpecto_json_t *js, const uint64_t *masks, unsigned steps)
{
    unsigned              s;
    uint64_t              hit;
    xpecto_json_frame_t  *frame, *child;

    frame = &js->frames[js->depth];
    child = frame + 1;

    child->matched = 0;
    child->at[0] = js->paths->anywhere;
    child->steps = (child->at[0] != 0);

    for (steps &= frame->steps; steps != 0; steps &= steps - 1) {
        s = (unsigned) __builtin_ctz(steps);
        hit = frame->at[s] & masks[s];

        if (hit == 0) {
            continue;
        }

        child->matched |= hit & js->paths->ends[s];

        if (s + 1 < XPECTO_JSON_STEPS_MAX) {
            child->at[s + 1] = hit;
            child->steps |= 2u << s;
        }
    }
}


unsigned
xpecto_json_line(const uint8_t *p, size_t len, const char *path)
{
    uint64_t       n;
    unsigned       line;
    xpecto_json_t  js;

    xpecto_json_init(&js, NULL, NULL, NULL);

    js.wanted = path;
    js.frames[1].at[0] = 1;

    if (xpecto_json_feed(&js, p, len) != XPECTO_DECLINED) {
        return 0;
    }

    line = 1;

    for (n = 0; n < js.start; n++) {
        line += (p[n] == '\n');
    }

    return line;
}


/*
 * For xpecto_json_line(): at[0] is one more than how far the wanted path has
 * been followed, 0 if it was left; at[1] counts the elements seen.
 */

void
xpecto_json_seek(xpecto_json_t *js, const xpecto_str_t *name)
{
    uint64_t              index, n;
    const char           *p;
    xpecto_json_frame_t  *frame, *child;

    frame = &js->frames[js->depth];
    child = frame + 1;

    child->at[0] = 0;
    child->at[1] = 0;
    child->matched = 0;

    index = frame->at[1]++;

    if (frame->at[0] == 0) {
        return;
    }

    p = js->wanted + frame->at[0] - 1;

    if (name == NULL) {

        if (p[0] != '[' || p[1] == ']') {
            return;
        }

        p++;

        for (n = 0; *p >= '0' && *p <= '9' && n < UINT32_MAX; p++) {
            n = n * 10 + (uint64_t) (*p - '0');
        }

        if (*p++ != ']' || n != index) {
            return;
        }

    } else {

        if (p != js->wanted && *p++ != '.') {
            return;
        }

        if (strlen(p) < name->len || memcmp(p, name->data, name->len) != 0) {
            return;
        }

        p += name->len;

        if (*p != '\0' && *p != '.' && *p != '[') {
            return;
        }
    }

    child->at[0] = (uint64_t) (p - js->wanted) + 1;
}
