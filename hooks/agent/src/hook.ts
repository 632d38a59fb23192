/** What stands in place of a hooked overload. It calls the original exactly once and never changes what the app sees. */

import Java, { Env, Method, Wrapper } from "frida-java-bridge";
import { now } from "./clock.js";
import * as front from "./fast/front.js";
import { Outcome, Row } from "./protocol.js";
import { makeRaw, Original, originalOf, Result } from "./raw.js";
import { after, before } from "./recorder.js";
import { Active, leave, nextCall, state, ThreadState } from "./threads.js";
import * as transport from "./transport.js";

/** One hooked overload, with the rows that want it. */
export interface Site {
  rows: { row: Row; index: number; member: number; filter: string[] }[];
  method: Method;
  original: Original;
  /** Kept, because its reference is used in every call of a static method. */
  klass: Wrapper;
  /** Its number and memory below JavaScript, if it is hooked there. */
  native: front.Placed | null;
  /** A method of an interface that classes inherit with its code. */
  inherited: boolean;
  /** Calls through the bridge's way of a site without rows: a test call's. */
  hits: number;
}

/** A call as it comes in. */
export interface Scene {
  env: Env;
  site: Site;
  self: Wrapper;
  args: () => unknown[];
  t: number;
  tid: number;
  thread: ThreadState;
  /** Number of this call. */
  number: number;
  /** The call around it; null = the thread's state tells. */
  parent: number | null;
  /** Stack id, -1 = not taken yet. */
  stack: number;
  /** The thread's calls below JavaScript; null = it has none. */
  frames: NativePointer | null;
}

/** One call on its way: what was known before the original ran. */
export interface Call {
  env: Env;
  row: Row;
  index: number;
  member: number;
  site: Site;
  t: number;
  tid: number;
  stack: number;
  self: Wrapper;
  args: unknown[];
  dataType: string;
  texts: Record<string, string>;
  values: [string, string][];
  active: Active;
  parent: number | null;
  /** Where the value of a call inside another one of its type goes; null = a separate event. */
  into: [string, string][] | null;
  /** Set by an observer: an api_call event is not wanted. */
  silent: boolean;
  outcome: Outcome;
  result: unknown;
  /** Set by the one observer that changes what the app sees (unpin.ts, only where it was asked for): in place of the result. */
  instead?: Result;
}

export interface Observer {
  /** Runs before the original, guarded. */
  before?(call: Call): void;
  /** Runs after it, guarded. */
  after?(call: Call): void;
  /** Also for a call inside another call of the same data type. */
  nested?: boolean;
  /** Never looks at the call's stack: none is taken. */
  stackless?: boolean;
}

const observers = new Map<string, Observer>();

export function observer(name: string): Observer | undefined {
  return name === "" ? undefined : observers.get(name);
}

export function observe(name: string, observer: Observer): void {
  observers.set(name, observer);
}

export const INSTANCE = 3;

/** Puts a hook in place (on a JVM: in the next tick). */
export function install(method: Method, klass: Wrapper, inherited = false): Site {
  if (!makeRaw(method)) {
    throw new Error("the bridge is not the one this agent was made for");
  }
  const site: Site = { rows: [], method, original: originalOf(method, klass.$h), klass, native: null, inherited, hits: 0 };
  const self = method._p[2] === INSTANCE;
  const below = front.place(site);
  if (!below || Java.api.flavor === "jvm") { // There the bridge puts C entries in place.
    method.implementation = function (this: Wrapper, ...args: unknown[]): unknown {
      return invoke(site, self ? this : method.holder, args);
    };
  }
  return site;
}

/** The way in through the bridge; the usual one is fast/front.ts. */
function invoke(site: Site, self: Wrapper, args: unknown[]): unknown {
  const env = Java.vm.getEnv();
  if (site.rows.length === 0) {
    site.hits += 1;
    return finish(env, site.original(env, self, args));
  }
  const tid = Process.getCurrentThreadId();
  const thread = state(tid);
  if (thread.busy) {
    return finish(env, site.original(env, self, args));
  }
  const call = guarded(env, thread, site, () => before({
    env, site, self, args: () => args, t: now(), tid, thread, number: nextCall(), parent: null, stack: -1, frames: null,
  })) ?? null;
  if (call === null) {
    leave(tid, thread);
    return finish(env, site.original(env, self, args));
  }
  thread.calls.push(call.active);
  let result: Result;
  try {
    result = site.original(env, self, args);
  } finally {
    thread.calls.pop();
  }
  guarded(env, thread, site, () => after(call, result, call.active.inner));
  leave(tid, thread);
  return finish(env, call.instead ?? result);
}

function finish(env: Env, result: Result): unknown {
  if (result.exception !== null) {
    env.throw(result.exception);
  }
  return result.value;
}

/** Our own work: its failure is counted and goes no further, a Java exception of it is cleared. */
export function guarded<T>(env: Env, thread: ThreadState, site: Site, fn: () => T): T | undefined {
  thread.busy = true;
  try {
    return fn();
  } catch (error) {
    env.exceptionClear();
    const row = site.rows[0];
    if (row !== undefined) {
      transport.skip(row.index, "faults");
    }
    transport.fault(row?.row.id ?? "?", error);
    return undefined;
  } finally {
    thread.busy = false;
  }
}
