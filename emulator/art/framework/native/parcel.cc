// android.os.Parcel in plain memory, in libbinder's layout of 4 bytes. A binder in it remembers on which side of a
// transaction it was written: read on the other side it is a BinderProxy, on its own side itself.
#include <string.h>
#include <unistd.h>

#include <vector>

#include "binder.h"

#define WORDS JNIEnv *env, jclass, jlong ptr

static Parcel* of(jlong ptr) { return reinterpret_cast<Parcel*>(ptr); }

static void put(Parcel* p, const void* data, size_t size) {
  size_t end = p->at + ((size + 3) & ~size_t(3));
  if (p->data.size() < end) p->data.resize(end);
  if (size > 0) memcpy(&p->data[p->at], data, size);
  if (end > p->at + size) memset(&p->data[p->at + size], 0, end - p->at - size);
  p->at = end;
}

static const char* take(Parcel* p, size_t size) {
  size_t end = p->at + ((size + 3) & ~size_t(3));
  if (end > p->data.size() || end < p->at) return nullptr;
  const char* found = &p->data[p->at];
  p->at = end;
  return found;
}

template <class T>
static T read(jlong ptr) {
  T value{};
  if (const char* found = take(of(ptr), sizeof value)) memcpy(&value, found, sizeof value);
  return value;
}

template <class T>
static jint write(jlong ptr, T value) {
  put(of(ptr), &value, sizeof value);
  return 0;
}

static void writeBytes(JNIEnv* env, jlong ptr, jbyteArray bytes, jint from, jint size) {
  write<jint>(ptr, bytes == nullptr ? -1 : size);
  if (bytes == nullptr) return;
  std::vector<jbyte> copy(size + 1);
  env->GetByteArrayRegion(bytes, from, size, copy.data());
  put(of(ptr), copy.data(), size);
}

static jbyteArray readBytes(JNIEnv* env, jlong ptr) {
  jint size = read<jint>(ptr);
  const char* found = size < 0 ? nullptr : take(of(ptr), size);
  if (found == nullptr) return nullptr;
  jbyteArray bytes = env->NewByteArray(size);
  env->SetByteArrayRegion(bytes, 0, size, reinterpret_cast<const jbyte*>(found));
  return bytes;
}

static void writeText(JNIEnv* env, jlong ptr, jstring s) {
  jint size = s == nullptr ? -1 : env->GetStringLength(s);
  write<jint>(ptr, size);
  if (s == nullptr) return;
  std::vector<jchar> copy(size + 1);
  env->GetStringRegion(s, 0, size, copy.data());
  put(of(ptr), copy.data(), (size + 1) * sizeof(jchar));
}

static jstring readText(JNIEnv* env, jlong ptr) {
  jint size = read<jint>(ptr);
  const char* found = size < 0 ? nullptr : take(of(ptr), (size + 1) * sizeof(jchar));
  return found == nullptr ? nullptr : env->NewString(reinterpret_cast<const jchar*>(found), size);
}

static jlong pointer(JNIEnv* env, jobject parcel) {
  static jfieldID field = env->GetFieldID(env->FindClass("android/os/Parcel"), "mNativePtr", "J");
  return env->GetLongField(parcel, field);
}

void writeLong(JNIEnv* env, jobject parcel, jlong value) { write(pointer(env, parcel), value); }
jlong readLong(JNIEnv* env, jobject parcel) { return read<jlong>(pointer(env, parcel)); }

// A file descriptor travels as a copy of it; -1 is none.
static jfieldID descriptor(JNIEnv* env) {
  static jfieldID field = env->GetFieldID(env->FindClass("java/io/FileDescriptor"), "descriptor", "I");
  return field;
}
NATIVE(void, android_os_Parcel_nativeWriteFileDescriptor)(WORDS, jobject fd) {
  write<jint>(ptr, fd == nullptr ? -1 : dup(env->GetIntField(fd, descriptor(env))));
}
NATIVE(jobject, android_os_Parcel_nativeReadFileDescriptor)(WORDS) {
  jint number = read<jint>(ptr);
  if (number < 0) return nullptr;
  jclass type = env->FindClass("java/io/FileDescriptor");
  jobject made = env->NewObject(type, env->GetMethodID(type, "<init>", "()V"));
  env->SetIntField(made, descriptor(env), number);
  return made;
}

NATIVE(jlong, android_os_Parcel_nativeCreate)(JNIEnv*, jclass) { return reinterpret_cast<jlong>(new Parcel); }
NATIVE(void, android_os_Parcel_nativeDestroy)(WORDS) { delete of(ptr); }
NATIVE(void, android_os_Parcel_nativeFreeBuffer)(WORDS) { *of(ptr) = Parcel(); }
NATIVE(void, android_os_Parcel_nativeMarkSensitive)(WORDS) {}
NATIVE(void, android_os_Parcel_nativeMarkForBinder)(WORDS, jobject) {}
NATIVE(jboolean, android_os_Parcel_nativeIsForRpc)(WORDS) { return false; }
NATIVE(jint, android_os_Parcel_nativeDataSize)(WORDS) { return of(ptr)->data.size(); }
NATIVE(jint, android_os_Parcel_nativeDataAvail)(WORDS) { return of(ptr)->data.size() - of(ptr)->at; }
NATIVE(jint, android_os_Parcel_nativeDataPosition)(WORDS) { return of(ptr)->at; }
NATIVE(jint, android_os_Parcel_nativeDataCapacity)(WORDS) { return of(ptr)->data.capacity(); }
NATIVE(void, android_os_Parcel_nativeSetDataSize)(WORDS, jint size) {
  of(ptr)->data.resize(size);
  if (of(ptr)->at > static_cast<size_t>(size)) of(ptr)->at = size;
}
NATIVE(void, android_os_Parcel_nativeSetDataPosition)(WORDS, jint at) { of(ptr)->at = at; }
NATIVE(void, android_os_Parcel_nativeSetDataCapacity)(WORDS, jint) {}
NATIVE(jboolean, android_os_Parcel_nativePushAllowFds)(WORDS, jboolean) { return true; }
NATIVE(void, android_os_Parcel_nativeRestoreAllowFds)(WORDS, jboolean) {}
NATIVE(jint, android_os_Parcel_nativeWriteInt)(WORDS, jint v) { return write(ptr, v); }
NATIVE(jint, android_os_Parcel_nativeWriteLong)(WORDS, jlong v) { return write(ptr, v); }
NATIVE(jint, android_os_Parcel_nativeWriteFloat)(WORDS, jfloat v) { return write(ptr, v); }
NATIVE(jint, android_os_Parcel_nativeWriteDouble)(WORDS, jdouble v) { return write(ptr, v); }
NATIVE(jint, android_os_Parcel_nativeReadInt)(WORDS) { return read<jint>(ptr); }
NATIVE(jlong, android_os_Parcel_nativeReadLong)(WORDS) { return read<jlong>(ptr); }
NATIVE(jfloat, android_os_Parcel_nativeReadFloat)(WORDS) { return read<jfloat>(ptr); }
NATIVE(jdouble, android_os_Parcel_nativeReadDouble)(WORDS) { return read<jdouble>(ptr); }
NATIVE(void, android_os_Parcel_nativeWriteByteArray)(WORDS, jbyteArray b, jint from, jint n) { writeBytes(env, ptr, b, from, n); }
NATIVE(void, android_os_Parcel_nativeWriteBlob)(WORDS, jbyteArray b, jint from, jint n) { writeBytes(env, ptr, b, from, n); }
NATIVE(jbyteArray, android_os_Parcel_nativeCreateByteArray)(WORDS) { return readBytes(env, ptr); }
NATIVE(jbyteArray, android_os_Parcel_nativeReadBlob)(WORDS) { return readBytes(env, ptr); }
NATIVE(jboolean, android_os_Parcel_nativeReadByteArray)(WORDS, jbyteArray out, jint size) {
  jint here = read<jint>(ptr);
  const char* found = here == size ? take(of(ptr), size) : nullptr;
  if (found != nullptr) env->SetByteArrayRegion(out, 0, size, reinterpret_cast<const jbyte*>(found));
  return found != nullptr;
}
NATIVE(void, android_os_Parcel_nativeWriteString8)(WORDS, jstring s) { writeText(env, ptr, s); }
NATIVE(void, android_os_Parcel_nativeWriteString16)(WORDS, jstring s) { writeText(env, ptr, s); }
NATIVE(jstring, android_os_Parcel_nativeReadString8)(WORDS) { return readText(env, ptr); }
NATIVE(jstring, android_os_Parcel_nativeReadString16)(WORDS) { return readText(env, ptr); }
NATIVE(void, android_os_Parcel_nativeWriteInterfaceToken)(WORDS, jstring s) { writeText(env, ptr, s); }
NATIVE(void, android_os_Parcel_nativeEnforceInterface)(WORDS, jstring wanted) {
  jstring found = readText(env, ptr);
  if (text(env, found) == text(env, wanted)) return;
  std::string why = "Binder invocation to an incorrect interface: " + text(env, wanted) + ", not " + text(env, found);
  env->ThrowNew(env->FindClass("java/lang/SecurityException"), why.c_str());
}
NATIVE(void, android_os_Parcel_nativeWriteStrongBinder)(WORDS, jobject binder) { write(ptr, keep(env, binder)); }
NATIVE(jobject, android_os_Parcel_nativeReadStrongBinder)(WORDS) { return kept(env, read<jint>(ptr)); }
NATIVE(jbyteArray, android_os_Parcel_nativeMarshall)(WORDS) {
  const std::string& data = of(ptr)->data;
  jbyteArray bytes = env->NewByteArray(data.size());
  env->SetByteArrayRegion(bytes, 0, data.size(), reinterpret_cast<const jbyte*>(data.data()));
  return bytes;
}
NATIVE(void, android_os_Parcel_nativeUnmarshall)(WORDS, jbyteArray bytes, jint from, jint size) {
  of(ptr)->data.resize(size);
  env->GetByteArrayRegion(bytes, from, size, reinterpret_cast<jbyte*>(&of(ptr)->data[0]));
  of(ptr)->at = size;
}
NATIVE(jint, android_os_Parcel_nativeCompareData)(WORDS, jlong other) { return of(ptr)->data.compare(of(other)->data); }
NATIVE(void, android_os_Parcel_nativeAppendFrom)(WORDS, jlong other, jint from, jint size) {
  std::string part = of(other)->data.substr(from, size);
  put(of(ptr), part.data(), part.size());
}
NATIVE(jboolean, android_os_Parcel_nativeHasFileDescriptors)(WORDS) { return false; }
NATIVE(jboolean, android_os_Parcel_nativeHasFileDescriptorsInRange)(WORDS, jint, jint) { return false; }
NATIVE(jboolean, android_os_Parcel_nativeReplaceCallingWorkSourceUid)(WORDS, jint) { return true; }
NATIVE(jint, android_os_Parcel_nativeReadCallingWorkSourceUid)(WORDS) { return -1; }
NATIVE(jlong, android_os_Parcel_nativeGetOpenAshmemSize)(WORDS) { return 0; }
