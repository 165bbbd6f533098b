
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * The quick way by vectors of 16 bytes: SSE2, which every x86-64 has, or NEON,
 * which every AArch64 has.
 */


#include "xpecto_mark_16.h"
#include "xpecto_redact_edit.h"


#if (XPECTO_MARK_16)

/* the offset of the lowest bit, 64 if there is none */

#define xpecto_quick_first(bits)                                             \
    ((bits) ? (size_t) __builtin_ctzll(bits) : 64)

#define XPECTO_QUICK_TARGET

#define xpecto_quick_mark    xpecto_mark_16
#define xpecto_quick_part    xpecto_mark_part_16
#define xpecto_quick_vector  xpecto_mark_copy_16

#include "xpecto_redact_quick_uri.h"


xpecto_rc_e
xpecto_edit_quick_16(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const uint8_t *p, size_t len, int tail, uint8_t *out, size_t cap,
    xpecto_redact_result_t *res)
{
    xpecto_rc_e  rc;

    rc = xpecto_quick_try(rd, place.form, p, len, out, cap, res);

    return (rc != XPECTO_AGAIN)
           ? rc : xpecto_edit_whole(rd, place, p, len, tail, out, cap, res);
}


#else

/* no other processor has one */

xpecto_rc_e
xpecto_edit_quick_16(const xpecto_redact_t *rd, xpecto_redact_place_t place,
    const uint8_t *p, size_t len, int tail, uint8_t *out, size_t cap,
    xpecto_redact_result_t *res)
{
    return xpecto_edit_whole(rd, place, p, len, tail, out, cap, res);
}

#endif
