
/*
 * Who has been counted gets his slot: a step of xpecto_unique_keep().
 */


#ifndef _XPECTO_UNIQUE_ENTER_H_INCLUDED_
#define _XPECTO_UNIQUE_ENTER_H_INCLUDED_


#include "xpecto_unique.h"


/*
 * One that is paid for: he gets a slot, or his is of this span now.  Where he
 * turns out to be known his count is given back.
 */

void xpecto_unique_enter(const xpecto_unique_t *u,
    xpecto_unique_list_t *list, xpecto_unique_entry_t *e);


#endif /* _XPECTO_UNIQUE_ENTER_H_INCLUDED_ */
