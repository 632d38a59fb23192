/** Rows to hooks: every overload of every declaring class, implementers of abstract methods, classes that come later. */

import Java, { Method, Wrapper } from "frida-java-bridge";
import * as classes from "./classes.js";
import * as front from "./fast/front.js";
import { below } from "./fast/loaded.js";
import { install as hook, INSTANCE, Site } from "./hook.js";
import * as native from "./native.js";
import { Row } from "./protocol.js";
import * as transport from "./transport.js";

const ABSTRACT = 0x0400;

interface Entry {
  row: Row;
  index: number;
  hooked: number;
  abstracts: boolean;
  classSeen: boolean;
  error: string;
  /** Of a native row that is not there: state and why. */
  absent: { state: string; why: string } | null;
  told: string;
  done: Set<string>;
}

const entries: Entry[] = [];
const sites = new Map<string, Site>();
let lastMember = 0;
let installing = false;

/** Install rows in one pass; states go out when all are in. */
export function install(rows: Row[]): void {
  for (const row of rows) {
    if (row.select !== null) {
      const map = Object.entries(row.select.map).map(([key, value]) => [key.replace("$pid", String(Process.id)), value]);
      row.select.map = Object.fromEntries(map) as Record<string, string>;
    }
    entries.push({
      row, index: entries.length, hooked: 0, abstracts: false, classSeen: false, error: "", absent: null, told: "", done: new Set(),
    });
    transport.counters(entries.length - 1);
  }
  for (const entry of entries.filter((one) => one.row.native)) {
    attempt(entry, () => nativeFunction(entry));
    tell(entry, "hooked");
  }
  pass(entries.filter((one) => !one.row.native), classes.known(), "hooked");
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
  native.attach(found, entry.row, entry.index, lastMember);
  entry.hooked = 1;
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

export type Installed = "hooked" | "late";

/**
 * Try again with new loaders or classes: rows of the platform are settled, all others may appear anywhere. `late` when code
 * of the class may have run already.
 */
export function retry(places: classes.Place[] = classes.known(), state: Installed = "late"): void {
  if (installing) {
    return;
  }
  for (const place of places) {
    classes.forget(place);
  }
  pass(entries.filter((e) => !e.row.native && (!classes.isPlatform(e.row.cls) || e.abstracts || e.row.overrides)), places, state);
}

/** New classes that override methods of known ones. */
export function retryOverrides(): void {
  if (!installing) {
    pass(entries.filter((e) => e.abstracts || e.row.overrides), [], "hooked");
  }
}

function pass(todo: Entry[], places: classes.Place[], state: Installed): void {
  installing = true;
  try {
    for (const entry of todo) {
      for (const name of [entry.row.cls, ...entry.row.implementation]) {
        for (const place of classes.isPlatform(name) ? places.slice(0, 1) : places) {
          attempt(entry, () => byName(entry, place, name));
        }
      }
    }
    implementers(todo.filter((e) => (e.abstracts || e.row.overrides) && e.classSeen));
    front.finishPass();
    for (const entry of todo) {
      tell(entry, state);
    }
  } finally {
    installing = false;
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
  if (entry.row.method !== "$init" && (classes.modifiers(klass.$h, method.handle, isStatic) & ABSTRACT) !== 0) {
    entry.abstracts = true;
    return;
  }
  let site = sites.get(key);
  if (site === undefined) {
    const signature = signatureOf(method);
    site = hook(method, Java.retain(klass), entry.row.observer === "unpin");
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

function signatureOf(method: Method): string {
  const args = method.argumentTypes.map((type) => typeName(type.name)).join(",");
  return `(${args})${typeName(method.returnType.name)}`;
}

const PRIMITIVES: Record<string, string> = {
  Z: "boolean", B: "byte", C: "char", S: "short", I: "int", J: "long", F: "float", D: "double", V: "void",
};

/** `[Ljava/lang/String;` as `java.lang.String[]`. */
function typeName(name: string): string {
  if (name.startsWith("[")) {
    return `${typeName(name.slice(1))}[]`;
  }
  return PRIMITIVES[name] ?? name.replace(/^L|;$/g, "").replace(/\//g, ".");
}

/** Abstract methods (R1) and methods that apps override: every loaded class below that declares the method itself. */
function implementers(wanted: Entry[]): void {
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
  if (Java.api.flavor === "jvm") {
    below(env, bases.map(({ handle }) => handle.$h), (base, name, handle) => note(bases[base]!.entry, name, handle));
  } else {
    Java.enumerateLoadedClasses({
      onMatch(name, handle) {
        for (const { entry, handle: base } of bases) {
          if (name !== entry.row.cls && env.isAssignableFrom(handle, base.$h)) {
            note(entry, name, handle);
          }
        }
      },
      onComplete() {},
    });
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

function tell(entry: Entry, installed: Installed): void {
  let state: string;
  if (entry.hooked > 0) {
    // Once in force in time, a further class of the same name does not make it late.
    state = entry.told.startsWith("hooked") ? "hooked" : installed;
  } else if (entry.error !== "" && entry.row.native) {
    state = "error";
  } else if (entry.absent !== null) {
    state = entry.absent.state;
  } else if (entry.abstracts) {
    state = "declared_only";
  } else if (entry.error !== "") {
    state = "error";
  } else {
    state = entry.classSeen ? "absent_method" : "absent_class";
  }
  const detail = entry.hooked > 0 ? String(entry.hooked) : entry.error || (entry.absent?.why ?? "");
  if (entry.told === `${state}:${detail}`) {
    return;
  }
  entry.told = `${state}:${detail}`;
  transport.rowState(entry.index, state, detail);
}
