// bin/java: takes those options of HotSpot's launcher that the stand-in and the tests give, has class files made into
// dex (bin/dex) and boots ART. It runs itself a second time with the libraries that ART needs loaded first.
#include <dlfcn.h>
#include <errno.h>
#include <jni.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using std::string;

static const char* const kAppend = "-Xbootclasspath/a:";
static const char* const kHeap = "-Xmx512m";

// As on Android every user has a name. The core library asks for it when it starts, and the stand-in runs apps as users
// that no account of the machine has. What the launcher exports goes before the C library's.
extern "C" int getpwuid_r(uid_t uid, struct passwd* out, char* buffer, size_t size, struct passwd** result) {
  int n = snprintf(buffer, size, uid == 0 ? "root" : "u0_a%u", uid % 100000 % 10000);
  *result = nullptr;
  if (n < 0 || static_cast<size_t>(n) >= size) return ERANGE;
  static char directory[] = "/data", shell[] = "/system/bin/sh", nothing[] = "";
  *out = {buffer, nothing, uid, uid, nothing, directory, shell};
  *result = out;
  return 0;
}

static bool begins(const string& text, const string& with) { return text.compare(0, with.size(), with) == 0; }

static int fail(const char* what) {
  fprintf(stderr, "art: %s\n", what ? what : "the runtime does not start");
  return 3;
}

// The bed: the stand-in copies the launcher and links lib beside it, so where lib really is tells where the bed lies.
static string home() {
  char path[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
  path[n < 0 ? 0 : n] = 0;
  string bin = string(path).substr(0, string(path).rfind('/'));
  if (realpath((bin + "/../lib").c_str(), path) == nullptr) return bin + "/..";
  return string(path).substr(0, string(path).rfind('/'));
}

// Whether every part of a class path is a jar of dex already: those begin with classes.dex.
static bool isDex(const string& paths) {
  std::istringstream parts(paths);
  for (string path; std::getline(parts, path, ':');) {
    char head[41] = "";
    std::ifstream(path).read(head, 40);
    if (memcmp(head, "PK", 2) != 0 || !strstr(head + 30, "classes.de")) return false;
  }
  return true;
}

static string dexed(const string& root, const string& paths) {
  if (isDex(paths)) return paths;
  string quoted;
  for (char c : paths) quoted += c == '\'' ? string("'\\''") : string(1, c);
  FILE* p = popen(("'" + root + "/bin/dex' path '" + quoted + "'").c_str(), "r");
  char line[65536] = "";
  if (p == nullptr || fgets(line, sizeof line, p) == nullptr) line[0] = 0;
  if (p == nullptr || pclose(p) != 0) exit(3);  // it has said why
  line[strcspn(line, "\n")] = 0;
  return line;
}

static void again(const string& root, char** argv) {
  for (char** word = argv + 1; *word != nullptr && **word == '-'; word++) {
    if (begins(*word, kAppend)) *word = strdup((kAppend + dexed(root, *word + strlen(kAppend))).c_str());
    if (!strcmp(*word, "-cp") && word[1] != nullptr) {
      word++;
      *word = strdup(dexed(root, *word).c_str());
    }
  }
  string preload = root + "/lib/libsigchain.so libtinyxml2.so.11 liblz4.so.1";
  for (const char* name : {"libbase.so.0", "liblog.so.0", "libnativebridge.so.0", "libnativeloader.so.0",
                           "libnativehelper.so.0", "libziparchive.so.0", "libbacktrace.so.0", "libcpu_features.so.0"}) {
    string path = string(ANDROID_LIBS) + "/" + name;
    if (access(path.c_str(), R_OK) == 0) preload += " " + path;
  }
  setenv("LD_PRELOAD", preload.c_str(), 1);
  setenv("LD_LIBRARY_PATH", (root + "/lib").c_str(), 1);
  const char* places[][2] = {{"ANDROID_ROOT", "/root"},          {"ANDROID_ART_ROOT", "/root/apex/art"},
                             {"ANDROID_DATA", "/data"},          {"ANDROID_RUNTIME_ROOT", "/root/apex/art"},
                             {"ANDROID_I18N_ROOT", "/root/apex/i18n"}, {"ANDROID_TZDATA_ROOT", "/root/apex/tzdata"}};
  for (auto& place : places) setenv(place[0], (root + place[1]).c_str(), 1);
  setenv("ART_STAGE2", "1", 1);
  execv("/proc/self/exe", argv);
  perror("art: execv");
  exit(3);
}

static bool add(const string& path, std::vector<string>* options) {
  std::ifstream more(path);
  if (!more) return false;
  for (string line; std::getline(more, line);) {
    if (!line.empty()) options->push_back(line);
  }
  return true;
}

// Options of ART's from those of HotSpot's; what HotSpot alone has is left out. Returns the index of the main class.
static int translate(const string& root, int argc, char** argv, std::vector<string>* options) {
  const string boot = root + "/boot";
  string path = boot + "/core.jar:" + boot + "/record.jar:" + boot + "/icu.jar", classes, own;
  int i = 1;
  for (; i < argc && argv[i][0] == '-'; i++) {
    string word = argv[i];
    if (word == "-cp" && i + 1 < argc) classes = argv[++i];
    else if (begins(word, kAppend)) own = word.substr(strlen(kAppend));
    else if (begins(word, "-Dfile.encoding")) continue;  // UTF-8 always
    else if (begins(word, "-D") || word == "-Xint" || begins(word, "-verbose:")) options->push_back(word);
  }
  // Frida's bridge wants android.os.Process: the stand-in's framework has it.
  path += ":" + (own.empty() ? boot + "/process.jar" : own);
  options->push_back(kHeap);
  options->push_back("-Xbootclasspath:" + path);
  options->push_back("-Xbootclasspath-locations:" + path);
  const char* floor = getenv("ART_FLOOR");
  if (floor == nullptr || *floor == 0) options->push_back("-Xusejit:false");
  if (!classes.empty()) {
    options->push_back("-cp");
    options->push_back(classes);
  }
  add(root + "/conf/options", options);
  if (floor != nullptr && *floor != 0 &&
      (strspn(floor, "abcdefghijklmnopqrstuvwxyz") != strlen(floor) || !add(root + "/conf/" + floor, options))) {
    exit(fail("ART_FLOOR is not built"));
  }
  return i;
}

static int run(JNIEnv* env, int argc, char** argv) {
  string name = argv[0];
  for (auto& c : name) {
    if (c == '.') c = '/';
  }
  jclass type = env->FindClass(name.c_str());
  jmethodID main = type == nullptr ? nullptr : env->GetStaticMethodID(type, "main", "([Ljava/lang/String;)V");
  if (main != nullptr) {
    jobjectArray words = env->NewObjectArray(argc - 1, env->FindClass("java/lang/String"), nullptr);
    for (int k = 1; k < argc; k++) env->SetObjectArrayElement(words, k - 1, env->NewStringUTF(argv[k]));
    env->CallStaticVoidMethod(type, main, words);
  }
  if (!env->ExceptionCheck()) return 0;
  env->ExceptionDescribe();
  return 1;
}

int main(int argc, char** argv) {
  if (argc == 2 && !strcmp(argv[1], "-version")) return fputs("openjdk version \"17\" (ART 14)\n", stderr), 0;
  const string root = home(), lib = root + "/lib";
  if (getenv("ART_STAGE2") == nullptr) again(root, argv);
  unsetenv("LD_PRELOAD");
  unsetenv("ART_STAGE2");
  std::vector<string> options;
  int first = translate(root, argc, argv, &options);

  if (dlopen((lib + "/libc.so").c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) return fail(dlerror());
  void* art = dlopen((lib + "/libart.so").c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (art == nullptr) return fail(dlerror());
  auto create = reinterpret_cast<jint (*)(JavaVM**, JNIEnv**, void*)>(dlsym(art, "JNI_CreateJavaVM"));
  std::vector<JavaVMOption> list;
  for (auto& option : options) list.push_back({const_cast<char*>(option.c_str()), nullptr});
  JavaVMInitArgs args{JNI_VERSION_1_6, static_cast<jint>(list.size()), list.data(), JNI_FALSE};
  JavaVM* vm;
  JNIEnv* env;
  if (create(&vm, &env, &args) != JNI_OK) return fail(nullptr);
  void* runtime = dlopen((lib + "/libandroid_runtime.so").c_str(), RTLD_NOW);
  if (runtime == nullptr) return fail(dlerror());
  if (reinterpret_cast<int (*)(JNIEnv*)>(dlsym(runtime, "register_android"))(env) != 0) {
    if (env->ExceptionCheck()) env->ExceptionDescribe();
    return fail("its natives cannot be registered");
  }
  int result = first < argc ? run(env, argc - first, argv + first) : 0;
  vm->DetachCurrentThread();
  vm->DestroyJavaVM();
  return result;
}
