/* A JVM: stacks by JVMTI. */

#include "engine.h"

extern int get_stack_trace (void * jvmti, void * thread, int start, int most, TraceFrame * frames, int * count);
extern char jvmti[];

int walk (Thread * t, void * env, TraceFrame * frames, int most)
{
  int count = 0;
  return get_stack_trace (jvmti, 0, 0, most, frames, &count) == 0 ? count : 0;
}
