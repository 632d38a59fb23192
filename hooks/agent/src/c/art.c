/*
 * ART's part of the engine. A hooked method keeps its identity; its entry point leads to a gate (gates.ts) that asks
 * `choose` here whether the call goes on to the original or into the replacement, a native method of its own whose code
 * is the C entry. A gate is code that ART knows nothing of, so it is neither taken for the interpreter's bridge nor
 * passed by where a class is verified or a method handle called; new code that ART has for the method is kept for the
 * original.
 */

#include "art.h"

/* From a gate: the replacement, or 0 = the call goes to the original. Runs in managed code: nothing here may wait. */
void * choose (Gate * g)
{
  Thread * t = pthread_getspecific (shared.key);
  if (t != 0)
  {
    if (t->passes == g)
    {
      t->passes = 0;
      return 0;
    }
    if (t->busy)
      return 0;
  }
  if (shared.closed)
    return 0;
  /* A collector that is not followed has moved the class: the method's own reference is kept by ART. */
  if (DECLARING (g->replacement) != DECLARING (g->method))
    DECLARING (g->replacement) = DECLARING (g->method);
  return g->replacement;
}

unsigned int place_of (void * method)
{
  return (unsigned int) (((unsigned long) method >> 3) * 2654435761U >> 7) & (TABLE - 1);
}

Gate * gate_of (void * method)
{
  unsigned int at = place_of (method);
  Gate * g;
  while ((g = by_method[at]) != 0)
  {
    if (g->method == method)
      return g;
    at = (at + 1) & (TABLE - 1);
  }
  return 0;
}

/* Code for the original that ART found. Where that would initialise the class, the interpreter does so in its own time.
 */
void keep (Gate * g, void * entry)
{
  if (entry == g->stub)
    return;
  if (entry == art.resolution)
    entry = FLAGS (g->method) & 0x100 ? art.generic : art.interpreter;
  g->entry = entry;
}

/* ART chooses code for a method: for a hooked one it does so on a copy, and the gate stays where it is. */
void adopt (Gate * g, void (*choose_code) (void *, void *, void *), void * instrumentation, void * code)
{
  unsigned char copy[METHOD];
  if (code == g->stub)
    return;
  memcpy (copy, g->method, art.size);
  WORD (copy, art.entry_at) = g->entry;
  choose_code (instrumentation, copy, code);
  keep (g, WORD (copy, art.entry_at));
}

void on_initialize (void * instrumentation, void * method, void * code)
{
  Gate * g = gate_of (method);
  add_to (&shared.inflight, 1);
  art.instrumentation = instrumentation;
  if (art.given_up && !(FLAGS ((unsigned char *) method) & 0x100))
    code = 0; /* What was compiled ahead of time may hold copies. */
  if (g == 0)
    art.initialize (instrumentation, method, code);
  else
    adopt (g, art.initialize, instrumentation, code);
  add_to (&shared.inflight, -1);
}

void on_update (void * instrumentation, void * method, void * code)
{
  Gate * g = gate_of (method);
  add_to (&shared.inflight, 1);
  if (g == 0)
    art.update (instrumentation, method, code);
  else
    adopt (g, art.update, instrumentation, code);
  add_to (&shared.inflight, -1);
}

/* Asked for by in_vm below: the thread is where objects do not move. Without an object it is nothing to the VM. */
void * on_add_ref (void * vm, void * self, void * object)
{
  void * made;
  if (object == 0)
  {
    Thread * t = pthread_getspecific (shared.key);
    if (t != 0 && t->task != 0)
    {
      void (*task) (Thread *, void *) = t->task;
      t->task = 0;
      art.vm = vm;
      task (t, self);
      return 0;
    }
  }
  add_to (&shared.inflight, 1);
  made = art.add_ref (vm, self, object);
  add_to (&shared.inflight, -1);
  return made;
}

void in_vm (Thread * t, void * env, void (*task) (Thread *, void *), void * work)
{
  void * outer = t->work;
  t->task = task;
  t->work = work;
  FN (env, 21, void *, void *, void *) (env, 0);
  t->task = 0;
  t->work = outer;
}

/* Methods whose class was verified or initialised after they were hooked: their originals may run faster now. */
static void improve (void)
{
  int i;
  art.stale = 0;
  for (i = 0; art.instrumentation != 0 && i != art.count; i++)
    if (gates[i]->entry == art.interpreter)
      adopt (gates[i], art.initialize, art.instrumentation, 0);
}

static int visit (Visitor * v)
{
  unsigned char * method = visitor_method (v);
  if (method != 0 && *(unsigned int *) (method + 8) != 0xffffffffU)
  {
    v->frames[v->count].method = method;
    v->frames[v->count++].location = visitor_dex_pc (v, 0);
  }
  return v->count != v->most;
}

/* The first walks show how large ART's visitor is. */
#define GUARDED 64

static void walk_here (Thread * t, void * self)
{
  Visitor * v = t->work;
  int i, look = art.walks < GUARDED;
  if (art.overrun)
    return;
  if (art.stale)
    improve ();
  for (i = art.visitor_size; look && i != VISITOR + GUARD; i++)
    v->rest[i] = 0xa5;
  visitor_init (v, self, 0, 0, 0);
  v->functions[2] = visit;
  v->vtable = v->functions;
  visitor_walk (v, 0);
  if (!look)
    return;
  art.walks++;
  for (i = art.visitor_size; i != VISITOR + GUARD; i++)
    art.overrun |= v->rest[i] != 0xa5;
  if (art.overrun)
    v->count = 0;
}

int walk (Thread * t, void * env, TraceFrame * frames, int most)
{
  Visitor v;
  v.frames = frames;
  v.count = 0;
  v.most = most;
  in_vm (t, env, walk_here, &v);
  return v.count;
}
