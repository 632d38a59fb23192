// ART loads libicu_jni.so when it starts. Its natives are in libjavacore here: libcore 10 has them there.
int JNI_OnLoad(void* vm, void* reserved) { return 0x10006; }
