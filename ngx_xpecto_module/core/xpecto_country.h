
/*
 * The countries that there are: ISO 3166-1, and Kosovo as everybody writes
 * it.
 */


#ifndef _XPECTO_COUNTRY_H_INCLUDED_
#define _XPECTO_COUNTRY_H_INCLUDED_


#include "xpecto.h"


/* 1: two capital letters that are the code of one */

int xpecto_country_exists(const uint8_t code[2]);


#endif /* _XPECTO_COUNTRY_H_INCLUDED_ */
