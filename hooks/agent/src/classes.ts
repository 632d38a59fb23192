/** Loaders and classes: found once, linked before the bridge touches them, never initialised by us on a JVM. */

/**
 * Note on wrappers: the engine frees a wrapper, and with it the reference behind `$h`, as soon as nothing
 * names it. So `$h` is only taken from a wrapper that a variable holds: never `call().$h`.
 */

import Java, { ClassFactory, Env, Wrapper } from "frida-java-bridge";
import { byReflection } from "./models.js";

export const PLATFORM = [
  "android.", "java.", "javax.", "com.android.", "dalvik.", "libcore.", "sun.", "jdk.", "org.json.",
];
/** Libraries of apps below a platform's name. */
export const LIBRARIES = [
  "com.android.volley.", "com.android.billingclient.", "com.android.installreferrer.", "android.support.", "android.arch.",
];

/** Whether a class belongs to the platform: its code may be called by us, its class may be loaded by us. */
export function isPlatform(name: string): boolean {
  return PLATFORM.some((prefix) => name.startsWith(prefix)) && !LIBRARIES.some((prefix) => name.startsWith(prefix));
}

export interface Place {
  /** null: whatever the bridge's default is (Android before the app's loader is known). */
  loader: Wrapper | null;
  factory: ClassFactory;
  absent: Set<string>;
  broken: Map<string, string>;
  /** Classes that were found; a platform has too many to ask for each again. */
  found: Map<string, Wrapper>;
}

const places: Place[] = [];
let helpers: Place | null = null;
const helperCache = new Map<string, Wrapper | null>();
let getDeclaredMethods: NativePointer = NULL;
let getDeclaredConstructors: NativePointer = NULL;
let getDeclaredFields: NativePointer = NULL;
let loadClass: NativePointer = NULL;
let getModifiers: NativePointer = NULL;

/** Loaders known so far, the one that sees the platform first. */
export function known(): Place[] {
  return places;
}

export function prepare(): void {
  const env = Java.vm.getEnv();
  const classClass = Java.use("java.lang.Class").class;
  getDeclaredMethods = env.getMethodId(classClass.$h, "getDeclaredMethods", "()[Ljava/lang/reflect/Method;");
  getDeclaredConstructors = env.getMethodId(classClass.$h, "getDeclaredConstructors", "()[Ljava/lang/reflect/Constructor;");
  getDeclaredFields = env.getMethodId(classClass.$h, "getDeclaredFields", "()[Ljava/lang/reflect/Field;");
  isInterfaceMethod = env.getMethodId(classClass.$h, "isInterface", "()Z");
  const loaderClass = Java.use("java.lang.ClassLoader").class;
  loadClass = env.getMethodId(loaderClass.$h, "loadClass", "(Ljava/lang/String;)Ljava/lang/Class;");
  const methodClass = Java.use("java.lang.reflect.Method").class;
  getModifiers = env.getMethodId(methodClass.$h, "getModifiers", "()I");
  const own = new Java.ClassFactory();
  if (own._classHandles?.capacity !== undefined) {
    own._classHandles.capacity = 500;
  }
  let loader: Wrapper | null = null;
  if (Java.api.flavor === "jvm") {
    loader = Java.use("java.lang.ClassLoader").getSystemClassLoader() as Wrapper;
    own.loader = loader;
  }
  helpers = { loader, factory: own, absent: new Set(), broken: new Map(), found: new Map() };
  add(loader);
}

/** Remember a loader; true if it is new. */
export function add(loader: Wrapper | null): boolean {
  if (places.some((p) => p.loader === loader || (p.loader !== null && loader !== null && p.loader.$isSameObject(loader)))) {
    return false;
  }
  const kept = loader === null ? null : Java.retain(loader);
  const factory = kept === null ? Java.classFactory : Java.ClassFactory.get(kept);
  if (factory._classHandles?.capacity !== undefined) {
    factory._classHandles.capacity = 1000;
  }
  places.push({ loader: kept, factory, absent: new Set(), broken: new Map(), found: new Map() });
  return true;
}

const INTERNAL = ["jdk.internal.", "sun.reflect.", "sun.misc.", "java.lang.BootClassLoader"];

/** Loaders that exist already: walks the heap, so once a process. */
export function enumerate(): void {
  const found: Wrapper[] = [];
  Java.enumerateClassLoaders({
    onMatch(loader) {
      if (!INTERNAL.some((prefix) => loader.$className.startsWith(prefix))) {
        found.push(loader);
      }
    },
    onComplete() {},
  });
  for (const loader of found.slice(0, 64)) {
    add(loader);
  }
}

/** The class in a place, linked, or null; `broken` says why it cannot be used. */
export function find(place: Place, name: string): Wrapper | null {
  const cached = place.found.get(name);
  if (cached !== undefined) {
    return cached;
  }
  if (place.absent.has(name) || place.broken.has(name)) {
    return null;
  }
  const env = Java.vm.getEnv();
  try {
    const loader = place.loader ?? (byReflection() ? place.factory.loader : null);
    if (loader !== null) {
      const loaded = load(env, loader, name);
      try {
        link(env, loaded, Java.api.flavor === "jvm" && isPlatform(name));
      } finally {
        env.deleteLocalRef(loaded);
      }
    }
    const wrapper = place.factory.use(name);
    place.found.set(name, wrapper);
    return wrapper;
  } catch (error) {
    const text = String((error as Error).message ?? error);
    const named = /ClassNotFoundException|NoClassDefFoundError: [\w/$]+$/.test(text) && text.includes(name.replace(/.*\./, ""));
    if (named || text.includes("Class not found using the boot class loader")) { // ART's ready-made error names none.
      place.absent.add(name);
    } else {
      place.broken.set(name, text.slice(0, 200));
    }
    return null;
  }
}

/** Retry a class that was absent (a loader can get classes later). */
export function forget(place: Place): void {
  place.absent.clear();
}

/** A local reference to the class of this name. By the bridge, whose error says what is wrong, only where there is none. */
function load(env: Env, loader: Wrapper, name: string): NativePointer {
  const text = env.newStringUtf(name);
  const loaded = env.vaMethod("pointer", ["pointer"])(env.handle, loader.$h, loadClass, text) as NativePointer;
  env.deleteLocalRef(text);
  const exception = env.exceptionOccurred();
  if (exception.isNull()) {
    return loaded;
  }
  env.exceptionClear();
  env.deleteLocalRef(exception);
  const found = loader.loadClass(name) as Wrapper;
  return env.newLocalRef(found.$h);
}

/**
 * Links without initialising; without it the bridge crashes a JVM on a class that is only loaded, or lacks what it names.
 * `whole`: of a JVM's platform, which names nothing that is missing. Its few constructors link it as well, where it is no
 * interface.
 */
function link(env: Env, handle: NativePointer, whole: boolean): void {
  const methods = whole && !isInterface(handle) ? getDeclaredConstructors : getDeclaredMethods;
  for (const members of byReflection() ? [getDeclaredMethods, getDeclaredFields] : [methods]) {
    const found = env.vaMethod("pointer", [])(env.handle, handle, members) as NativePointer;
    const exception = env.exceptionOccurred();
    if (!exception.isNull()) {
      env.exceptionClear();
      const name = env.getObjectClassName(exception);
      env.deleteLocalRef(exception);
      throw new Error(`cannot be linked: ${name}`);
    }
    env.deleteLocalRef(found);
  }
}

let isInterfaceMethod: NativePointer = NULL;

export function isInterface(klass: NativePointer): boolean {
  const env = Java.vm.getEnv();
  return env.vaMethod("uint8", [])(env.handle, klass, isInterfaceMethod) !== 0;
}

export function modifiers(klass: NativePointer, method: NativePointer, isStatic: boolean): number {
  const env = Java.vm.getEnv();
  const reflected = env.toReflectedMethod(klass, method, isStatic ? 1 : 0);
  const value = env.vaMethod("int32", [])(env.handle, reflected, getModifiers) as number;
  env.deleteLocalRef(reflected);
  return value;
}

/** ART: Android's versions from 9 on keep it in the upper four bits. */
const INITIALIZED = 14;
const STATUS_SINCE = 9;
let status: NativePointer | null = null;

/** Whether a class is initialised, on ART: false where that cannot be known. A JVM's hooks do not depend on it. */
export function initialized(klass: NativePointer): boolean {
  if (Java.api.flavor !== "art") {
    return true;
  }
  const env = Java.vm.getEnv();
  if (status === null) {
    status = parseInt(Java.androidVersion, 10) < STATUS_SINCE ? NULL : env.getFieldId(Java.use("java.lang.Class").class.$h, "status", "I");
    env.exceptionClear();
  }
  return !status.isNull() && (env.getField("int32")(env.handle, klass, status) as number) >>> 28 >= INITIALIZED;
}

/** A platform class for our own use (its wrapper is never hooked, so its conversions stay); null if absent. */
export function helper(name: string): Wrapper | null {
  let found = helperCache.get(name);
  if (found === undefined) {
    found = helpers === null ? null : find(helpers, name);
    helperCache.set(name, found);
  }
  return found;
}

/** The handle of a platform class, held for the life of the agent; null if absent. */
export function handleOf(name: string): NativePointer | null {
  const klass = helper(name);
  return klass === null ? null : classHandle(klass, name);
}

/** Whether an object is an instance of a platform class. */
export function isA(env: Env, object: NativePointer, name: string): boolean {
  const klass = helper(name);
  return klass !== null && env.isInstanceOf(object, classHandle(klass, name));
}

const handles = new Map<string, Wrapper>();

function classHandle(klass: Wrapper, name: string): NativePointer {
  let held = handles.get(name);
  if (held === undefined) {
    held = Java.retain(klass.class);
    handles.set(name, held);
  }
  return held.$h;
}

/**
 * An object as a platform class whose own methods are called, not an app's overrides of them; null if it is not one.
 */
export function as(env: Env, object: NativePointer | null, name: string): Wrapper | null {
  if (object === null || object.isNull() || !isA(env, object, name)) {
    return null;
  }
  const wrapper = Java.cast(object, helper(name)!);
  wrapper.$t = 2;
  return wrapper;
}

const methodIds = new Map<string, NativePointer>();

/**
 * Calls a platform method that gives an object, and gives its local reference (NULL if it threw). For methods that give
 * arrays: the bridge cannot load array classes through a loader.
 */
export function callRaw(
  env: Env, object: NativePointer, cls: string, name: string, signature: string, types: string[], ...args: unknown[]
): NativePointer {
  const klass = helper(cls);
  if (klass === null) {
    return NULL;
  }
  const key = `${cls}.${name}${signature}`;
  let id = methodIds.get(key);
  if (id === undefined) {
    id = env.getMethodId(classHandle(klass, cls), name, signature);
    if (id.isNull()) {
      env.exceptionClear();
    }
    methodIds.set(key, id);
  }
  if (id.isNull()) {
    return NULL;
  }
  const result = env.vaMethod("pointer", types)(env.handle, object, id, ...args) as NativePointer;
  if (!env.exceptionOccurred().isNull()) {
    env.exceptionClear();
    return NULL;
  }
  return result;
}
