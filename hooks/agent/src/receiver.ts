/** Which row a call belongs to: a method found in a parent class serves all its subclasses, a row may cover only one of them. */

import type { Env } from "frida-java-bridge";
import * as classes from "./classes.js";
import type { Site } from "./hook.js";

/** The row that covers this receiver (null = a static method, which every row covers). */
export function choose(env: Env, rows: Site["rows"], receiver: NativePointer | null): Site["rows"][number] | null {
  for (const one of rows) {
    if (one.filter.length === 0 || receiver === null || one.filter.some((name) => isInstanceOf(env, receiver, name))) {
      return one;
    }
  }
  return null;
}

function isInstanceOf(env: Env, object: NativePointer, name: string): boolean {
  if (classes.isPlatform(name)) {
    return classes.isA(env, object, name);
  }
  let klass = env.getObjectClass(object);
  while (!klass.isNull()) {
    if (env.getClassName(klass) === name) {
      return true;
    }
    klass = env.getSuperclass(klass);
  }
  return false;
}
