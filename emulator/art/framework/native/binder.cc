// android.os.Binder and BinderProxy within one process, without a driver: a transaction runs the service's execTransact on
// the caller's thread. App and services are the two sides of it: what one has of the other is a proxy.
#include "binder.h"

#include <unistd.h>

#include <mutex>
#include <vector>

struct Entry {
  jobject binder;  // global reference, never released: an app of a test has few
  int side;
};
static std::vector<Entry> entries;
static std::mutex guard;
static thread_local int side = 0;  // 1: a service runs
static thread_local jlong source = -1;
static thread_local jint strict = 0;

static jclass named(JNIEnv* env, const char* name) { return static_cast<jclass>(env->NewGlobalRef(env->FindClass(name))); }

static jint number(JNIEnv* env, jobject binder, int owner) {
  std::lock_guard<std::mutex> lock(guard);
  for (size_t at = 0; at < entries.size(); at++) {
    if (env->IsSameObject(entries[at].binder, binder)) return at + 1;
  }
  entries.push_back({env->NewGlobalRef(binder), owner});
  return entries.size();
}

static Entry entry(jint number) {
  std::lock_guard<std::mutex> lock(guard);
  return entries[number - 1];
}

static jlong proxied(JNIEnv* env, jobject proxy) {
  static jfieldID field = env->GetFieldID(env->FindClass("android/os/BinderProxy"), "mNativeData", "J");
  return env->GetLongField(proxy, field);
}

jint keep(JNIEnv* env, jobject binder) {
  if (binder == nullptr) return 0;
  static jclass proxy = named(env, "android/os/BinderProxy");
  return env->IsInstanceOf(binder, proxy) ? proxied(env, binder) : number(env, binder, side);
}

jobject kept(JNIEnv* env, jint number) {
  if (number == 0) return nullptr;
  Entry found = entry(number);
  if (found.side == side) return env->NewLocalRef(found.binder);
  static jclass proxy = named(env, "android/os/BinderProxy");
  static jmethodID get = env->GetStaticMethodID(proxy, "getInstance", "(JJ)Landroid/os/BinderProxy;");
  return env->CallStaticObjectMethod(proxy, get, static_cast<jlong>(number), static_cast<jlong>(number));
}

static void nothing(void*) {}

NATIVE(jlong, android_os_BinderProxy_getNativeFinalizer)(JNIEnv*, jclass) { return reinterpret_cast<jlong>(&nothing); }
NATIVE(jboolean, android_os_BinderProxy_pingBinder)(JNIEnv*, jobject) { return true; }
NATIVE(jboolean, android_os_BinderProxy_isBinderAlive)(JNIEnv*, jobject) { return true; }
NATIVE(void, android_os_BinderProxy_linkToDeath)(JNIEnv*, jobject, jobject, jint) {}
NATIVE(jboolean, android_os_BinderProxy_unlinkToDeath)(JNIEnv*, jobject, jobject, jint) { return true; }
NATIVE(jobject, android_os_BinderProxy_getExtension)(JNIEnv*, jobject) { return nullptr; }
NATIVE(jstring, android_os_BinderProxy_getInterfaceDescriptor)(JNIEnv* env, jobject self) {
  static jmethodID get = env->GetMethodID(env->FindClass("android/os/Binder"), "getInterfaceDescriptor", "()Ljava/lang/String;");
  return static_cast<jstring>(env->CallObjectMethod(entry(proxied(env, self)).binder, get));
}
NATIVE(jboolean, android_os_BinderProxy_transactNative)(JNIEnv* env, jobject self, jint code, jobject data, jobject reply, jint flags) {
  static jfieldID pointer = env->GetFieldID(env->FindClass("android/os/Parcel"), "mNativePtr", "J");
  static jmethodID serve = env->GetMethodID(env->FindClass("android/os/Binder"), "execTransact", "(IJJI)Z");
  jlong in = env->GetLongField(data, pointer);
  Parcel unread, *out = reply == nullptr ? &unread : reinterpret_cast<Parcel*>(env->GetLongField(reply, pointer));
  reinterpret_cast<Parcel*>(in)->at = 0;
  Entry target = entry(proxied(env, self));
  int before = side;
  side = target.side;
  jboolean done = env->CallBooleanMethod(target.binder, serve, code, in, reinterpret_cast<jlong>(out), flags);
  side = before;
  out->at = 0;
  return done;
}

// The services' own side of the current thread, for those that call back from a thread of theirs.
NATIVE(void, aosp_Natives_serve)(JNIEnv*, jclass) { side = 1; }
static jint manager = 0;
NATIVE(void, aosp_Natives_publish)(JNIEnv* env, jclass, jobject binder) { manager = number(env, binder, 1); }
NATIVE(jobject, com_android_internal_os_BinderInternal_getContextObject)(JNIEnv* env, jclass) { return kept(env, manager); }
NATIVE(void, com_android_internal_os_BinderInternal_disableBackgroundScheduling)(JNIEnv*, jclass, jboolean) {}
NATIVE(void, com_android_internal_os_BinderInternal_handleGc)(JNIEnv*, jclass) {}

NATIVE(jint, android_os_Binder_getCallingPid)(JNIEnv*, jclass) { return getpid(); }
NATIVE(jint, android_os_Binder_getCallingUid)(JNIEnv*, jclass) { return getuid(); }
NATIVE(jboolean, android_os_Binder_isDirectlyHandlingTransaction)(JNIEnv*, jclass) { return side == 1; }
NATIVE(jboolean, android_os_Binder_hasExplicitIdentity)(JNIEnv*, jclass) { return true; }
NATIVE(jlong, android_os_Binder_clearCallingIdentity)(JNIEnv*, jclass) { return getuid(); }
NATIVE(void, android_os_Binder_restoreCallingIdentity)(JNIEnv*, jclass, jlong) {}
NATIVE(void, android_os_Binder_setThreadStrictModePolicy)(JNIEnv*, jclass, jint policy) { strict = policy; }
NATIVE(jint, android_os_Binder_getThreadStrictModePolicy)(JNIEnv*, jclass) { return strict; }
NATIVE(jlong, android_os_Binder_setCallingWorkSourceUid)(JNIEnv*, jclass, jint uid) {
  jlong before = source;
  source = uid;
  return before;
}
NATIVE(jint, android_os_Binder_getCallingWorkSourceUid)(JNIEnv*, jclass) { return source; }
NATIVE(jlong, android_os_Binder_clearCallingWorkSource)(JNIEnv*, jclass) {
  jlong before = source;
  source = -1;
  return before;
}
NATIVE(void, android_os_Binder_restoreCallingWorkSource)(JNIEnv*, jclass, jlong token) { source = token; }
NATIVE(void, android_os_Binder_flushPendingCommands)(JNIEnv*, jclass) {}
NATIVE(void, android_os_Binder_blockUntilThreadAvailable)(JNIEnv*, jclass) {}
NATIVE(jlong, android_os_Binder_getNativeBBinderHolder)(JNIEnv*, jclass) { return 1; }
NATIVE(jlong, android_os_Binder_getNativeFinalizer)(JNIEnv*, jclass) { return reinterpret_cast<jlong>(&nothing); }
NATIVE(void, android_os_Binder_markVintfStability)(JNIEnv*, jobject) {}
NATIVE(void, android_os_Binder_forceDowngradeToSystemStability)(JNIEnv*, jobject) {}
NATIVE(jobject, android_os_Binder_getExtension)(JNIEnv*, jobject) { return nullptr; }
