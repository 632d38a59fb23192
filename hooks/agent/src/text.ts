/** Java strings, and the elements of arrays and lists. Bounded; only the platform's own code is called. */

import { Env, Wrapper } from "frida-java-bridge";
import { as, isA, isPlatform } from "./classes.js";

export const MAX_TEXT = 4096;
export const MAX_ITEMS = 24;

let faster: ((env: Env, object: NativePointer) => string) | null = null;

/** A quicker way to read Java strings, where there is one. */
export function stringsBy(fn: (env: Env, object: NativePointer) => string): void {
  faster = fn;
}

/** A Java string, also one that is not well-formed UTF-16 (the bridge refuses those). */
export function javaString(env: Env, object: NativePointer): string {
  if (faster !== null) {
    return faster(env, object);
  }
  const size = Math.min(env.getStringLength(object), MAX_TEXT);
  if (size === 0) {
    return "";
  }
  const chars = env.getStringChars(object);
  const data = chars.readByteArray(size * 2);
  env.releaseStringChars(object, chars);
  const text = String.fromCharCode.apply(null, Array.from(new Uint16Array(data ?? new ArrayBuffer(0))));
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

/** Text of a String, a number, or a CharSequence of the platform; anything else gives its class name. */
export function textOf(env: Env, object: NativePointer): string {
  if (object.isNull()) {
    return "";
  }
  if (isA(env, object, "java.lang.String")) {
    return javaString(env, object);
  }
  const name = env.getObjectClassName(object);
  if (!isPlatform(name) || !(isA(env, object, "java.lang.CharSequence") || isA(env, object, "java.lang.Number") ||
      isA(env, object, "java.lang.Boolean") || isA(env, object, "android.net.Uri") || isA(env, object, "java.net.URL") ||
      isA(env, object, "java.net.InetAddress"))) {
    return isPlatform(name) && name.startsWith("[") ? "" : name;
  }
  const text = as(env, object, "java.lang.Object")!;
  text.$t = 1; // A platform class: its own toString is meant.
  return String(text.toString()).slice(0, MAX_TEXT);
}

/** A wrapper's text where the bridge may have made a JavaScript string of it already. */
export function textFrom(env: Env, found: Wrapper | string | null): string {
  return found === null || found === undefined ? "" : typeof found === "string" ? found.slice(0, MAX_TEXT) : textOf(env, found.$h);
}

/** Elements of an array or a platform list, at most `limit`, and how many there are. */
export function elements(env: Env, object: NativePointer, limit = MAX_ITEMS): { items: NativePointer[]; count: number } {
  const name = env.getObjectClassName(object);
  const items: NativePointer[] = [];
  if (name.startsWith("[")) {
    const count = env.getArrayLength(object);
    if (name.startsWith("[L")) {
      for (let i = 0; i < Math.min(count, limit); i++) {
        items.push(env.getObjectArrayElement(object, i));
      }
    }
    return { items, count };
  }
  if (!isPlatform(name)) {
    return { items, count: 0 };
  }
  const list = as(env, object, "java.util.List");
  if (list !== null) {
    list.$t = 1;
    const count: number = list.size();
    for (let i = 0; i < Math.min(count, limit); i++) {
      const one = list.get(i) as Wrapper | string | null;
      if (one !== null && typeof one !== "string") {
        items.push(env.newLocalRef(one.$h));
      }
    }
    return { items, count };
  }
  for (const sized of ["java.util.Collection", "java.util.Map", "android.os.BaseBundle"]) {
    const found = as(env, object, sized);
    if (found !== null) {
      found.$t = 1;
      return { items, count: found.size() };
    }
  }
  return { items, count: 1 };
}

/** Texts of a string array or a list of strings. */
export function strings(env: Env, object: NativePointer): string[] {
  if (object.isNull()) {
    return [];
  }
  const name = env.getObjectClassName(object);
  if (name.startsWith("[")) {
    return elements(env, object, 64).items.map((item) => textOf(env, item));
  }
  const list = isPlatform(name) ? as(env, object, "java.util.List") : null;
  if (list === null) {
    return [];
  }
  list.$t = 1;
  const out: string[] = [];
  for (let i = 0; i < Math.min(list.size(), 64); i++) {
    out.push(textFrom(env, list.get(i)));
  }
  return out;
}
