// libandroid_runtime.so: Frida's bridge wants a native method of Android's in a library of that name, and finds the
// layout of ArtMethod with android.os.Process.getElapsedCpuTime. The natives of artbed's classes are registered here.
#include <jni.h>
#include <time.h>

int register_crypto(JNIEnv* env);
int register_tls(JNIEnv* env);

static jlong elapsed(JNIEnv*, jclass) {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static jint put(JNIEnv* env, const char* type, const char* name, const char* signature, void* function) {
  jclass c = env->FindClass(type);
  if (c == nullptr) return JNI_ERR;
  JNINativeMethod one{const_cast<char*>(name), const_cast<char*>(signature), function};
  return env->RegisterNatives(c, &one, 1);
}

extern "C" int register_android(JNIEnv* env) {
  if (register_tls(env) != JNI_OK || register_crypto(env) != JNI_OK) return 1;
  return put(env, "android/os/Process", "getElapsedCpuTime", "()J", reinterpret_cast<void*>(elapsed)) == JNI_OK ? 0 : 1;
}
