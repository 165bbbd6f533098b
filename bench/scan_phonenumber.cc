
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/* libphonenumber over one line. */


#include <string>

#include <phonenumbers/phonenumbermatch.h>
#include <phonenumbers/phonenumbermatcher.h>
#include <phonenumbers/phonenumberutil.h>

#include "scan.h"

using namespace i18n::phonenumbers;


void *
scan_libphonenumber(const char *region)
{
    return new std::string(region);
}


size_t
scan_libphonenumber_line(void *ctx, const uint8_t *p, size_t len)
{
    size_t            n;
    PhoneNumberMatch  match;

    PhoneNumberMatcher  matcher(*PhoneNumberUtil::GetInstance(),
                                std::string((const char *) p, len),
                                *(std::string *) ctx,
                                PhoneNumberMatcher::VALID, 65535);

    for (n = 0; matcher.HasNext(); n++) {
        matcher.Next(&match);
    }

    return n;
}
