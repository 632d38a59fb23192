/** The native half of a hook, first part of its C source: what is shared, by threads and with JavaScript. */

/** Shared by the engine and by the entries that are compiled for each pass. */
export const HEADER = `
typedef union { void * l; unsigned char z; signed char b; unsigned short c; short s; int i; long long j; float f; double d; } Value;
typedef struct {
  void * target; void * klass; const unsigned short * constants; void ** filters;
  int number; int row; int fast; int is_static; int ret; int folds; int counts; int gives;
  int wants; int transform; int has_constants; int reads; int read_at[8]; int read_as[8]; int n_filters; int stack_first; int task_at; int direct;
  void * gate;
} Site;
extern void run_site (Site * site, void * env, void * self, Value * args, Value * ret);
`;

export const STATE = `
typedef struct { double call; int folds; int counts; int gives; int inners; int inner[8]; } Frame;
/*
 * \`origin\`: of the task that a thread runs, the submitter's stack, 0 = nobody is known. \`passes\`: the gate that the thread's
 * next call goes through to the original; \`task\`: what the VM is asked to run where objects do not move (both ART only).
 */
typedef struct Thread {
  Frame frames[64]; double origin; int has_origin; int depth; int busy; int tid; int index; unsigned short text[16384];
  void * passes; void (* task) (struct Thread * t, void * self); void * work;
} Thread;
typedef struct { double total, detailed, counted, nested, ignored, tokens, filled, spare; } Row;
typedef struct { double stack, count, first, last; int site; int outcome; } Count;
typedef struct { double stack, at; int key; int spare; } Task;
/* A word that leads to a hook, and what stands in it while the hook is in force (0 = no longer looked at). */
typedef struct { void ** at; void * expected; int site; int spare; } Lead;
typedef struct { void * method; long long location; } TraceFrame;
typedef struct { long long sec; long long nsec; } When;

extern int pthread_mutex_lock (void * mutex);
extern int pthread_mutex_unlock (void * mutex);
extern void * pthread_getspecific (unsigned int key);
extern int pthread_setspecific (unsigned int key, const void * value);
extern void * calloc (unsigned long n, unsigned long size);
extern int gettid (void);
extern int clock_gettime (int id, When * out);
extern double before_call (int site, void * env, void * self, Value * args, double t, double stack, double call, double parent, int tid,
    int index, Thread * thread);
extern int after_call (double token, void * env, Value * ret, void * exception, Frame * frame);
extern void resolve_site (int site);

typedef struct {
  double offset; double rate; double credits; double last_call; int inflight; int spare;
  int closed; int threads; int used; int counted; int half; int changed;
  unsigned int key; int limit;
  void * spare_pointer; void * security; void * get_name; void * get_class;
  void * system; void * identity; void * message; void * posted;
  double last_task;
  int leads; int unused;
} Shared;

extern Shared shared;
extern char mutex[64];
extern Row rows[];
extern char buffers[];
extern Count counts[];
extern int slots[];
extern double stacks[];
extern Task tasks[];
extern Lead leads[];

#define RING (1 << 19)
#define COUNTS 8192
#define SLOTS 16384
#define STACKS 65536
#define SETS 2048
#define LEADS 16384
/* As many as a text holds, with the hidden frames of a JVM between them: callers below many frames of the platform differ. */
#define DEPTH 128
#define FN(env, at, type) ((type) (*(void ***) (env))[at])

static void lock (void) { pthread_mutex_lock (mutex); }
static void unlock (void) { pthread_mutex_unlock (mutex); }

static double clock_us (void)
{
  When now;
  double offset = shared.offset, us;
  clock_gettime (7, &now);
  us = (double) (now.sec * 1000000LL + now.nsec / 1000LL);
  return us + offset;
}

static Thread * here (void)
{
  Thread * t = pthread_getspecific (shared.key);
  if (t == 0)
  {
    t = calloc (1, sizeof (Thread));
    t->tid = gettid ();
    lock ();
    t->index = ++shared.threads;
    unlock ();
    pthread_setspecific (shared.key, t);
  }
  return t;
}

void quiet (int by) { here ()->busy += by; }

/* The innermost frames of this thread, by the VM's own walker; how many. */
static int walk (Thread * t, void * env, TraceFrame * frames, int most);

static double stack_id (Thread * t, void * env)
{
  TraceFrame frames[DEPTH];
  unsigned long long hash = 14695981039346656037ULL;
  int i, count = walk (t, env, frames, DEPTH);
  if (count <= 0)
    return 0;
  for (i = 0; i != count; i++)
  {
    hash = (hash ^ (unsigned long long) frames[i].method) * 1099511628211ULL;
    hash = (hash ^ (unsigned long long) frames[i].location) * 1099511628211ULL;
  }
  hash ^= hash >> 52;
  return (double) (long long) ((hash & 0x7ffffffffffffULL) | 1);
}

double current_stack (void * env) { return stack_id (here (), env); }

static unsigned int hash_of (double stack, int extra)
{
  unsigned long long n = (unsigned long long) (long long) stack * 0x9e3779b97f4a7c15ULL + (unsigned int) extra * 0x85ebca6bU;
  return (unsigned int) (n >> 40);
}

/*
 * 0 = its text was not sent yet, 1 = known, -1 = runs through TLS (kept negative). Of no app or SDK: 2 = of a queue's thread,
 * 3 = of a thread of its own (kept with a fraction).
 */
static int known (double stack)
{
  unsigned int at = hash_of (stack, 0) & (STACKS - 1);
  int i;
  for (i = 0; i != 64; i++, at = (at + 1) & (STACKS - 1))
  {
    double one = stacks[at];
    if (one == stack) return 1;
    if (one == -stack) return -1;
    if (one == stack + 0.5) return 2;
    if (one == stack + 0.25) return 3;
    if (one == 0) return 0;
  }
  return 0;
}

void learn (double stack, int kind)
{
  unsigned int at = hash_of (stack, 0) & (STACKS - 1);
  int i;
  lock ();
  for (i = 0; i != 64; i++, at = (at + 1) & (STACKS - 1))
  {
    double one = stacks[at];
    if (one == 0)
    {
      stacks[at] = kind == 0 ? stack : kind == 1 ? -stack : kind == 2 ? stack + 0.5 : stack + 0.25;
      break;
    }
  }
  unlock ();
}

/* Tasks that wait for a thread: by identity hash code, in sets of four of which the oldest goes. A stack of 0 takes one out. */
void put_task (int key, double stack)
{
  Task * set = &tasks[(((unsigned int) key * 2654435761U) >> 21) * 4], * to = set;
  int i;
  double oldest, one;
  lock ();
  shared.last_task += 1;
  for (i = 0; i != 4; i++)
    if (set[i].key == key)
    {
      to = &set[i];
      break;
    }
    else
    {
      oldest = to->at;
      one = set[i].at;
      if (one < oldest) to = &set[i];
    }
  to->key = stack == 0 ? 0 : key;
  to->stack = stack;
  to->at = stack == 0 ? 0 : shared.last_task;
  unlock ();
}

double find_task (int key)
{
  Task * set = &tasks[(((unsigned int) key * 2654435761U) >> 21) * 4];
  double stack = 0;
  int i;
  lock ();
  for (i = 0; i != 4; i++)
    if (key != 0 && set[i].key == key) stack = set[i].stack;
  unlock ();
  return stack;
}

/* -1 = the thread runs no task that we know of. */
double origin_here (void)
{
  Thread * t = here ();
  return t->has_origin ? t->origin : -1;
}

void set_origin (double stack)
{
  Thread * t = here ();
  t->has_origin = stack != -1;
  t->origin = stack;
}

/* From now on what stands there is looked at. */
static void look_after (void ** at, void * expected, int site)
{
  Lead * lead = &leads[shared.leads];
  if (shared.leads == LEADS)
    return;
  lead->at = at;
  lead->expected = expected;
  lead->site = site;
  shared.leads++;
}

void watch (void ** at, void * expected, int site) { look_after (at, expected, site); }

/* Sites whose hook is no longer in force; each is reported once. */
int find_lost (int * sites, int most)
{
  int i, found = 0;
  for (i = 0; i != shared.leads && found != most; i++)
    if (leads[i].expected != 0 && *leads[i].at != leads[i].expected)
    {
      leads[i].expected = 0;
      sites[found++] = leads[i].site;
    }
  return found;
}

/* The compiler gets comparisons of doubles in globals wrong: they are loaded into locals first. */

/* Under the lock: whether the next call of a row may be reported in detail; spends a credit and a token. */
static int allowed (Row * row, double t)
{
  double credits = shared.credits, rate = shared.rate, most = rate * 2, filled = row->filled, tokens = row->tokens;
  if (credits <= 0)
    return 0;
  if (rate > 0)
  {
    if (filled == 0)
    {
      filled = t;
      tokens = most;
    }
    if (t > filled)
    {
      tokens += (t - filled) * rate / 1e6;
      filled = t;
    }
    if (tokens > most) tokens = most;
    row->filled = filled;
    row->tokens = tokens;
    if (tokens < 1)
      return 0;
    row->tokens = tokens - 1;
  }
  shared.credits = credits - 1;
  return 1;
}

int spend (int row, double t)
{
  int yes;
  lock ();
  yes = allowed (&rows[row], t);
  unlock ();
  return yes;
}

void give_credit (double n, double most)
{
  double credits;
  lock ();
  credits = shared.credits + n;
  shared.credits = credits > most ? most : credits;
  unlock ();
}

/* Under the lock. 0 = no room: the caller asks JavaScript. */
static int add_count (Site * s, double stack, int outcome, double t)
{
  unsigned int at = hash_of (stack, s->number * 8 + outcome) & (SLOTS - 1);
  Count * c;
  while (slots[at] != 0)
  {
    c = &counts[slots[at] - 1];
    if (c->stack == stack && c->site == s->number && c->outcome == outcome)
      goto found;
    at = (at + 1) & (SLOTS - 1);
  }
  if (shared.counted >= (stack == 0 ? COUNTS : COUNTS - 2048))
    return stack == 0 ? 0 : add_count (s, 0, outcome, t);
  c = &counts[shared.counted];
  slots[at] = ++shared.counted;
  c->stack = stack;
  c->site = s->number;
  c->outcome = outcome;
  c->count = 0;
  c->first = t;
found:
  c->count += 1;
  c->last = t;
  rows[s->row].counted += 1;
  return 1;
}
`;
