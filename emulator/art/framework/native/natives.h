// Natives of the framework, found by their JNI names: the library is loaded for the boot class loader.
#pragma once
#include <jni.h>
#include <string>

#define NATIVE(result, name) extern "C" JNIEXPORT result JNICALL Java_##name

inline std::string text(JNIEnv* env, jstring s) {
  if (s == nullptr) return "";
  const char* c = env->GetStringUTFChars(s, nullptr);
  std::string copy(c);
  env->ReleaseStringUTFChars(s, c);
  return copy;
}
