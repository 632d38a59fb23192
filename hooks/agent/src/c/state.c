/* What threads share: their states, stacks that are known, tasks that wait, words that lead to hooks, credits and
 * counts. */

#include "engine.h"

void lock (void) { pthread_mutex_lock (mutex); }

void unlock (void) { pthread_mutex_unlock (mutex); }

double clock_us (void)
{
  When now;
  double offset = shared.offset, us;
  clock_gettime (7, &now);
  us = (double) (now.sec * 1000000LL + now.nsec / 1000LL);
  return us + offset;
}

Thread * here (void)
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

double stack_id (Thread * t, void * env)
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
  unsigned long long n =
    (unsigned long long) (long long) stack * 0x9e3779b97f4a7c15ULL + (unsigned int) extra * 0x85ebca6bU;
  return (unsigned int) (n >> 40);
}

/*
 * 0 = its text was not sent yet, 1 = known, -1 = runs through TLS (kept negative). Of no app or SDK: 2 = of a queue's
 * thread, 3 = of a thread of its own (kept with a fraction).
 */
int known (double stack)
{
  unsigned int at = hash_of (stack, 0) & (STACKS - 1);
  int i;
  for (i = 0; i != 64; i++, at = (at + 1) & (STACKS - 1))
  {
    double one = stacks[at];
    if (one == stack)
      return 1;
    if (one == -stack)
      return -1;
    if (one == stack + 0.5)
      return 2;
    if (one == stack + 0.25)
      return 3;
    if (one == 0)
      return 0;
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

/* Tasks that wait for a thread: by identity hash code, in sets of four of which the oldest goes. A stack of 0 takes one
 * out. */
void put_task (int key, double stack)
{
  Task *set = &tasks[(((unsigned int) key * 2654435761U) >> 21) * 4], *to = set;
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
      if (one < oldest)
        to = &set[i];
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
    if (key != 0 && set[i].key == key)
      stack = set[i].stack;
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

/* From now on what stands there is looked at; where there is no room for it, that is counted. */
void look_after (void ** at, void * expected, int site)
{
  Lead * lead;
  lock ();
  lead = &leads[shared.leads];
  if (shared.leads >= LEADS)
    shared.beyond++;
  else
  {
    lead->at = at;
    lead->expected = expected;
    lead->site = site;
    shared.leads++;
  }
  unlock ();
}

void watch (void ** at, void * expected, int site) { look_after (at, expected, site); }

/* A hook is taken out, or its memory goes: what led to it is looked at no more. */
void forget_leads (int site)
{
  int i, left = 0;
  lock ();
  for (i = 0; i < shared.leads; i++)
    if (leads[i].site != site)
      leads[left++] = leads[i];
  shared.leads = left;
  unlock ();
}

/* Sites whose hook is no longer in force; each is reported once. */
int find_lost (int * sites, int most)
{
  int i, found = 0;
  lock ();
  for (i = 0; i < shared.leads && found != most; i++)
    if (leads[i].expected != 0 && *leads[i].at != leads[i].expected)
    {
      leads[i].expected = 0;
      sites[found++] = leads[i].site;
    }
  unlock ();
  return found;
}

/* The compiler gets comparisons of doubles in globals wrong: they are loaded into locals first. */

/* Under the lock: whether the next call of a row may be reported in detail; spends a credit and a token. */
int allowed (Row * row, double t)
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
    if (tokens > most)
      tokens = most;
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
int add_count (Site * s, double stack, int outcome, double t)
{
  unsigned int at = hash_of (stack, s->number * 8 + outcome + outcome / KEYS * 7) & (SLOTS - 1);
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
