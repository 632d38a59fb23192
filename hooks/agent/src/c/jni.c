/* The VM asked through JNI, values read into plain memory. */

#include "engine.h"

/* ART tells a call of one method from a virtual one by the function; a JVM's method id is the original already. */
#define CALL(at, type) \
  (s->direct && !s->is_static \
      ? FN (env, (at) + 30, type, void *, void *, void *, void *, Value *) (env, self, s->klass, s->target, args) \
      : FN (env, (at) + to, type, void *, void *, void *, Value *) (env, on, s->target, args))

void original (Thread * t, Site * s, void * env, void * self, Value * args, Value * ret)
{
  void * on = s->is_static ? s->klass : self;
  int to = s->is_static ? 80 : 0;
  if (s->target == 0)
    resolve_site (s->number);
  t->passes = s->gate;
  switch (s->ret)
  {
    case 'V': CALL (63, void); break;
    case 'Z': ret->z = CALL (39, unsigned char); break;
    case 'B': ret->b = CALL (42, signed char); break;
    case 'C': ret->c = CALL (45, unsigned short); break;
    case 'S': ret->s = CALL (48, short); break;
    case 'I': ret->i = CALL (51, int); break;
    case 'J': ret->j = CALL (54, long long); break;
    case 'F': ret->f = CALL (57, float); break;
    case 'D': ret->d = CALL (60, double); break;
    default: ret->l = CALL (36, void *); break;
  }
  t->passes = 0;
}

void * thrown (void * env)
{
  void * exception;
  if (!FN (env, 228, unsigned char, void *) (env))
    return 0;
  exception = FN (env, 15, void *, void *) (env);
  FN (env, 17, void, void *) (env);
  return exception;
}

void clear (void * env) { FN (env, 17, void, void *) (env); }

void throw_again (void * env, void * exception) { FN (env, 13, int, void *, void *) (env, exception); }

void forget (void * env, void * object) { FN (env, 23, void, void *, void *) (env, object); }

static int length (void * env, void * text) { return FN (env, 164, int, void *, void *) (env, text); }

/* Text of a value into the scratch space: length in two units, then the characters; 65535 in the first = none. */
int put (Thread * t, Site * s, void * env, int at, int as, Value * v)
{
  int size = 0;
  if (as == 'L' || as >= 'a')
  {
    if (v->l == 0 || at > SCRATCH - 4102)
    {
      t->text[at] = 65535;
      return at + 1;
    }
    if (as >= 'a')
    {
      size = read_object (t, env, s, as, v->l, t->text + at + 1, HOLDS (as) ? SCRATCH - ROOM_FOR_NAME - at : 4096);
      t->text[at] = (unsigned short) size;
      return at + 1 + size;
    }
    size = length (env, v->l);
    if (size > 4096)
      size = 4096;
    t->text[at] = size;
    FN (env, 220, void, void *, void *, int, int, unsigned short *) (env, v->l, 0, size, t->text + at + 1);
    return at + 1 + size;
  }
  t->text[at] = 4;
  *(int *) (t->text + at + 1) = v->i;
  *(int *) (t->text + at + 3) = (int) (v->j >> 32);
  return at + 5;
}

int is_constant (Site * s, unsigned short * text)
{
  const unsigned short * c = s->constants;
  int i;
  while (*c != 65535)
  {
    int size = *c++;
    if (text[0] == size)
    {
      for (i = 0; i != size && c[i] == text[1 + i]; i++)
        ;
      if (i == size)
        return 1;
    }
    c += size;
  }
  return 0;
}

int outcome_of (Site * s, void * env, Value * ret)
{
  if (s->ret != 'L' && s->ret != 'T' && s->ret != '[')
    return 0;
  if (ret->l == 0)
    return 1;
  if (s->ret == 'T')
    return length (env, ret->l) == 0;
  if (s->ret == '[')
    return FN (env, 171, int, void *, void *) (env, ret->l) == 0;
  return 0;
}

int class_name (Thread * t, void * env, void * exception, int at)
{
  void * klass = FN (env, 31, void *, void *, void *) (env, exception);
  Value name;
  t->busy++;
  name.l = FN (env, 36, void *, void *, void *, void *, Value *) (env, klass, shared.get_name, 0);
  clear (env);
  t->busy--;
  at = put (t, 0, env, at, 'L', &name);
  forget (env, klass);
  if (name.l != 0)
    forget (env, name.l);
  return at;
}

/* Characters of a string into a buffer; how many. */
int read_text (void * env, void * text, unsigned short * out, int most)
{
  int size = length (env, text);
  if (size > most)
    size = most;
  FN (env, 220, void, void *, void *, int, int, unsigned short *) (env, text, 0, size, out);
  return size;
}
