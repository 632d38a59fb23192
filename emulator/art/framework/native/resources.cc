// android.content.res.AssetManager: an app's packed resources are not read; there are none.
#include "natives.h"

#define ASSETS(result, name) NATIVE(result, android_content_res_AssetManager_##name)

static void nothing(void*) {}

ASSETS(jlong, nativeGetThemeFreeFunction)(JNIEnv*, jclass) { return reinterpret_cast<jlong>(&nothing); }
ASSETS(jlong, nativeThemeCreate)(JNIEnv*, jclass, jlong) { return 1; }
ASSETS(jlong, nativeCreate)(JNIEnv*, jclass) { return 1; }
ASSETS(void, nativeDestroy)(JNIEnv*, jclass, jlong) {}
ASSETS(void, nativeSetConfiguration)(JNIEnv*, jclass) {}  // what it is given is not looked at
ASSETS(jobjectArray, nativeGetLocales)(JNIEnv* env, jclass, jlong, jboolean) {
  return env->NewObjectArray(0, env->FindClass("java/lang/String"), nullptr);
}
