
/*
 * How long nginx's event loop stays away from epoll_wait(): preloaded into a
 * worker.  A stretch begins when epoll_wait() returns and ends when it is
 * called again.  The longest of each kind, in ns, in the file LOOP_FILE, which
 * whoever measures sets to zero.
 *
 * A stretch in which the kernel took the processor away (an involuntary
 * switch) says more about the machine than about nginx: by wall clock it is
 * kept apart.  One that waits for a lock, a file or a page is not.
 */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>


typedef struct {
    uint64_t  wall;                     /* undisturbed */
    uint64_t  preempted;                /* by wall clock, too */
    uint64_t  cpu;                      /* of either kind */
    uint64_t  stretches;
    uint64_t  disturbed;
} loop_longest_t;


typedef int (*loop_wait_pt)(int ep, struct epoll_event *events, int n,
    int timeout);


static uint64_t loop_now(clockid_t clock);
static uint64_t loop_preemptions(void);
static void loop_open(void)  __attribute__((constructor));
static void loop_max(uint64_t *longest, uint64_t ns);


static loop_longest_t  *loop_longest;
static loop_wait_pt     loop_wait;


int
epoll_wait(int ep, struct epoll_event *events, int n, int timeout)
{
    int              rc;
    uint64_t         ns;

    static uint64_t  wall, cpu, preemptions;

    if (wall != 0) {
        ns = loop_now(CLOCK_MONOTONIC) - wall;

        loop_longest->stretches++;
        loop_max(&loop_longest->cpu,
                 loop_now(CLOCK_THREAD_CPUTIME_ID) - cpu);

        if (loop_preemptions() == preemptions) {
            loop_max(&loop_longest->wall, ns);

        } else {
            loop_longest->disturbed++;
            loop_max(&loop_longest->preempted, ns);
        }
    }

    rc = loop_wait(ep, events, n, timeout);

    preemptions = loop_preemptions();
    cpu = loop_now(CLOCK_THREAD_CPUTIME_ID);
    wall = loop_now(CLOCK_MONOTONIC);

    return rc;
}


static uint64_t
loop_now(clockid_t clock)
{
    struct timespec  ts;

    (void) clock_gettime(clock, &ts);

    return (uint64_t) ts.tv_sec * 1000000000 + (uint64_t) ts.tv_nsec;
}


static uint64_t
loop_preemptions(void)
{
    struct rusage  usage;

    (void) getrusage(RUSAGE_THREAD, &usage);

    return (uint64_t) usage.ru_nivcsw;
}


/* in the master: workers have neither its environment nor its rights */

static void
loop_open(void)
{
    int          fd;
    const char  *file;

    file = getenv("LOOP_FILE");
    fd = (file == NULL) ? -1 : open(file, O_RDWR|O_CLOEXEC);

    if (fd == -1) {
        abort();
    }

    loop_longest = mmap(NULL, sizeof(loop_longest_t), PROT_READ|PROT_WRITE,
                        MAP_SHARED, fd, 0);

    if (loop_longest == MAP_FAILED) {
        abort();
    }

    (void) close(fd);

    *(void **) &loop_wait = dlsym(RTLD_NEXT, "epoll_wait");
}


static void
loop_max(uint64_t *longest, uint64_t ns)
{
    if (ns > *longest) {
        *longest = ns;
    }
}
