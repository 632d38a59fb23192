/**
 * ART's part of the C source. A hooked method keeps its identity; its entry point leads to a gate (gates.ts) that asks
 * `choose` here whether the call goes on to the original or into the replacement, a native method of its own whose code is
 * the C entry. A gate is code that ART knows nothing of, so it is neither taken for the interpreter's bridge nor passed by
 * where a class is verified or a method handle called; new code that ART has for the method is kept for the original.
 */

export const MOST_GATES = 8192;
export const TABLE = 32768;
/** Bytes kept for an ArtMethod. */
export const METHOD = 64;

/** Offsets for JavaScript. */
export const GATE = { method: 0, replacement: 8, entry: 16, stub: 24, jni: 32, site: 40, inherited: 44, size: 48 };
export const ART = {
  generic: 0, interpreter: 8, resolution: 16, addRef: 24, initialize: 32, update: 40, instrumentation: 48, dataAt: 56, entryAt: 60,
  size: 64, count: 68, dontCompile: 72, methodsAt: 76, copiedAt: 80, linker: 88,
  mark: 104, superAt: 112, interfacesAt: 116, stale: 120,
};

export const WALKING = `
typedef struct { unsigned char * method; unsigned char * replacement; void * entry; void * stub; void * jni; int site; int inherited; } Gate;
typedef struct {
  void * generic; void * interpreter; void * resolution;
  void * (* add_ref) (void * vm, void * self, void * object);
  void (* initialize) (void * instrumentation, void * method, void * code);
  void (* update) (void * instrumentation, void * method, void * code);
  void * instrumentation;
  int data_at; int entry_at; int size; int count; unsigned int dont_compile; int methods_at; int copied_at; int copies;
  void * linker; void * vm;
  void * (* mark) (void * object);
  int super_at; int interfaces_at; int stale; int unused;
} Art;
typedef struct {
  void ** vtable; void * functions[4]; void * self; void ** bases; void ** out; int * which; int n_bases; int found; int most;
} Search;
typedef struct { unsigned char * method; Gate * gate; } Copy;
typedef struct { void ** vtable; void * functions[4]; int first; int end; } ClassVisitor;
typedef struct { void ** vtable; unsigned char rest[568]; void * functions[4]; TraceFrame * frames; int count; int most; } Visitor;

extern Art art;
extern Gate * gates[];
extern Gate * by_method[];
extern Copy copies[];
extern void visit_classes (void * linker, void * visitor);
extern void * decode_global (void * vm, void * reference);
extern void visitor_init (void * visitor, void * self, void * context, int kind, int check_suspended);
extern void visitor_walk (void * visitor, int transitions);
extern unsigned char * visitor_method (void * visitor);
extern unsigned int visitor_dex_pc (void * visitor, int abort);
extern void * memcpy (void * to, const void * from, unsigned long size);

#define WORD(at, offset) (*(void **) ((at) + (offset)))
#define FLAGS(method) (*(unsigned int *) ((method) + 4))

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
  return shared.closed ? 0 : g->replacement;
}

static unsigned int place_of (void * method)
{
  return (unsigned int) (((unsigned long) method >> 3) * 2654435761U >> 7) & ${TABLE - 1};
}

static Gate * gate_of (void * method)
{
  unsigned int at = place_of (method);
  Gate * g;
  while ((g = by_method[at]) != 0)
  {
    if (g->method == method) return g;
    at = (at + 1) & ${TABLE - 1};
  }
  return 0;
}

/* Code for the original that ART found: where that would initialise the class, the interpreter does it in its own time. */
static void keep (Gate * g, void * entry)
{
  if (entry == g->stub)
    return;
  if (entry == art.resolution)
    entry = FLAGS (g->method) & 0x100 ? art.generic : art.interpreter;
  g->entry = entry;
}

/* ART chooses code for a method: for a hooked one it does so on a copy, and the gate stays where it is. */
static void adopt (Gate * g, void (* choose_code) (void *, void *, void *), void * instrumentation, void * code)
{
  unsigned char copy[${METHOD}];
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
  art.instrumentation = instrumentation;
  if (g == 0) art.initialize (instrumentation, method, code);
  else adopt (g, art.initialize, instrumentation, code);
}

void on_update (void * instrumentation, void * method, void * code)
{
  Gate * g = gate_of (method);
  if (g == 0) art.update (instrumentation, method, code);
  else adopt (g, art.update, instrumentation, code);
}

/* Asked for by in_vm below: the thread is where objects do not move. Without an object it is nothing to the VM. */
void * on_add_ref (void * vm, void * self, void * object)
{
  if (object == 0)
  {
    Thread * t = pthread_getspecific (shared.key);
    if (t != 0 && t->task != 0)
    {
      void (* task) (Thread *, void *) = t->task;
      t->task = 0;
      art.vm = vm;
      task (t, self);
      return 0;
    }
  }
  return art.add_ref (vm, self, object);
}

static void in_vm (Thread * t, void * env, void (* task) (Thread *, void *), void * work)
{
  void * outer = t->work;
  t->task = task;
  t->work = work;
  FN (env, 21, void * (*) (void *, void *)) (env, 0);
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

static void walk_here (Thread * t, void * self)
{
  Visitor * v = t->work;
  if (art.stale)
    improve ();
  visitor_init (v, self, 0, 0, 0);
  v->functions[2] = visit;
  v->vtable = v->functions;
  visitor_walk (v, 0);
}

static int walk (Thread * t, void * env, TraceFrame * frames, int most)
{
  Visitor v;
  v.frames = frames;
  v.count = 0;
  v.most = most;
  in_vm (t, env, walk_here, &v);
  return v.count;
}
`;
