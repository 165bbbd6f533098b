
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/* The tests of the quick way, of its form for SSE2 and NEON. */

#define XPECTO_UNIT_16  1

#include "xpecto_redact_quick.c"
