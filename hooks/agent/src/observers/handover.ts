/**
 * Tasks given to other threads: when one runs, its submitter's stack is at hand, for calls in it that have no frame but
 * the framework's. A row names the task: its first kept argument, else what the call returns, or the object itself.
 * Bounded: of tasks that wait, the last 4096 are known.
 */

import Java, { Env, Wrapper } from "frida-java-bridge";
import { helper } from "../classes.js";
import { Call, observe } from "../hook.js";
import type { Engine } from "../fast/engine.js";
import * as front from "../fast/front.js";
import { identity, Recent } from "../identity.js";
import { attributed, isFramework, startedBy } from "../stack.js";
import { origin, originsBelow, setOrigin } from "../threads.js";

interface Submitted {
  get(key: number): number | undefined;
  set(key: number, stack: number): void;
  delete(key: number): void;
}

let submitted: Submitted = new Recent<number>(4096);
const before = new WeakMap<Call, number | undefined>();

interface Member {
  /** Kept: its reference lives as long as it does. */
  klass: Wrapper;
  id: NativePointer;
}

/** A field or method of a platform class, asked for once; null where the class or the member is not there. */
function once(cls: string, find: (env: Env, klass: NativePointer) => NativePointer): (env: Env) => Member | null {
  let found: Member | null | undefined;
  return (env) => {
    if (found === undefined) {
      const known = helper(cls);
      const klass = known === null ? null : Java.retain(known.class);
      const id = klass === null ? NULL : find(env, klass.$h);
      env.exceptionClear();
      found = klass === null || id.isNull() ? null : { klass, id };
    }
    return found;
  };
}

const callbackField = once("android.os.Message", (env, klass) => env.getFieldId(klass, "callback", "Ljava/lang/Runnable;"));
const identityMethod = once("java.lang.System", (env, klass) => env.getStaticMethodId(klass, "identityHashCode", "(Ljava/lang/Object;)I"));
const currentThread = once("java.lang.Thread", (env, klass) => env.getStaticMethodId(klass, "currentThread", "()Ljava/lang/Thread;"));

/** Key of the task that a call hands over or runs, 0 = none. A message stands for what was posted by it. */
function task(call: Call, fallback: unknown): number {
  const want = call.row.args[0];
  const object = (want === undefined ? fallback : call.args[want.index]) as NativePointer | undefined;
  if (object === undefined || object === null || object.isNull()) {
    return 0;
  }
  const { env } = call;
  const message = callbackField(env);
  if (message !== null && env.isInstanceOf(object, message.klass.$h)) {
    const posted = env.getField("pointer")(env.handle, object, message.id) as NativePointer;
    return identity(env, posted.isNull() ? object : posted);
  }
  return identity(env, object);
}

function give(call: Call, key: number): void {
  if (key === 0) {
    return;
  }
  // A task that a task hands over is still its first submitter's.
  const { stack } = attributed(call.stack, call.tid);
  if (isFramework(stack)) {
    submitted.delete(key); // The framework's own, or an object that is used again.
  } else {
    submitted.set(key, stack);
  }
}

function givesResult(call: Call): boolean {
  return call.row.args.length === 0 && call.site.method._p[4].type !== "void";
}

/** Who started the current thread. */
function starter(): number {
  const env = Java.vm.getEnv();
  const thread = currentThread(env);
  if (thread === null) {
    return 0;
  }
  const object = env.staticVaMethod("pointer", [])(env.handle, thread.klass.$h, thread.id) as NativePointer;
  const key = identity(env, object);
  env.deleteLocalRef(object);
  return submitted.get(key) ?? 0;
}

/** Hooks below JavaScript keep the tasks and know most of them by themselves. */
function below(engine: Engine): void {
  submitted = {
    get: (key) => engine.findTask(key) || undefined,
    set: (key, stack) => engine.putTask(key, stack),
    delete: (key) => engine.putTask(key, 0),
  };
  originsBelow({
    get: () => {
      const stack = engine.originHere();
      return stack < 0 ? undefined : stack;
    },
    set: (_tid, stack) => engine.setOrigin(stack ?? -1),
  });
  const env = Java.vm.getEnv();
  const system = identityMethod(env)!;
  const message = callbackField(env);
  engine.forTasks(system.klass.$h, system.id, message?.klass.$h ?? NULL, message?.id ?? NULL);
}

export function register(): void {
  startedBy(starter);
  const engine = front.current();
  if (engine !== null) {
    below(engine);
  }
  observe("handover", {
    before(call) {
      if (!givesResult(call)) {
        give(call, task(call, call.self.$h));
      }
    },
    after(call) {
      if (givesResult(call) && call.outcome === "value") {
        give(call, task(call, call.result));
      }
    },
    nested: true,
  });
  observe("handover_run", {
    before(call) {
      // What is called inside a task without having been handed over is a part of that.
      before.set(call, setOrigin(call.tid, submitted.get(task(call, call.self.$h)) ?? origin(call.tid)));
    },
    after(call) {
      setOrigin(call.tid, before.get(call));
    },
    nested: true,
    stackless: true,
  });
  observe("handover_begin", {
    before: (call) => void setOrigin(call.tid, submitted.get(task(call, call.self.$h)) ?? 0),
    nested: true,
    stackless: true,
  });
  observe("handover_end", { after: (call) => void setOrigin(call.tid, undefined), nested: true, stackless: true });
}
