/** Functions of native libraries: id files, interfaces, commands, system properties. Reported like Java calls. */

import Java from "frida-java-bridge";
import { now } from "./clock.js";
import { around } from "./fast/front.js";
import { Outcome, Row } from "./protocol.js";
import { parentOf } from "./recorder.js";
import { attributed, capture } from "./stack.js";
import { nextCall, quietly, state } from "./threads.js";
import { source } from "./source.js";
import * as transport from "./transport.js";

/** Sizes and offsets of the structures, for JavaScript. */
const KEY = { parts: 0, count: 8, number: 12, kind: 16, ignore: 20, size: 24 };
const FILTER = { number: 0, index: 4, keys: 8, at: 16, from: 24, to: 32, size: 40 };
const SHARED = { pid: 0, ranges: 4, at: 8, size: 16 };
/** Arguments that JavaScript gets. */
const ARGUMENTS = 6;

const EPERM = 1;
const EACCES = 13;

/** What counts as success. `pointer`: not null; `count`: not negative; `text`: length of the second argument. */
const GOOD: Record<string, "pointer" | "count" | "text" | "positive"> = {
  fopen: "pointer", popen: "pointer", opendir: "pointer", __system_property_find: "pointer", ASensorManager_createEventQueue: "pointer",
  open: "count", openat: "count", __system_property_get: "text", SSL_write: "positive",
};

/** Further names of one thing, with the place that its arguments begin at. */
const NAMES: Record<string, [string, number][]> = {
  open: [["open64", 0], ["__open_2", 0], ["__open64_2", 0]],
  openat: [["openat64", 0], ["__openat_2", 0], ["__openat64_2", 0]],
  fopen: [["fopen64", 0]],
  stat: [["stat64", 0], ["lstat", 0], ["lstat64", 0], ["__xstat", 1], ["__xstat64", 1], ["__lxstat", 1], ["__lxstat64", 1]],
  posix_spawn: [["posix_spawnp", 0]],
};

/**
 * These can block forever (a binder's thread waits in ioctl): a hook that waits for their return could not be removed. They
 * are reported as they begin. The result of an ioctl is then unknown: no more than an attempt is claimed.
 */
const BEGUN: Record<string, Outcome> = { ioctl: "null", system: "value" };

/** These do not return when they work. */
const REPLACES = new Set(["execve", "execv", "execvp"]);

export interface Found {
  at: NativePointer;
  /** Arguments before the first one that a row counts. */
  shift: number;
  module: Module;
}

let plainNames: boolean | undefined;

/** A loaded library. Outside Android its name carries a version, as libc's does. */
export function library(name: string): Module | undefined {
  plainNames ??= Process.findModuleByName("libc.so") !== null;
  return Process.findModuleByName(name) ??
    (plainNames ? undefined : Process.enumerateModules().find((m) => m.name.startsWith(`${name}.`)));
}

let versioned: ((handle: NativePointer, name: NativePointer, version: NativePointer) => NativePointer) | null | undefined;

/** The function that old programs are bound to: glibc keeps it beside the new one where its semantics changed. */
function older(name: string): NativePointer | null {
  if (versioned === undefined) {
    const at = Module.findGlobalExportByName("dlvsym");
    versioned = at === null ? null : new NativeFunction(at, "pointer", ["pointer", "pointer", "pointer"]);
  }
  const found = versioned?.(NULL, Memory.allocUtf8String(name), Memory.allocUtf8String("GLIBC_2.2.5"));
  return found === undefined || found.isNull() ? null : found;
}

/** The function under all its names, or the state of a row whose function is missing, and why. */
export function find(row: Row): Found[] | { state: "absent_module" | "absent_symbol"; why: string } {
  const module = library(row.cls);
  if (module === undefined) {
    return { state: "absent_module", why: `the process has not loaded ${row.cls}` };
  }
  const found: Found[] = [];
  for (const [name, shift] of [[row.method, 0] as [string, number], ...(NAMES[row.method] ?? [])]) {
    for (const at of [module.findExportByName(name), row.cls === "libc.so" && plainNames === false ? older(name) : null]) {
      if (at !== null && !found.some((one) => one.at.equals(at))) {
        found.push({ at, shift, module });
      }
    }
  }
  return found.length > 0 ? found : { state: "absent_symbol", why: `${row.cls} has no ${row.method} here` };
}

interface Hooked {
  row: Row;
  index: number;
  member: number;
  shift: number;
  dataTypes: string[];
}

interface Seen {
  one: Hooked;
  tid: number;
  dataType: string;
  t: number;
  stack: number;
  parent: number;
  texts: Record<string, string>;
  out: NativePointer | null;
}

const hooked: Hooked[] = [];
const started = new Map<number, Seen>();
/** Data types of native calls that a thread is inside of: one function of a library uses another. */
const inside = new Map<number, string[]>();
let lastToken = 0;
let code: CModule | null = null;
const kept: unknown[] = [];

/** Code whose calls are not the app's: Frida's, and the VM's own work (its threads are not where a stack can be taken). */
function ranges(): NativePointer[] {
  return Process.enumerateModules()
    .filter((m) => /frida|^libjvm\.so$|^libart\.so$/.test(m.name))
    .flatMap((m) => [m.base, m.base.add(m.size)]);
}

function memory(size: number): NativePointer {
  const made = Memory.alloc(size);
  kept.push(made);
  return made;
}

function prepare(): CModule {
  if (code !== null) {
    return code;
  }
  const own = ranges();
  const shared = memory(SHARED.size);
  const table = memory(8 * own.length + 8);
  own.forEach((at, i) => table.add(8 * i).writePointer(at));
  shared.add(SHARED.pid).writeS32(Process.id);
  shared.add(SHARED.ranges).writeS32(own.length / 2);
  shared.add(SHARED.at).writePointer(table);
  const enter = new NativeCallback(entered, "int", ["int", "int", "pointer", "pointer", "int"]);
  const leave = new NativeCallback(left, "void", ["int", "pointer", "int"]);
  kept.push(enter, leave);
  code = new CModule(source("native.c"), {
    shared, enter_call: enter, leave_call: leave, getpid: Module.getGlobalExportByName("getpid"),
    gettid: Module.getGlobalExportByName("gettid"),
  });
  return code;
}

/** The selection of a row as C knows it. */
function filter(row: Row, number: number, { shift, module }: Found): NativePointer {
  const made = memory(FILTER.size);
  const keys = Object.entries(row.select?.map ?? {});
  const table = memory(KEY.size * keys.length + 8);
  keys.forEach(([key, dataType], i) => {
    const at = table.add(KEY.size * i);
    const isNumber = row.select!.keep === "int";
    const parts = key.split("*");
    const bytes = parts.map((part) => [...unescape(encodeURIComponent(part))].map((c) => c.charCodeAt(0)).concat(0)).flat();
    const text = memory(bytes.length);
    text.writeByteArray(new Uint8Array(bytes).buffer);
    at.add(KEY.parts).writePointer(text);
    at.add(KEY.count).writeS32(parts.length);
    at.add(KEY.number).writeS32(isNumber ? Number(key) | 0 : 0);
    at.add(KEY.kind).writeS32(isNumber ? 1 : 0);
    at.add(KEY.ignore).writeS32(dataType === "ignore" ? 1 : 0);
  });
  made.add(FILTER.number).writeS32(number);
  made.add(FILTER.index).writeS32(row.select === null ? -1 : row.select.index + shift);
  made.add(FILTER.keys).writeS32(keys.length);
  made.add(FILTER.at).writePointer(table);
  made.add(FILTER.from).writePointer(module.base);
  made.add(FILTER.to).writePointer(module.base.add(module.size));
  return made;
}

/** An argument: a number for `int`, else a C string. */
function textOf(arg: NativePointer, keep: string): string {
  if (keep === "int") {
    return String(arg.toInt32());
  }
  if (arg.isNull()) {
    return "";
  }
  try {
    return arg.readUtf8String() ?? "";
  } catch {
    return arg.readCString() ?? "";
  }
}

/** What a call means, before it runs; null = nothing. */
function entering(one: Hooked, key: number, args: NativePointer, caller: NativePointer, tid: number): Seen | null {
  const { row, index } = one;
  const thread = state(tid);
  const dataType = one.dataTypes[key] ?? row.data_type;
  if (thread.busy) {
    return null;
  }
  const name = `${row.cls}.${row.method}`;
  const place = around(dataType, name);
  if (place?.busy === true) {
    return null;
  }
  if (inside.get(tid)?.includes(dataType) === true || (place?.folded ?? thread.calls.some((call) => call.folds === dataType && noted(call.inner, name)))) {
    transport.skip(index, "nested");
    return null;
  }
  const at = (n: number): NativePointer => args.add(8 * (n + one.shift)).readPointer();
  const texts: Record<string, string> = {};
  for (const want of row.args) {
    if (want.index + one.shift < ARGUMENTS) {
      texts[want.name] = textOf(at(want.index), want.keep).slice(0, 300);
    }
  }
  // A thread that the VM does not know has no Java stack: the calling library is named, no owner is guessed.
  const own = Java.vm.tryGetEnv() === null ? 0 : quietly(() => capture());
  const { stack, lent } = attributed(own, tid);
  if (lent) {
    texts.handover = "yes";
  } else if (stack === 0) {
    const from = Process.findModuleByAddress(caller);
    if (from !== null) {
      texts.caller = from.name.slice(0, 100);
    }
  }
  const out = GOOD[row.method] === "text" && row.result !== null ? at(1) : null;
  return { one, tid, dataType, t: now(), stack, parent: place?.parent ?? parentOf(tid), texts, out };
}

function noted(names: string[], name: string): boolean {
  if (names.length < 8) {
    names.push(name);
  }
  return true;
}

function outcomeOf(method: string, result: NativePointer, errno: number): Outcome {
  const n = result.toInt32();
  switch (GOOD[method]) {
    case "pointer": return result.isNull() ? failed(errno) : "value";
    case "count": return n >= 0 ? "value" : failed(errno);
    case "text": case "positive": return n > 0 ? "value" : "null";
    default: return n === 0 ? "value" : failed(n > 0 ? n : errno);
  }
}

function failed(errno: number): Outcome {
  return errno === EACCES || errno === EPERM ? "denied" : "null";
}

function tell(seen: Seen, outcome: Outcome, values: [string, string][]): void {
  const { index, member } = seen.one;
  transport.record({
    row: index, member, t: seen.t, tid: seen.tid, stack: seen.stack, outcome, call: nextCall(), parent: seen.parent,
    dataType: seen.dataType, args: seen.texts, values, inner: [], exception: "",
  });
}

function guarded<T>(one: Hooked, otherwise: T, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    transport.skip(one.index, "faults");
    transport.fault(one.row.id, error);
    return otherwise;
  }
}

/** From C: a call that its filter let through. Returns a token, 0 = not reported. */
function entered(number: number, key: number, args: NativePointer, caller: NativePointer, tid: number): number {
  const one = hooked[number]!;
  return guarded(one, 0, () => {
    const seen = entering(one, key, args, caller, tid);
    if (seen === null) {
      return 0;
    }
    const begun = REPLACES.has(one.row.method) ? "value" : BEGUN[one.row.method];
    if (begun !== undefined) {
      tell(seen, begun, []);
      if (REPLACES.has(one.row.method)) {
        transport.flush();
      }
      return 0;
    }
    lastToken = lastToken === 0x7fffffff ? 1 : lastToken + 1;
    started.set(lastToken, seen);
    const types = inside.get(tid);
    if (types === undefined) {
      inside.set(tid, [seen.dataType]);
    } else {
      types.push(seen.dataType);
    }
    return lastToken;
  });
}

function left(token: number, result: NativePointer, errno: number): void {
  const seen = started.get(token);
  if (seen === undefined) {
    return;
  }
  started.delete(token);
  const types = inside.get(seen.tid);
  types?.pop();
  if (types?.length === 0) {
    inside.delete(seen.tid);
  }
  guarded(seen.one, undefined, () => {
    const outcome = outcomeOf(seen.one.row.method, result, errno);
    const text = outcome === "value" && seen.out !== null ? textOf(seen.out, "text") : "";
    tell(seen, outcome, text === "" ? [] : [["", text]]);
  });
}

/** A hooked function, and as it began before the hook. */
export interface Patched {
  at: NativePointer;
  plain: ArrayBuffer | null;
}

/** How much of a function's beginning is looked at. */
export const BEGINNING = 16;

const attached = new Map<string, Patched>();

/** Hooks one function under all its names, each place once. Its recorder is guarded like that of a Java method. */
export function attach(found: Found[], row: Row, index: number, member: number): Patched[] {
  const { on_enter: onEnter, on_leave: onLeave } = prepare();
  for (const one of found) {
    const { at, shift } = one;
    const place = at.toString();
    if (!attached.has(place)) {
      attached.set(place, { at, plain: at.readByteArray(BEGINNING) });
      const data = filter(row, hooked.length, one);
      hooked.push({ row, index, member, shift, dataTypes: Object.values(row.select?.map ?? {}) });
      // With a probe alone a call does not come back through the hook.
      Interceptor.attach(at, BEGUN[row.method] === undefined ? { onEnter: onEnter!, onLeave: onLeave! } : onEnter!, data);
    }
  }
  return found.map(({ at }) => attached.get(at.toString())!);
}
