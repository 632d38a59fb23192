/** Functions of native libraries: id files, interfaces, commands, system properties. Told like Java calls. */

import Java from "frida-java-bridge";
import { now } from "./clock.js";
import { around } from "./fast/front.js";
import { Outcome, Row } from "./protocol.js";
import { parentOf, selected } from "./recorder.js";
import { capture } from "./stack.js";
import { nextCall, quietly, state } from "./threads.js";
import * as transport from "./transport.js";

const EPERM = 1;
const EACCES = 13;
const POINTER = new Set(["fopen", "fopen64", "popen", "opendir"]);
const DESCRIPTOR = new Set(["open", "open64", "openat", "openat64", "ioctl"]);
const LENGTH = new Set(["__system_property_get"]);
/** These do not return when they work. */
const REPLACES = new Set(["execve", "execv", "execvp"]);

/** The function, or the state of a row whose function is not there. */
export function find(row: Row): NativePointer | "absent_module" | "absent_symbol" {
  // Elsewhere than on Android a library has its version behind its name.
  const module = Process.findModuleByName(row.cls) ?? Process.enumerateModules().find((m) => m.name.startsWith(`${row.cls}.`));
  return module === undefined ? "absent_module" : module.findExportByName(row.method) ?? "absent_symbol";
}

type Range = [NativePointer, NativePointer];
let own: Range[] | null = null;

/** Code whose calls are not the app's: Frida's, and the VM's own work (its threads are not where a stack can be taken). */
function ranges(): Range[] {
  own ??= Process.enumerateModules()
    .filter((m) => /frida|^libjvm\.so$|^libart\.so$/.test(m.name))
    .map((m) => [m.base, m.base.add(m.size)]);
  return own;
}

function isOwn(address: NativePointer): boolean {
  return ranges().some(([from, to]) => address.compare(from) >= 0 && address.compare(to) < 0);
}

interface Seen {
  dataType: string;
  t: number;
  stack: number;
  parent: number;
  texts: Record<string, string>;
}

/** An argument: a number for `int`, else a C string. */
function textOf(arg: NativePointer, keep: string): string {
  return keep === "int" ? String(arg.toInt32()) : arg.isNull() ? "" : arg.readUtf8String() ?? "";
}

/** What a call means, before it runs; null = nothing. */
function entering(row: Row, index: number, tid: number, args: NativePointer[]): Seen | null {
  const thread = state(tid);
  if (thread.busy) {
    return null;
  }
  const texts: Record<string, string> = {};
  for (const want of row.args) {
    texts[want.name] = textOf(args[want.index]!, want.keep).slice(0, 300);
  }
  let dataType = row.data_type;
  if (row.select !== null) {
    dataType = selected(row.select, textOf(args[row.select.index]!, row.select.keep));
  }
  if (dataType === "ignore") {
    return null; // Files and keys without number: not even counted.
  }
  const place = around(dataType);
  if (place?.busy === true) {
    return null;
  }
  if (place?.folded ?? thread.calls.some((one) => one.folds === dataType)) {
    transport.skip(index, "nested");
    return null;
  }
  // A thread that the VM does not know has no Java stack: unattributed, not guessed.
  const stack = Java.vm.tryGetEnv() === null ? 0 : quietly(() => capture());
  return { dataType, t: now(), stack, parent: place?.parent ?? parentOf(tid), texts };
}

function outcomeOf(method: string, result: NativePointer, errno: number): Outcome {
  const n = result.toInt32();
  const good = POINTER.has(method) ? !result.isNull() : DESCRIPTOR.has(method) ? n >= 0 : LENGTH.has(method) ? n > 0 : n === 0;
  return good ? "value" : errno === EACCES || errno === EPERM ? "denied" : "null";
}

const attached = new Set<string>();

/** Hooks one function, once also where it has two names. Its recorder is guarded like that of a Java method. */
export function attach(target: NativePointer, row: Row, index: number, member: number): void {
  if (attached.has(target.toString())) {
    return;
  }
  attached.add(target.toString());
  const tell = (seen: Seen, tid: number, outcome: Outcome, values: [string, string][]): void => {
    transport.record({
      row: index, member, t: seen.t, tid, stack: seen.stack, outcome, call: nextCall(), parent: seen.parent,
      dataType: seen.dataType, args: seen.texts, values, inner: [], exception: "",
    });
  };
  const fail = (error: unknown): void => {
    transport.skip(index, "faults");
    transport.fault(row.id, error);
  };
  Interceptor.attach(target, {
    onEnter(args) {
      try {
        if (isOwn(this.returnAddress)) {
          return;
        }
        const seen = entering(row, index, this.threadId, args);
        if (seen === null) {
          return;
        }
        if (REPLACES.has(row.method)) {
          tell(seen, this.threadId, "value", []);
          transport.flush();
          return;
        }
        this.seen = seen;
        this.out = LENGTH.has(row.method) && row.result !== null ? args[1] : null;
      } catch (error) {
        fail(error);
      }
    },
    onLeave(result) {
      const seen = this.seen as Seen | undefined;
      if (seen === undefined) {
        return;
      }
      try {
        const outcome = outcomeOf(row.method, result, this.errno);
        const out = this.out as NativePointer | null;
        const text = outcome === "value" && out !== null ? out.readUtf8String() ?? "" : "";
        tell(seen, this.threadId, outcome, text === "" ? [] : [["", text]]);
      } catch (error) {
        fail(error);
      }
    },
  });
}
