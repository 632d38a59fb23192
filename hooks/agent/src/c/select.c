/* The data type that an argument or the object selects, as recorder.ts does: the first key that matches its text. */

#include "objects.h"

/* Parts of a key, which stood around its stars: the first begins the text, the last ends it. Length, characters, ... */
static int matches (const unsigned short * part, int parts, const unsigned short * text, int size)
{
  int i, k, at = 0, n = *part++;
  if (n > size || (parts == 1 && n != size))
    return 0;
  for (i = 0; i != n; i++)
    if (part[i] != text[i])
      return 0;
  at = n;
  part += n;
  for (k = 1; k != parts; k++)
  {
    n = *part++;
    if (k == parts - 1)
    {
      if (size - n < at)
        return 0;
      at = size - n;
    }
    for (;; at++)
    {
      if (at + n > size)
        return 0;
      for (i = 0; i != n && part[i] == text[at + i]; i++)
        ;
      if (i == n)
        break;
      if (k == parts - 1)
        return 0;
    }
    at += n;
    part += n;
  }
  return 1;
}

static int key_of (Select * select, const unsigned short * text, int size)
{
  int i;
  for (i = 0; i != select->n_keys; i++)
    if (matches (select->keys[i].parts, select->keys[i].count, text, size))
      return i;
  return select->n_keys;
}

/* Text of an argument by its letter. */
static int text_at (Thread * t, void * env, Site * s, int as, Value * v, unsigned short * out)
{
  static const char words[] = "truefalse";
  int i;
  switch (as)
  {
    case 'Z':
      for (i = 0; i != (v->z ? 4 : 5); i++)
        out[i] = (unsigned short) words[v->z ? i : 4 + i];
      return i;
    case 'C': out[0] = v->c; return 1;
    case 'B': return digits (v->b, out);
    case 'S': return digits (v->s, out);
    case 'I': return digits (v->i, out);
    case 'J': return digits (v->j, out);
    case 'L': return v->l == 0 ? 0 : read_text (env, v->l, out, MOST_TEXT);
    default: return v->l == 0 ? 0 : read_object (t, env, s, as, v->l, out, MOST_TEXT);
  }
}

/* The key that a call selects; as many as there are keys = none of them. */
int choose_key (Thread * t, void * env, Site * s, void * self, Value * args)
{
  Select * select = s->select;
  Value object;
  int i, size;
  if (select->from < 0)
  {
    if (s->is_static)
      return select->n_keys;
    object.l = self;
    return key_of (select, t->text, text_at (t, env, s, select->as[0], &object, t->text));
  }
  /* Overloads shift arguments: the first one from there on that reads as something decides. */
  for (i = select->from; i < select->end; i++)
  {
    size = text_at (t, env, s, select->as[i - select->from], &args[i], t->text);
    if (size != 0)
      return key_of (select, t->text, size);
  }
  return select->n_keys;
}
