/* What the engine knows of ART, and the gates that stand before hooked methods. */
#ifndef ART_H
#define ART_H

#include "engine.h"

#define MOST_GATES 8192
/* Places of by_method: a power of two. */
#define TABLE 32768
/* Bytes kept for an ArtMethod. */
#define METHOD 64
/* Of a method's flags: it was compiled once. Beside "do not compile" it says that the method may be compiled, and
 * copied. */
#define WARM 0x800000

typedef struct
{
  unsigned char * method;
  unsigned char * replacement;
  void * entry;
  void * stub;
  void * jni;
  int site;
  int inherited;
} Gate;

typedef struct
{
  void * generic;
  void * interpreter;
  void * resolution;
  void * (*add_ref) (void * vm, void * self, void * object);
  void (*initialize) (void * instrumentation, void * method, void * code);
  void (*update) (void * instrumentation, void * method, void * code);
  void * instrumentation;
  int data_at;
  int entry_at;
  int size;
  int count;
  unsigned int dont_compile;
  int methods_at;
  int copied_at;
  int copies;
  void * linker;
  void * vm;
  void * (*mark) (void * object);
  int super_at;
  int interfaces_at;
  int stale;
  /* Whether decode_global is asked of the thread, and not of the VM. */
  int by_thread;
  int given_up;
  /* Bytes of ART's visitor of stacks that are known; whether it was found to have more. */
  int visitor_size;
  int overrun;
  int walks;
} Art;

typedef struct
{
  void ** vtable;
  void * functions[4];
  void * self;
  void ** bases;
  void ** out;
  int * which;
  int n_bases;
  int found;
  int most;
} Search;

/* `klass`: a reference that keeps the class, and with it the copy; 0 = it is of the platform, which stays. */
typedef struct
{
  unsigned char * method;
  Gate * gate;
  void * klass;
} Copy;

typedef struct
{
  void ** vtable;
  void * functions[4];
  void * self;
  int first;
  int end;
} ClassVisitor;

/* Bytes of a visitor of stacks beyond its table of functions, and of those behind it that are looked at once. */
#define VISITOR 568
#define GUARD 256

typedef struct
{
  void ** vtable;
  unsigned char rest[VISITOR + GUARD];
  void * functions[4];
  TraceFrame * frames;
  int count;
  int most;
} Visitor;

extern Art art;
extern Gate * gates[];
extern Gate * by_method[];
extern Copy copies[];
/* Of a class: its loader. */
extern int loader_at[];
extern void visit_classes (void * linker, void * visitor);
extern void * decode_global (void * vm_or_thread, void * reference);
/* What was written before it is seen by all processors before what is written after it. */
extern void barrier (void);
extern void visitor_init (void * visitor, void * self, void * context, int kind, int check_suspended);
extern void visitor_walk (void * visitor, int transitions);
extern unsigned char * visitor_method (void * visitor);
extern unsigned int visitor_dex_pc (void * visitor, int abort);
extern void * memcpy (void * to, const void * from, unsigned long size);

#define WORD(at, offset) (*(void **) ((at) + (offset)))
#define FLAGS(method) (*(unsigned int *) ((method) + 4))
/* The class of a method, as the collector knows it. */
#define DECLARING(method) (*(unsigned int *) (method))

extern unsigned int place_of (void * method);
extern Gate * gate_of (void * method);
extern void keep (Gate * g, void * entry);
extern void adopt (Gate * g, void (*choose_code) (void *, void *, void *), void * instrumentation, void * code);
extern void in_vm (Thread * t, void * env, void (*task) (Thread *, void *), void * work);

#endif
