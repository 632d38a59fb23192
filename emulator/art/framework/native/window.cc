// android.database.CursorWindow: rows in plain memory. Sent in a parcel, both sides have the same ones. And
// android.util.MemoryIntArray, which is memory that a file descriptor names.
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "binder.h"

enum { kNull, kLong, kDouble, kString, kBlob };  // Cursor.FIELD_TYPE_*
struct Cell {
  int type = kNull;
  jlong whole = 0;
  double real = 0;
  std::basic_string<jchar> text;
  std::string bytes;
};
struct Rows {
  size_t columns = 0;
  std::vector<std::vector<Cell>> rows;
};
struct Window {
  std::string name;
  std::shared_ptr<Rows> shared = std::make_shared<Rows>();
};

static Window* of(jlong ptr) { return reinterpret_cast<Window*>(ptr); }

static Cell* cell(JNIEnv* env, jlong ptr, jint row, jint column) {
  auto& rows = of(ptr)->shared->rows;
  if (row >= 0 && static_cast<size_t>(row) < rows.size() && column >= 0 && static_cast<size_t>(column) < rows[row].size()) {
    return &rows[row][column];
  }
  env->ThrowNew(env->FindClass("java/lang/IllegalStateException"), "Couldn't read that row and column of the CursorWindow");
  return nullptr;
}

#define WINDOW(result, name) NATIVE(result, android_database_CursorWindow_##name)

WINDOW(jlong, nativeCreate)(JNIEnv* env, jclass, jstring name, jint) {
  return reinterpret_cast<jlong>(new Window{text(env, name)});
}
WINDOW(void, nativeDispose)(JNIEnv*, jclass, jlong ptr) { delete of(ptr); }
WINDOW(jstring, nativeGetName)(JNIEnv* env, jclass, jlong ptr) { return env->NewStringUTF(of(ptr)->name.c_str()); }
// The reader takes over what the writer left: a parcel that nobody reads leaks it.
WINDOW(void, nativeWriteToParcel)(JNIEnv* env, jclass, jlong ptr, jobject parcel) {
  writeLong(env, parcel, reinterpret_cast<jlong>(new Window(*of(ptr))));
}
WINDOW(jlong, nativeCreateFromParcel)(JNIEnv* env, jclass, jobject parcel) { return readLong(env, parcel); }
WINDOW(void, nativeClear)(JNIEnv*, jclass, jlong ptr) { *of(ptr)->shared = Rows(); }
WINDOW(jint, nativeGetNumRows)(JNIEnv*, jclass, jlong ptr) { return of(ptr)->shared->rows.size(); }
WINDOW(jboolean, nativeSetNumColumns)(JNIEnv*, jclass, jlong ptr, jint count) {
  of(ptr)->shared->columns = count;
  return true;
}
WINDOW(jboolean, nativeAllocRow)(JNIEnv*, jclass, jlong ptr) {
  of(ptr)->shared->rows.emplace_back(of(ptr)->shared->columns);
  return true;
}
WINDOW(void, nativeFreeLastRow)(JNIEnv*, jclass, jlong ptr) {
  if (!of(ptr)->shared->rows.empty()) of(ptr)->shared->rows.pop_back();
}
WINDOW(jint, nativeGetType)(JNIEnv* env, jclass, jlong ptr, jint row, jint column) {
  Cell* found = cell(env, ptr, row, column);
  return found == nullptr ? kNull : found->type;
}
WINDOW(jlong, nativeGetLong)(JNIEnv* env, jclass, jlong ptr, jint row, jint column) {
  Cell* found = cell(env, ptr, row, column);
  if (found == nullptr) return 0;
  return found->type == kDouble ? static_cast<jlong>(found->real) : found->whole;
}
WINDOW(jdouble, nativeGetDouble)(JNIEnv* env, jclass, jlong ptr, jint row, jint column) {
  Cell* found = cell(env, ptr, row, column);
  if (found == nullptr) return 0;
  return found->type == kLong ? static_cast<double>(found->whole) : found->real;
}
WINDOW(jstring, nativeGetString)(JNIEnv* env, jclass, jlong ptr, jint row, jint column) {
  Cell* found = cell(env, ptr, row, column);
  if (found == nullptr || found->type == kNull) return nullptr;
  if (found->type == kString) return env->NewString(found->text.data(), found->text.size());
  return env->NewStringUTF(found->type == kLong ? std::to_string(found->whole).c_str() : std::to_string(found->real).c_str());
}
WINDOW(jbyteArray, nativeGetBlob)(JNIEnv* env, jclass, jlong ptr, jint row, jint column) {
  Cell* found = cell(env, ptr, row, column);
  if (found == nullptr || found->type != kBlob) return nullptr;
  jbyteArray bytes = env->NewByteArray(found->bytes.size());
  env->SetByteArrayRegion(bytes, 0, found->bytes.size(), reinterpret_cast<const jbyte*>(found->bytes.data()));
  return bytes;
}
static jboolean put(JNIEnv* env, jlong ptr, jint row, jint column, Cell value) {
  Cell* found = cell(env, ptr, row, column);
  if (found != nullptr) *found = std::move(value);
  return found != nullptr;
}
WINDOW(jboolean, nativePutLong)(JNIEnv* env, jclass, jlong ptr, jlong value, jint row, jint column) {
  Cell made;
  made.type = kLong;
  made.whole = value;
  return put(env, ptr, row, column, made);
}
WINDOW(jboolean, nativePutDouble)(JNIEnv* env, jclass, jlong ptr, jdouble value, jint row, jint column) {
  Cell made;
  made.type = kDouble;
  made.real = value;
  return put(env, ptr, row, column, made);
}
WINDOW(jboolean, nativePutNull)(JNIEnv* env, jclass, jlong ptr, jint row, jint column) { return put(env, ptr, row, column, Cell()); }
WINDOW(jboolean, nativePutString)(JNIEnv* env, jclass, jlong ptr, jstring value, jint row, jint column) {
  Cell made;
  made.type = kString;
  made.text.resize(env->GetStringLength(value));
  env->GetStringRegion(value, 0, made.text.size(), &made.text[0]);
  return put(env, ptr, row, column, made);
}
WINDOW(jboolean, nativePutBlob)(JNIEnv* env, jclass, jlong ptr, jbyteArray value, jint row, jint column) {
  Cell made;
  made.type = kBlob;
  made.bytes.resize(env->GetArrayLength(value));
  env->GetByteArrayRegion(value, 0, made.bytes.size(), reinterpret_cast<jbyte*>(&made.bytes[0]));
  return put(env, ptr, row, column, made);
}

#define INTS(result, name) NATIVE(result, android_util_MemoryIntArray_##name)

static jint size(int fd) { return lseek(fd, 0, SEEK_END) / sizeof(jint); }

INTS(jint, nativeCreate)(JNIEnv* env, jobject, jstring name, jint count) {
  int fd = memfd_create(text(env, name).c_str(), MFD_CLOEXEC);
  if (ftruncate(fd, count * sizeof(jint)) < 0) perror("art: memory");
  return fd;
}
INTS(jlong, nativeOpen)(JNIEnv*, jobject, jint fd, jboolean owner) {
  int rights = owner ? PROT_READ | PROT_WRITE : PROT_READ;
  return reinterpret_cast<jlong>(mmap(nullptr, size(fd) * sizeof(jint), rights, MAP_SHARED, fd, 0));
}
INTS(void, nativeClose)(JNIEnv*, jobject, jint fd, jlong at, jboolean) {
  munmap(reinterpret_cast<void*>(at), size(fd) * sizeof(jint));
  close(fd);
}
INTS(jint, nativeGet)(JNIEnv*, jobject, jint, jlong at, jint index) { return reinterpret_cast<volatile jint*>(at)[index]; }
INTS(void, nativeSet)(JNIEnv*, jobject, jint, jlong at, jint index, jint value) {
  reinterpret_cast<volatile jint*>(at)[index] = value;
}
INTS(jint, nativeSize)(JNIEnv*, jobject, jint fd) { return size(fd); }
