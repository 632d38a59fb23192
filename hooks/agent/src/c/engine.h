/*
 * The native half of a hook: what its parts share, among themselves, by threads and with JavaScript. They are compiled
 * as one unit in the app's process (engine.ts); what JavaScript needs of the layouts stands there and in entries.ts.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include "site.h"

/* Units of a thread's scratch space for texts. */
#define SCRATCH 16384

typedef struct
{
  double call;
  int folds;
  int counts;
  int gives;
  int inners;
  int inner[8];
} Frame;

/*
 * `origin`: of the task that a thread runs, the submitter's stack, 0 = nobody is known. `passes`: the gate that the
 * thread's next call goes through to the original; `task`: what the VM is asked to run where objects do not move (both
 * ART only).
 */
typedef struct Thread
{
  Frame frames[64];
  double origin;
  int has_origin;
  int depth;
  int busy;
  int tid;
  int index;
  unsigned short text[SCRATCH];
  void * passes;
  void (*task) (struct Thread * t, void * self);
  void * work;
  int failed;
} Thread;

typedef struct
{
  double total, detailed, counted, nested, ignored, tokens, filled, spare;
} Row;

typedef struct
{
  double stack, count, first, last;
  int site;
  int outcome;
} Count;

typedef struct
{
  double stack, at;
  int key;
  int spare;
} Task;

/* Bytes that were fed to an object so far: the first of them, and how many there were, -1 = not known any more. */
#define FED 1024

typedef struct
{
  double at;
  int key;
  int total;
  unsigned char data[FED];
} Fed;

/* A word that leads to a hook, and what stands in it while the hook is in force (0 = no longer looked at). */
typedef struct
{
  void ** at;
  void * expected;
  int site;
  int spare;
} Lead;

typedef struct
{
  void * method;
  long long location;
} TraceFrame;

typedef struct
{
  long long sec;
  long long nsec;
} When;

/* Of libc. */
extern int pthread_mutex_lock (void * mutex);
extern int pthread_mutex_unlock (void * mutex);
extern void * pthread_getspecific (unsigned int key);
extern int pthread_setspecific (unsigned int key, const void * value);
extern void * calloc (unsigned long n, unsigned long size);
extern void free (void * memory);
extern int gettid (void);
extern int clock_gettime (int id, When * out);
/* Adds to a number that other threads add to at the same time (gates.ts). Waits for nobody. */
extern void add_to (int * at, int by);
/* Of JavaScript. */
extern double before_call (int site, void * env, void * self, Value * args, double t, double stack, double call,
  double parent, int tid, int index, Thread * thread);
extern int after_call (double token, void * env, Value * ret, void * exception, Frame * frame);
extern void resolve_site (int site);

typedef struct
{
  double offset;
  double rate;
  double credits;
  double last_call;
  int inflight;
  int spare;
  int closed;
  int threads;
  int used;
  int counted;
  int half;
  int changed;
  unsigned int key;
  int limit;
  void * spare_pointer;
  void * security;
  void * get_name;
  void * get_class;
  void * system;
  void * identity;
  void * message;
  void * posted;
  double last_task;
  int leads;
  int beyond;
  double last_fed;
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
extern Fed fed[];
extern int evicted[];
extern int followed[];

/* Of these, kept for an exception's name. */
#define ROOM_FOR_NAME 600
/* Letters of reads that are made of values. */
#define HOLDS(as) ((as) == 'q' || (as) == 'o' || (as) == 'd' || (as) == 'x' || (as) == 'w')
/* In a record's or count's outcome: the stack is the submitter's; the key that was selected, plus one. */
#define LENT 256
#define KEYS 65536
/* Bytes of a half. */
#define RING (1 << 19)
#define COUNTS 8192
#define SLOTS 16384
#define STACKS 65536
/* Of four tasks. */
#define SETS 2048
/* Of four objects that are being fed; a power of two. Digests of TLS stay unasked for until they are old. */
#define FED_SETS 512
/*
 * Objects that had to make room, and whose result is still to come: 1 << 14, as evicted_by takes 14 bits. With 12,
 * ART's identity hash codes, which are a linear sequence, left one without a place in one process of a hundred.
 */
#define EVICTED 16384
/* Hooked methods whose hook is looked after. */
#define LEADS 16384
/* Added to the number of a site whose code is looked after, and not what leads to it. */
#define CODE 1073741824
/* Cursors whose texts are followed. */
#define FOLLOWED 128
/* Frames: as many as a text holds, with a JVM's hidden ones. Callers below many frames of the platform differ. */
#define DEPTH 128
#define FN(env, at, result, ...) ((result (*) (__VA_ARGS__)) (*(void ***) (env))[at])

/* state.c */
extern void lock (void);
extern void unlock (void);
extern double clock_us (void);
extern Thread * here (void);
extern double stack_id (Thread * t, void * env);
extern int known (double stack);
extern void put_task (int key, double stack);
extern double find_task (int key);
extern void look_after (void ** at, void * expected, int site);
extern void forget_leads (int site);
extern int allowed (Row * row, double t);
extern int add_count (Site * s, double stack, int outcome, double t);

/* jvm.c or art.c: the innermost frames of this thread, by the VM's own walker; how many. */
extern int walk (Thread * t, void * env, TraceFrame * frames, int most);

/* jni.c */
extern void original (Thread * t, Site * s, void * env, void * self, Value * args, Value * ret);
extern void * thrown (void * env);
extern void clear (void * env);
extern void throw_again (void * env, void * exception);
extern void forget (void * env, void * object);
extern int put (Thread * t, Site * s, void * env, int at, int as, Value * v);
extern int is_constant (Site * s, unsigned short * text);
extern int outcome_of (Site * s, void * env, Value * ret);
extern int class_name (Thread * t, void * env, void * exception, int at);

extern int read_text (void * env, void * text, unsigned short * out, int most);

/* objects.c: what is kept of an object. `failed`: the thread's state says that a method of the platform threw. */
extern int read_object (Thread * t, void * env, Site * s, int as, void * object, unsigned short * out, int most);
extern int digits (long long number, unsigned short * out);

/* select.c */
extern int choose_key (Thread * t, void * env, Site * s, void * self, Value * args);

/* watch.c */
extern void watched (Thread * t, Site * s, void * env, void * self, Value * args, Value * ret);

/* calls.c */
extern double parent_of (Thread * t);
extern Frame * push (Thread * t, int folds, int counts, int gives);
extern double find_outer (Thread * t, int folds, int site);
extern void skipped (Site * s, int nested);
extern double next_call (void);
extern void slow (Thread * t, Site * s, void * env, void * self, Value * args, Value * ret, double now, double stack);

/* transforms.c */
extern unsigned short * keep_fed (Thread * t, Site * s, void * env, void * self, Value * args);
extern int put_output (Thread * t, Site * s, void * env, int at, Value * args, Value * ret);
extern void fed_call (Thread * t, Site * s, void * env, void * self, Value * args, Value * ret);
extern void drop_fed (Site * s, void * env, void * self);

/* tasks.c */
extern void handed (Thread * t, Site * s, void * env, void * self, Value * args, Value * ret);

#endif
