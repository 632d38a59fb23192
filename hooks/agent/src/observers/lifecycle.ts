/** Life of the process and its components. */

import Java from "frida-java-bridge";
import { as } from "../classes.js";
import { abandon } from "../fast/front.js";
import { now } from "../clock.js";
import { textFrom } from "../text.js";
import { Call, observe } from "../hook.js";
import { capture, isOwnTelling } from "../stack.js";
import { quietly } from "../threads.js";
import { beat, fault, flush, seen, skip } from "../transport.js";
import { identity, Recent } from "../identity.js";
import { reportLost, reportShadowed } from "../rowstate.js";
import { source } from "../source.js";
import { retry, retryOverrides } from "../installer.js";

let activity = "";
/** A call is under way that ends the process, which was told. */
let told = false;
const known = new Set<string>();
const providers = new Recent<boolean>(256);

export function lastActivity(): string {
  return activity;
}

const ACTIVITY: Record<string, string> = {
  callActivityOnCreate: "activity_created",
  callActivityOnResume: "activity_resumed",
  callActivityOnPause: "activity_paused",
  callActivityOnStop: "activity_stopped",
  callActivityOnDestroy: "activity_destroyed",
};

function tell(call: Call, what: string, component: string, detail: Record<string, string> = {}): void {
  seen("lifecycle", call.t, call.tid, 0, { what, component, detail });
}

function className(call: Call, handle: unknown): string {
  const object = handle as NativePointer;
  return object.isNull() ? "" : call.env.getObjectClassName(object);
}

function activityChanged(call: Call): void {
  if (isOwnTelling(call.stack)) {
    return; // It is in the state that it was in.
  }
  const name = className(call, call.args[0]);
  const what = ACTIVITY[call.row.method] ?? "activity";
  if (what === "activity_created" || what === "activity_resumed") {
    activity = name;
  }
  if (what === "activity_created" && !known.has(name)) {
    known.add(name);
    retryOverrides(call.env.getObjectClass(call.args[0] as NativePointer)); // It is loaded now.
  }
  tell(call, what, name);
}

export function register(): void {
  observe("activity", { before: activityChanged, nested: true });
  observe("application", {
    before: (call) => tell(call, "application_created", className(call, call.args[0])),
    after: () => retry(),
    nested: true,
  });
  observe("app_ready", { after: () => retry(), nested: true });
  observe("provider", {
    before(call) {
      const key = identity(call.env, call.self.$h); // Its overloads call each other.
      if (providers.get(key) === undefined) {
        providers.set(key, true);
        tell(call, "provider_created", call.env.getObjectClassName(call.self.$h));
      }
    },
    nested: true,
  });
  observe("service", { before: (call) => tell(call, "service_started", call.env.getObjectClassName(call.self.$h)), nested: true });
  observe("receiver", {
    before(call) {
      const data = call.args[0] as NativePointer;
      const found = as(call.env, data, "android.app.ActivityThread$ReceiverData");
      const intent = found?.intent?.value;
      const action = intent ? textFrom(call.env, as(call.env, intent.$h, "android.content.Intent")?.getAction() ?? null) : "";
      const info = found?.info?.value;
      tell(call, "receiver", info ? textFrom(call.env, as(call.env, info.$h, "android.content.pm.PackageItemInfo")?.name?.value ?? null) : "", { action });
    },
    nested: true,
  });
  observe("exit", {
    before(call) {
      if (!told) { // One of these calls the other.
        const cause = `${call.site.method.holder.$n}.${call.row.method}`;
        seen("lifecycle", call.t, call.tid, call.stack, { what: "process_exit", component: "", cause });
      }
      told = call.row.method !== "finishAffinity"; // It ends no process by itself.
      skip(call.index, "nested"); // Counted now, as the original may never return.
      beat(true);
      flush();
    },
    after: () => void (told = false),
    nested: true,
  });
}

/** Number of the system call getpid, which a C library may answer from its memory. */
const GETPID: Record<string, number> = { x64: 39, arm64: 172, ia32: 20, arm: 20 };

const kept: unknown[] = [];

/** The end of the process below Java. */
export function startExit(): void {
  const halt = Process.findModuleByName("libjvm.so")?.findExportByName("JVM_Halt") ?? null;
  const targets = halt !== null ? [halt] : ["exit", "_exit"].map((name) => Module.findGlobalExportByName(name));
  const syscall = Module.findGlobalExportByName("syscall");
  const own = Memory.alloc(8);
  own.writeS32(Process.id);
  own.add(4).writeS32(syscall === null ? 0 : (GETPID[Process.arch] ?? 0));
  const ending = new NativeCallback(
    () => leave(Process.getCurrentThreadId(), () => (Java.vm.tryGetEnv() === null ? 0 : quietly(() => capture()))), "void", []);
  const code = new CModule(source("exit.c"), { own, syscall: syscall ?? NULL, ending });
  kept.push(own, ending, code);
  for (const target of targets) {
    if (target !== null) {
      Interceptor.attach(target, { onEnter: code.on_enter! });
    }
  }
}

let left = false;

/** The process ends, by a function of C or as Frida noticed first: told once, and no hook is taken out any more. */
export function leave(tid: number, stack: () => number): void {
  if (left) {
    return;
  }
  left = true;
  try {
    if (!told) {
      seen("lifecycle", now(), tid, stack(), { what: "process_exit", component: "", cause: "exit" });
    }
    try {
      reportLost();
      if (Java.vm.tryGetEnv() !== null) {
        reportShadowed(true);
      }
    } finally {
      beat(true); // The last counts, whatever happened before.
    }
  } catch (error) {
    fault("exit", error);
  }
  // The bridge's clean-up (replacements, references) needs a VM that is about to stop: it could wait forever.
  abandon();
  Java._dispose = () => undefined;
  Java.vm.perform = () => undefined;
}
