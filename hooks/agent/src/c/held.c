/*
 * Values that a platform's object holds, or each of a list: names of packages and accounts, numbers of SIM cards,
 * places, what is known of a wireless network. Written as how many there are (two units), then for each value its tag,
 * length and characters. What does not fit makes the call a fault: it is counted, not cut.
 */

#include "objects.h"

#define MOST_ITEMS 24
#define MOST_VALUE 512

typedef struct
{
  Thread * t;
  void * env;
  Site * s;
  unsigned short * out;
  int size;
  int most;
} Writer;

static int is_a (Writer * w, void * object, int holder)
{
  void * klass = platform.holders[holder];
  return klass != 0 && FN (w->env, 32, unsigned char, void *, void *, void *) (w->env, object, klass);
}

static void * field_of (Writer * w, void * object, int held)
{
  return platform.held[held] == 0
    ? 0
    : FN (w->env, 95, void *, void *, void *, void *) (w->env, object, platform.held[held]);
}

/* By the platform's own method. */
static void * got (Writer * w, void * object, int holder, int held)
{
  void * found;
  if (platform.held[held] == 0)
    return 0;
  found = FN (w->env, 66, void *, void *, void *, void *, void *, Value *) (
    w->env, object, platform.holders[holder], platform.held[held], 0);
  return object_failed (w->t, w->env) ? 0 : found;
}

static double number_of (Writer * w, void * object, int held)
{
  double found = FN (w->env, 90, double, void *, void *, void *, void *, Value *) (
    w->env, object, platform.holders[IN_LOCATION], platform.held[held], 0);
  return object_failed (w->t, w->env) ? 0 : found;
}

static int is_text (const unsigned short * text, int size, const char * other)
{
  int i;
  for (i = 0; i != size && other[i] != 0 && text[i] == (unsigned char) other[i]; i++)
    ;
  return i == size && other[i] == 0;
}

/* A text that is not empty; whether there was one. */
static int give (Writer * w, int tag, void * text)
{
  unsigned short * at = w->out + w->size;
  int size;
  if (text == 0)
    return 0;
  size = FN (w->env, 164, int, void *, void *) (w->env, text);
  if (size > MOST_VALUE || w->size + 2 + size > w->most)
    w->t->failed = 1;
  else if (size != 0)
  {
    at[0] = (unsigned short) tag;
    at[1] = (unsigned short) read_text (w->env, text, at + 2, size);
    w->size += 2 + size;
  }
  forget (w->env, text);
  return size != 0;
}

static void give_network (Writer * w, int tag, void * object, int held)
{
  unsigned short * at = w->out + w->size;
  int i, start = w->size, skip;
  if (!give (w, tag, got (w, object, IN_WIFI, held)) || w->t->failed)
    return;
  skip = at[2] == '"';
  if (skip)
    for (i = 0; i + 1 < at[1]; i++)
      at[2 + i] = at[3 + i];
  at[1] = (unsigned short) (at[1] - skip);
  if (at[1] != 0 && at[1 + at[1]] == '"')
    at[1]--;
  w->size = start + 2 + at[1];
  if (at[1] == 0 || is_text (at + 2, at[1], "<unknown ssid>") || is_text (at + 2, at[1], "02:00:00:00:00:00"))
    w->size = start;
}

static void give_place (Writer * w, void * object)
{
  union
  {
    double numbers[2];
    unsigned short units[8];
  } place;

  int i;
  if (!is_a (w, object, IN_LOCATION))
    return;
  if (w->size + 10 > w->most)
  {
    w->t->failed = 1;
    return;
  }
  place.numbers[0] = number_of (w, object, LATITUDE);
  place.numbers[1] = number_of (w, object, LONGITUDE);
  w->out[w->size++] = 0;
  w->out[w->size++] = 8;
  for (i = 0; i != 8; i++)
    w->out[w->size++] = place.units[i];
}

static void give_one (Writer * w, int as, void * object)
{
  switch (as)
  {
    case 'q':
      if (!is_a (w, object, IN_PACKAGE) || !give (w, 0, field_of (w, object, NAME_OF_PACKAGE)))
        if (is_a (w, object, IN_PACKAGE_ITEM))
          give (w, 0, field_of (w, object, NAME_OF_ITEM));
      break;
    case 'o':
      if (is_a (w, object, IN_ACCOUNT))
        give (w, 0, field_of (w, object, NAME_OF_ACCOUNT));
      break;
    case 'd':
      if (is_a (w, object, IN_SUBSCRIPTION))
      {
        give (w, 0, got (w, object, IN_SUBSCRIPTION, ICC_ID));
        give (w, 1, got (w, object, IN_SUBSCRIPTION, PHONE_NUMBER));
      }
      if (is_a (w, object, IN_BLUETOOTH))
        give (w, 2, got (w, object, IN_BLUETOOTH, BLUETOOTH_ADDRESS));
      if (is_a (w, object, IN_SCAN))
        give (w, 3, field_of (w, object, SCAN_BSSID));
      break;
    default: give_place (w, object); break;
  }
}

/* The first of an array's or a platform list's objects; how many they are, and how many were looked at. */
static int each_of (Writer * w, int as, void * object, int * looked)
{
  unsigned int kind = kind_of (w->t, w->env, w->s, object);
  int i, count = count_of (w->t, w->env, kind, object), is_array = (kind & IS_OBJECTS) != 0;
  int is_list = (kind & IS_PLATFORM) && ((kind >> OF_LIST) & 1);
  Value at;
  for (i = 0; (is_array || is_list) && i < count && i < MOST_ITEMS && !w->t->failed; i++)
  {
    void * item;
    at.j = 0;
    at.i = i;
    item = is_array
      ? FN (w->env, 173, void *, void *, void *, int) (w->env, object, i)
      : FN (w->env, 36, void *, void *, void *, void *, Value *) (w->env, object, platform.methods[LIST_GET], &at);
    if (object_failed (w->t, w->env) || item == 0)
      continue;
    *looked += 1;
    give_one (w, as, item);
    forget (w->env, item);
  }
  return count;
}

int read_held (Thread * t, void * env, Site * s, int as, void * object, unsigned short * out, int most)
{
  Writer w;
  int count = 1, looked = 0;
  w.t = t;
  w.env = env;
  w.s = s;
  w.out = out;
  w.size = 2;
  w.most = most;
  if (as == 'w')
  {
    if (is_a (&w, object, IN_WIFI))
    {
      give_network (&w, 0, object, WIFI_SSID);
      give_network (&w, 1, object, WIFI_BSSID);
      give_network (&w, 2, object, WIFI_MAC);
    }
  }
  else if ((as == 'x' && is_a (&w, object, IN_LOCATION)) || (as == 'o' && is_a (&w, object, IN_ACCOUNT)))
    give_one (&w, as, object);
  else
  {
    count = each_of (&w, as, object, &looked);
    if (as == 'd' && looked == 0)
      give_one (&w, as, object);
  }
  out[0] = (unsigned short) (count & 0xffff);
  out[1] = (unsigned short) ((unsigned int) count >> 16);
  return w.size;
}
