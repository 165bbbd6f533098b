
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "xpecto_doc.h"

#include <stdlib.h>


/* bytes of a block, of its header; what a piece is aligned to */

#define XPECTO_DOC_BLOCK  (1024 * 1024 - 64)
#define XPECTO_DOC_HEAD   32
#define XPECTO_DOC_ALIGN  16


typedef struct xpecto_doc_block_s  xpecto_doc_block_t;

struct xpecto_doc_block_s {
    xpecto_doc_block_t  *next;
    size_t               left;
    uint8_t             *free;
};


static void *xpecto_doc_alloc(size_t size);
static void xpecto_doc_keep(void *p);


static const xpecto_doc_memory_t  xpecto_doc_ours = {
    xpecto_doc_alloc, xpecto_doc_keep
};


/* jansson's functions have no context: one process, one state */

static xpecto_doc_memory_t        xpecto_doc_before;
static xpecto_doc_block_t        *xpecto_doc_blocks;


void
xpecto_doc_apart(void)
{
    xpecto_doc_memory(&xpecto_doc_ours, &xpecto_doc_before);
}


void
xpecto_doc_apart_end(void)
{
    xpecto_doc_block_t   *block;
    xpecto_doc_memory_t   ours;

    xpecto_doc_memory(&xpecto_doc_before, &ours);

    while (xpecto_doc_blocks != NULL) {
        block = xpecto_doc_blocks;
        xpecto_doc_blocks = block->next;
        free(block);
    }
}


static void *
xpecto_doc_alloc(size_t size)
{
    void                *p;
    size_t               room;
    xpecto_doc_block_t  *block;

    if (size > SIZE_MAX / 2) {
        return NULL;
    }

    size = (size + XPECTO_DOC_ALIGN - 1) & ~(size_t) (XPECTO_DOC_ALIGN - 1);

    block = xpecto_doc_blocks;

    if (block == NULL || block->left < size) {

        room = (size > XPECTO_DOC_BLOCK) ? size : XPECTO_DOC_BLOCK;

        block = malloc(XPECTO_DOC_HEAD + room);
        if (block == NULL) {
            return NULL;
        }

        block->next = xpecto_doc_blocks;
        block->left = room;
        block->free = (uint8_t *) block + XPECTO_DOC_HEAD;

        xpecto_doc_blocks = block;
    }

    p = block->free;

    block->free += size;
    block->left -= size;

    return p;
}


static void
xpecto_doc_keep(void *p)
{
    (void) p;
}
