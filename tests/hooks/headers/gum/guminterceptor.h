/* What the C of the agent uses of Frida's header, which only its compiler in the app's process has. */
#ifndef GUMINTERCEPTOR_H
#define GUMINTERCEPTOR_H

#if defined (__aarch64__) || defined (__arm__)
typedef struct
{
  unsigned long lr;
} GumCpuContext;
#elif defined (__x86_64__)
typedef struct
{
  unsigned long rsp;
} GumCpuContext;
#else
typedef struct
{
  unsigned long esp;
} GumCpuContext;
#endif

typedef struct
{
  void * function;
  GumCpuContext * cpu_context;
  int system_error;
} GumInvocationContext;

extern void * gum_invocation_context_get_nth_argument (GumInvocationContext * context, unsigned int n);
extern void * gum_invocation_context_get_return_value (GumInvocationContext * context);
extern void * gum_invocation_context_get_return_address (GumInvocationContext * context);
extern void * gum_invocation_context_get_listener_function_data (GumInvocationContext * context);
extern void * gum_invocation_context_get_listener_invocation_data (GumInvocationContext * context, unsigned long size);

#endif
