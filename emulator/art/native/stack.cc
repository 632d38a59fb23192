// glibc's smallest stack is 128 KiB on arm64 (16 KiB on x86-64) and ART gives the workers of its pool 64 KiB and a page: there
// they get a stack of glibc's instead. What the launcher exports goes before the C library's.
#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

extern "C" int pthread_attr_setstack(pthread_attr_t* attr, void* stack, size_t size) {
  static auto real =
      reinterpret_cast<int (*)(pthread_attr_t*, void*, size_t)>(dlsym(RTLD_NEXT, "pthread_attr_setstack"));
  size_t least = sysconf(_SC_THREAD_STACK_MIN);
  return size < least ? pthread_attr_setstacksize(attr, 2 * least) : real(attr, stack, size);
}
