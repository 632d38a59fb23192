/** What stands in place of a hooked overload. It calls the original exactly once and never changes what the app sees. */

import Java, { Env, Method, Wrapper } from "frida-java-bridge";
import * as classes from "./classes.js";
import { now } from "./clock.js";
import { isEmpty, read } from "./extract.js";
import { Outcome, Row } from "./protocol.js";
import { makeRaw, Original, originalOf, Result } from "./raw.js";
import { choose } from "./receiver.js";
import { capture, isPlumbing } from "./stack.js";
import { Active, CALLS, entering, leave, state, ThreadState } from "./threads.js";
import * as transport from "./transport.js";

/** One hooked overload, with the rows that want it. */
export interface Site {
  rows: { row: Row; index: number; member: number; filter: string[] }[];
  method: Method;
  original: Original;
  /** Kept, because its reference is used in every call of a static method. */
  klass: Wrapper;
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
  /** Where the value of a call inside another one of its type goes; null = an event of its own. */
  into: [string, string][] | null;
  /** Set by an observer: an api_call event is not wanted. */
  silent: boolean;
  outcome: Outcome;
  result: unknown;
}

export interface Observer {
  /** Runs before the original, guarded. */
  before?(call: Call): void;
  /** Runs after it, guarded. */
  after?(call: Call): void;
  /** Also for a call inside another call of the same data type. */
  nested?: boolean;
}

/** Kinds of results whose text is how many there are. */
const COUNTED = new Set(["count", "package_names", "account", "clip", "fields"]);

const observers = new Map<string, Observer>();

export function observe(name: string, observer: Observer): void {
  observers.set(name, observer);
}

export const INSTANCE = 3;

/** Puts a hook in place (on a JVM: in the next tick). */
export function install(method: Method, klass: Wrapper): Site {
  if (!makeRaw(method)) {
    throw new Error("the bridge is not the one this agent was made for");
  }
  const site: Site = { rows: [], method, original: originalOf(method, klass.$h), klass };
  const self = method._p[2] === INSTANCE;
  method.implementation = function (this: Wrapper, ...args: unknown[]): unknown {
    return invoke(site, self ? this : method.holder, args);
  };
  return site;
}

function invoke(site: Site, self: Wrapper, args: unknown[]): unknown {
  const env = Java.vm.getEnv();
  const tid = Process.getCurrentThreadId();
  const thread = state(tid);
  if (thread.busy) {
    return finish(env, site.original(env, self, args));
  }
  const call = guarded(env, thread, site, () => before(env, tid, thread, site, self, args)) ?? null;
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
  guarded(env, thread, site, () => after(call, result));
  leave(tid, thread);
  return finish(env, result);
}

function finish(env: Env, result: Result): unknown {
  if (result.exception !== null) {
    env.throw(result.exception);
  }
  return result.value;
}

/** Our own work: its failure is counted and goes no further, a Java exception of it is cleared. */
function guarded<T>(env: Env, thread: ThreadState, site: Site, fn: () => T): T | undefined {
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

function before(env: Env, tid: number, thread: ThreadState, site: Site, self: Wrapper, args: unknown[]): Call | null {
  const chosen = choose(env, site.rows, site.method._p[2] === INSTANCE ? self.$h : null);
  if (chosen === null) {
    const first = site.rows[0];
    if (first !== undefined) {
      transport.skip(first.index, "ignored");
    }
    return null;
  }
  const { row, index, member } = chosen;
  const t = now();
  if (row.hot && row.observer === "") {
    transport.tally(index, member, row.data_type, t);
    return null;
  }
  if (transport.options.fault === "recorder") {
    throw new Error("a recorder that fails (asked for by a test)");
  }
  const types = site.method._p[5];
  const dataType = select(env, row, args, site);
  if (dataType === "ignore") {
    transport.skip(index, "ignored");
    return null;
  }
  const observer = row.observer === "" ? undefined : observers.get(row.observer);
  const outer = thread.calls.find((one) => one.folds === dataType);
  if (outer !== undefined && observer?.nested !== true) {
    if (outer.inner.length < 8) {
      outer.inner.push(`${site.method.holder.$n}.${row.method}`);
    }
    transport.skip(index, "nested");
    if (outer.given === null || row.result === null) {
      return null;
    }
  }
  const into = outer !== undefined && observer?.nested !== true ? outer.given : null;
  const stack = into === null ? capture() : 0;
  if (row.role === "transform" && isPlumbing(stack)) {
    transport.skip(index, "ignored");
    return null;
  }
  const call: Call = {
    env, row, index, member, site, t, tid, self, args, dataType,
    stack,
    texts: {},
    values: [],
    active: entering(row, dataType, into !== null),
    into,
    silent: row.observer !== "" && !CALLS.has(row.role),
    outcome: "value",
    result: undefined,
  };
  if (into !== null) {
    return call;
  }
  for (const want of row.args) {
    const type = types[want.index];
    if (type !== undefined) {
      keepRead(call, want.name, read(env, args[want.index], type, want.keep));
    }
  }
  observer?.before?.(call);
  return call;
}

/** The result of an inner call becomes a value of the outer one. */
function give(call: Call, into: [string, string][], result: Result): void {
  const { env, row, site } = call;
  const type = site.method._p[4];
  if (result.exception === null && row.result !== null && !isEmpty(env, result.value, type)) {
    const found = read(env, result.value, type, row.result);
    if (!placeholder(row, found) && into.length < 32) {
      into.push(...found.values);
    }
  }
}

function keepRead(call: Call, name: string, found: { text: string; values: [string, string][] }): void {
  if (found.text !== "") {
    call.texts[name] = found.text.slice(0, 300);
  }
  call.values.push(...found.values);
}

function select(env: Env, row: Row, args: unknown[], site: Site): string {
  const rule = row.select;
  if (rule === null) {
    return row.data_type;
  }
  const types = site.method._p[5];
  // Overloads shift arguments: the first one from `index` on that reads as something decides.
  for (let i = rule.index; i < types.length; i++) {
    const text = read(env, args[i], types[i]!, rule.keep).text;
    if (text === "") {
      continue;
    }
    for (const [key, dataType] of Object.entries(rule.map)) {
      if (key === text || (key.endsWith("*") && text.startsWith(key.slice(0, -1))) ||
          (key.startsWith("*") && text.endsWith(key.slice(1)))) {
        return dataType;
      }
    }
    return rule.otherwise;
  }
  return rule.otherwise;
}

function after(call: Call, result: Result): void {
  if (call.into !== null) {
    give(call, call.into, result);
    return;
  }
  const { env, row, site, active } = call;
  const type = site.method._p[4];
  let exception = "";
  if (result.exception !== null) {
    exception = env.getObjectClassName(result.exception);
    call.outcome = classes.isA(env, result.exception, "java.lang.SecurityException") ? "denied" : "exception";
  } else {
    call.result = result.value;
    if (isEmpty(env, result.value, type)) {
      call.outcome = "null";
    } else if (row.result !== null) {
      const found = read(env, result.value, type, row.result);
      keepRead(call, "result", found);
      if (row.constants.length > 0 && placeholder(row, found)) {
        call.outcome = "constant";
        call.values = [];
      } else if (COUNTED.has(row.result) && found.text === "0" && found.values.length === 0) {
        call.outcome = "null"; // An empty list tells nothing about anybody.
      } else if (row.result === "wifi_info" && found.values.length === 0) {
        call.outcome = "constant"; // Every field was a placeholder.
      }
    }
  }
  if (active.given !== null && active.given.length > 0 && call.values.length === 0) {
    call.values.push(...active.given);
  }
  const observer = row.observer === "" ? undefined : observers.get(row.observer);
  observer?.after?.(call);
  if (call.silent) {
    transport.skip(call.index, "nested");
    return;
  }
  transport.record({
    row: call.index, member: call.member, t: call.t, tid: call.tid, stack: call.stack, outcome: call.outcome,
    call: active.call, parent: parentOf(call.tid), dataType: call.dataType,
    args: call.texts, values: call.values.slice(0, 32), inner: active.inner, exception,
  });
}

function placeholder(row: Row, found: { text: string; values: [string, string][] }): boolean {
  return row.constants.includes(found.text) || (found.values.length > 0 && found.values.every(([, v]) => row.constants.includes(v)));
}

/** Call id of the enclosing hooked call (this one is popped already); a click or a start of the app encloses nothing. */
function parentOf(tid: number): number {
  const calls = state(tid).calls;
  for (let i = calls.length - 1; i >= 0; i--) {
    if (calls[i]!.counts) {
      return calls[i]!.call;
    }
  }
  return 0;
}
