/* Loaded classes of a JVM below others, found without crossing into JavaScript for each class of the VM. */

extern int get_loaded (void * jvmti, int * count, void *** classes);
extern int deallocate (void * jvmti, void * memory);
extern char jvmti[];
#define FN(env, at, result, ...) ((result (*) (__VA_ARGS__)) (*(void ***) (env))[at])

int find_below (void * env, void ** bases, int n_bases, void ** out, int * which, int max)
{
  void ** classes = 0;
  int count = 0, found = 0, i, j;
  if (get_loaded (jvmti, &count, &classes) != 0)
    return -1;
  for (i = 0; i != count; i++)
  {
    for (j = 0; j != n_bases && found != max; j++)
      if (!FN (env, 24, unsigned char, void *, void *, void *) (env, classes[i], bases[j]) &&
        FN (env, 11, unsigned char, void *, void *, void *) (env, classes[i], bases[j]))
      {
        out[found] = FN (env, 21, void *, void *, void *) (env, classes[i]);
        which[found++] = j;
      }
    FN (env, 23, void, void *, void *) (env, classes[i]);
  }
  deallocate (jvmti, (void *) classes);
  return found;
}
