/* ART: gates put before methods and taken out, classes that inherit, classes below others. */

#include "art.h"

/* A class may have moved: the replacement's is that of its method. */
static void follow (void)
{
  int i;
  for (i = 0; i != art.count; i++)
    DECLARING (gates[i]->replacement) = DECLARING (gates[i]->method);
}

void after_moving (void * invocation) { follow (); }

/*
 * A class that inherits an interface's method has a copy of its own: the same code and number. Copies made later are
 * made of the hooked method and have its gate.
 */
static int copies_in (ClassVisitor * v, unsigned char * klass)
{
  unsigned char *methods = WORD (klass, art.methods_at), *method;
  unsigned int i, n = methods == 0 ? 0 : *(unsigned int *) methods;
  int j;
  for (i = *(unsigned short *) (klass + art.copied_at); i < n; i++)
  {
    method = methods + 8 + i * art.size;
    for (j = v->first; j != v->end; j++)
    {
      Gate * g = gates[j];
      if (g->inherited && method != g->method && WORD (method, art.entry_at) != g->stub &&
        WORD (method, art.data_at) == WORD (g->method, art.data_at) &&
        *(unsigned int *) (method + 8) == *(unsigned int *) (g->method + 8))
      {
        Copy * copy = &copies[art.copies];
        if (art.copies == MOST_GATES)
        {
          shared.beyond++;
          continue;
        }
        art.copies++;
        copy->method = method;
        copy->gate = g;
        copy->klass = *(unsigned int *) (klass + loader_at[0]) == 0 ? 0 : art.add_ref (art.vm, v->self, klass);
        WORD (method, art.entry_at) = g->stub;
        look_after (&WORD (method, art.entry_at), g->stub, g->site);
      }
    }
  }
  return 1;
}

static void place_here (Thread * t, void * self)
{
  int *range = t->work, i, inherited = 0;
  for (i = range[0]; i != range[1]; i++)
  {
    Gate * g = gates[i];
    unsigned int flags = FLAGS (g->method), at = place_of (g->method);
    while (by_method[at] != 0 && by_method[at]->method != g->method)
      at = (at + 1) & (TABLE - 1);
    g->entry = FLAGS (g->method) & 0x100 ? art.generic : art.interpreter;
    by_method[at] = g;
    keep (g, WORD (g->method, art.entry_at));
    memcpy (g->replacement, g->method, art.size);
    /* An intrinsic's upper bits are its number. */
    if (flags & 0x80000000U)
      flags &= 0xffff;
    else
      FLAGS (g->method) = (flags | art.dont_compile) & ~WARM;
    /* Not synchronized: a thread that waited for the lock would be on its way into the hook, and nobody would know of
     * it. The original takes the lock. */
    FLAGS (g->replacement) = (flags & ~0x3a0020) | 0x100 | art.dont_compile;
    WORD (g->replacement, art.data_at) = g->jni;
    WORD (g->replacement, art.entry_at) = art.generic;
    inherited |= g->inherited;
  }
  art.count = range[1];
  barrier ();
  for (i = range[0]; i != range[1]; i++)
  {
    Gate * g = gates[i];
    WORD (g->method, art.entry_at) = g->stub;
    look_after (&WORD (g->method, art.entry_at), g->stub, g->site);
  }
  if (inherited && art.methods_at != 0)
  {
    ClassVisitor v;
    v.vtable = v.functions;
    v.functions[2] = copies_in;
    v.self = self;
    v.first = range[0];
    v.end = range[1];
    visit_classes (art.linker, &v);
  }
}

void place_gates (void * env, int first, int end)
{
  int range[2];
  range[0] = first;
  range[1] = end;
  in_vm (here (), env, place_here, range);
}

/* What a field of an object refers to: where it is now, if the collector is about to move it. */
static unsigned char * referred (unsigned char * object, int at)
{
  unsigned char * found = (unsigned char *) (unsigned long) *(unsigned int *) (object + at);
  return found != 0 && art.mark != 0 ? art.mark (found) : found;
}

static void note_base (Search * v, unsigned char * klass, unsigned char * parent)
{
  int i;
  for (i = 0; i != v->n_bases; i++)
    if (parent == v->bases[i] && v->found != v->most)
    {
      v->which[v->found] = i;
      v->out[v->found++] = art.add_ref (art.vm, v->self, klass);
    }
}

static int is_below (Search * v, unsigned char * klass)
{
  unsigned char *parent = klass, *table;
  int i, n;
  while ((parent = referred (parent, art.super_at)) != 0)
    note_base (v, klass, parent);
  table = referred (klass, art.interfaces_at);
  n = table == 0 ? 0 : *(int *) (table + 8);
  for (i = 0; i < n; i += 2)
  {
    parent = referred (table, 12 + 4 * i);
    if (parent != klass)
      note_base (v, klass, parent);
  }
  return 1;
}

static void search_here (Thread * t, void * self)
{
  Search * v = t->work;
  int i;
  v->self = self;
  v->vtable = v->functions;
  v->functions[2] = is_below;
  for (i = 0; i != v->n_bases; i++)
    v->bases[i] = decode_global (art.by_thread ? self : art.vm, v->bases[i]);
  visit_classes (art.linker, v);
}

/* Loaded classes below others (global references, which are lost): their global references and which they are below. */
int find_below (void * env, void ** bases, int n_bases, void ** out, int * which, int most)
{
  Search v;
  v.bases = bases;
  v.n_bases = n_bases;
  v.out = out;
  v.which = which;
  v.most = most;
  v.found = 0;
  in_vm (here (), env, search_here, &v);
  return v.found;
}

static void remove_here (Thread * t, void * self)
{
  Gate * g = t->work;
  void ** entry = &WORD (g->method, art.entry_at);
  int i;
  if (*entry == g->stub)
    *entry = g->entry;
  for (i = 0; g->inherited && i != art.copies; i++)
  {
    entry = &WORD (copies[i].method, art.entry_at);
    if (copies[i].gate == g && *entry == g->stub)
      *entry = g->entry;
  }
}

void remove_gate (void * env, int number)
{
  Gate * g = gates[number];
  int i, left = 0;
  in_vm (here (), env, remove_here, g);
  if (!g->inherited)
    return;
  forget_leads (g->site); /* Before the copies go with their classes. */
  for (i = 0; i != art.copies; i++)
    if (copies[i].gate != g)
      copies[left++] = copies[i];
    else if (copies[i].klass != 0)
      FN (env, 22, void, void *, void *) (env, copies[i].klass);
  art.copies = left;
}
