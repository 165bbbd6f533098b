
/*
 * What one decision costs while another process decides on the same table,
 * beside the way that nginx's limit_req does it: a tree by the key's CRC,
 * nodes with their excess and time in the order of use, under one mutex.
 *
 * Both get the same keys, bursts so large that all pass, and no time passes
 * for limit_req, which takes it from its event loop; ours reads the clock.
 * The tree here is as flat as a tree can be, and nothing is ever freed.
 *
 * Prints ns per decision, the least of many runs; of two processes only runs
 * during which the other has made about as many decisions.  0: there was
 * none.
 */


#define _DEFAULT_SOURCE             /* CLOCK_BOOTTIME */

#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "xpecto_limit.h"


#define RUNS      60                    /* that count */
#define BATCH     4096
#define STEP      64                    /* decisions until it is told */
#define SECONDS   4                     /* for a row, at most */
#define KEYS      100000
#define KEY_LEN   16
#define CELLS     ((size_t) 4 << 20)    /* bytes */

#define cpu_pause()  __asm__ __volatile__ ("" ::: "memory")

#if (__x86_64__)
#undef cpu_pause
#define cpu_pause()  __builtin_ia32_pause()
#endif


/* as large as nginx's: a node, the queue, what is known of a key, the key */

typedef struct node_s  node_t;

struct node_s {
    uint64_t   hash;
    node_t    *left;
    node_t    *right;
    node_t    *parent;
    node_t    *next;
    node_t    *prev;
    uint64_t   last;
    uint64_t   excess;
    uint16_t   len;
    uint8_t    key[KEY_LEN];
};


typedef struct {
    uint64_t   decisions[2][8];         /* each in a line of its own */
    uint64_t   finished[8];
    uint64_t   best[2];
    uint64_t   valid[2];
    uint32_t   lock[16];
    node_t     queue;
    node_t    *root;
    node_t     nodes[KEYS];
} shared_t;


typedef int (*decide_pt)(const uint8_t *key);


static uint8_t          secret[XPECTO_SIPHASH_KEY_LEN] = "0123456789abcde";
static uint64_t         stamp;
static uint32_t         crc_table[16];
static shared_t        *sh;
static xpecto_cells_t   cells;
static xpecto_meter_t   meter;


static uint64_t
clock_ns(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_BOOTTIME, &ts);

    return (uint64_t) ts.tv_sec * 1000000000u + (uint64_t) ts.tv_nsec;
}


static int
ours(const uint8_t *key)
{
    uint64_t             hash[2];
    xpecto_rc_e          rc;
    xpecto_limit_item_t  item;

    memset(&item, 0, sizeof(xpecto_limit_item_t));
    xpecto_meter_value(hash, secret, NULL, 'k', key, KEY_LEN);

    item.meter = &meter;
    item.tag = xpecto_meter_tag(&meter, hash);
    item.cost = 1;

    do {
        rc = xpecto_limit_decide(&item, 1, &stamp,
                                 clock_ns() * XPECTO_TICKS_NS);
    } while (rc == XPECTO_AGAIN);

    return rc == XPECTO_OK;
}


/* four bits at a time */

static uint32_t
crc(const uint8_t *p, size_t len)
{
    uint32_t  c;

    c = 0xffffffff;

    while (len--) {
        c = crc_table[(c ^ *p) & 0xf] ^ (c >> 4);
        c = crc_table[(c ^ *p++ >> 4) & 0xf] ^ (c >> 4);
    }

    return c ^ 0xffffffff;
}


static int
locked(void)
{
    uint32_t  free;

    free = 0;

    return __atomic_load_n(sh->lock, __ATOMIC_RELAXED) == 0
           && __atomic_compare_exchange_n(sh->lock, &free, 1, 0,
                                          __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}


/* waits longer each time, then lets others run */

static void
lock(void)
{
    unsigned  i, n;

    for ( ;; ) {
        for (n = 1; n < 2048; n *= 2) {

            if (locked()) {
                return;
            }

            for (i = 0; i < n; i++) {
                cpu_pause();
            }
        }

        sched_yield();
    }
}


static int
peer(const uint8_t *key)
{
    int       rc;
    node_t   *node;
    uint64_t  hash;

    rc = 0;
    hash = crc(key, KEY_LEN);

    lock();

    for (node = sh->root; node != NULL; /* void */ ) {

        if (hash != node->hash) {
            node = (hash < node->hash) ? node->left : node->right;
            continue;
        }

        rc = memcmp(key, node->key, node->len);

        if (rc != 0) {
            node = (rc < 0) ? node->left : node->right;
            continue;
        }

        node->next->prev = node->prev;
        node->prev->next = node->next;
        node->next = sh->queue.next;
        node->next->prev = node;
        node->prev = &sh->queue;
        sh->queue.next = node;

        node->excess += 1000;
        node->last = 1;
        rc = 1;
        break;
    }

    __atomic_store_n(sh->lock, 0, __ATOMIC_RELEASE);

    return rc;
}


static void
name(uint8_t key[KEY_LEN], unsigned n)
{
    memset(key, 'k', KEY_LEN);
    memcpy(key, &n, sizeof(n));
}


static int
less(const void *one, const void *two)
{
    const node_t  *a, *b;

    a = *(node_t *const *) one;
    b = *(node_t *const *) two;

    return (a->hash > b->hash) ? 1 : (a->hash < b->hash)
                                     ? -1 : memcmp(a->key, b->key, KEY_LEN);
}


static node_t *
plant(node_t **first, size_t n)
{
    node_t  *root;

    if (n == 0) {
        return NULL;
    }

    root = first[n / 2];
    root->left = plant(first, n / 2);
    root->right = plant(first + n / 2 + 1, n - n / 2 - 1);

    return root;
}


/* the nodes lie in memory as they came, not as they stand in the tree */

static void
grow(unsigned keys)
{
    node_t         *node;
    unsigned        i;
    static node_t  *order[KEYS];

    sh->queue.next = &sh->queue;
    sh->queue.prev = &sh->queue;

    for (i = 0; i < keys; i++) {
        node = &sh->nodes[i];
        order[i] = node;

        name(node->key, i);
        node->len = KEY_LEN;
        node->hash = crc(node->key, KEY_LEN);
        node->last = 0;
        node->excess = 0;

        node->next = sh->queue.next;
        node->next->prev = node;
        node->prev = &sh->queue;
        sh->queue.next = node;
    }

    qsort(order, keys, sizeof(node_t *), less);
    sh->root = plant(order, keys);
}


/* until both have enough runs, or time is over */

static void
run(decide_pt decide, unsigned keys, unsigned me, unsigned n)
{
    uint8_t   key[KEY_LEN];
    uint64_t  start, end, ns, rnd, before, *mine, *other;
    unsigned  i;

    mine = &sh->decisions[me][0];
    other = &sh->decisions[1 - me][0];

    end = clock_ns() + SECONDS * 1000000000ull;
    rnd = 88172645463325252ull + (uint64_t) (unsigned) getpid();

    do {
        before = __atomic_load_n(other, __ATOMIC_RELAXED);
        start = clock_ns();

        for (i = 0; i < BATCH; i++) {
            rnd ^= rnd << 13;
            rnd ^= rnd >> 7;
            rnd ^= rnd << 17;

            name(key, (unsigned) (rnd >> 33) % keys);

            if (!decide(key)) {
                fprintf(stderr, "refused\n");
                _exit(1);
            }

            if (i % STEP == 0) {
                __atomic_fetch_add(mine, STEP, __ATOMIC_RELAXED);
            }
        }

        ns = clock_ns() - start;
        before = __atomic_load_n(other, __ATOMIC_RELAXED) - before;

        if (n == 1 || before >= BATCH * 3 / 4) {

            if (ns < sh->best[me]) {
                sh->best[me] = ns;
            }

            if (++sh->valid[me] == RUNS) {
                __atomic_fetch_add(sh->finished, 1, __ATOMIC_RELAXED);
            }
        }

    } while (__atomic_load_n(sh->finished, __ATOMIC_RELAXED) < n
             && clock_ns() < end);
}


static double
least(decide_pt decide, unsigned keys, unsigned n)
{
    pid_t     pid;
    uint64_t  best;

    memset(sh->finished, 0, sizeof(sh->finished));
    memset(sh->decisions, 0, sizeof(sh->decisions));
    memset(sh->valid, 0, sizeof(sh->valid));
    sh->best[0] = sh->best[1] = UINT64_MAX;

    pid = (n == 2) ? fork() : 1;

    if (pid == 0) {
        stamp = (uint64_t) getpid() << 32;
        run(decide, keys, 1, n);
        _exit(0);
    }

    if (pid == -1) {
        perror("fork");
        exit(1);
    }

    run(decide, keys, 0, n);

    if (n == 2) {
        (void) waitpid(pid, NULL, 0);
    }

    best = (sh->best[0] < sh->best[1]) ? sh->best[0] : sh->best[1];

    return (best == UINT64_MAX) ? 0 : (double) best / BATCH;
}


static void *
shared(size_t len)
{
    void  *p;

    p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_SHARED,
             -1, 0);

    if (p == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }

    memset(p, 0, len);

    return p;
}


int
main(void)
{
    uint8_t   key[KEY_LEN];
    uint32_t  c;
    unsigned  i, k, n;

    static const unsigned      keys[2] = { 1, KEYS };
    static const xpecto_str_t  policy = { 1, (const uint8_t *) "p" };

    for (i = 0; i < 16; i++) {
        c = i;

        for (k = 0; k < 4; k++) {
            c = (c & 1) ? c >> 1 ^ 0xedb88320 : c >> 1;
        }

        crc_table[i] = c;
    }

    stamp = (uint64_t) getpid() << 32;
    sh = shared(sizeof(shared_t));
    (void) xpecto_cells_init(&cells, shared(CELLS), CELLS);

    meter.cells = &cells;
    meter.gcra.interval = XPECTO_TICKS_SEC;
    meter.gcra.tolerance = XPECTO_TICKS_SEC << 28;
    xpecto_meter_key(&meter, secret, &policy);

    for (i = 0; i < 2; i++) {
        grow(keys[i]);

        for (k = 0; k < keys[i]; k++) {
            name(key, k);
            (void) ours(key);
        }

        for (n = 1; n <= 2; n++) {
            printf("%7u keys, %u process%s  ours %7.1f ns, tree and mutex "
                   "%7.1f ns\n", keys[i], n, (n == 1) ? ",  " : "es,",
                   least(ours, keys[i], n), least(peer, keys[i], n));
        }
    }

    return 0;
}
