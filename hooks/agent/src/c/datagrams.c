/* Before JavaScript: on Android every write to a stream is a sendto, too, one without an address. */

#include <gum/guminterceptor.h>
#define ARG(n) gum_invocation_context_get_nth_argument (ic, n)

typedef struct
{
  void * name;
  int size;
} Message;

extern void datagrams (int fd, void * address, int size, int count);

static void tell (void * fd, void * address, int size, int count)
{
  if (address != 0)
    datagrams ((int) (long) fd, address, size, count);
}

void on_sendto (GumInvocationContext * ic) { tell (ARG (0), ARG (4), (int) (long) ARG (5), 1); }

void on_sendmsg (GumInvocationContext * ic)
{
  Message * message = ARG (1);
  if (message != 0)
    tell (ARG (0), message->name, message->size, 1);
}

void on_sendmmsg (GumInvocationContext * ic)
{
  Message * message = ARG (1);
  if (message != 0)
    tell (ARG (0), message->name, message->size, (int) (long) ARG (2));
}

void on_leave (GumInvocationContext * ic) {}
