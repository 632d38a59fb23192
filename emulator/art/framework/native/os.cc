// Log, clocks, properties, message queues, traces: of android.os and android.util.
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <vector>

#include "natives.h"

using std::string;

static jlong nanos(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

NATIVE(jboolean, android_util_Log_isLoggable)(JNIEnv*, jclass, jstring, jint level) { return level >= 4; }
NATIVE(jint, android_util_Log_println_1native)(JNIEnv* env, jclass, jint, jint level, jstring tag, jstring message) {
  jclass logs = env->FindClass("aosp/Logs");
  jmethodID write = env->GetStaticMethodID(logs, "write", "(ILjava/lang/String;Ljava/lang/String;)I");
  return env->CallStaticIntMethod(logs, write, level, tag, message);
}
NATIVE(jint, android_util_Log_logger_1entry_1max_1payload_1native)(JNIEnv*, jclass) { return 4068; }
NATIVE(jint, android_util_EventLog_writeEvent__I_3Ljava_lang_Object_2)(JNIEnv*, jclass, jint, jobjectArray) { return 0; }
NATIVE(jint, android_util_EventLog_writeEvent__II)(JNIEnv*, jclass, jint, jint) { return 0; }
NATIVE(jint, android_util_EventLog_writeEvent__ILjava_lang_String_2)(JNIEnv*, jclass, jint, jstring) { return 0; }

NATIVE(void, android_os_Process_sendSignal)(JNIEnv*, jclass, jint process, jint number) { kill(process, number); }
NATIVE(void, android_os_Process_sendSignalQuiet)(JNIEnv*, jclass, jint process, jint number) { kill(process, number); }

NATIVE(jlong, android_os_SystemClock_uptimeMillis)(JNIEnv*, jclass) { return nanos(CLOCK_MONOTONIC) / 1000000; }
NATIVE(jlong, android_os_SystemClock_uptimeNanos)(JNIEnv*, jclass) { return nanos(CLOCK_MONOTONIC); }
NATIVE(jlong, android_os_SystemClock_elapsedRealtime)(JNIEnv*, jclass) { return nanos(CLOCK_BOOTTIME) / 1000000; }
NATIVE(jlong, android_os_SystemClock_elapsedRealtimeNanos)(JNIEnv*, jclass) { return nanos(CLOCK_BOOTTIME); }
NATIVE(jlong, android_os_SystemClock_currentThreadTimeMillis)(JNIEnv*, jclass) { return nanos(CLOCK_THREAD_CPUTIME_ID) / 1000000; }
NATIVE(jlong, android_os_SystemClock_currentThreadTimeMicro)(JNIEnv*, jclass) { return nanos(CLOCK_THREAD_CPUTIME_ID) / 1000; }
NATIVE(jlong, android_os_SystemClock_currentTimeMicro)(JNIEnv*, jclass) { return nanos(CLOCK_REALTIME) / 1000; }

// Properties: set by the bed's start from the device's state.
static std::map<string, string> properties;
static std::vector<string> handles;
static std::mutex guard;

static bool find(const string& name, string* value) {
  std::lock_guard<std::mutex> lock(guard);
  auto found = properties.find(name);
  if (found == properties.end() || found->second.empty()) return false;
  *value = found->second;
  return true;
}

static string handle(jlong number) {
  std::lock_guard<std::mutex> lock(guard);
  return handles[number - 1];
}

static jint whole(const string& name, jint other) {
  string value;
  return find(name, &value) ? atoi(value.c_str()) : other;
}
static jlong wide(const string& name, jlong other) {
  string value;
  return find(name, &value) ? atoll(value.c_str()) : other;
}
static jboolean truth(const string& name, jboolean other) {
  string value;
  return find(name, &value) ? value == "1" || value == "y" || value == "yes" || value == "on" || value == "true" : other;
}

NATIVE(jstring, android_os_SystemProperties_native_1get__Ljava_lang_String_2Ljava_lang_String_2)(JNIEnv* env, jclass, jstring name, jstring other) {
  string value;
  return find(text(env, name), &value) ? env->NewStringUTF(value.c_str()) : other;
}
NATIVE(jint, android_os_SystemProperties_native_1get_1int__Ljava_lang_String_2I)(JNIEnv* env, jclass, jstring name, jint other) { return whole(text(env, name), other); }
NATIVE(jlong, android_os_SystemProperties_native_1get_1long__Ljava_lang_String_2J)(JNIEnv* env, jclass, jstring name, jlong other) { return wide(text(env, name), other); }
NATIVE(jboolean, android_os_SystemProperties_native_1get_1boolean__Ljava_lang_String_2Z)(JNIEnv* env, jclass, jstring name, jboolean other) { return truth(text(env, name), other); }
NATIVE(jlong, android_os_SystemProperties_native_1find)(JNIEnv* env, jclass, jstring name) {
  string value, wanted = text(env, name);
  if (!find(wanted, &value)) return 0;
  std::lock_guard<std::mutex> lock(guard);
  handles.push_back(wanted);
  return handles.size();
}
NATIVE(jstring, android_os_SystemProperties_native_1get__J)(JNIEnv* env, jclass, jlong number) {
  string value;
  find(handle(number), &value);
  return env->NewStringUTF(value.c_str());
}
NATIVE(jint, android_os_SystemProperties_native_1get_1int__JI)(JNIEnv*, jclass, jlong number, jint other) { return whole(handle(number), other); }
NATIVE(jlong, android_os_SystemProperties_native_1get_1long__JJ)(JNIEnv*, jclass, jlong number, jlong other) { return wide(handle(number), other); }
NATIVE(jboolean, android_os_SystemProperties_native_1get_1boolean__JZ)(JNIEnv*, jclass, jlong number, jboolean other) { return truth(handle(number), other); }
NATIVE(void, android_os_SystemProperties_native_1set)(JNIEnv* env, jclass, jstring name, jstring value) {
  string key = text(env, name), to = text(env, value);
  std::lock_guard<std::mutex> lock(guard);
  properties[key] = to;
}
NATIVE(void, android_os_SystemProperties_native_1add_1change_1callback)(JNIEnv*, jclass) {}
NATIVE(void, android_os_SystemProperties_native_1report_1sysprop_1change)(JNIEnv*, jclass) {}

// A queue sleeps on an eventfd.
struct Queue {
  int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  volatile bool polling = false;
};
static Queue* queue(jlong ptr) { return reinterpret_cast<Queue*>(ptr); }
NATIVE(jlong, android_os_MessageQueue_nativeInit)(JNIEnv*, jclass) { return reinterpret_cast<jlong>(new Queue); }
NATIVE(void, android_os_MessageQueue_nativeDestroy)(JNIEnv*, jclass, jlong ptr) {
  close(queue(ptr)->fd);
  delete queue(ptr);
}
NATIVE(void, android_os_MessageQueue_nativePollOnce)(JNIEnv*, jobject, jlong ptr, jint millis) {
  pollfd one{queue(ptr)->fd, POLLIN, 0};
  uint64_t count;
  queue(ptr)->polling = true;
  if (poll(&one, 1, millis) > 0 && read(one.fd, &count, sizeof count) < 0) perror("art: queue");
  queue(ptr)->polling = false;
}
NATIVE(void, android_os_MessageQueue_nativeWake)(JNIEnv*, jclass, jlong ptr) {
  uint64_t one = 1;
  if (write(queue(ptr)->fd, &one, sizeof one) < 0) perror("art: queue");
}
NATIVE(jboolean, android_os_MessageQueue_nativeIsPolling)(JNIEnv*, jclass, jlong ptr) { return queue(ptr)->polling; }
NATIVE(void, android_os_MessageQueue_nativeSetFileDescriptorEvents)(JNIEnv*, jclass, jlong, jint, jint) {}

NATIVE(jlong, android_os_Trace_nativeGetEnabledTags)(JNIEnv*, jclass) { return 0; }
NATIVE(void, android_os_Trace_nativeSetAppTracingAllowed)(JNIEnv*, jclass, jboolean) {}
NATIVE(void, android_os_Trace_nativeSetTracingEnabled)(JNIEnv*, jclass, jboolean) {}
NATIVE(void, android_os_Trace_nativeTraceBegin)(JNIEnv*, jclass, jlong, jstring) {}
NATIVE(void, android_os_Trace_nativeTraceEnd)(JNIEnv*, jclass, jlong) {}
NATIVE(void, android_os_Trace_nativeAsyncTraceBegin)(JNIEnv*, jclass, jlong, jstring, jint) {}
NATIVE(void, android_os_Trace_nativeAsyncTraceEnd)(JNIEnv*, jclass, jlong, jstring, jint) {}
NATIVE(void, android_os_Process_setArgV0Native)(JNIEnv*, jclass, jstring) {}
NATIVE(void, android_os_Process_setThreadPriority__I)(JNIEnv*, jclass, jint) {}
NATIVE(void, android_os_Process_setThreadPriority__II)(JNIEnv*, jclass, jint, jint) {}
NATIVE(jint, android_os_Process_getThreadPriority)(JNIEnv*, jclass, jint) { return 0; }
