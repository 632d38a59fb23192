/*
 * What a row keeps of an object, as extract.ts reads it: only the platform's own methods are called, on objects whose
 * class is the platform's, or past an override of the app's.
 */

#include "objects.h"

#define HAS(kind, bit) (((kind) >> (bit)) & 1)

int object_failed (Thread * t, void * env)
{
  if (!FN (env, 228, unsigned char, void *) (env))
    return 0;
  clear (env);
  t->failed = 1;
  return 1;
}

static void * ask (Thread * t, void * env, void * object, int method)
{
  void * found = platform.methods[method] == 0
    ? 0
    : FN (env, 36, void *, void *, void *, void *, Value *) (env, object, platform.methods[method], 0);
  return object_failed (t, env) ? 0 : found;
}

/* Past an override. */
static void * ask_own (Thread * t, void * env, void * object, int of, int method)
{
  void * found = platform.methods[method] == 0 ? 0
                                               : FN (env, 66, void *, void *, void *, void *, void *, Value *) (
                                                   env, object, platform.classes[of], platform.methods[method], 0);
  return object_failed (t, env) ? 0 : found;
}

static int ask_size (Thread * t, void * env, void * object, int method)
{
  int size = FN (env, 51, int, void *, void *, void *, Value *) (env, object, platform.methods[method], 0);
  return object_failed (t, env) ? 0 : size;
}

static int text_into (void * env, void * text, unsigned short * out, int most)
{
  return text == 0 ? 0 : read_text (env, text, out, most);
}

static int name_into (Thread * t, void * env, void * object, unsigned short * out, int most)
{
  void * klass = FN (env, 31, void *, void *, void *) (env, object);
  void * name = FN (env, 36, void *, void *, void *, void *, Value *) (env, klass, shared.get_name, 0);
  int size = object_failed (t, env) ? 0 : text_into (env, name, out, most);
  forget (env, klass);
  if (name != 0)
    forget (env, name);
  return size;
}

static int begins_with_one (const unsigned short * list, const unsigned short * text, int size)
{
  int i;
  while (*list != 65535)
  {
    int n = *list++;
    if (n <= size)
    {
      for (i = 0; i != n && list[i] == text[i]; i++)
        ;
      if (i == n)
        return 1;
    }
    list += n;
  }
  return 0;
}

static int is_platform (const unsigned short * name, int size)
{
  return begins_with_one (platform.names, name, size) && !begins_with_one (platform.libraries, name, size);
}

/* Four places a site: what is there stays. */
static Shape * shapes_of (Site * s) { return &shapes[((unsigned int) s->number * 4) & (SHAPES - 1)]; }

static void keep_shape (void * env, Site * s, void * klass, unsigned int kind)
{
  Shape * set = shapes_of (s);
  void * held = FN (env, 21, void *, void *, void *) (env, klass);
  int i;
  lock ();
  for (i = 0; held != 0 && i != 4; i++)
    if (set[i].klass == 0)
    {
      set[i].kind = kind;
      set[i].klass = held;
      held = 0;
    }
  unlock ();
  if (held != 0)
    FN (env, 22, void, void *, void *) (env, held);
}

unsigned int kind_of (Thread * t, void * env, Site * s, void * object)
{
  unsigned short name[256];
  Shape known_here[4], *set = shapes_of (s);
  unsigned int kind = 0;
  int i, size, lasts;
  void * klass = FN (env, 31, void *, void *, void *) (env, object);
  lock ();
  for (i = 0; i != 4; i++)
    known_here[i] = set[i];
  unlock ();
  for (i = 0; i != 4 && known_here[i].klass != 0; i++)
    if (FN (env, 24, unsigned char, void *, void *, void *) (env, klass, known_here[i].klass))
    {
      forget (env, klass);
      return known_here[i].kind;
    }
  size = name_into (t, env, object, name, 256);
  if (is_platform (name, size))
    kind |= IS_PLATFORM;
  lasts = kind != 0;
  if (size > 1 && name[0] == '[')
  {
    kind |= IS_ARRAY;
    if (name[1] == 'L')
      kind |= IS_OBJECTS;
    if (name[1] == 'B' && size == 2)
      kind |= IS_BYTES;
    lasts = name[1] == 'L' ? is_platform (name + 2, size - 2) : name[1] != '[';
  }
  for (i = 0; i != CLASSES; i++)
    if (platform.classes[i] != 0 &&
      FN (env, 32, unsigned char, void *, void *, void *) (env, object, platform.classes[i]))
      kind |= 1U << i;
  /* A class of the app's is not held: its loader may go. */
  if (lasts)
    keep_shape (env, s, klass, kind);
  forget (env, klass);
  return kind;
}

int count_of (Thread * t, void * env, unsigned int kind, void * object)
{
  if (kind & IS_ARRAY)
    return FN (env, 171, int, void *, void *) (env, object);
  if (!(kind & IS_PLATFORM))
    return 0;
  if (HAS (kind, OF_LIST))
    return ask_size (t, env, object, LIST_SIZE);
  if (HAS (kind, OF_COLLECTION))
    return ask_size (t, env, object, COLLECTION_SIZE);
  if (HAS (kind, OF_MAP))
    return ask_size (t, env, object, MAP_SIZE);
  return HAS (kind, OF_BUNDLE) ? ask_size (t, env, object, BUNDLE_SIZE) : 1;
}

int digits (long long number, unsigned short * out)
{
  unsigned short reversed[20];
  unsigned long long rest = number < 0 ? 0ULL - (unsigned long long) number : (unsigned long long) number;
  int n = 0, size = 0;
  do
    reversed[n++] = (unsigned short) ('0' + (int) (rest % 10));
  while ((rest /= 10) != 0);
  if (number < 0)
    out[size++] = '-';
  while (n != 0)
    out[size++] = reversed[--n];
  return size;
}

/* Text of a String, a number or the like, a platform's CharSequence; of anything else the class's name. */
static int text_of (Thread * t, void * env, Site * s, void * object, unsigned short * out, int most)
{
  unsigned int kind = kind_of (t, env, s, object);
  void * text;
  int size;
  if (HAS (kind, OF_STRING))
    return text_into (env, object, out, most);
  if (!(kind & IS_PLATFORM) ||
    !(HAS (kind, OF_CHARS) || HAS (kind, OF_NUMBER) || HAS (kind, OF_BOOLEAN) || HAS (kind, OF_URI) ||
      HAS (kind, OF_URL) || HAS (kind, OF_ADDRESS)))
    return name_into (t, env, object, out, most);
  text = ask (t, env, object, TO_STRING);
  size = text_into (env, text, out, most);
  if (text != 0)
    forget (env, text);
  return size;
}

/* Texts of an array or a platform's list of them, with spaces between. */
static int joined (Thread * t, void * env, Site * s, void * object, unsigned short * out, int most)
{
  unsigned int kind = kind_of (t, env, s, object);
  int i, n = 0, size = 0, is_array = (kind & IS_OBJECTS) != 0;
  Value at;
  if (is_array)
    n = FN (env, 171, int, void *, void *) (env, object);
  else if ((kind & IS_PLATFORM) && HAS (kind, OF_LIST))
    n = ask_size (t, env, object, LIST_SIZE);
  /* An array's further texts are not read, nor those of a list. */
  for (i = 0; i < n && i < 64 && size < most; i++)
  {
    void * item;
    if (i != 0)
      out[size++] = ' ';
    at.j = 0;
    at.i = i;
    item = is_array
      ? FN (env, 173, void *, void *, void *, int) (env, object, i)
      : FN (env, 36, void *, void *, void *, void *, Value *) (env, object, platform.methods[LIST_GET], &at);
    if (object_failed (t, env))
      return size;
    if (item != 0)
    {
      size += text_of (t, env, s, item, out + size, most - size);
      forget (env, item);
    }
  }
  return size;
}

/* Package and class that an intent or a component names, with a stroke between. */
static int component_of (
  Thread * t, void * env, unsigned int kind, void * object, int whole, unsigned short * out, int most)
{
  void * name = HAS (kind, OF_INTENT) ? ask_own (t, env, object, OF_INTENT, INTENT_COMPONENT) : 0;
  void * text;
  int size;
  if (name == 0 && HAS (kind, OF_COMPONENT))
    name = object;
  if (name == 0)
    return 0;
  text = ask_own (t, env, name, OF_COMPONENT, COMPONENT_PACKAGE);
  size = text_into (env, text, out, most - 1);
  if (!whole)
    return size;
  out[size++] = '/';
  text = ask_own (t, env, name, OF_COMPONENT, COMPONENT_CLASS);
  return size + text_into (env, text, out + size, most - size);
}

/* Package that an intent names, by its component or by itself; where any may answer, `action:` and its action. */
static int target_of (Thread * t, void * env, unsigned int kind, void * object, unsigned short * out, int most)
{
  static const char action[] = "action:";
  int i, size = component_of (t, env, kind, object, 0, out, most);
  if (size != 0 || !HAS (kind, OF_INTENT))
    return size;
  size = text_into (env, ask_own (t, env, object, OF_INTENT, INTENT_PACKAGE), out, most);
  if (size != 0)
    return size;
  for (i = 0; i != 7; i++)
    out[i] = (unsigned short) action[i];
  return 7 + text_into (env, ask_own (t, env, object, OF_INTENT, INTENT_ACTION), out + 7, most - 7);
}

static int path_of (Thread * t, void * env, unsigned int kind, void * object, unsigned short * out, int most)
{
  if (HAS (kind, OF_FILE))
    return text_into (env, ask_own (t, env, object, OF_FILE, FILE_PATH), out, most);
  return HAS (kind, OF_PATH) && (kind & IS_PLATFORM) ? text_into (env, ask (t, env, object, TO_STRING), out, most) : 0;
}

/* A size in two units, and the bytes if they are few. */
static int bytes_of (void * env, unsigned int kind, void * object, unsigned short * out)
{
  signed char bytes[64];
  int i, n;
  if (!(kind & IS_BYTES))
    return 0;
  n = FN (env, 171, int, void *, void *) (env, object);
  out[0] = (unsigned short) (n & 0xffff);
  out[1] = (unsigned short) ((unsigned int) n >> 16);
  if (n == 0 || n > 64)
    return 2;
  FN (env, 200, void, void *, void *, int, int, signed char *) (env, object, 0, n, bytes);
  for (i = 0; i != n; i++)
    out[2 + i] = (unsigned char) bytes[i];
  return 2 + n;
}

static int read_inside (Thread * t, void * env, Site * s, int as, void * object, unsigned short * out, int most)
{
  unsigned int kind;
  if (as == 't')
    return text_of (t, env, s, object, out, most);
  if (as == 'k')
    return name_into (t, env, object, out, most);
  if (as == 'p')
    return joined (t, env, s, object, out, most);
  if (HOLDS (as))
    return read_held (t, env, s, as, object, out, most);
  kind = kind_of (t, env, s, object);
  switch (as)
  {
    case 'n': return digits (count_of (t, env, kind, object), out);
    case 'l':
      return HAS (kind, OF_STRING) ? digits (FN (env, 164, int, void *, void *) (env, object), out)
                                   : digits (count_of (t, env, kind, object), out);
    case 'y': return bytes_of (env, kind, object, out);
    case 'a':
      if ((kind & IS_PLATFORM) && HAS (kind, OF_URI))
        return text_into (env, ask (t, env, object, URI_AUTHORITY), out, most);
      return HAS (kind, OF_STRING) ? text_into (env, object, out, most) : 0;
    case 'u':
      return (kind & IS_PLATFORM) && HAS (kind, OF_URI) ? text_into (env, ask (t, env, object, URI_PATH), out, most)
                                                        : 0;
    case 'i':
      return HAS (kind, OF_INTENT) ? text_into (env, ask_own (t, env, object, OF_INTENT, INTENT_ACTION), out, most) : 0;
    case 'c': return component_of (t, env, kind, object, 1, out, most);
    case 'g': return target_of (t, env, kind, object, out, most);
    case 'f': return path_of (t, env, kind, object, out, most);
    default: return 0;
  }
}

/* Characters of what a row keeps of an object, at most as many as wanted (no fewer than 70); how many. */
int read_object (Thread * t, void * env, Site * s, int as, void * object, unsigned short * out, int most)
{
  int size;
  t->busy++;
  if (FN (env, 19, int, void *, int) (env, 32) != 0)
  {
    clear (env);
    t->failed = 1;
    t->busy--;
    return 0;
  }
  size = read_inside (t, env, s, as, object, out, most);
  FN (env, 20, void *, void *, void *) (env, 0);
  t->busy--;
  return size;
}
