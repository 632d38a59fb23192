/** The native half of a hook on a JVM, second part of its C source: the VM asked through JNI, values read into plain memory. */

export const JNI = `
static void original (Site * s, void * env, void * self, Value * args, Value * ret)
{
  void * on = s->is_static ? s->klass : self;
  int to = s->is_static ? 80 : 0;
  if (s->target == 0)
    resolve_site (s->number);
  switch (s->ret)
  {
    case 'V': FN (env, 63 + to, void (*) (void *, void *, void *, Value *)) (env, on, s->target, args); break;
    case 'Z': ret->z = FN (env, 39 + to, unsigned char (*) (void *, void *, void *, Value *)) (env, on, s->target, args); break;
    case 'B': ret->b = FN (env, 42 + to, signed char (*) (void *, void *, void *, Value *)) (env, on, s->target, args); break;
    case 'C': ret->c = FN (env, 45 + to, unsigned short (*) (void *, void *, void *, Value *)) (env, on, s->target, args); break;
    case 'S': ret->s = FN (env, 48 + to, short (*) (void *, void *, void *, Value *)) (env, on, s->target, args); break;
    case 'I': ret->i = FN (env, 51 + to, int (*) (void *, void *, void *, Value *)) (env, on, s->target, args); break;
    case 'J': ret->j = FN (env, 54 + to, long long (*) (void *, void *, void *, Value *)) (env, on, s->target, args); break;
    case 'F': ret->f = FN (env, 57 + to, float (*) (void *, void *, void *, Value *)) (env, on, s->target, args); break;
    case 'D': ret->d = FN (env, 60 + to, double (*) (void *, void *, void *, Value *)) (env, on, s->target, args); break;
    default: ret->l = FN (env, 36 + to, void * (*) (void *, void *, void *, Value *)) (env, on, s->target, args); break;
  }
}

static void * thrown (void * env)
{
  void * exception;
  if (!FN (env, 228, unsigned char (*) (void *)) (env))
    return 0;
  exception = FN (env, 15, void * (*) (void *)) (env);
  FN (env, 17, void (*) (void *)) (env);
  return exception;
}

static void clear (void * env) { FN (env, 17, void (*) (void *)) (env); }
static void throw_again (void * env, void * exception) { FN (env, 13, int (*) (void *, void *)) (env, exception); }
static void forget (void * env, void * object) { FN (env, 23, void (*) (void *, void *)) (env, object); }
static int length (void * env, void * text) { return FN (env, 164, int (*) (void *, void *)) (env, text); }

/* Text of a value into the scratch space: length in two units, then the characters; 65535 in the first = none. */
static int put (Thread * t, void * env, int at, int as, Value * v)
{
  int size = 0;
  if (as == 'L')
  {
    if (v->l == 0 || at > 16384 - 4102)
    {
      t->text[at] = 65535;
      return at + 1;
    }
    size = length (env, v->l);
    if (size > 4096) size = 4096;
    t->text[at] = size;
    FN (env, 220, void (*) (void *, void *, int, int, unsigned short *)) (env, v->l, 0, size, t->text + at + 1);
    return at + 1 + size;
  }
  t->text[at] = 4;
  *(int *) (t->text + at + 1) = v->i;
  *(int *) (t->text + at + 3) = (int) (v->j >> 32);
  return at + 5;
}

static int is_constant (Site * s, unsigned short * text)
{
  const unsigned short * c = s->constants;
  int i;
  while (*c != 65535)
  {
    int size = *c++;
    if (text[0] == size)
    {
      for (i = 0; i != size && c[i] == text[1 + i]; i++);
      if (i == size)
        return 1;
    }
    c += size;
  }
  return 0;
}

static int outcome_of (Site * s, void * env, Value * ret)
{
  if (s->ret != 'L' && s->ret != 'T' && s->ret != '[')
    return 0;
  if (ret->l == 0)
    return 1;
  if (s->ret == 'T')
    return length (env, ret->l) == 0;
  if (s->ret == '[')
    return FN (env, 171, int (*) (void *, void *)) (env, ret->l) == 0;
  return 0;
}

static int class_name (Thread * t, void * env, void * exception, int at)
{
  void * klass = FN (env, 31, void * (*) (void *, void *)) (env, exception);
  Value name;
  t->busy++;
  name.l = FN (env, 36, void * (*) (void *, void *, void *, Value *)) (env, klass, shared.get_name, 0);
  clear (env);
  t->busy--;
  at = put (t, env, at, 'L', &name);
  forget (env, klass);
  if (name.l != 0) forget (env, name.l);
  return at;
}

/* Characters of a string into a buffer; how many. */
int read_text (void * env, void * text, unsigned short * out, int most)
{
  int size = length (env, text);
  if (size > most) size = most;
  FN (env, 220, void (*) (void *, void *, int, int, unsigned short *)) (env, text, 0, size, out);
  return size;
}
`;
