/**
 * How the bridge comes to the methods and fields of a class. On ART it reads the runtime's own structures, whose layout it
 * finds by looking at java.lang.Thread. Where that class is not as it expects (Android 16), it fails for every class, and
 * no hook could be made. It is then told to ask the classes themselves, by reflection and JNI.
 */

import Java from "frida-java-bridge";

let asked = false;

/** Whether classes are asked themselves: what they mention must be there then, in their fields as well. */
export function byReflection(): boolean {
  return asked;
}

/** Before the first class is used. */
export function prepare(): void {
  const { api } = Java;
  if (api.flavor !== "art") {
    return;
  }
  try {
    Java.use("java.lang.Object");
  } catch {
    const { flavor } = api;
    try {
      api.flavor = "reflection"; // Looked at once, when the bridge makes what reads classes.
      Java.use("java.lang.Object");
    } finally {
      api.flavor = flavor;
    }
    asked = true;
  }
}
