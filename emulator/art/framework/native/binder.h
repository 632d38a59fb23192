// What parcels and binders share.
#pragma once
#include "natives.h"

struct Parcel {
  std::string data;
  size_t at = 0;
};

// A number for a binder that is written into a parcel, and the binder or its proxy as this side of the transaction has it.
jint keep(JNIEnv* env, jobject binder);
jobject kept(JNIEnv* env, jint number);

// A number written into a Parcel of Java's, and read from one.
void writeLong(JNIEnv* env, jobject parcel, jlong value);
jlong readLong(JNIEnv* env, jobject parcel);
