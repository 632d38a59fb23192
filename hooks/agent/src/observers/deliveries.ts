/**
 * Values that come later, by another object: a task that is returned, a callback that is given. The call's row names that
 * object's class (`delivers`); methods of rows that apps or libraries implement are hooked in the object's own class, if
 * they are not yet. The object itself is never wrapped or replaced. Bounded: the last 4096 objects, 256 classes.
 */

import { read } from "../extract.js";
import { Call, observe } from "../hook.js";
import { identity, Recent } from "../identity.js";
import { retryOverrides } from "../installer.js";
import type { As } from "../protocol.js";
import { attributed } from "../stack.js";
import * as transport from "../transport.js";

const MOST_CLASSES = 256;
const seen = new Set<string>();

/** By identity of the object: what asked for the value, and how the value is read. */
const awaited = new Recent<{ dataType: string; keep: As; stack: number }>(4096);

/** Hooks what rows name of the object's class and its parents. */
function learn(call: Call, object: NativePointer): void {
  const klass = call.env.getObjectClass(object);
  const name = call.env.getClassName(klass);
  if (seen.has(name)) {
    return;
  }
  if (seen.size >= MOST_CLASSES) {
    transport.skip(call.index, "faults"); // What this object delivers may be missed.
    return;
  }
  seen.add(name);
  retryOverrides(klass);
}

/** The object is known now: the argument before the original, which may call it at once, a result after it. */
function ask(call: Call, object: unknown): void {
  if (object === undefined || object === null || (object as NativePointer).isNull()) {
    return;
  }
  const { keep } = call.row.delivers!;
  learn(call, object as NativePointer);
  if (keep !== null) {
    const { stack } = attributed(call.stack, call.tid);
    awaited.set(identity(call.env, object as NativePointer), { dataType: call.dataType, keep, stack });
  }
}

export function register(): void {
  observe("asks", {
    before(call) {
      const at = call.site.method._p[5].findIndex((type) => type.className === call.row.delivers!.by);
      ask(call, call.args[at]);
    },
    after(call) {
      if (call.site.method._p[4].className === call.row.delivers!.by) {
        ask(call, call.result);
      }
    },
  });
  observe("delivery", {
    after(call) {
      const key = identity(call.env, call.self.$h);
      const asked = call.outcome === "value" ? awaited.get(key) : undefined;
      if (asked === undefined) {
        return; // A task of another kind, or one without a value yet.
      }
      awaited.delete(key); // Who asks for the result again gets the same.
      call.silent = false;
      call.dataType = asked.dataType;
      call.stack = asked.stack;
      call.texts.handover = "yes"; // The stack is that of whoever asked.
      call.values.push(...read(call.env, call.result, call.site.method._p[4], asked.keep).values);
    },
    nested: true,
    stackless: true,
  });
}
