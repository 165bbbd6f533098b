
/* The prefilter by AVX2. */


#if defined(__x86_64__) && defined(__GNUC__)

#define XPECTO_PREFILTER_TARGET  __attribute__((target("avx2,bmi,bmi2")))

#include "xpecto_prefilter_wide.h"


XPECTO_PREFILTER_TARGET
static int
xpecto_prefilter_walk_32(xpecto_prefilter_t *f, const uint8_t *start,
    const uint8_t *p, const uint8_t *end, unsigned classes, int fresh)
{
    return xpecto_prefilter_walks(f, start, p, end, classes, fresh);
}


xpecto_prefilter_pt
xpecto_prefilter_avx2(void)
{
    return (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")
            && __builtin_cpu_supports("bmi2"))
           ? xpecto_prefilter_walk_32 : NULL;
}


#else

#include "xpecto_prefilter.h"


xpecto_prefilter_pt
xpecto_prefilter_avx2(void)
{
    return NULL;
}

#endif
