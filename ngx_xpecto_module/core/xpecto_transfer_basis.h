
/*
 * The basis of one question: this origin, this law, this destination.
 * Private to the files xpecto_transfer*.c.
 */


#ifndef _XPECTO_TRANSFER_BASIS_H_INCLUDED_
#define _XPECTO_TRANSFER_BASIS_H_INCLUDED_


#include "xpecto_transfer.h"


/* sets reason->instrument */

xpecto_basis_e xpecto_transfer_basis(const xpecto_rules_t *rules,
    const xpecto_transfer_t *transfer, xpecto_reason_t *reason);


#endif /* _XPECTO_TRANSFER_BASIS_H_INCLUDED_ */
