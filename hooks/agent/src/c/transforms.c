/*
 * Transforms: what went into a digest, a cipher or the like, in parts too, and what came out. Parts are kept by the
 * object's identity hash code until its result is asked for, in sets of four of which the oldest goes: of that one it
 * is not known any more what went in, and its result is counted as a fault.
 */

#include "engine.h"

/* Bytes of an argument or a result that are kept of a call. */
#define MOST_BYTES 4096

typedef struct
{
  int at;
  int size;
  void * array;
} Span;

static int identity_of (void * env, void * object)
{
  Value v;
  int key;
  if (shared.system == 0)
    return 0;
  v.l = object;
  key = FN (env, 131, int, void *, void *, void *, Value *) (env, shared.system, shared.identity, &v);
  /* At the end of its stack a thread may be told so here: the original is to find no exception. */
  if (FN (env, 228, unsigned char, void *) (env))
  {
    clear (env);
    return 0;
  }
  return key;
}

/* Under the lock. Where an object is that had to make room; with `make`, where it goes. */
static int * evicted_by (int key, int make)
{
  unsigned int at = ((unsigned int) key * 2654435761U) >> 18, i;
  int * room = 0;
  for (i = 0; i != 32; i++)
  {
    int * one = &evicted[(at + i) & (EVICTED - 1)];
    if (*one == key)
      return one;
    if (*one == 0 && room == 0)
      room = one;
  }
  return !make ? 0 : room != 0 ? room : &evicted[at];
}

/* Under the lock. Whether what went into an object is not known any more; that is told once. */
static int was_evicted (int key, int keep)
{
  int * one = key == 0 ? 0 : evicted_by (key, 0);
  if (one != 0 && !keep)
    *one = 0;
  return one != 0;
}

/* Under the lock. A key of 0 stands for none. */
static Fed * fed_by (int key, int make)
{
  Fed *set = &fed[((((unsigned int) key * 2654435761U) >> 16) & (FED_SETS - 1)) * 4], *to = set;
  int i;
  double oldest, one;
  if (key == 0)
    return 0;
  for (i = 0; i != 4; i++)
    if (set[i].key == key)
      return &set[i];
    else
    {
      oldest = to->at;
      one = set[i].at;
      if (one < oldest)
        to = &set[i];
    }
  if (!make)
    return 0;
  if (to->key != 0)
    *evicted_by (to->key, 1) = to->key;
  to->key = key;
  to->total = was_evicted (key, 0) ? -1 : 0;
  return to;
}

static void feed (int key, const unsigned char * data, int size)
{
  Fed * to;
  int i;
  lock ();
  shared.last_fed += 1;
  to = fed_by (key, 1);
  if (to != 0)
    to->at = shared.last_fed;
  if (to != 0 && to->total >= 0)
  {
    for (i = 0; i != size && to->total + i < FED; i++)
      to->data[to->total + i] = data[i];
    to->total = to->total + size < to->total ? to->total : to->total + size;
  }
  unlock ();
}

void feed_bytes (int key, const unsigned char * data, int size) { feed (key, data, size); }

/* What went into one object has gone into its copy too. */
void copy_fed (int key, int copy)
{
  Fed *from, *to;
  int i, total = -1;
  lock ();
  from = copy == 0 ? 0 : fed_by (key, 0);
  if (from != 0)
  {
    shared.last_fed += 2;
    from->at = shared.last_fed - 1;
    total = from->total;
  }
  to = from != 0 || (copy != 0 && was_evicted (key, 1)) ? fed_by (copy, 1) : 0;
  if (to != 0)
  {
    to->at = shared.last_fed;
    to->total = total;
    for (i = 0; from != 0 && i < total && i != FED; i++)
      to->data[i] = from->data[i];
  }
  unlock ();
}

/* What was fed so far, at most FED bytes of it; how many bytes that is, and how many there were (-1 = not known). */
int take_fed (int key, unsigned char * out, int * total, int keep)
{
  Fed * from;
  int i, size = 0;
  *total = 0;
  lock ();
  from = fed_by (key, 0);
  if (from == 0 && was_evicted (key, keep))
    *total = -1;
  if (from != 0)
  {
    *total = from->total;
    size = from->total < 0 ? 0 : from->total < FED ? from->total : FED;
    for (i = 0; i < size; i++)
      out[i] = from->data[i];
    if (!keep)
    {
      from->key = 0;
      from->at = 0;
    }
  }
  unlock ();
  return size;
}

void drop_fed (Site * s, void * env, void * self)
{
  int key = s->is_static || (s->fed != TAKES && s->fed != RENEWS) ? 0 : identity_of (env, self);
  Fed * from;
  lock ();
  from = fed_by (key, 0);
  if (from != 0)
  {
    from->key = 0;
    from->at = 0;
  }
  was_evicted (key, 0);
  unlock ();
}

/* The part of an array that arguments name; nothing where the call will throw. */
static Span span_of (void * env, void * array, Value * args, int from, int size_at, int most)
{
  Span span = {0, 0, array};
  int length = array == 0 ? 0 : FN (env, 171, int, void *, void *) (env, array);
  int at = from < 0 ? 0 : args[from].i, size = size_at < 0 ? length - at : args[size_at].i;
  if (size > most && size_at < 0)
    size = most;
  if (at < 0 || size < 0 || at > length || size > length - at)
    return span;
  span.at = at;
  span.size = size;
  return span;
}

static int read_span (void * env, Span span, unsigned char * out, int most)
{
  int size = span.size < most ? span.size : most;
  if (size > 0)
    FN (env, 200, void, void *, void *, int, int, unsigned char *) (env, span.array, span.at, size, out);
  if (FN (env, 228, unsigned char, void *) (env))
  {
    clear (env);
    return 0;
  }
  return size;
}

/* What goes in: an array, a part of it, a block of sixteen bytes, or one byte. */
static int read_input (Site * s, void * env, Value * args, unsigned char * out, int most, int * total)
{
  Span span;
  *total = 0;
  if (s->in_at < 0)
    return 0;
  if (s->in_shape == ONE_BYTE)
  {
    out[0] = (unsigned char) args[s->in_at].b;
    *total = 1;
    return 1;
  }
  span = span_of (env, args[s->in_at].l, args, s->in_shape == WHOLE ? -1 : s->in_at + 1,
    s->in_shape == PART ? s->in_at + 2 : -1, s->in_shape == BLOCK ? 16 : 0x7fffffff);
  *total = span.size;
  return read_span (env, span, out, most);
}

/* A size in two units, how many bytes there are, and these, two a unit. */
static int pack (const unsigned char * data, int size, int total, unsigned short * out)
{
  int i;
  out[0] = (unsigned short) (total & 0xffff);
  out[1] = (unsigned short) ((unsigned int) total >> 16);
  out[2] = (unsigned short) size;
  for (i = 0; i < size; i += 2)
    out[3 + i / 2] = (unsigned short) (data[i] | (i + 1 < size ? data[i + 1] << 8 : 0));
  return 3 + (size + 1) / 2;
}

/* What went in up to and with this call, as a kept object; freed by the caller. */
unsigned short * keep_fed (Thread * t, Site * s, void * env, void * self, Value * args)
{
  unsigned char * data = calloc (FED + MOST_BYTES, 1);
  unsigned short * kept = calloc (5 + (FED + MOST_BYTES) / 2, 2);
  int key = s->is_static ? 0 : identity_of (env, self), before = 0, total = 0, size, own;
  if (data == 0 || kept == 0)
  {
    t->failed = 1;
    free (data);
    return kept;
  }
  size = take_fed (key, data, &before, s->fed == PASSES);
  if (before < 0)
  {
    t->failed = 1;
    before = 0;
  }
  own = read_input (s, env, args, data + size, MOST_BYTES, &total);
  if (s->fed == PASSES)
    feed (key, data + size, own);
  kept[0] = (unsigned short) pack (data, size + own, before + total, kept + 1);
  free (data);
  return kept;
}

/* What came out, into the scratch space like any text. */
int put_output (Thread * t, Site * s, void * env, int at, Value * args, Value * ret)
{
  unsigned char data[MOST_BYTES];
  Span span;
  int size;
  if (s->out_at < 0)
    span = span_of (env, ret->l, args, -1, -1, 0x7fffffff);
  else
    span = span_of (env, args[s->out_at].l, args, s->out_from, -1, s->ret == 'I' ? ret->i : 16);
  size = read_span (env, span, data, MOST_BYTES);
  t->text[at] = (unsigned short) pack (data, size, span.size, t->text + at + 1);
  return at + 1 + t->text[at];
}

/* A part goes in, what went in is given up (RENEWS, or without an argument), or goes into a copy: nothing comes out. */
void fed_call (Thread * t, Site * s, void * env, void * self, Value * args, Value * ret)
{
  unsigned char data[FED];
  int key = 0, total, size;
  double now = clock_us ();
  lock ();
  rows[s->row].total += 1;
  if (!add_count (s, 0, 0, now))
    rows[s->row].spare += 1;
  unlock ();
  if (t->depth == 0 || find_outer (t, s->folds, -1) == 0)
  {
    t->busy++;
    key = identity_of (env, self);
    if (s->fed == FEEDS && s->in_at >= 0)
    {
      size = read_input (s, env, args, data, FED, &total);
      feed (key, data, size);
    }
    else if (s->fed != COPIES)
      take_fed (key, data, &total, 0);
    t->busy--;
  }
  original (t, s, env, self, args, ret);
  if (s->fed == COPIES && key != 0 && ret->l != 0 && !FN (env, 228, unsigned char, void *) (env))
  {
    t->busy++;
    copy_fed (key, identity_of (env, ret->l));
    t->busy--;
  }
}
