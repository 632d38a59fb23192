/* Code that ART compiled before a method was hooked, and that may hold a copy of it. */
#include "art.h"

typedef struct
{
  unsigned char * from;
  unsigned char * end;
} Range;

typedef struct
{
  const unsigned char * data;
  long at;
} Bits;

extern Range compiled[];
extern char stuck[];
extern void initialize_code (void * instrumentation, void * method, void * code);
extern void suspend_all (void * threads, const char * cause, int for_long);
extern void resume_all (void * threads);
extern void invalidate_all (void * code_cache);
extern void each_thread (void * threads, void (*fn) (void * thread, void * context), void * context);

extern void (*install_stubs) (void * instrumentation, void * method, void * unused);

/* Where a frame's visitor keeps the header of its compiled code; the code follows it. */
#define CODE_HEADER_AT 48
#define CODE_HEADER_SIZE 4
/* Tables of a piece of code's information, in their order: how many columns. */
#define CODE_TABLES 5
#define CODE_INLINED 3
#define CODE_METHODS 4
static const unsigned char columns_of[CODE_TABLES] = {8, 2, 1, 6, 3};

/* Someone has ART deoptimise everything: for a hooked method that is done on a copy, and the gate stays where it is. */
void on_install_stubs (void * instrumentation, void * method)
{
  Gate * g = gate_of (method);
  add_to (&shared.inflight, 1);
  if (g == 0)
    install_stubs (instrumentation, method, 0);
  else
    adopt (g, install_stubs, instrumentation, 0);
  add_to (&shared.inflight, -1);
}

static Range * range_of (void * code)
{
  Range * r;
  for (r = compiled; r->end != 0; r++)
    if ((unsigned char *) code >= r->from && (unsigned char *) code < r->end)
      return r;
  return 0;
}

static int give_up_in (ClassVisitor * v, unsigned char * klass)
{
  unsigned char *methods = WORD (klass, art.methods_at), *method;
  unsigned int i, n = methods == 0 ? 0 : *(unsigned int *) methods;
  for (i = 0; i < n; i++)
  {
    Gate * g;
    void * entry;
    method = methods + 8 + i * art.size;
    if (FLAGS (method) & 0x100)
      continue;
    entry = WORD (method, art.entry_at);
    g = gate_of (method);
    if (g != 0 && entry == g->stub)
      entry = g->entry;
    if (range_of (entry) == 0)
      continue;
    initialize_code (art.instrumentation, method, 0);
    v->end++;
  }
  return 1;
}

/* From now on methods run uncompiled until the JIT compiles them anew. How many they were. */
int give_up_compiled (void * instrumentation, void * threads, void * code_cache)
{
  ClassVisitor v;
  int i;
  suspend_all (threads, "hooks", 0);
  art.instrumentation = instrumentation;
  art.given_up = 1;
  v.vtable = v.functions;
  v.functions[2] = give_up_in;
  v.end = 0;
  visit_classes (art.linker, &v);
  if (code_cache != 0)
    invalidate_all (code_cache);
  for (i = 0; i != art.count; i++)
    if (!(FLAGS (gates[i]->method) & 0x80000000U))
      FLAGS (gates[i]->method) &= ~WARM;
  resume_all (threads);
  return v.end;
}

static unsigned int read_bits (Bits * b, unsigned int n)
{
  unsigned int i, value = 0;
  for (i = 0; i != n; i++, b->at++)
    value |= (unsigned int) (b->data[b->at >> 3] >> (b->at & 7) & 1) << i;
  return value;
}

static void read_numbers (Bits * b, unsigned int * out, int n)
{
  int i;
  for (i = 0; i != n; i++)
    out[i] = read_bits (b, 4);
  for (i = 0; i != n; i++)
    if (out[i] > 11)
      out[i] = read_bits (b, 8 * (out[i] - 11));
}

static unsigned int cell (Bits * b, long table, unsigned int * widths, int row, int columns, int column)
{
  Bits c;
  int i;
  long width = 0, before = 0;
  for (i = 0; i != columns; i++)
  {
    if (i < column)
      before += widths[i];
    width += widths[i];
  }
  c.data = b->data;
  c.at = table + row * width + before;
  return read_bits (&c, widths[column]) - 1;
}

static void copy_of (unsigned char * method, unsigned int number)
{
  int i;
  for (i = 0; i != art.count; i++)
    if (method == 0 ? *(unsigned int *) (gates[i]->method + 8) == number : gates[i]->method == method)
      stuck[i] = 1;
}

/*
 * Notes the hooked methods that a piece of compiled code holds copies of: those of the JIT by address, others by
 * number. 0 = it was compiled quickly, without copies.
 */
static int note_copies (unsigned char * code)
{
  unsigned int data = *(unsigned int *) (code - CODE_HEADER_SIZE), head[7], shape[9];
  Bits b;
  int i, j;
  if (data == 0xffffffffU || !(data & 0x40000000))
    return 0;
  b.data = code - (data & 0x3fffffff);
  b.at = 0;
  read_numbers (&b, head, 7);
  if (head[0] & 2)
    return 0;
  if (!(head[0] & 1))
    return 1;
  for (i = 0; i != CODE_TABLES; i++)
  {
    Bits back, *t = &b;
    int columns = columns_of[i];
    unsigned int width = 0, row;
    if (!(head[6] >> i & 1))
      continue;
    if (head[6] >> (8 + i) & 1)
    {
      unsigned int distance;
      back = b;
      read_numbers (&b, &distance, 1);
      back.at -= distance;
      t = &back;
    }
    read_numbers (t, shape, columns + 1);
    for (j = 0; j != columns; j++)
      width += shape[1 + j];
    for (row = 0; row != shape[0]; row++)
    {
      if (i == CODE_INLINED && cell (t, t->at, shape + 1, row, columns, 4) != 0xffffffffU)
        copy_of ((unsigned char *) ((unsigned long) cell (t, t->at, shape + 1, row, columns, 3) << 32 |
                   cell (t, t->at, shape + 1, row, columns, 4)),
          0);
      if (i == CODE_METHODS)
        copy_of (0, cell (t, t->at, shape + 1, row, columns, 0));
    }
    t->at += (long) shape[0] * width;
  }
  return 1;
}

/* A method that calls nothing leaves no trace of its copies. Its own code begins with four numbers: the third is for
 * calls. */
static void note_leaves (void)
{
  int i;
  for (i = 0; i != art.count; i++)
  {
    unsigned short * code = (unsigned short *) ((unsigned long) WORD (gates[i]->method, art.data_at) & ~1UL);
    if (!(FLAGS (gates[i]->method) & 0x100) && code != 0 && code[2] == 0)
      stuck[i] = 1;
  }
}

/* Of a loader other than the platform's. */
static int is_apps (unsigned char * method)
{
  unsigned char * klass = method == 0 ? 0 : (unsigned char *) (unsigned long) *(unsigned int *) method;
  return klass != 0 && *(unsigned int *) (klass + loader_at[0]) != 0;
}

static int visit_compiled (Visitor * v)
{
  unsigned char * header = WORD ((unsigned char *) v, CODE_HEADER_AT);
  Range * range = header == 0 ? 0 : range_of (header + CODE_HEADER_SIZE);
  if (range == 0)
    return 1;
  if (header != (unsigned char *) v->frames)
    v->most = note_copies (header + CODE_HEADER_SIZE);
  v->frames = (TraceFrame *) header;
  if (v->count == 0 && v->most && is_apps (visitor_method (v)))
  {
    v->count = 1;
    note_leaves ();
  }
  return 1;
}

static void look_at_stack (void * thread, void * context)
{
  Visitor v;
  v.frames = 0;
  v.count = 0;
  visitor_init (&v, thread, 0, 0, 0);
  v.functions[2] = visit_compiled;
  v.vtable = v.functions;
  visitor_walk (&v, 0);
}

typedef struct
{
  int (*compile) (void * jit, void * method, void * self, int kind, int prejit);
  void * jit;
  void * method;
  int done;
} Compiling;

static void compile_here (Thread * t, void * self)
{
  Compiling * c = t->work;
  c->done = c->compile (c->jit, c->method, self, 2, 0) & 255;
}

int compile_method (void * env, void * compile, void * jit, void * method)
{
  Compiling c;
  c.compile = compile;
  c.jit = jit;
  c.method = method;
  c.done = 0;
  in_vm (here (), env, compile_here, &c);
  return c.done;
}

/* Notes the hooks that code which a thread is inside of passes by. */
void look_at_stacks (void * threads)
{
  int i;
  for (i = 0; i != art.count; i++)
    stuck[i] = 0;
  suspend_all (threads, "hooks", 0);
  each_thread (threads, look_at_stack, 0);
  resume_all (threads);
}
