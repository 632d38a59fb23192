// Names and string layout of Android's libc++ for the functions of libart that Frida's Java bridge calls and that
// Debian's libart has with libstdc++'s. The bridge finds them through libart.so, which needs this library.
#include <string.h>

#include <new>
#include <string>

extern "C" {
std::string describe_location(const void*) asm("_ZNK3art12StackVisitor16DescribeLocationB5cxx11Ev");
std::string get_location(void*) asm("_ZN3art6mirror5Class11GetLocationB5cxx11Ev");
std::string pretty_method(void*, bool) asm("_ZN3art9ArtMethod12PrettyMethodB5cxx11Eb");
const char* get_descriptor(void*, std::string*)
    asm("_ZN3art6mirror5Class13GetDescriptorEPNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE");
}

// libc++'s std::string: short ones in place, with twice their length first; long ones with an odd capacity.
union CxxString {
  struct {
    unsigned char twice;
    char data[23];
  } small;
  struct {
    size_t capacity;
    size_t size;
    char* data;
  } large;
};

static CxxString* put(CxxString* out, const std::string& text) {
  memset(out, 0, sizeof *out);
  if (text.size() < sizeof out->small.data) {
    out->small.twice = text.size() << 1;
    memcpy(out->small.data, text.data(), text.size());
    return out;
  }
  size_t capacity = (text.size() + 16) & ~size_t(15);
  out->large.data = static_cast<char*>(operator new(capacity));
  memcpy(out->large.data, text.c_str(), text.size() + 1);
  out->large.size = text.size();
  out->large.capacity = capacity | 1;
  return out;
}

// Returned by value, as the C++ functions of that name return one: the memory for it is passed where the processor's calling
// convention wants it (rdi on x86-64, x8 on arm64).
static CxxString made(const std::string& text) {
  CxxString out;
  put(&out, text);
  return out;
}

extern "C" {
CxxString cxx_describe_location(const void*) asm("_ZNK3art12StackVisitor16DescribeLocationEv");
CxxString cxx_describe_location(const void* visitor) { return made(describe_location(visitor)); }

CxxString cxx_get_location(void*) asm("_ZN3art6mirror5Class11GetLocationEv");
CxxString cxx_get_location(void* type) { return made(get_location(type)); }

CxxString cxx_pretty_method(void*, bool) asm("_ZN3art9ArtMethod12PrettyMethodEb");
CxxString cxx_pretty_method(void* method, bool signature) { return made(pretty_method(method, signature)); }

const char* cxx_get_descriptor(void*, CxxString*)
    asm("_ZN3art6mirror5Class13GetDescriptorEPNSt3__112basic_stringIcNS2_11char_traitsIcEENS2_9allocatorIcEEEE");
const char* cxx_get_descriptor(void* type, CxxString* storage) {
  std::string text;
  const char* result = get_descriptor(type, &text);
  if (result != text.c_str()) return result;
  put(storage, text);
  return storage->small.twice & 1 ? storage->large.data : storage->small.data;
}
}
