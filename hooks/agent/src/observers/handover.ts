/**
 * Tasks given to other threads: when one runs, its submitter's stack is at hand, for calls in it that have no frame but
 * the framework's. A row names the task: its first kept argument, else what the call returns or, when it runs, the object
 * itself. Bounded: of tasks that wait, the last 4096 are known.
 */

import { as } from "../classes.js";
import { Call, observe } from "../hook.js";
import { identity, Recent } from "../identity.js";
import { isFramework } from "../stack.js";
import { origin, setOrigin } from "../threads.js";

const submitted = new Recent<number>(4096);
const before = new WeakMap<Call, number>();

/** The task that a call hands over or runs. */
function task(call: Call, fallback: unknown): NativePointer | null {
  const want = call.row.args[0];
  const object = (want === undefined ? fallback : call.args[want.index]) as NativePointer | undefined;
  if (object === undefined || object === null || object.isNull()) {
    return null;
  }
  const inside = as(call.env, object, "android.os.Message")?.callback?.value;
  return inside?.$h ?? object;
}

function give(call: Call, object: NativePointer | null): void {
  if (object !== null) {
    // A task that a task hands over is still its first submitter's.
    const stack = isFramework(call.stack) ? origin(call.tid) || call.stack : call.stack;
    submitted.set(identity(call.env, object), stack);
  }
}

function begin(call: Call): void {
  const object = task(call, call.self.$h);
  const key = object === null ? 0 : identity(call.env, object);
  before.set(call, setOrigin(call.tid, submitted.get(key) ?? 0));
}

export function register(): void {
  observe("handover", {
    before(call) {
      if (call.row.args.length > 0) {
        give(call, task(call, null));
      }
    },
    after(call) {
      if (call.row.args.length === 0 && call.outcome === "value") {
        give(call, task(call, call.result));
      }
    },
    nested: true,
  });
  observe("handover_run", {
    before: begin,
    after(call) {
      setOrigin(call.tid, before.get(call) ?? 0);
    },
    nested: true,
  });
  observe("handover_begin", { before: begin, nested: true });
  observe("handover_end", { after: (call) => void setOrigin(call.tid, 0), nested: true });
}
