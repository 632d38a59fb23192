// The microphone of a quiet room, and of libmedia_jni what its classes need to be there: aosp.Media answers.
#include "natives.h"

#define MICROPHONE(result, name) NATIVE(result, android_media_AudioRecord_##name)
#define RECORDER(result, name) NATIVE(result, android_media_MediaRecorder_##name)
#define RETRIEVER(result, name) NATIVE(result, android_media_MediaMetadataRetriever_##name)
#define DRM(result, name) NATIVE(result, android_media_MediaDrm_##name)

static jboolean heard(JNIEnv* env) {
  jclass cls = env->FindClass("aosp/Media");
  return env->CallStaticBooleanMethod(cls, env->GetStaticMethodID(cls, "heard", "()Z"));
}

NATIVE(jint, android_media_AudioSystem_native_1getMaxChannelCount)(JNIEnv*, jclass) { return 30; }
NATIVE(jint, android_media_AudioSystem_native_1getMaxSampleRate)(JNIEnv*, jclass) { return 1600000; }
NATIVE(jint, android_media_AudioSystem_native_1getMinSampleRate)(JNIEnv*, jclass) { return 4000; }
MICROPHONE(jint, native_1get_1min_1buff_1size)(JNIEnv*, jclass, jint, jint, jint) { return 1280; }
MICROPHONE(jint, native_1setup)(JNIEnv* env, jobject) { return heard(env) ? 0 : -1; }  // what it is given is not looked at
MICROPHONE(jint, native_1start)(JNIEnv*, jobject, jint, jint) { return 0; }
MICROPHONE(void, native_1stop)(JNIEnv*, jobject) {}
MICROPHONE(void, native_1release)(JNIEnv*, jobject) {}
MICROPHONE(void, native_1finalize)(JNIEnv*, jobject) {}
MICROPHONE(jint, native_1get_1buffer_1size_1in_1frames)(JNIEnv*, jobject) { return 640; }
MICROPHONE(jint, native_1read_1in_1byte_1array)(JNIEnv* env, jobject, jbyteArray to, jint from, jint size, jboolean) {
  const jbyte silence[4096] = {};
  for (jint at = 0; at < size; at += 4096) env->SetByteArrayRegion(to, from + at, size - at < 4096 ? size - at : 4096, silence);
  return size;
}
MICROPHONE(jint, native_1read_1in_1short_1array)(JNIEnv* env, jobject, jshortArray to, jint from, jint size, jboolean) {
  const jshort silence[4096] = {};
  for (jint at = 0; at < size; at += 4096) env->SetShortArrayRegion(to, from + at, size - at < 4096 ? size - at : 4096, silence);
  return size;
}

RECORDER(void, native_1init)(JNIEnv*, jclass) {}
RECORDER(void, native_1setup)(JNIEnv*, jobject, jobject, jstring, jobject) {}
RECORDER(void, native_1reset)(JNIEnv*, jobject) {}
RECORDER(void, native_1finalize)(JNIEnv*, jobject) {}
RECORDER(void, start)(JNIEnv* env, jobject) {
  if (!heard(env)) env->ThrowNew(env->FindClass("java/lang/IllegalStateException"), "no microphone for this app");
}
RECORDER(void, stop)(JNIEnv*, jobject) {}
RECORDER(void, release)(JNIEnv*, jobject) {}

RETRIEVER(void, native_1init)(JNIEnv*, jclass) {}
RETRIEVER(void, native_1setup)(JNIEnv*, jobject) {}
RETRIEVER(void, native_1finalize)(JNIEnv*, jobject) {}
RETRIEVER(void, release)(JNIEnv*, jobject) {}
RETRIEVER(jstring, extractMetadata)(JNIEnv* env, jobject, jint) {
  env->ThrowNew(env->FindClass("java/lang/IllegalStateException"), "No retriever available");  // no source was ever set
  return nullptr;
}

DRM(void, native_1init)(JNIEnv*, jclass) {}
DRM(void, native_1setup)(JNIEnv*, jobject, jobject, jbyteArray, jstring) {}
DRM(void, native_1release)(JNIEnv*, jobject) {}
DRM(jbyteArray, getPropertyByteArray)(JNIEnv* env, jobject, jstring name) {
  jclass cls = env->FindClass("aosp/Media");
  return static_cast<jbyteArray>(env->CallStaticObjectMethod(cls, env->GetStaticMethodID(cls, "property", "(Ljava/lang/String;)[B"), name));
}
