/* What the hostile app does below Java: it takes hooks out, writes over the agent, forks, ends. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define N(name) Java_org_example_hostile_Main_##name
typedef void *Env;
#define F(env, n, type, ...) ((type (*) (__VA_ARGS__)) (*(void ***) (env))[n])

static const char *text_of (Env env, void *s) { return F (env, 169, const char *, Env, void *, void *) (env, s, 0); }

/* A function as its library has it on the disk: 1 if that was something else. */
int N (restore) (Env env, void *cls, void *name)
{
  Dl_info about;
  struct link_map *map;
  unsigned char clean[16];
  char *at = dlsym (RTLD_DEFAULT, text_of (env, name));
  if (!at || !dladdr1 (at, &about, (void **) &map, RTLD_DL_LINKMAP))
    return -1;
  /* by system calls: the functions themselves are hooked */
  long fd = syscall (SYS_openat, AT_FDCWD, about.dli_fname, O_RDONLY);
  long got = syscall (SYS_pread64, fd, clean, 16, at - (char *) about.dli_fbase);
  syscall (SYS_close, fd);
  if (got != 16 || !memcmp (at, clean, 16))
    return 0;
  char *page = (char *) ((unsigned long) at & ~4095ul);
  if (syscall (SYS_mprotect, page, 8192, PROT_READ | PROT_WRITE | PROT_EXEC))
    return -2;
  memcpy (at, clean, 16);
  return 1;
}

/* The VM is made to run one method for another, by what its ID leads to. */
int N (redirect) (Env env, void *cls, void *none, void *a, void *method, void *sig, void *b, void *other, void *sig2)
{
  void **one = F (env, 33, void *, Env, void *, const char *, const char *) (env, a, text_of (env, method), text_of (env, sig));
  void **two = F (env, 33, void *, Env, void *, const char *, const char *) (env, b, text_of (env, other), text_of (env, sig2));
  if (!one || !two || *one == *two)
    return 0;
  *one = *two;
  return 1;
}

static void *nothing (Env env, void *self) { return 0; }

/* A function of the app's own for a method that a hook has made native. */
int N (own) (Env env, void *cls, void *target, void *method, void *sig)
{
  struct { const char *name, *sig; void *function; } own = { text_of (env, method), text_of (env, sig), (void *) nothing };
  int failed = F (env, 215, int, Env, void *, void *, int) (env, target, &own, 1);
  F (env, 17, void, Env) (env);
  return failed;
}

/* Something over a random page of what may be the agent's: nothing, zeroes, or other rights. */
int N (over) (Env env, void *cls, int how, long seed)
{
  char line[512];
  unsigned long from, to, best = 0, end = 0;
  int n = 0;
  unsigned int r = seed;
  FILE *maps = fopen ("/proc/self/maps", "r");
  while (maps && fgets (line, sizeof line, maps))
    if (sscanf (line, "%lx-%lx", &from, &to) == 2
        && (strstr (line, "frida") || (strstr (line, "rwxp") || (strstr (line, "r-xp") && !strchr (line, '/') && !strchr (line, '[')))))
      if (rand_r (&r) % ++n == 0)
        best = from, end = to;
  if (maps)
    fclose (maps);
  if (!best)
    return 0;
  best += (rand_r (&r) % ((end - best) / 4096)) * 4096;
  if (how == 0)
    return syscall (SYS_mmap, best, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != -1;
  if (how == 1)
    return syscall (SYS_mprotect, best, 4096, PROT_NONE) == 0;
  return syscall (SYS_munmap, best, 4096) == 0;
}

/* Children that stay, that end, or that write. */
int N (spawn) (Env env, void *cls, int how, int count)
{
  while (count--)
    if (fork () == 0)
    {
      setsid ();
      if (how == 0)
        for (;;)
          pause ();
      if (how == 2)
        for (int i = 0; i < 2000; i++)
          if (write (1, "noise of a child, over and over\n", 32) < 0)
            break;
      _exit (0);
    }
  return 0;
}

int N (end) (Env env, void *cls, int how)
{
  switch (how)
  {
  case 3: return kill (getpid (), SIGKILL);
  case 4: return kill (getpid (), SIGSTOP);
  case 5: abort ();
  case 6: return *(volatile int *) 8;
  case 7: return syscall (SYS_exit_group, 9);
  default: for (int i = 1; i < 32; i++) kill (0, i);
  }
  return 0;
}

int N (closeAll) (Env env, void *cls, int from, int to)
{
  for (int i = from; i < to; i++)
    syscall (SYS_close, i);
  return 0;
}

int N (hog) (Env env, void *cls, int megabytes)
{
  char *at = mmap (0, (size_t) megabytes << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at != MAP_FAILED)
    memset (at, 1, (size_t) megabytes << 20);
  return 0;
}
