/*
 * Before the end of a process. A child has the process's hooks, and of a fork also the lock of its JavaScript, held
 * perhaps by a thread that it has not: so only the process itself gets further.
 */

#include <gum/guminterceptor.h>

typedef struct
{
  int pid;
  int getpid;
} Own;

extern Own own;
/* A C library may answer getpid from its memory, which a child of vfork shares. */
extern long syscall (long number);
extern void ending (void);

void on_enter (GumInvocationContext * ic)
{
  if (own.getpid == 0 || syscall (own.getpid) == own.pid)
    ending ();
}
