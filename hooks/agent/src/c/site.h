/* A hooked method as its C entry knows it: shared by the engine and by the entries that are compiled for each pass. */
#ifndef SITE_H
#define SITE_H

typedef union
{
  void * l;
  unsigned char z;
  signed char b;
  unsigned short c;
  short s;
  int i;
  long long j;
  float f;
  double d;
} Value;

typedef struct
{
  void * target;
  void * klass;
  const unsigned short * constants;
  void ** filters;
  int number;
  int row;
  int fast;
  int is_static;
  int ret;
  int folds;
  int counts;
  int gives;
  int wants;
  int transform;
  int has_constants;
  int reads;
  int read_at[8];
  int read_as[8];
  int n_filters;
  int stack_first;
  int task_at;
  int direct;
  void * gate;
} Site;

extern void run_site (Site * site, void * env, void * self, Value * args, Value * ret);

#endif
