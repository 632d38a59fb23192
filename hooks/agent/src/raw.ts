/**
 * Values cross a hook as they are. The bridge's own conversion makes a new String of every String (another identity,
 * text after a NUL lost, emoji mangled) and calls toString on exceptions of the app; a hook must not do either.
 */

import Java, { Env, JniType, Method, Wrapper } from "frida-java-bridge";

const INSTANCE = 3;

function rawType(type: JniType): JniType {
  const isObject = type.type === "pointer";
  return {
    name: type.name,
    className: type.className,
    type: type.type,
    size: type.size,
    defaultValue: isObject ? NULL : type.type === "void" ? undefined : 0,
    isCompatible: () => true,
    // Owned: the bridge is about to pop the frame that holds the reference.
    fromJni: (value, env, owned) => (isObject && owned ? env.newGlobalRef(value as NativePointer) : value),
    toJni: (value) => (type.type === "void" ? NULL : value),
  };
}

/** Makes an overload pass raw references and numbers. False if the bridge's insides are not as expected. */
export function makeRaw(method: Method): boolean {
  const parts = method._p;
  if (!Array.isArray(parts) || parts.length < 8 || typeof parts[6] !== "function") {
    return false;
  }
  parts[4] = rawType(parts[4]);
  parts[5] = parts[5].map(rawType);
  return true;
}

export interface Result {
  value: unknown;
  /** Local reference of what was thrown, or null. It is no longer pending. */
  exception: NativePointer | null;
}

export type Original = (env: Env, self: Wrapper, args: unknown[]) => Result;

/**
 * How to call what a hook replaced: once, with the same references, its exception caught and handed over. Not by the
 * bridge's own call, which asks an exception for its text: that is the app's code.
 */
export function originalOf(method: Method, classHandle: NativePointer): Original {
  const parts = method._p;
  const isInstance = parts[2] === INSTANCE;
  // ART: past an override of the receiver's class, as the bridge calls from a replacement.
  const direct = Java.api.flavor !== "jvm";
  const call = direct ? parts[7] : parts[6];
  return (env, self, args) => {
    const target = method._r!._m.resolveTarget(self, isInstance, env, Java.api);
    const on = !isInstance ? [classHandle] : direct ? [self.$h, classHandle] : [self.$h];
    const value = call(env.handle, ...on, target, ...args);
    const exception = env.exceptionOccurred();
    if (exception.isNull()) {
      return { value, exception: null };
    }
    env.exceptionClear();
    return { value: parts[4].defaultValue, exception };
  };
}
