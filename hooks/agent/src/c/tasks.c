/* Whose task a thread runs. */

#include "engine.h"

/* The task that a call gives or begins: an argument or the object. A message stands for what was posted by it. */
static int task_key (Site * s, void * env, void * self, Value * args)
{
  void *object = s->task_at < 0 ? self : args[s->task_at].l, *posted = 0;
  Value v;
  int key;
  if (object == 0)
    return 0;
  if (shared.message != 0 && FN (env, 32, unsigned char, void *, void *, void *) (env, object, shared.message))
    posted = FN (env, 95, void *, void *, void *, void *) (env, object, shared.posted);
  v.l = posted == 0 ? object : posted;
  key = FN (env, 131, int, void *, void *, void *, Value *) (env, shared.system, shared.identity, &v);
  if (posted != 0)
    forget (env, posted);
  /* As at the end of the thread's stack: the original is to find no exception. */
  if (FN (env, 228, unsigned char, void *) (env))
  {
    clear (env);
    return 0;
  }
  return key;
}

/* Tasks for other threads: 3 = given, 4 = begun, 5 = ended, 6 = run. Nothing is recorded. */
void handed (Thread * t, Site * s, void * env, void * self, Value * args, Value * ret)
{
  double stack, old = t->origin;
  int had = t->has_origin, mark;
  if (s->fast == 3)
  {
    stack = stack_id (t, env);
    mark = known (stack);
    if (mark == 0 || (mark == 3 && !had))
    {
      slow (t, s, env, self, args, ret, clock_us (), stack);
      return;
    }
    /* A task that a task hands over is still its first submitter's. */
    put_task (task_key (s, env, self, args), mark < 2 ? stack : had ? old : 0);
  }
  else if (s->fast != 5)
  {
    stack = find_task (task_key (s, env, self, args));
    if (s->fast == 4 || stack != 0)
    {
      t->origin = stack;
      t->has_origin = 1;
    }
  }
  lock ();
  rows[s->row].total += 1;
  rows[s->row].nested += 1;
  unlock ();
  original (t, s, env, self, args, ret);
  if (s->fast == 5)
    t->has_origin = 0;
  if (s->fast == 6)
  {
    t->origin = old;
    t->has_origin = had;
  }
}
