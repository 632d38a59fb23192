/* Calls that an observer looks at only now and then: the others go by without JavaScript. */

#include "engine.h"

/* Cursors of personal data, by identity hash code, in the order in which they were told; the last member counts them.
 */
void follow_cursor (int key)
{
  int i, n;
  lock ();
  n = followed[FOLLOWED];
  for (i = 0; i != n && followed[i] != key; i++)
    ;
  if (i == FOLLOWED)
    i = 0;
  n = i == n ? n + 1 : n;
  for (; i + 1 < n; i++)
    followed[i] = followed[i + 1];
  followed[n - 1] = key;
  followed[FOLLOWED] = n;
  unlock ();
}

static int is_followed (void * env, void * object)
{
  int i, n, key, found = 0;
  Value v;
  v.l = object;
  key = FN (env, 131, int, void *, void *, void *, Value *) (env, shared.system, shared.identity, &v);
  lock ();
  n = followed[FOLLOWED];
  for (i = 0; i != n && !found; i++)
    found = followed[i] == key;
  unlock ();
  return found;
}

static int holds (const unsigned short * text, int size, const char * word)
{
  int at, i;
  for (at = 0; at < size; at++)
  {
    for (i = 0; word[i] != 0 && at + i < size; i++)
    {
      int one = text[at + i];
      if (one >= 'A' && one <= 'Z')
        one += 32;
      if (one != word[i])
        break;
    }
    if (word[i] == 0)
      return 1;
  }
  return 0;
}

/* No key that consent.ts looks for is missed; it decides which of those that come through are meant. */
static int may_be_consent (Thread * t, Site * s, void * env, void * key)
{
  static const char * const words[] = {"consent", "agree", "privacy", "policy", "gdpr", "ccpa", "personali", "opt"};
  int i, size;
  if (key == 0)
    return 0;
  size = read_text (env, key, t->text, 4096);
  if (size >= 3 && t->text[0] == 'I' && t->text[1] == 'A' && t->text[2] == 'B')
    return 1;
  for (i = 0; s->task_at && i != 8; i++)
    if (holds (t->text, size, words[i]))
      return 1;
  return 0;
}

/* 8 = texts of cursors; 9 = keys of preferences, `task_at`: of a truth value. */
void watched (Thread * t, Site * s, void * env, void * self, Value * args, Value * ret)
{
  if (t->depth == 64)
  {
    skipped (s, 0);
    original (t, s, env, self, args, ret);
    return;
  }
  if (s->fast == 8 ? is_followed (env, self) : may_be_consent (t, s, env, args[0].l))
  {
    slow (t, s, env, self, args, ret, clock_us (), -1);
    return;
  }
  skipped (s, 1);
  if (s->fast == 8 && t->depth != 0 && find_outer (t, s->folds, s->number) != 0)
  {
    original (t, s, env, self, args, ret);
    return;
  }
  push (t, s->folds, 0, 0)->call = next_call ();
  original (t, s, env, self, args, ret);
  t->depth--;
}
