/** What is recorded of a call, before and after the original. Guarded by the callers. */

import type { Env } from "frida-java-bridge";
import * as classes from "./classes.js";
import { isEmpty, read, readObject } from "./extract.js";
import * as front from "./fast/front.js";
import { Call, INSTANCE, observer, Scene, Site } from "./hook.js";
import { Row } from "./protocol.js";
import { Result } from "./raw.js";
import { choose } from "./receiver.js";
import { attributed, capture, isPlumbing } from "./stack.js";
import { CALLS, entering, foldKey, state } from "./threads.js";
import * as transport from "./transport.js";

/** Kinds of results whose text is how many there are. */
const COUNTED = new Set(["count", "package_names", "account", "clip", "fields", "cells"]);

/** Values of one call, and their characters, that go to the host: what there is more of is counted. */
const MOST_VALUES = 64;
const MOST_CHARACTERS = 131072;

/** As many of a call's values as are kept; the number of the others goes into its texts. */
export function kept(values: [string, string][], texts: Record<string, string>): [string, string][] {
  let size = 0;
  let n = 0;
  while (n < values.length && n < MOST_VALUES && (n === 0 || size + values[n]![1].length <= MOST_CHARACTERS)) {
    size += values[n++]![1].length;
  }
  if (n < values.length) {
    texts.values_cut = String(values.length - n);
  }
  return n < values.length ? values.slice(0, n) : values;
}

/** Before the original: what to record of this call; null = nothing. */
export function before(scene: Scene): Call | null {
  const { env, site, self, t, tid } = scene;
  const chosen = choose(env, site.rows, site.method._p[2] === INSTANCE ? self.$h : null);
  if (chosen === null) {
    const first = site.rows[0];
    if (first !== undefined) {
      transport.skip(first.index, "ignored");
    }
    return null;
  }
  const { row, index, member } = chosen;
  if (row.hot && row.observer === "") {
    transport.tally(index, member, row.data_type, t);
    return null;
  }
  if (transport.options.fault === "recorder") {
    throw new Error("a recorder that fails (asked for by a test)");
  }
  const types = site.method._p[5];
  const args = row.args.length > 0 || row.select !== null || row.observer !== "" || row.result === "point" ? scene.args() : [];
  const dataType = select(env, row, args, site, self);
  if (dataType === "ignore") {
    transport.skip(index, "ignored");
    return null;
  }
  const watching = observer(row.observer); // observers/taps.ts and its neighbours
  const outer = watching?.nested === true ? null : outerOf(scene, foldKey(row, dataType));
  const into = outer?.given ?? null;
  if (outer !== null) {
    transport.skip(index, "nested");
    if (into === null || row.result === null) {
      return null;
    }
  }
  const stack = into === null && watching?.stackless !== true ? capture(scene.stack) : 0;
  if (row.role === "transform" && isPlumbing(stack)) {
    transport.skip(index, "ignored");
    return null;
  }
  const call: Call = {
    env, row, index, member, site, t, tid, self, args, dataType,
    stack,
    texts: {},
    values: [],
    active: entering(row, dataType, into !== null, scene.number),
    parent: scene.parent,
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
  watching?.before?.(call);
  return call;
}

/** The call that this one is a part of, and where values of parts go. */
function outerOf(scene: Scene, key: string): { given: [string, string][] | null } | null {
  const { site, thread } = scene;
  if (site.native !== null) {
    return front.outerOf(scene, site.native, key);
  }
  const outer = thread.calls.find((one) => one.folds === key);
  if (outer !== undefined && outer.inner.length < 8) {
    outer.inner.push(nameOf(site));
  }
  return outer ?? null;
}

export function nameOf(site: Site): string {
  return `${site.method.holder.$n}.${site.rows[0]?.row.method ?? "?"}`;
}

/** The result of an inner call becomes a value of the outer one. */
function give(call: Call, into: [string, string][], result: Result): void {
  const { env, row, site } = call;
  const type = site.method._p[4];
  if (result.exception === null && row.result !== null && !isEmpty(env, result.value, type)) {
    const found = read(env, result.value, type, row.result);
    if (!placeholder(row, found) && into.length <= MOST_VALUES) {
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

/** Whether a text matches a key: each `*` in it stands for anything. */
function matches(key: string, text: string): boolean {
  const parts = key.split("*");
  const first = parts.shift()!;
  const last = parts.pop();
  if (last === undefined) {
    return text === first;
  }
  if (!text.startsWith(first)) {
    return false;
  }
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) {
      return false;
    }
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** The data type that a text selects: the first key that matches. */
function selected(rule: NonNullable<Row["select"]>, text: string): string {
  for (const [key, dataType] of Object.entries(rule.map)) {
    if (matches(key, text)) {
      return dataType;
    }
  }
  return rule.otherwise;
}

function select(env: Env, row: Row, args: unknown[], site: Site, self: Scene["self"]): string {
  const rule = row.select;
  if (rule === null) {
    return row.data_type;
  }
  if (rule.index < 0) {
    return site.method._p[2] === INSTANCE ? selected(rule, readObject(env, self.$h, rule.keep).text) : rule.otherwise;
  }
  const types = site.method._p[5];
  // Overloads shift arguments: the first one from `index` on that reads as something decides.
  for (let i = rule.index; i < types.length; i++) {
    const text = read(env, args[i], types[i]!, rule.keep).text;
    if (text === "") {
      continue;
    }
    return selected(rule, text);
  }
  return rule.otherwise;
}

/** After the original. `inner`: names of the calls that are parts of this one. */
export function after(call: Call, result: Result, inner: string[]): void {
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
      const filled = row.result === "point" && type.name === "Z"; // It answers whether it filled the array.
      const found = filled && result.value ? readObject(env, call.args[0] as NativePointer, "point") : read(env, result.value, type, row.result);
      keepRead(call, "result", found);
      if (row.constants.length > 0 && placeholder(row, found)) {
        call.outcome = "constant";
        call.values = [];
      } else if (COUNTED.has(row.result) && found.text === "0" && found.values.length === 0) {
        call.outcome = "null"; // An empty list reveals nothing about anyone.
      } else if (row.result === "point" && found.values.length === 0) {
        call.outcome = "null";
        delete call.texts.result;
      } else if (row.result === "wifi_info" && found.values.length === 0) {
        call.outcome = "constant"; // Every field was a placeholder.
      }
    }
  }
  const given = site.native === null ? active.given : front.givenTo(active.call);
  if (given !== null && given.length > 0 && call.values.length === 0) {
    call.values.push(...given);
  }
  observer(row.observer)?.after?.(call);
  if (call.silent) {
    if (row.observer !== "exit") { // Counted before.
      transport.skip(call.index, "nested");
    }
    return;
  }
  const { stack, lent } = attributed(call.stack, call.tid);
  if (lent) {
    call.texts.handover = "yes"; // The stack is the submitter's.
  }
  transport.record({
    row: call.index, member: call.member, t: call.t, tid: call.tid, stack, outcome: call.outcome,
    call: active.call, parent: call.parent ?? parentOf(call.tid), dataType: call.dataType,
    args: call.texts, values: kept(call.values, call.texts), inner, exception,
  });
  front.consider(site);
}

export function placeholder(row: Row, found: { text: string; values: [string, string][] }): boolean {
  return row.constants.includes(found.text) || (found.values.length > 0 && found.values.every(([, v]) => row.constants.includes(v)));
}

/** Call id of the enclosing hooked call (this one is popped already); a click or a start of the app encloses nothing. */
export function parentOf(tid: number): number {
  const calls = state(tid).calls;
  for (let i = calls.length - 1; i >= 0; i--) {
    if (calls[i]!.counts) {
      return calls[i]!.call;
    }
  }
  return 0;
}
