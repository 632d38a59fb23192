/** Rows to hooks: every overload of every declaring class, implementers of abstract methods, classes that come later. */

import Java, { Method, Wrapper } from "frida-java-bridge";
import * as classes from "./classes.js";
import * as canary from "./fast/canary.js";
import * as front from "./fast/front.js";
import { install as hook, INSTANCE, Site } from "./hook.js";
import * as integrity from "./integrity.js";
import * as native from "./native.js";
import { Row } from "./protocol.js";
import { Entry, entries, Installed, newEntry, prove, refused, tell } from "./rowstate.js";
import { signatureOf } from "./signatures.js";
import { quietly } from "./threads.js";
import * as transport from "./transport.js";

const ABSTRACT = 0x0400;
const NATIVE = 0x0100;

const sites = new Map<string, Site>();
let lastMember = 0;
let installing = false;

/** A key of a selecting map with this process's values filled in. An unavailable user id matches nothing. */
function own(key: string): string {
  if (!key.includes("$uid")) {
    return key.replace("$pid", String(Process.id));
  }
  const number: unknown = classes.helper("android.os.Process")?.myUid?.();
  return key.replace("$uid", typeof number === "number" ? String(number) : "?");
}

/** Install rows in one pass; states go out when all are in. */
export function install(rows: Row[]): void {
  for (const row of rows) {
    if (row.select !== null) {
      const map = Object.entries(row.select.map).map(([key, value]) => [own(key), value]);
      row.select.map = Object.fromEntries(map) as Record<string, string>;
    }
    entries.push(newEntry(row));
    transport.counters(entries.length - 1);
  }
  front.onMissed(refused);
  for (const entry of entries.filter((one) => one.row.native)) {
    attempt(entry, () => nativeFunction(entry));
    tell(entry, "hooked");
  }
  pass(entries.filter((one) => !one.row.native), classes.known(), "hooked");
  first = false;
}

/** A function of a native library. */
function nativeFunction(entry: Entry): void {
  const found = native.find(entry.row);
  if (!Array.isArray(found)) {
    entry.absent = found;
    return;
  }
  lastMember += 1;
  transport.member(lastMember, entry.index, entry.row.cls, entry.row.method, "()");
  integrity.keep(entry, native.attach(found, entry.row, entry.index, lastMember));
  entry.hooked = 1;
  if (!canary.provesFunctions(native.library("libc.so"))) {
    entry.doubt = "a test call did not reach a hook of this kind: function";
  }
}

/** Libraries that were not there before: what ran in one before the next look was not seen. */
export function retryNative(): void {
  for (const entry of entries) {
    if (entry.hooked === 0 && entry.absent?.state === "absent_module" && native.library(entry.row.cls) !== undefined) {
      attempt(entry, () => nativeFunction(entry));
      tell(entry, "late");
    }
  }
}

/**
 * Try again with new loaders or classes: rows of the platform are settled, all others may appear anywhere. `late` when code
 * of the class may have run already.
 */
export function retry(places: classes.Place[] = classes.known(), state: Installed = "late"): void {
  if (installing) {
    waiting.add(retry);
    return;
  }
  for (const place of places) {
    classes.forget(place);
  }
  pass(entries.filter((e) => !e.row.native && (!classes.isPlatform(e.row.cls) || e.abstracts || e.row.overrides)), places, state);
}

/** New classes that override methods of known ones: all that are loaded, or one that is new and its parents. */
export function retryOverrides(only: NativePointer | null = null): void {
  if (installing) {
    waiting.add(retryOverrides);
    return;
  }
  pass(entries.filter((e) => e.abstracts || e.row.overrides), [], "hooked", only);
}

/** What was to be looked for while another thread was in a pass, which gives its lock away at each call into the VM. */
const waiting = new Set<() => void>();

function goOn(): void {
  for (const work of waiting) {
    waiting.delete(work);
    setTimeout(() => {
      try {
        Java.performNow(() => quietly(work));
      } catch (error) {
        transport.fault("pass", error);
      }
    }, 0);
  }
}

function pass(todo: Entry[], places: classes.Place[], state: Installed, only: NativePointer | null = null): void {
  installing = true;
  try {
    for (const entry of todo) {
      for (const name of [entry.row.cls, ...entry.row.implementation]) {
        transport.alive();
        for (const place of classes.isPlatform(name) ? places.slice(0, 1) : places) {
          attempt(entry, () => byName(entry, place, name));
        }
      }
    }
    implementers(todo.filter((e) => (e.abstracts || e.row.overrides) && e.classSeen), only);
    const bound = todo.filter(({ kinds }) => kinds.size > 0);
    if (bound.length > 0) {
      canary.place(new Set(bound.flatMap(({ kinds }) => [...kinds])));
    }
    transport.alive();
    front.finishPass();
    transport.alive();
    todo.filter(({ kinds }) => kinds.size === 0).forEach((entry) => tell(entry, state));
    if (bound.length > 0) {
      proveSoon(() => prove(bound, state));
    }
  } finally {
    installing = false;
    goOn();
  }
}

let first = true;

/** Once the hooks are in force; their state waits for it. Later passes may run in a call of the app, where none is seen. */
function proveSoon(work: () => void): void {
  if (first) {
    Script.nextTick(() => Java.performNow(work));
  } else {
    setTimeout(() => Java.performNow(work), 0);
  }
}

function attempt(entry: Entry, fn: () => void): void {
  try {
    fn();
  } catch (error) {
    entry.error = String((error as Error).message ?? error);
  }
}

function byName(entry: Entry, place: classes.Place, name: string): void {
  const found = classes.find(place, name);
  if (found === null) {
    const why = place.broken.get(name);
    if (why !== undefined) {
      entry.error = why;
    }
    return;
  }
  entry.classSeen = true;
  chain(entry, place, found, name === entry.row.cls ? "" : name);
}

/** R3: the class that was named and its parents, each with what it declares itself. */
function chain(entry: Entry, place: classes.Place, start: Wrapper, only: string): void {
  const env = Java.vm.getEnv();
  let current: Wrapper | null = start;
  let filter: string[] = [];
  while (current !== null && current.$n !== "java.lang.Object") {
    const members: boolean = entry.row.method === "$init" ? current === start : current.$ownMembers.includes(entry.row.method);
    if (members) {
      overloads(entry, current, filter);
    }
    if (entry.row.method === "$init" || only !== "") {
      return;
    }
    filter = [start.$n];
    const klass: Wrapper = current.class;
    const parent: NativePointer = env.getSuperclass(klass.$h);
    current = parent.isNull() ? null : classes.find(place, env.getClassName(parent));
  }
}

function overloads(entry: Entry, holder: Wrapper, filter: string[]): void {
  const dispatcher = entry.row.method === "$init" ? holder.$init : (holder[entry.row.method] as Method | undefined);
  if (dispatcher === undefined || dispatcher.overloads === undefined) {
    return;
  }
  const klass = holder.class;
  for (const method of dispatcher.overloads) {
    const key = method.handle.toString();
    if (entry.done.has(key)) {
      continue;
    }
    entry.done.add(key);
    attempt(entry, () => one(entry, holder, klass, method, key, filter));
  }
}

function one(entry: Entry, holder: Wrapper, klass: Wrapper, method: Method, key: string, filter: string[]): void {
  const isStatic = method._p[2] !== INSTANCE;
  const flags = entry.row.method === "$init" ? 0 : classes.modifiers(klass.$h, method.handle, isStatic);
  if ((flags & ABSTRACT) !== 0) {
    entry.abstracts = true;
    return;
  }
  const inherited = !isStatic && flags !== 0 && classes.isInterface(klass.$h);
  if (front.compiles() && (flags & NATIVE) === 0) {
    entry.kinds.add("compiled");
  }
  entry.kinds.add(
    entry.row.method === "$init" ? "constructor" : inherited ? "inherited" : (flags & NATIVE) !== 0 ? "native" : isStatic ? "static" : "instance",
  );
  if (front.current() === null && !classes.initialized(klass.$h)) {
    entry.doubt = "its class was not initialised yet: without entries of our own, ART may drop the hook when it is";
  }
  let site = sites.get(key);
  if (site === undefined) {
    const signature = signatureOf(method);
    site = hook(method, Java.retain(klass), inherited); // its calls come to fast/calls.ts
    sites.set(key, site);
    names.set(site, [holder.$n, entry.row.method, signature]);
  }
  lastMember += 1;
  front.reconsider(site);
  site.rows.push({ row: entry.row, index: entry.index, member: lastMember, filter: [...filter, ...entry.row.receiver].slice(-8) });
  const [cls, name, signature] = names.get(site)!;
  transport.member(lastMember, entry.index, cls, name, signature);
  entry.hooked += 1;
}

const names = new Map<Site, [string, string, string]>();

/**
 * Abstract methods (R1) and methods that apps override: every loaded class below that declares the method itself, or of
 * `only` and its parents.
 */
function implementers(wanted: Entry[], only: NativePointer | null): void {
  if (wanted.length === 0) {
    return;
  }
  const env = Java.vm.getEnv();
  const bases: { entry: Entry; handle: Wrapper }[] = [];
  for (const entry of wanted) {
    for (const place of classes.known()) {
      const base = classes.find(place, entry.row.cls);
      if (base !== null) {
        bases.push({ entry, handle: Java.retain(base.class) });
        break;
      }
    }
  }
  const found: { entry: Entry; handle: Wrapper; name: string }[] = [];
  const classWrapper = Java.use("java.lang.Class");
  const note = (entry: Entry, name: string, handle: NativePointer): void => {
    if (!name.startsWith("[") && !name.includes("$Proxy") && !name.startsWith("jdk.internal.")) {
      found.push({ entry, handle: Java.cast(handle, classWrapper), name });
    }
  };
  if (only === null) {
    front.loadedBelow(env, bases.map(({ handle }) => handle.$h), (base, name, handle) => note(bases[base]!.entry, name, handle));
  } else {
    for (const { entry, handle: base } of bases) {
      for (let klass = only; !klass.isNull() && env.isAssignableFrom(klass, base.$h) && !env.isSameObject(klass, base.$h);
        klass = env.getSuperclass(klass)) {
        note(entry, env.getClassName(klass), klass);
      }
    }
  }
  for (const { entry, handle, name } of found) {
    attempt(entry, () => {
      const loader: Wrapper | null = handle.getClassLoader();
      if (loader !== null) {
        classes.add(loader);
      }
      const place = classes.known().find((p) => loader === null || (p.loader !== null && p.loader.$isSameObject(loader)));
      const holder = place === undefined ? null : classes.find(place, name);
      if (holder !== null && holder.$ownMembers.includes(entry.row.method)) {
        overloads(entry, holder, []);
      }
    });
  }
}
