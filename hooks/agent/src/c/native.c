/*
 * The entry of a hooked native function: most calls are of no interest (every open, every ioctl of the process passes
 * here) and end after a look at one argument. The child of a fork never gets further: a lock that another thread held
 * at the fork would never be free in it.
 */

#include <gum/guminterceptor.h>

typedef struct
{
  const char * parts;
  int count;
  int number;
  int kind;
  int ignore;
} Key;

typedef struct
{
  int number;
  int index;
  int n_keys;
  int spare;
  Key * keys;
  char * from;
  char * to;
} Filter;

typedef struct
{
  int pid;
  int n_ranges;
  void ** ranges;
} Shared;

extern Shared shared;
extern int getpid (void);
extern int gettid (void);
extern int enter_call (int number, int key, void ** args, void * caller, int tid);
extern void leave_call (int token, void * result, int error);

static int begins (const char * text, const char * part)
{
  int n = 0;
  while (part[n] != 0)
  {
    if (text[n] != part[n])
      return -1;
    n++;
  }
  return n;
}

static int length (const char * text)
{
  int n = 0;
  while (text[n] != 0)
    n++;
  return n;
}

/* Parts of a key, which stood around its stars, in their order: the first begins the text, the last ends it. */
static int matches (const char * text, const char * part, int count)
{
  int n = begins (text, part);
  if (n < 0)
    return 0;
  text += n;
  if (count == 1)
    return *text == 0;
  part += length (part) + 1;
  for (count -= 2; count != 0; count--)
  {
    while ((n = begins (text, part)) < 0)
      if (*text++ == 0)
        return 0;
    text += n;
    part += length (part) + 1;
  }
  n = length (text) - length (part);
  return n >= 0 && begins (text + n, part) >= 0;
}

/* The key that an argument is, -1 = none of interest. */
static int select_key (Filter * f, void * arg)
{
  unsigned long place = (unsigned long) arg;
  int i;
  for (i = 0; i != f->n_keys; i++)
  {
    Key * key = &f->keys[i];
    if (key->kind == 1 ? (int) place == key->number
                       : place >= 65536 && place < (unsigned long) -4096 && matches (arg, key->parts, key->count))
      return key->ignore ? -1 : i;
  }
  return -1;
}

/* Where the call returns to. A probe's context does not know: the processor's state does. */
static char * caller_of (GumInvocationContext * ic)
{
#if defined(__x86_64__)
  return *(char **) ic->cpu_context->rsp;
#elif defined(__i386__)
  return *(char **) ic->cpu_context->esp;
#elif defined(__aarch64__) || defined(__arm__)
  return (char *) ic->cpu_context->lr;
#else
  return gum_invocation_context_get_return_address (ic);
#endif
}

void on_enter (GumInvocationContext * ic)
{
  Filter * f = gum_invocation_context_get_listener_function_data (ic);
  int * token = gum_invocation_context_get_listener_invocation_data (ic, sizeof (int));
  void * args[6];
  char * caller;
  int i, key = 0;
  *token = 0;
  if (f->index >= 0)
  {
    key = select_key (f, gum_invocation_context_get_nth_argument (ic, f->index));
    if (key < 0)
      return;
  }
  if (getpid () != shared.pid)
    return;
  caller = caller_of (ic);
  /* A function that another one of the library uses is a part of that. */
  if (caller >= f->from && caller < f->to)
    return;
  for (i = 0; i != shared.n_ranges; i++)
    if (caller >= (char *) shared.ranges[2 * i] && caller < (char *) shared.ranges[2 * i + 1])
      return;
  for (i = 0; i != 6; i++)
    args[i] = gum_invocation_context_get_nth_argument (ic, i);
  *token = enter_call (f->number, key, args, caller, gettid ());
}

void on_leave (GumInvocationContext * ic)
{
  int * token = gum_invocation_context_get_listener_invocation_data (ic, sizeof (int));
  if (*token != 0)
    leave_call (*token, gum_invocation_context_get_return_value (ic), ic->system_error);
}
