
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Request lines and URIs of the common kind, from one special character to
 * the next.  What is out of the ordinary in any way is left to the edit: it
 * must come out the same by both, to the byte.
 *
 * Of the common kind are paths of plain segments, of which some may be a
 * number with a plus; queries of plain names whose values have no escapes,
 * those of named values apart; and what is not replaced has less than seven
 * digits and no letters that a token begins with.
 */


#include "xpecto_redact_edit.h"


#if defined(__x86_64__) && defined(__GNUC__)

#include "xpecto_mark.h"


/* the offset of the lowest bit, 64 if there is none */

#define xpecto_quick_first   _tzcnt_u64

#define XPECTO_QUICK_TARGET  target("avx2,bmi,bmi2,popcnt"),

#define xpecto_quick_mark    xpecto_mark
#define xpecto_quick_part    xpecto_mark_part
#define xpecto_quick_vector  xpecto_mark_copy

#include "xpecto_redact_quick_uri.h"


__attribute__((target("avx2,bmi,bmi2,popcnt")))
xpecto_rc_e
xpecto_edit_quick(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const uint8_t *p, size_t len, int tail, uint8_t *out, size_t cap,
    xpecto_redact_result_t *res)
{
    xpecto_rc_e  rc;

    rc = xpecto_quick_try(rd, place.form, p, len, out, cap, res);

    return (rc != XPECTO_AGAIN)
           ? rc : xpecto_edit_whole(rd, place, p, len, tail, out, cap, res);
}

#endif
