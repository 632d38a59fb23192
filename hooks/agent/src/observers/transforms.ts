/** What went into a digest, a cipher or the like, in parts too, and what came out: values of the call, as hexadecimal. */

import Java from "frida-java-bridge";
import { DEFINED } from "../c/embedded.js";
import { as } from "../classes.js";
import { Call, INSTANCE, observe } from "../hook.js";
import { Fed, fedOf, givesOut, onlyCounted } from "../fast/fed.js";
import * as front from "../fast/front.js";
import { identity } from "../identity.js";
import { textOf } from "../text.js";

/** Bytes of an argument or a result that are kept, as in ../c/transforms.c. */
const MOST = DEFINED.MOST_BYTES;
const NONE = new Uint8Array(0);

export function hexOf(data: Uint8Array): string {
  let text = "";
  for (const byte of data) {
    text += (byte < 16 ? "0" : "") + byte.toString(16);
  }
  return text;
}

/** Part of an array of bytes, at most as much as is kept, and how large it is. */
function part(call: Call, object: NativePointer | undefined, at: number, size: number): { data: Uint8Array; total: number } {
  const { env } = call;
  const length = object === undefined || object === null || object.isNull() ? 0 : env.getArrayLength(object);
  const total = size < 0 ? length - at : size;
  if (length === 0 || at < 0 || total <= 0 || total > length - at) {
    return { data: NONE, total: 0 };
  }
  const kept = Math.min(total, MOST);
  const start = env.getByteArrayElements(object!);
  const data = new Uint8Array(start.add(at).readByteArray(kept) ?? new ArrayBuffer(0));
  env.releaseByteArrayElements(object!, start);
  return { data, total };
}

function number(call: Call, at: number): number {
  return at < 0 ? 0 : Number(call.args[at]);
}

function input(call: Call, fed: Fed): { data: Uint8Array; total: number } {
  if (fed.inAt < 0) {
    return { data: NONE, total: 0 };
  }
  if (fed.inShape === DEFINED.ONE_BYTE) {
    return { data: Uint8Array.of(number(call, fed.inAt) & 255), total: 1 };
  }
  const object = call.args[fed.inAt] as NativePointer;
  switch (fed.inShape) {
    case DEFINED.PART: return part(call, object, number(call, fed.inAt + 1), number(call, fed.inAt + 2));
    case DEFINED.BLOCK: return part(call, object, number(call, fed.inAt + 1), 16);
    default: return part(call, object, 0, -1);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

function goesIn(call: Call): void {
  const fed = fedOf(call.site);
  if (fed === null) {
    return;
  }
  const engine = front.current();
  const key = call.site.method._p[2] === INSTANCE ? identity(call.env, call.self.$h) : 0;
  call.silent = onlyCounted(call.row);
  if (fed.mode === DEFINED.RENEWS) {
    engine?.takeFed(key, false);
  }
  if (fed.mode === DEFINED.RENEWS || fed.mode === DEFINED.COPIES) {
    return;
  }
  const own = input(call, fed);
  if (fed.mode === DEFINED.FEEDS) {
    if (fed.inAt < 0) {
      engine?.takeFed(key, false);
    } else {
      engine?.feed(key, own.data);
    }
    return;
  }
  const before = engine === null || key === 0 ? { data: NONE, total: 0 } : engine.takeFed(key, fed.mode === DEFINED.PASSES);
  if (before.total < 0) {
    throw new Error("more objects are being fed at once than are followed");
  }
  if (fed.mode === DEFINED.PASSES) {
    engine?.feed(key, own.data);
  }
  const all = joined(before.data, own.data);
  call.texts.input = String(before.total + own.total);
  if (all.length > 0) {
    call.values.push(["", hexOf(all)]);
  }
}

function comesOut(call: Call): void {
  const fed = fedOf(call.site);
  if (fed?.mode === DEFINED.COPIES && call.outcome === "value") {
    front.current()?.copyFed(identity(call.env, call.self.$h), identity(call.env, call.result as NativePointer));
  }
  if (fed === null || !givesOut(call.row)) {
    return;
  }
  if (call.outcome !== "value") {
    call.values = [];
    return;
  }
  const returns = call.site.method._p[4];
  if (fed.outAt < 0 && returns.name !== "[B") {
    const made = as(call.env, call.result as NativePointer, "java.util.UUID");
    const text = made === null ? textOf(call.env, call.result as NativePointer) : String(made.toString());
    call.texts.result = String(text.length);
    call.values.push(["", text]);
    return;
  }
  const size = returns.name === "I" ? Number(call.result) : 16;
  const found = fed.outAt < 0
    ? part(call, call.result as NativePointer, 0, -1)
    : sized(call, fed, size);
  call.texts.result = String(found.total);
  if (found.data.length > 0) {
    call.values.push(["", hexOf(found.data)]);
  } else {
    call.values = [];
  }
}

/** Of a result that was put into an argument: as much of it as fits, where nobody says how large it is. */
function sized(call: Call, fed: Fed, size: number): { data: Uint8Array; total: number } {
  const object = call.args[fed.outAt] as NativePointer;
  const at = number(call, fed.outFrom);
  return part(call, object, at, Math.min(size, Java.vm.getEnv().getArrayLength(object) - at));
}

export function register(): void {
  for (const name of ["fed", "transform", "transform_part", "renewed", "copied"]) {
    observe(name, { before: goesIn, after: comesOut });
  }
}
