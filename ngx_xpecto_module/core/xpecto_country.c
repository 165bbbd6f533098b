
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include <string.h>

#include "xpecto_country.h"


/* by the first letter, the second ones */

static const char *const  xpecto_country_codes[26] = {
    "DEFGILMOQRSTUWXZ", "ABDEFGHIJLMNOQRSTVWYZ", "ACDFGHIKLMNORUVWXYZ",
    "EJKMOZ", "CEGHRST", "IJKMOR", "ABDEFGHILMNPQRSTUWY", "KMNRTU",
    "DELMNOQRST", "EMOP", "EGHIMNPRWYZ", "ABCIKRSTUVY",
    "ACDEFGHKLMNOPQRSTUVWXYZ", "ACEFGILOPRUZ", "M", "AEFGHKLMNRSTWY", "A",
    "EOSUW", "ABCDEGHIJKLMNORSTVXYZ", "CDFGHJKLMNORTVWZ", "AGMSYZ",
    "ACEGINU", "FS", "K", "ET", "AMW"
};


int
xpecto_country_exists(const uint8_t code[2])
{
    return code[0] >= 'A' && code[0] <= 'Z' && code[1] != '\0'
           && strchr(xpecto_country_codes[code[0] - 'A'], code[1]) != NULL;
}
