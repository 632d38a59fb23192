/** The way into the recorder on a JVM: C entries, the callbacks they make, and what they recorded by themselves. */

import Java, { Env, JniType, Wrapper } from "frida-java-bridge";
import * as classes from "../classes.js";
import { offset } from "../clock.js";
import { read } from "../extract.js";
import { stringsBy } from "../text.js";
import { Call, guarded, INSTANCE, Scene, Site } from "../hook.js";
import { Recent } from "../identity.js";
import { Outcome } from "../protocol.js";
import { after, before, nameOf, placeholder } from "../recorder.js";
import { below, CALLS, leave, state } from "../threads.js";
import * as transport from "../transport.js";
import { Drained, Engine, wellFormed } from "./engine.js";
import { compile, letter, Plan, Slot } from "./entries.js";

export interface Placed {
  number: number;
  slot: Slot | null;
  planned: boolean;
}

let engine: Engine | null = null;
const sites: Site[] = [];
let fresh: Site[] = [];
const kept: unknown[] = [];
const started = new Map<number, Call>();
let lastToken = 0;
const envs = new Map<number, Env>();
/** Values that parts of a call gave it, by its number. */
const givens = new Recent<[string, string][]>(512);

const dataTypes = new Map<string, number>();

function typeNumber(name: string): number {
  let found = dataTypes.get(name);
  if (found === undefined) {
    found = dataTypes.size + 1;
    dataTypes.set(name, found);
  }
  return found;
}

/** Starts the engine on a JVM; null elsewhere. */
export function prepare(rows: number): Engine | null {
  if (Java.api.flavor !== "jvm") {
    return null;
  }
  engine = new Engine(rows, { before: enter, after: exit, resolve }, offset);
  engine.limits(transport.options.credits, transport.options.rate);
  const own = engine;
  below((by) => own.quiet(by), () => own.nextCall());
  stringsBy((env, text) => own.string(env.handle, text));
  transport.setUnder({
    spend: (row, t) => own.spend(row, t) !== 0,
    credit: (n, most) => own.credit(n, most),
    credits: () => own.credits,
    drain: (totals) => take(own.drain(totals)),
  });
  return engine;
}

/** After classes are ready: what recording an exception needs. */
export function prepareExceptions(): void {
  const security = classes.helper("java.lang.SecurityException");
  const named = classes.helper("java.lang.Class");
  if (engine === null || security === null || named === null) {
    return;
  }
  const securityClass = Java.retain(security.class);
  const classClass = Java.retain(named.class);
  kept.push(securityClass, classClass);
  engine.forExceptions(securityClass.$h, Java.vm.getEnv().getMethodId(classClass.$h, "getName", "()Ljava/lang/String;"));
}

export function place(site: Site): void {
  if (engine !== null) {
    site.native = { number: sites.length, slot: null, planned: false };
    sites.push(site);
    fresh.push(site);
  }
}

/** End of a pass: compiles the entries of its sites. The bridge puts them in place in its next tick. */
export function finishPass(): void {
  const batch = fresh;
  fresh = [];
  const first = batch[0]?.native;
  if (engine === null || first === null || first === undefined) {
    return;
  }
  const shapes = batch.map((site) => ({
    isStatic: site.method._p[2] !== INSTANCE, returns: site.method._p[4], args: site.method._p[5], klass: site.klass.$h,
  }));
  const entries = compile(first.number, shapes, engine.code.run_site!);
  kept.push(entries.kept);
  batch.forEach((site, i) => {
    site.native!.slot = entries.slots[i]!;
    site.method._r!._m.impl = entries.functions[i]!;
    if (site.rows.every(({ row }) => row.select === null && row.observer === "" && !row.hot)) {
      site.native!.slot.stackFirst();
    }
    const only = site.rows.length === 1 ? site.rows[0]! : null;
    if (only !== null && only.row.hot && only.row.observer === "") {
      consider(site);
    }
  });
  if (transport.options.fault === "unplaced") {
    batch.forEach((site) => {
      site.method.implementation = null;
    });
  }
  Script.nextTick(() => batch.forEach(check));
}

/** Self-test of an installed hook: the method's id leads to the replacement now, and the original is known. */
function check(site: Site): void {
  const newMethod = site.method._r?._m.newMethod;
  if (newMethod && site.method.handle.readPointer().equals(newMethod.method)) {
    resolve(site.native!.number);
    return;
  }
  site.rows.forEach(({ index }) => transport.rowState(index, "error", "the replacement is not in force"));
}

/** What an entry calls for the original: known once the bridge has put the entry in place. */
function resolve(number: number): void {
  const { method, native } = sites[number]!;
  native!.slot!.target(method._r!._m.resolveTarget(null, true, Java.vm.getEnv(), Java.api));
}

/** Another row wants the site: JavaScript chooses. */
export function reconsider(site: Site): void {
  if (site.native !== null && site.native.planned) {
    site.native.planned = false;
    site.native.slot!.slow();
  }
}

const SIMPLE = new Set(["value", "text", "int", "bool"]);

function simple(type: JniType): boolean {
  return type.type !== "pointer" || type.name === "Ljava/lang/String;";
}

/** Whether C may record the site's calls from now on: one row for all receivers, keeping only texts and numbers. */
export function consider(site: Site): void {
  const { native } = site;
  if (engine === null || native === null || native.planned || native.slot === null || transport.options.fault !== "") {
    return;
  }
  const { row, index, filter } = site.rows[0]!;
  const hot = row.hot && row.observer === "";
  const isStatic = site.method._p[2] !== INSTANCE;
  const filters = filter.length === 0 || isStatic ? [] : platformClasses(filter);
  if (site.rows.length !== 1 || filters === null || row.observer !== "" || (row.select !== null && !hot) ||
      (!hot && transport.counters(index).total < transport.options.eager)) {
    return;
  }
  const types = site.method._p[5];
  const returns = site.method._p[4];
  const reads: [number, string][] = [];
  for (const want of row.args) {
    const type = types[want.index];
    if (type === undefined) {
      continue;
    }
    if (!SIMPLE.has(want.keep) || !simple(type)) {
      return;
    }
    reads.push([want.index, letter(type)]);
  }
  if (row.result !== null && returns.type !== "void") {
    if (!SIMPLE.has(row.result) || !simple(returns)) {
      return;
    }
    reads.push([-1, letter(returns)]);
  }
  if (reads.length > 8 || (row.constants.length > 0 && returns.name !== "Ljava/lang/String;")) {
    return;
  }
  const counts = CALLS.has(row.role);
  const plan: Plan = {
    row: index, fast: hot ? 2 : 1, folds: typeNumber(row.data_type), counts, gives: counts && row.role === "source" && row.result === null,
    wants: row.result !== null, transform: row.role === "transform", constants: row.constants, filters, reads,
  };
  native.planned = true;
  native.slot.plan(plan);
}

/** Handles of platform classes; null if one is the app's: its classes can be in several loaders, so names decide. */
function platformClasses(names: string[]): NativePointer[] | null {
  const found: NativePointer[] = [];
  for (const name of names) {
    const handle = classes.isPlatform(name) ? classes.handleOf(name) : null;
    if (handle === null) {
      return null;
    }
    found.push(handle);
  }
  return found;
}

function envOf(index: number): Env {
  let env = envs.get(index);
  if (env === undefined) {
    if (envs.size > 500) {
      envs.clear();
    }
    env = Java.vm.getEnv();
    envs.set(index, env);
  }
  return env;
}

/** An entry asks before the original; the answer holds a token, what the call folds and what it counts as. 0 = nothing. */
function enter(
  number: number, _env: NativePointer, self: NativePointer, args: NativePointer, t: number, stack: number, call: number,
  parent: number, tid: number, index: number, frames: NativePointer,
): number {
  const site = sites[number]!;
  const env = envOf(index);
  const thread = state(tid);
  Java.vm.link(tid, env);
  const scene: Scene = {
    env, site, self: { $h: self } as Wrapper, args: () => argsOf(site, args), t, tid, thread, number: call, parent, stack,
    frames: frames.isNull() ? null : frames,
  };
  const found = guarded(env, thread, site, () => before(scene)) ?? null;
  Java.vm.unlink(tid);
  if (found === null) {
    leave(tid, thread);
    return 0;
  }
  thread.calls.push(found.active);
  lastToken += 1;
  started.set(lastToken, found);
  const { active } = found;
  const gives = active.given !== null;
  return lastToken * 1024 + (active.folds === "" ? 0 : typeNumber(active.folds)) * 4 + (active.counts ? 2 : 0) + (gives ? 1 : 0);
}

function exit(packed: number, _env: NativePointer, result: NativePointer, exception: NativePointer, frame: NativePointer): void {
  const token = Math.floor(packed / 1024);
  const call = started.get(token);
  if (call === undefined) {
    return;
  }
  started.delete(token);
  const { env, tid, site } = call;
  const thread = state(tid);
  thread.calls.pop();
  const thrown = exception.isNull() ? null : exception;
  Java.vm.link(tid, env);
  guarded(env, thread, site, () =>
    after(call, { value: thrown === null ? valueAt(result, site.method._p[4]) : null, exception: thrown }, innerOf(frame)));
  Java.vm.unlink(tid);
  leave(tid, thread);
}

/** Names of parts, from a frame of the thread's state below. */
function innerOf(frame: NativePointer): string[] {
  if (frame.isNull()) {
    return [];
  }
  const names: string[] = [];
  for (let i = 0; i < Math.min(frame.add(20).readS32(), 8); i++) {
    names.push(nameOf(sites[frame.add(24 + 4 * i).readS32()]!));
  }
  return names;
}

function argsOf(site: Site, at: NativePointer): unknown[] {
  return site.method._p[5].map((type, i) => valueAt(at.add(8 * i), type));
}

function valueAt(at: NativePointer, type: JniType): unknown {
  switch (letter(type)) {
    case "V": return undefined;
    case "L": return at.readPointer();
    case "Z": return at.readU8();
    case "B": return at.readS8();
    case "C": return at.readU16();
    case "S": return at.readS16();
    case "I": return at.readS32();
    case "J": return at.readS64();
    case "F": return at.readFloat();
    default: return at.readDouble();
  }
}

export function outerOf(scene: Scene, native: Placed, dataType: string): { given: [string, string][] | null } | null {
  if (scene.frames === null || engine === null) {
    return null;
  }
  const outer = engine.findOuter(scene.frames, typeNumber(dataType), native.number);
  if (outer >= 0) {
    return outer === 0 ? null : { given: null };
  }
  let given = givens.get(-outer);
  if (given === undefined) {
    given = [];
    givens.set(-outer, given);
  }
  return { given };
}

/** What the current thread is inside of, for functions below Java; null = no engine, the thread's state tells. */
export function around(dataType: string): { busy: boolean; folded: boolean; parent: number } | null {
  if (engine === null) {
    return null;
  }
  return { busy: engine.busyHere() !== 0, folded: engine.outerHere(typeNumber(dataType)) !== 0, parent: engine.parentHere() };
}

/** What parts of a call gave it; forgotten by that. */
export function givenTo(call: number): [string, string][] | null {
  const found = givens.get(call) ?? null;
  if (found !== null) {
    givens.delete(call);
  }
  return found;
}

const OUTCOMES: Outcome[] = ["value", "null", "constant", "denied", "exception"];
const NONE = 65535;

/** Records and counts that C made become what JavaScript's would be. */
function take(drained: Drained): void {
  const { records, counts } = drained;
  for (let at = 0; at < records.byteLength; at += records.getInt32(at, true)) {
    takeRecord(records, at);
  }
  for (let i = 0; i < drained.counted; i++) {
    const at = i * 40;
    const site = sites[counts.getInt32(at + 32, true)]!;
    const { row, member } = site.rows[0]!;
    transport.addCount(
      member, counts.getFloat64(at, true), row.data_type, OUTCOMES[counts.getInt32(at + 36, true)]!, counts.getFloat64(at + 8, true),
      counts.getFloat64(at + 16, true), counts.getFloat64(at + 24, true),
    );
  }
  if (drained.totals !== null) {
    transport.totalsBelow(drained.totals);
  }
}

function takeRecord(view: DataView, at: number): void {
  const site = sites[view.getInt32(at + 4, true)]!;
  const { row, member } = site.rows[0]!;
  const call = view.getFloat64(at + 24, true);
  const inner: string[] = [];
  for (let i = 0; i < view.getInt32(at + 48, true); i++) {
    inner.push(nameOf(sites[view.getInt32(at + 52 + 4 * i, true)]!));
  }
  let outcome = OUTCOMES[view.getInt32(at + 44, true)]!;
  const args: Record<string, string> = {};
  let values: [string, string][] = [];
  let next = at + 84;
  const types = site.method._p[5];
  const one = (name: string, type: JniType, keep: (typeof row.args)[number]["keep"]): void => {
    const size = view.getUint16(next, true);
    next += 2;
    if (size === NONE) {
      return;
    }
    const found = type.type === "pointer" ? textRead(textAt(view, next, size), keep) : read(NO_ENV, numberAt(view, next, type), type, keep);
    next += 2 * size;
    if (found.text !== "") {
      args[name] = found.text.slice(0, 300);
    }
    if (name === "result" && row.constants.length > 0 && placeholder(row, found)) {
      outcome = "constant";
      values = [];
    } else {
      values.push(...found.values);
    }
  };
  for (const want of row.args) {
    const type = types[want.index];
    if (type !== undefined) {
      one(want.name, type, want.keep);
    }
  }
  const returns = site.method._p[4];
  if (row.result !== null && returns.type !== "void") {
    one("result", returns, row.result);
  }
  let exception = "";
  if (outcome === "denied" || outcome === "exception") {
    exception = textAt(view, next + 2, view.getUint16(next, true));
  }
  const given = givenTo(call);
  if (given !== null && values.length === 0) {
    values.push(...given);
  }
  transport.addDetail(
    view.getFloat64(at + 8, true), member, view.getInt32(at + 40, true), view.getFloat64(at + 16, true), outcome, call,
    view.getFloat64(at + 32, true), row.data_type, args, values.slice(0, 32), inner, exception,
  );
}

/** Numbers are read without a VM. */
const NO_ENV = null as unknown as Env;

function textRead(text: string, keep: string): { text: string; values: [string, string][] } {
  return text === "" ? { text, values: [] } : keep === "value" ? { text: "", values: [["", text]] } : { text, values: [] };
}

function textAt(view: DataView, at: number, size: number): string {
  let text = "";
  for (let i = 0; i < size; i++) {
    text += String.fromCharCode(view.getUint16(at + 2 * i, true));
  }
  return wellFormed(text);
}

function numberAt(view: DataView, at: number, type: JniType): unknown {
  switch (type.name) {
    case "Z": return view.getUint8(at);
    case "B": return view.getInt8(at);
    case "C": return view.getUint16(at, true);
    case "S": return view.getInt16(at, true);
    case "J": return view.getBigInt64(at, true);
    case "F": return view.getFloat32(at, true);
    case "D": return view.getFloat64(at, true);
    default: return view.getInt32(at, true);
  }
}

/** Takes all hooks out; resolves when no thread is inside one, so that their code can go. */
export async function end(): Promise<void> {
  if (engine === null) {
    return;
  }
  engine.close();
  Java.performNow(() => sites.forEach((site) => {
    site.method.implementation = null;
  }));
  await new Promise<void>((done) => Script.nextTick(done));
  while (engine.inflight > 0) {
    await new Promise<void>((done) => setTimeout(done, 10));
  }
  // A thread may be on its last instructions.
  await new Promise<void>((done) => setTimeout(done, 20));
}

/** The process ends: nothing is taken out. */
export function abandon(): void {
  engine?.close();
  engine = null;
}
