/* A disk that fails at the n-th change below one folder: compiled and preloaded by faults.py.

Counted are writes, files and folders that are made, moved or removed, and flushes; not what is read. Calls that go
through the C library's table of symbols are seen, as those of Python, of Qt and of torch's writer are. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char root[PATH_MAX];
static int fails_at, failure, stays, slow_us;
static volatile int seen, failed;

/* From now on, the n-th change below a folder fails with an error, or ends the process for -1; with `stay` all later
ones fail too. For n = 0 nothing fails; each change takes `us` microseconds. */
void faults_arm(const char *folder, int n, int error, int stay, int us)
{
    strncpy(root, folder, PATH_MAX - 1);
    fails_at = n, failure = error, stays = stay, slow_us = us, seen = failed = 0;
}
int faults_seen(void) { return seen; }
int faults_failed(void) { return failed; }

static int below(int folder, const char *path)
{
    char full[2 * PATH_MAX], here[PATH_MAX];
    if (!*root || !path) return 0;
    if (*path == '/') return !strncmp(path, root, strlen(root));
    if (folder == AT_FDCWD) {
        if (!getcwd(here, sizeof here)) return 0;
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t n = readlink(link, here, sizeof here - 1);
        if (n < 0) return 0;
        here[n] = 0;
    }
    snprintf(full, sizeof full, "%s/%s", here, path);
    return !strncmp(full, root, strlen(root));
}

static int of(int file)
{
    char link[64], path[PATH_MAX];
    if (!*root) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return !strncmp(path, root, strlen(root));
}

/* Count a change; return whether it has to fail. A full disk takes away, and flushes what it has. */
static int hit(int frees)
{
    if (slow_us) usleep(slow_us);
    int n = __sync_add_and_fetch(&seen, 1);
    if (!fails_at || n < fails_at || (n > fails_at && !stays)) return 0;
    if (failure == -1) kill(getpid(), SIGKILL);
    if (failure == ENOSPC && frees) return 0;
    failed = 1;
    errno = failure;
    return 1;
}

#define REAL(name, type) \
    static __typeof__(type) real; \
    if (!real) real = (__typeof__(type))dlsym(RTLD_NEXT, #name)

#define OPEN(name) \
    REAL(name, int (*)(const char *, int, ...)); \
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
    if ((flags & (O_CREAT | O_TRUNC) || (flags & O_ACCMODE) != O_RDONLY) && below(AT_FDCWD, path) && hit(0)) return -1; \
    return real(path, flags, mode)
int open(const char *path, int flags, ...) { OPEN(open); }
int open64(const char *path, int flags, ...) { OPEN(open64); }

#define OPENAT(name) \
    REAL(name, int (*)(int, const char *, int, ...)); \
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
    if ((flags & (O_CREAT | O_TRUNC) || (flags & O_ACCMODE) != O_RDONLY) && below(folder, path) && hit(0)) return -1; \
    return real(folder, path, flags, mode)
int openat(int folder, const char *path, int flags, ...) { OPENAT(openat); }
int openat64(int folder, const char *path, int flags, ...) { OPENAT(openat64); }

FILE *fopen64(const char *path, const char *how)
{
    REAL(fopen64, FILE *(*)(const char *, const char *));
    if (*how != 'r' && below(AT_FDCWD, path) && hit(0)) return NULL;
    return real(path, how);
}

ssize_t write(int file, const void *data, size_t n)
{
    REAL(write, ssize_t (*)(int, const void *, size_t));
    if (of(file) && hit(0)) return -1;
    return real(file, data, n);
}
ssize_t writev(int file, const struct iovec *parts, int n)
{
    REAL(writev, ssize_t (*)(int, const struct iovec *, int));
    if (of(file) && hit(0)) return -1;
    return real(file, parts, n);
}
ssize_t pwrite64(int file, const void *data, size_t n, off64_t at)
{
    REAL(pwrite64, ssize_t (*)(int, const void *, size_t, off64_t));
    if (of(file) && hit(0)) return -1;
    return real(file, data, n, at);
}
size_t fwrite(const void *data, size_t size, size_t n, FILE *file)
{
    REAL(fwrite, size_t (*)(const void *, size_t, size_t, FILE *));
    if (of(fileno(file)) && hit(0)) return 0;
    return real(data, size, n, file);
}
int ftruncate64(int file, off64_t size)
{
    REAL(ftruncate64, int (*)(int, off64_t));
    if (of(file) && hit(0)) return -1;
    return real(file, size);
}
int fsync(int file)
{
    REAL(fsync, int (*)(int));
    if (of(file) && hit(0)) return -1;
    return real(file);
}
int fdatasync(int file)
{
    REAL(fdatasync, int (*)(int));
    if (of(file) && hit(0)) return -1;
    return real(file);
}
int rename(const char *from, const char *to)
{
    REAL(rename, int (*)(const char *, const char *));
    if (below(AT_FDCWD, to) && hit(1)) return -1;
    return real(from, to);
}
int renameat(int a, const char *from, int b, const char *to)
{
    REAL(renameat, int (*)(int, const char *, int, const char *));
    if (below(b, to) && hit(1)) return -1;
    return real(a, from, b, to);
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    REAL(renameat2, int (*)(int, const char *, int, const char *, unsigned));
    if (below(b, to) && hit(1)) return -1;
    return real(a, from, b, to, flags);
}
int link(const char *from, const char *to)
{
    REAL(link, int (*)(const char *, const char *));
    if (below(AT_FDCWD, to) && hit(0)) return -1;
    return real(from, to);
}
int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir, int (*)(const char *, mode_t));
    if (below(AT_FDCWD, path) && hit(0)) return -1;
    return real(path, mode);
}
int unlink(const char *path)
{
    REAL(unlink, int (*)(const char *));
    if (below(AT_FDCWD, path) && hit(1)) return -1;
    return real(path);
}
int unlinkat(int folder, const char *path, int flags)
{
    REAL(unlinkat, int (*)(int, const char *, int));
    if (below(folder, path) && hit(1)) return -1;
    return real(folder, path, flags);
}
int rmdir(const char *path)
{
    REAL(rmdir, int (*)(const char *));
    if (below(AT_FDCWD, path) && hit(1)) return -1;
    return real(path);
}
