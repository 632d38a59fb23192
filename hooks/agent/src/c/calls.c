/*
 * One call, from entry to record. No VM function is called under the lock: it could wait for a safepoint whose
 * operation waits for the lock.
 */

#include "engine.h"

double parent_of (Thread * t)
{
  int i;
  for (i = t->depth - 1; i >= 0; i--)
    if (t->frames[i].counts)
      return t->frames[i].call;
  return 0;
}

Frame * push (Thread * t, int folds, int counts, int gives)
{
  Frame * f = &t->frames[t->depth++];
  f->folds = folds;
  f->counts = counts;
  f->gives = gives;
  f->inners = 0;
  return f;
}

double next_call (void)
{
  double call;
  lock ();
  call = shared.last_call;
  call += 1;
  shared.last_call = call;
  unlock ();
  return call;
}

/* The call in which this one is a part: its number, negative if it takes values of inner calls; 0 = none. Notes the
 * part. */
double find_outer (Thread * t, int folds, int site)
{
  int i;
  for (i = 0; i != t->depth; i++)
    if (t->frames[i].folds == folds)
    {
      Frame * f = &t->frames[i];
      if (site >= 0 && f->inners < 8)
        f->inner[f->inners++] = site;
      return f->gives ? -f->call : f->call;
    }
  return 0;
}

/* For functions below Java: the call of this thread that one of such a data type is a part of, and the one around it.
 */
double outer_here (int folds, int part) { return find_outer (here (), folds, part); }

double parent_here (void) { return parent_of (here ()); }

int busy_here (void) { return here ()->busy; }

/* JavaScript around the original: everything that is not simple. */
void slow (Thread * t, Site * s, void * env, void * self, Value * args, Value * ret, double now, double stack)
{
  double token, call = next_call ();
  int flags;
  void * exception;
  Frame * f;
  t->busy++;
  FN (env, 19, int, void *, int) (env, 32);
  token =
    before_call (s->number, env, self, args, now, stack, call, parent_of (t), t->tid, t->index, t->depth == 0 ? 0 : t);
  clear (env);
  t->busy--;
  if (token == 0)
  {
    FN (env, 20, void *, void *, void *) (env, 0);
    original (t, s, env, self, args, ret);
    return;
  }
  flags = (int) ((long long) token & 1023);
  f = push (t, flags >> 2, (flags >> 1) & 1, flags & 1);
  f->call = call;
  original (t, s, env, self, args, ret);
  t->depth--;
  exception = thrown (env);
  t->busy++;
  /* 1: with another result than the original's (unpin.ts alone). */
  if (after_call (token, env, ret, exception, f->inners == 0 ? 0 : f))
    exception = 0;
  clear (env);
  t->busy--;
  if (exception != 0)
    throw_again (env, exception);
  if (s->ret == 'L' || s->ret == 'T' || s->ret == '[')
    ret->l = FN (env, 20, void *, void *, void *) (env, exception == 0 ? ret->l : 0);
  else
    FN (env, 20, void *, void *, void *) (env, 0);
}

/* Whether something was not read because the platform threw; such a call is counted as a fault. */
static int faulty (Thread * t, Site * s)
{
  if (!t->failed)
    return 0;
  t->failed = 0;
  lock ();
  rows[s->row].total += 1;
  rows[s->row].spare += 1;
  unlock ();
  return 1;
}

/* What is kept of arguments that are objects, read before the original changes them; freed by the caller. */
static unsigned short * keep_objects (Thread * t, Site * s, void * env, Value * args)
{
  int i, at = 0;
  unsigned short * kept;
  for (i = 0; i != s->reads; i++)
    if (s->read_at[i] >= 0 && s->read_as[i] >= 'a')
    {
      void * object = args[s->read_at[i]].l;
      int size = object == 0 ? 0 : read_object (t, env, s, s->read_as[i], object, t->text + at + 1, 300);
      t->text[at] = (unsigned short) (object == 0 ? 65535 : size);
      at += 1 + size;
    }
  kept = calloc ((unsigned long) at + 1, 2);
  if (kept == 0)
    t->failed = 1;
  for (i = 0; kept != 0 && i != at; i++)
    kept[i] = t->text[i];
  return kept;
}

static int put_kept (Thread * t, int at, unsigned short ** kept)
{
  int i, size;
  if (*kept == 0)
  {
    t->text[at] = 65535;
    return at + 1;
  }
  size = **kept == 65535 ? 0 : **kept;
  for (i = 0; i <= size; i++)
    t->text[at + i] = (*kept)[i];
  *kept += 1 + size;
  return at + 1 + size;
}

/* What is kept of a call into the scratch space; `last`: where the result's begins. How many units. */
static int encode (
  Thread * t, Site * s, void * env, Value * args, Value * ret, unsigned short * kept, int empty, int * last)
{
  int i, at = 0;
  for (i = 0; i != s->reads; i++)
  {
    *last = at;
    if (s->read_at[i] >= 0)
      at = s->read_as[i] >= 'a' ? put_kept (t, at, &kept) : put (t, s, env, at, s->read_as[i], &args[s->read_at[i]]);
    else if (empty)
      t->text[at++] = 65535;
    else if (s->fed)
      at = put_output (t, s, env, at, args, ret);
    else
      at = put (t, s, env, at, s->read_as[i], ret);
  }
  return at;
}

/* An empty list reveals nothing about anyone; a network without a value has but placeholders. */
static int outcome_by (Site * s, const unsigned short * text)
{
  if (s->members == 'n')
    return text[0] == 1 && text[1] == '0';
  if (s->members == 'w')
    return text[0] == 2 ? 2 : 0;
  return text[0] == 2 && text[1] == 0 && text[2] == 0;
}

/* `marks`: what stands beside the outcome. */
static void record (Thread * t, Site * s, void * env, Value * args, Value * ret, void * exception, Frame * f,
  double now, double stack, double parent, unsigned short * kept, int marks)
{
  Row * row = &rows[s->row];
  int outcome, empty, i, at = 0, last = 0, size, yes, inners = f->inners;
  unsigned char * to;
  if (exception == 0)
    outcome = outcome_of (s, env, ret);
  else
    outcome =
      shared.security != 0 && FN (env, 32, unsigned char, void *, void *, void *) (env, exception, shared.security) ? 3
                                                                                                                    : 4;
  empty = outcome != 0;
  if (s->members && !empty)
  {
    at = encode (t, s, env, args, ret, kept, empty, &last);
    outcome = outcome_by (s, t->text + last);
  }
  if (faulty (t, s))
    return;
  lock ();
  row->total += 1;
  yes = allowed (row, now);
  unlock ();
  if (yes)
  {
    if (!s->members || empty)
      at = encode (t, s, env, args, ret, kept, empty, &last);
    if (exception != 0)
      at = class_name (t, env, exception, at);
    size = (84 + at * 2 + 7) & ~7;
    lock ();
    if (t->failed)
    {
      double spent = shared.credits;
      t->failed = 0;
      shared.credits = spent + 1;
      row->spare += 1;
      unlock ();
      return;
    }
    if (shared.used + size <= RING)
    {
      to = (unsigned char *) buffers + shared.half * RING + shared.used;
      shared.used += size;
      ((int *) to)[0] = size;
      ((int *) to)[1] = s->number;
      ((double *) to)[1] = now;
      ((double *) to)[2] = stack;
      ((double *) to)[3] = f->call;
      ((double *) to)[4] = parent;
      ((int *) to)[10] = t->tid;
      ((int *) to)[11] = outcome | marks;
      ((int *) to)[12] = inners;
      for (i = 0; i != 8; i++)
        ((int *) to)[13 + i] = f->inner[i];
      for (i = 0; i != at; i++)
        ((unsigned short *) (to + 84))[i] = t->text[i];
      row->detailed += 1;
      unlock ();
      return;
    }
    double credits = shared.credits;
    shared.credits = credits + 1;
    unlock ();
  }
  if (s->has_constants && outcome == 0 && exception == 0)
  {
    put (t, s, env, 0, 'L', ret);
    if (is_constant (s, t->text))
      outcome = 2;
  }
  lock ();
  if (!add_count (s, stack, outcome | (marks & ~LENT), now))
    row->spare += 1;
  unlock ();
}

/* Whether the receiver is of one of the classes that the site's row means. */
static int meant (Site * s, void * env, void * self)
{
  int i;
  if (s->n_filters == 0)
    return 1;
  for (i = 0; i != s->n_filters; i++)
    if (FN (env, 32, unsigned char, void *, void *, void *) (env, self, s->filters[i]))
      return 1;
  return 0;
}

void skipped (Site * s, int nested)
{
  lock ();
  rows[s->row].total += 1;
  if (nested)
    rows[s->row].nested += 1;
  else
    rows[s->row].ignored += 1;
  unlock ();
}

static void run (Thread * t, Site * s, void * env, void * self, Value * args, Value * ret)
{
  double now, stack, parent, outer;
  int state, folds, marks = 0;
  unsigned short * kept = 0;
  void * exception;
  Frame * f;
  if (s->fast == 7)
  {
    s->task_at++;
    original (t, s, env, self, args, ret);
    return;
  }
  if (t->busy || shared.closed)
  {
    original (t, s, env, self, args, ret);
    return;
  }
  if (s->fast != 0 && !meant (s, env, self))
  {
    skipped (s, 0);
    original (t, s, env, self, args, ret);
    return;
  }
  if (s->fast == 10)
  {
    fed_call (t, s, env, self, args, ret);
    return;
  }
  if (s->fast >= 8)
  {
    watched (t, s, env, self, args, ret);
    return;
  }
  if (s->fast >= 3)
  {
    handed (t, s, env, self, args, ret);
    return;
  }
  now = clock_us ();
  if (s->fast == 2)
  {
    lock ();
    rows[s->row].total += 1;
    if (!add_count (s, 0, 0, now))
      rows[s->row].spare += 1;
    unlock ();
    original (t, s, env, self, args, ret);
    return;
  }
  if (t->depth == 64)
  {
    skipped (s, 0);
    original (t, s, env, self, args, ret);
    return;
  }
  if (s->fast == 0)
  {
    slow (t, s, env, self, args, ret, now, s->stack_first ? stack_id (t, env) : -1);
    return;
  }
  if (s->fed == RENEWS)
    drop_fed (s, env, self);
  folds = s->folds;
  if (s->select != 0)
  {
    Choice * choice = &s->select->keys[choose_key (t, env, s, self, args)];
    int fault = faulty (t, s);
    if (fault || choice->type == 0)
    {
      if (!fault)
        skipped (s, 0);
      original (t, s, env, self, args, ret);
      return;
    }
    folds = choice->type;
    marks = (int) (choice - s->select->keys + 1) * KEYS;
  }
  outer = t->depth == 0 ? 0 : find_outer (t, folds, s->wants ? -1 : s->number);
  if (outer != 0 && s->wants)
  {
    if (outer < 0)
    {
      slow (t, s, env, self, args, ret, now, -1);
      return;
    }
    find_outer (t, folds, s->number);
  }
  if (outer != 0)
  {
    skipped (s, 1);
    original (t, s, env, self, args, ret);
    return;
  }
  stack = stack_id (t, env);
  state = known (stack);
  /* Where the stack shows nobody the call is that of whoever submitted the thread's task, or started the thread. */
  if (state == 0 || (state >= 2 && s->transform) || (state == 3 && !t->has_origin))
  {
    slow (t, s, env, self, args, ret, now, stack);
    return;
  }
  if (state < 0 && s->transform)
  {
    skipped (s, 0);
    if (s->fed)
      drop_fed (s, env, self);
    original (t, s, env, self, args, ret);
    return;
  }
  parent = parent_of (t);
  if (s->before)
  {
    t->busy++;
    kept = s->fed ? keep_fed (t, s, env, self, args) : keep_objects (t, s, env, args);
    t->busy--;
    if (faulty (t, s))
    {
      free (kept);
      original (t, s, env, self, args, ret);
      return;
    }
  }
  f = push (t, folds, s->counts, s->gives);
  f->call = next_call ();
  original (t, s, env, self, args, ret);
  t->depth--;
  exception = thrown (env);
  if (state >= 2 && t->has_origin && t->origin != 0)
  {
    stack = t->origin;
    marks |= LENT;
  }
  t->busy++;
  record (t, s, env, args, ret, exception, f, now, stack, parent, kept, marks);
  t->busy--;
  free (kept);
  if (exception != 0)
    throw_again (env, exception);
}

/* Counted from before the first wait to after the last one: a thread that waits for the lock comes back into this. */
void run_site (Site * s, void * env, void * self, Value * args, Value * ret)
{
  add_to (&shared.inflight, 1);
  run (here (), s, env, self, args, ret);
  /* A collector that is not followed may have moved the class meanwhile, and ART asks the class as the call ends. */
  if (s->gate != 0 && *s->gate[1] != *s->gate[0])
    *s->gate[1] = *s->gate[0];
  add_to (&shared.inflight, -1);
}

/* Hands over records (the other half is written next), counts and, if wanted, totals: all under one lock, so they
 * agree. */
int drain_all (Count * out, Row * totals, int n_rows, int * used)
{
  int n, i;
  lock ();
  *used = shared.used;
  shared.used = 0;
  shared.half ^= 1;
  n = shared.counted;
  for (i = 0; i != n; i++)
    out[i] = counts[i];
  shared.counted = 0;
  if (n != 0)
    for (i = 0; i != SLOTS; i++)
      slots[i] = 0;
  for (i = 0; i != n_rows; i++)
    totals[i] = rows[i];
  unlock ();
  return n;
}
