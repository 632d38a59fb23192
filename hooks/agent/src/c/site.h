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

/* A key of a row's selection: parts around its stars, how many, and the number of its data type (0 = nobody's). */
typedef struct
{
  const unsigned short * parts;
  int count;
  int type;
} Choice;

/* Arguments that may decide, by the letters they are read as; from -1: the object. The last key stands for none. */
typedef struct
{
  Choice * keys;
  int n_keys;
  int from;
  int end;
  int as[8];
} Select;

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
  /* On ART: the method and its replacement, the beginning of its Gate. Of both the first word is the class. */
  unsigned int ** gate;
  /* 0 = the row's data type is that of all its calls. */
  Select * select;
  /* Arguments to read before the original runs: it may change them. */
  int before;
  /* The letter of a result whose members decide whether there was anything; 0 = of none such. */
  int members;
  /* Of a transform: what it does with the object's input, as below; which argument goes in and how much of it; where
   * the result is put (-1 = it is returned) and the argument that says from where. */
  int fed;
  int in_at;
  int in_shape;
  int out_at;
  int out_from;
} Site;

#define FEEDS 1
#define TAKES 2
#define PASSES 3
#define RENEWS 4
#define COPIES 5
#define WHOLE 0
#define PART 1
#define BLOCK 2
#define ONE_BYTE 3

extern void run_site (Site * site, void * env, void * self, Value * args, Value * ret);

#endif
