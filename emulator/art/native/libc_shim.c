// A module named libc.so, as Frida's Java bridge looks one up. Only __system_property_get is its own; the rest is found
// in libc.so.6 behind it.
#include <string.h>

#ifdef __aarch64__
#define ABI "arm64-v8a"
#else
#define ABI "x86_64"
#endif

static const char* const props[][2] = {
  {"ro.build.version.sdk", "34"}, {"ro.build.version.release", "14"}, {"ro.build.version.codename", "REL"},
  {"ro.product.model", "art-on-linux"}, {"ro.product.brand", "art"}, {"ro.product.cpu.abi", ABI},
};

int __system_property_get(const char* name, char* value) {
  for (unsigned i = 0; i < sizeof props / sizeof *props; i++) {
    if (strcmp(name, props[i][0]) == 0) {
      strcpy(value, props[i][1]);
      return strlen(value);
    }
  }
  value[0] = 0;
  return 0;
}
