/** A call that comes through JavaScript: what an entry in C asks before the original and after it. */

import Java, { Env, Wrapper } from "frida-java-bridge";
import { Call, guarded, Scene } from "../hook.js";
import { after, before, nameOf } from "../recorder.js";
import { leave, state } from "../threads.js";
import { partName, sites, typeNumber } from "./sites.js";
import { argsOf, putValue, valueAt } from "./values.js";

const started = new Map<number, Call>();
let lastToken = 0;
const envs = new Map<number, Env>();

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
export function enter(
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

export function exit(packed: number, _env: NativePointer, result: NativePointer, exception: NativePointer, frame: NativePointer): number {
  const token = Math.floor(packed / 1024);
  const call = started.get(token);
  if (call === undefined) {
    return 0;
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
  if (call.instead === undefined) {
    return 0;
  }
  putValue(result, call.instead.value);
  return 1;
}

/** Names of parts, from a frame of the thread's state below. */
function innerOf(frame: NativePointer): string[] {
  if (frame.isNull()) {
    return [];
  }
  const names: string[] = [];
  for (let i = 0; i < Math.min(frame.add(20).readS32(), 8); i++) {
    names.push(partName(frame.add(24 + 4 * i).readS32(), nameOf));
  }
  return names;
}
