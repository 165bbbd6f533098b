
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * The user instructions that a process executes, one step at a time: for
 * machines without counters.  Unlike an emulator it counts what this very
 * processor executes, its SHA and vector instructions too.
 *
 *     LD_PRELOAD=steps.so STEPS=FILE command
 *
 * SIGRTMIN begins to count, and ends it: then the number is written to FILE.
 * Where STEPS_PLACES names a second file, that many steps by place are written
 * to it: an address and a number in each line; the address 0 are the places
 * that the table had no room for.
 *
 * A string instruction with a repeat prefix traps after each repetition; as a
 * counter does, it is counted once.
 *
 * A request takes a tenth of a second so.  What a server does once a second
 * would be counted for each tenth request: while it is counted, the clock
 * stands still.
 */


#define _GNU_SOURCE

#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>


#if !defined(__x86_64__)
#error "the trap flag is that of amd64"
#endif

#define STEPS_TRAP    0x100
#define STEPS_PLACES  (1 << 16)
#define STEPS_FULL    (STEPS_PLACES / 8 * 7)
#define STEPS_CLOCKS  16


typedef struct {
    uintptr_t   place;
    uint64_t    n;
} steps_place_t;


static char *steps_name(const char *variable);
static void steps_trap(int signo, siginfo_t *info, void *data);
static void steps_place(uintptr_t place);
static void steps_switch(int signo, siginfo_t *info, void *data);
static void steps_write(void);


/* nginx clears its environment */

static char           *steps_file;
static char           *steps_places_file;

static int             steps_on;
static uint64_t        steps_n;
static uintptr_t       steps_last;
static uint32_t        steps_used;
static uint64_t        steps_elsewhere;
static steps_place_t  *steps_places;

static struct timeval   steps_day;
static struct timespec  steps_clocks[STEPS_CLOCKS];
static int            (*steps_gettimeofday)(struct timeval *tv, void *zone);
static int            (*steps_clock_gettime)(clockid_t id,
                                             struct timespec *ts);


__attribute__((constructor)) static void
steps_init(void)
{
    struct sigaction  sa;

    steps_file = steps_name("STEPS");
    steps_places_file = steps_name("STEPS_PLACES");

    if (steps_places_file != NULL) {
        steps_places = calloc(STEPS_PLACES, sizeof(steps_place_t));
    }

    if (steps_file == NULL
        || (steps_places_file != NULL && steps_places == NULL))
    {
        fprintf(stderr, "steps: STEPS names no file, or there is no memory\n");
        _exit(1);
    }

    *(void **) &steps_gettimeofday = dlsym(RTLD_NEXT, "gettimeofday");
    *(void **) &steps_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");

    memset(&sa, 0, sizeof(struct sigaction));

    sa.sa_flags = SA_SIGINFO|SA_RESTART;
    (void) sigfillset(&sa.sa_mask);

    sa.sa_sigaction = steps_trap;
    (void) sigaction(SIGTRAP, &sa, NULL);

    sa.sa_sigaction = steps_switch;
    (void) sigaction(SIGRTMIN, &sa, NULL);
}


static char *
steps_name(const char *variable)
{
    char  *value;

    value = getenv(variable);

    return (value == NULL || *value == '\0') ? NULL : strdup(value);
}


/* what it costs to read a clock is counted all the same */

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
    int  rc;

    rc = steps_gettimeofday(tv, zone);

    if (steps_on && rc == 0) {
        *tv = steps_day;
    }

    return rc;
}


int
clock_gettime(clockid_t id, struct timespec *ts)
{
    int  rc;

    rc = steps_clock_gettime(id, ts);

    if (steps_on && rc == 0 && id >= 0 && id < STEPS_CLOCKS) {
        *ts = steps_clocks[id];
    }

    return rc;
}


/* the kernel clears the flag for a handler and restores it behind it */

static void
steps_trap(int signo, siginfo_t *info, void *data)
{
    uintptr_t    place;
    ucontext_t  *uc;

    (void) signo;
    (void) info;

    uc = data;
    place = (uintptr_t) uc->uc_mcontext.gregs[REG_RIP];

    if (place == steps_last) {
        return;
    }

    steps_last = place;
    steps_n++;

    if (steps_places != NULL) {
        steps_place(place);
    }
}


static void
steps_place(uintptr_t place)
{
    uint32_t  i;

    i = (uint32_t) ((place * 0x9e3779b97f4a7c15ULL) >> 48);

    while (steps_places[i].place != place && steps_places[i].n != 0) {
        i = (i + 1) % STEPS_PLACES;
    }

    if (steps_places[i].n == 0) {

        /* a full table would be searched for ever */

        if (steps_used == STEPS_FULL) {
            steps_elsewhere++;
            return;
        }

        steps_used++;
        steps_places[i].place = place;
    }

    steps_places[i].n++;
}


static void
steps_switch(int signo, siginfo_t *info, void *data)
{
    clockid_t    id;
    ucontext_t  *uc;

    (void) signo;
    (void) info;

    uc = data;

    if (!steps_on) {
        (void) steps_gettimeofday(&steps_day, NULL);

        for (id = 0; id < STEPS_CLOCKS; id++) {
            (void) steps_clock_gettime(id, &steps_clocks[id]);
        }

        steps_on = 1;
        uc->uc_mcontext.gregs[REG_EFL] |= STEPS_TRAP;
        return;
    }

    steps_on = 0;
    uc->uc_mcontext.gregs[REG_EFL] &= ~STEPS_TRAP;

    steps_write();

    steps_n = 0;
}


static void
steps_write(void)
{
    FILE      *f;
    uint32_t   i;

    f = fopen(steps_file, "w");

    if (f != NULL) {
        fprintf(f, "%llu\n", (unsigned long long) steps_n);
        (void) fclose(f);
    }

    if (steps_places == NULL) {
        return;
    }

    f = fopen(steps_places_file, "w");

    if (f == NULL) {
        return;
    }

    if (steps_elsewhere != 0) {
        fprintf(f, "0 %llu\n", (unsigned long long) steps_elsewhere);
    }

    for (i = 0; i < STEPS_PLACES; i++) {

        if (steps_places[i].n != 0) {
            fprintf(f, "%lx %llu\n", (unsigned long) steps_places[i].place,
                    (unsigned long long) steps_places[i].n);
        }
    }

    (void) fclose(f);
}
