// android.hardware.SystemSensorManager: aosp.Sensors answers.
#include "natives.h"

#define SENSORS(result, name) NATIVE(result, android_hardware_SystemSensorManager_##name)
#define QUEUE(result, name) NATIVE(result, android_hardware_SystemSensorManager_00024BaseEventQueue_##name)

static jmethodID method(JNIEnv* env, jclass* cls, const char* name, const char* signature) {
  *cls = env->FindClass("aosp/Sensors");
  return env->GetStaticMethodID(*cls, name, signature);
}

SENSORS(void, nativeClassInit)(JNIEnv*, jclass) {}
SENSORS(jlong, nativeCreate)(JNIEnv*, jclass, jstring) { return 1; }
SENSORS(jboolean, nativeGetSensorAtIndex)(JNIEnv* env, jclass, jlong, jobject sensor, jint index) {
  jclass cls;
  jmethodID fill = method(env, &cls, "fill", "(Landroid/hardware/Sensor;I)Z");
  return env->CallStaticBooleanMethod(cls, fill, sensor, index);
}
SENSORS(void, nativeGetDynamicSensors)(JNIEnv*, jclass, jlong, jobject) {}
SENSORS(jboolean, nativeIsDataInjectionEnabled)(JNIEnv*, jclass, jlong) { return false; }
SENSORS(jint, nativeCreateDirectChannel)(JNIEnv*, jclass, jlong, jlong, jint, jint, jobject) { return 1; }
SENSORS(void, nativeDestroyDirectChannel)(JNIEnv*, jclass, jlong, jint) {}
SENSORS(jint, nativeConfigDirectChannel)(JNIEnv*, jclass, jlong, jint, jint, jint) { return 1; }

QUEUE(jlong, nativeInitBaseEventQueue)(JNIEnv* env, jclass, jlong, jobject queue, jobject messages, jstring, jint, jstring, jstring) {
  jclass cls;
  jmethodID open = method(env, &cls, "open", "(Ljava/lang/ref/WeakReference;Landroid/os/MessageQueue;)J");
  return env->CallStaticLongMethod(cls, open, queue, messages);
}
QUEUE(jint, nativeEnableSensor)(JNIEnv* env, jclass, jlong queue, jint sensor, jint, jint) {
  jclass cls;
  jmethodID enable = method(env, &cls, "enable", "(JI)I");
  return env->CallStaticIntMethod(cls, enable, queue, sensor);
}
QUEUE(jint, nativeDisableSensor)(JNIEnv*, jclass, jlong, jint) { return 0; }
QUEUE(void, nativeDestroySensorEventQueue)(JNIEnv*, jclass, jlong) {}
QUEUE(jint, nativeFlushSensor)(JNIEnv*, jclass, jlong) { return 0; }
