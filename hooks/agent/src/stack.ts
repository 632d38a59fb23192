/** Where a call came from: a cheap id per call, text once per new id. Sources that share no code, best first. */

import Java, { Wrapper } from "frida-java-bridge";
import type { Engine } from "./fast/engine.js";
import { Frames } from "./frames.js";
import { FrameRecord } from "./protocol.js";
import { origin, quietly } from "./threads.js";
import * as transport from "./transport.js";

export interface StackSource {
  /** Id of the current Java stack, 0 = none. Ids are local to one load of the script. */
  id(): number;
  /** Frames of the current stack, innermost first. */
  text(): { frames: FrameRecord[]; truncated: boolean };
}

export const FRAMES = 64;

/** Hash of the innermost (method, location) pairs by the VM's own walker, no fewer than the text has; text by a second walk. */
class EngineStack implements StackSource {
  private readonly frames = new Frames();

  constructor(private readonly engine: Engine) {}

  id(): number {
    return this.engine.currentStack();
  }

  text(): { frames: FrameRecord[]; truncated: boolean } {
    return this.frames.current(FRAMES);
  }
}

/** Without an engine: the bridge's backtrace (ART only). */
class BridgeStack implements StackSource {
  private frames: { className: string; methodName: string; fileName: string; lineNumber: number }[] | null = null;

  id(): number {
    if (transport.options.fault.startsWith("stack")) {
      throw new Error("no backtrace, as asked");
    }
    const trace = Java.backtrace({ limit: FRAMES });
    let hash = 0;
    const text = String(trace.id);
    let low = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) {
      low = Math.imul(low ^ text.charCodeAt(i), 0x01000193) >>> 0;
      hash = (Math.imul(hash, 31) + text.charCodeAt(i)) >>> 0;
    }
    const id = (hash & 0xfffff) * 0x100000000 + low;
    if (!known.has(id)) {
      this.frames = trace.frames;
    }
    return id;
  }

  text(): { frames: FrameRecord[]; truncated: boolean } {
    const frames = this.frames ?? Java.backtrace({ limit: FRAMES + 1 }).frames;
    this.frames = null;
    const kept = frames.slice(0, FRAMES);
    return {
      frames: kept.map((f) => [f.className, f.methodName, f.fileName ?? "", Math.max(f.lineNumber, 0)]),
      truncated: frames.length > FRAMES,
    };
  }
}

/** What every VM can do: slower, and 32 bits of hash from the VM itself. */
class ThrowableStack implements StackSource {
  private readonly throwable = Java.use("java.lang.Throwable");
  private readonly frames = new Frames();
  private readonly hash = Java.use("java.util.Arrays").hashCode.overload("[Ljava.lang.Object;");

  id(): number {
    if (transport.options.fault === "stack:throwable") {
      throw new Error("no stack trace, as asked");
    }
    const elements: Wrapper[] = this.throwable.$new().getStackTrace();
    const low = Number(this.hash.call(Java.use("java.util.Arrays"), elements)) >>> 0;
    return Math.min(elements.length, 0xfffff) * 0x100000000 + low;
  }

  text(): { frames: FrameRecord[]; truncated: boolean } {
    return this.frames.current(FRAMES);
  }
}

/** Calls are recorded without their stack: nobody is named then. */
const NO_STACK: StackSource = { id: () => 0, text: () => ({ frames: [], truncated: false }) };

/** The best source that works here: the bridge's walker needs symbols that some builds of ART lack, or have changed. */
class Ladder implements StackSource {
  private current: StackSource = new BridgeStack();
  private readonly left: [string, () => StackSource][] = [
    ["read from a Throwable instead", () => new ThrowableStack()],
    ["calls are recorded without", () => NO_STACK],
  ];

  id(): number {
    return this.attempt(() => this.current.id());
  }

  text(): { frames: FrameRecord[]; truncated: boolean } {
    return this.attempt(() => this.current.text());
  }

  private attempt<T>(read: () => T): T {
    for (;;) {
      try {
        return read();
      } catch (error) {
        const next = this.left.shift();
        if (next === undefined) {
          throw error;
        }
        this.descend(next, error);
      }
    }
  }

  private descend([instead, make]: [string, () => StackSource], error: unknown): void {
    transport.fault("stack", `stacks cannot be read, ${instead}: ${error instanceof Error ? error.message : error}`);
    try {
      this.current = make();
    } catch {
      this.current = NO_STACK;
    }
  }
}

const known = new Set<number>();
/** Stacks inside TLS and its certificates: their digests and ciphers encode none of the app's data. */
const plumbing = new Set<number>();
const TLS = ["sun.security.ssl.", "com.android.org.conscrypt.", "org.conscrypt.", "sun.security.x509.", "sun.security.provider.certpath."];
/** Stacks in which code that is not the platform's calls a method by which the platform tells an activity something. */
const forged = new Set<number>();
const TELLS = new Set(["onRequestPermissionsResult",
  ...["Create", "Resume", "Pause", "Stop", "Destroy"].map((what) => `callActivityOn${what}`)]);
/** Stacks in which code that is not the platform's clicks, and no touch, key or gesture is being delivered. */
const clicked = new Set<number>();
const CLICKS = new Set(["performClick", "performItemClick", "onClick"]);
const INPUT = ["android.view.InputEventReceiver", "android.view.ViewRootImpl$", "android.view.GestureDetector"];
/** Stacks without a frame of app or SDK (the list is that of the host's attribution). */
const framework = new Set<number>();
/** Of these, stacks of a thread that runs nothing but its own start: no pool's task and no message. */
const direct = new Set<number>();
const QUEUES = ["java.util.concurrent.ThreadPool", "java.util.concurrent.ForkJoin", "android.os.", "java.util.Timer"];
const FRAMEWORK = (
  "android androidx com.android dalvik libcore java javax jdk sun com.sun kotlin kotlinx scala groovy org.json org.xml org.w3c " +
  "org.apache.harmony org.chromium com.google.android.material vendor.android art"
).split(" ").map((prefix) => `${prefix}.`);
const DELIVERERS = new Set(["android.os.Looper", "android.app.ActivityThread$H"]);
let source: StackSource | null = null;

function isPlatform(cls: string): boolean {
  return FRAMEWORK.some((prefix) => cls.startsWith(prefix));
}

let classify: (id: number, kind: number) => void = () => undefined;

export function prepare(engine: Engine | null): void {
  source = engine !== null ? new EngineStack(engine) : new Ladder();
  if (engine !== null) {
    classify = (id, kind) => engine.learn(id, kind);
  }
}

/** Id of the current stack (`taken` if that is known already); its text goes to the host the first time. */
export function capture(taken = -1): number {
  if (source === null) {
    return 0;
  }
  const id = taken === -1 ? source.id() : taken;
  if (id !== 0 && !known.has(id)) {
    known.add(id);
    const { frames, truncated } = quietly(() => source!.text());
    if (frames.some(([cls]) => TLS.some((prefix) => cls.startsWith(prefix)))) {
      plumbing.add(id);
    }
    const task = frames.some(([cls]) => QUEUES.some((prefix) => cls.startsWith(prefix)));
    const submitter = origin(Process.getCurrentThreadId()) ?? (!task && !truncated ? quietly(starter) : 0);
    transport.stackText(id, frames, truncated, submitter);
    // Overrides call each other; apps put themselves before the platform's handler, and into the thread's loop.
    const caller = frames.find(([cls, method]) => !TELLS.has(method) && (DELIVERERS.has(cls) || !isPlatform(cls)));
    if (caller !== undefined && !DELIVERERS.has(caller[0])) {
      forged.add(id);
    }
    const below = frames.slice(Math.max(frames.findIndex(([, method]) => !CLICKS.has(method)), 0));
    const clicker = below.find(([cls]) => DELIVERERS.has(cls) || !isPlatform(cls));
    if (clicker !== undefined && !DELIVERERS.has(clicker[0]) && !frames.some(([cls]) => INPUT.some((one) => cls.startsWith(one)))) {
      clicked.add(id);
    }
    // Where frames are missing the caller may be among them: then it is not the one that submitted the task.
    if (!truncated && frames.every(([cls]) => isPlatform(cls))) {
      framework.add(id); // Such calls stay in JavaScript, which knows whose task the thread runs.
      if (!task) {
        direct.add(id);
      }
      classify(id, direct.has(id) ? 3 : 2);
    } else {
      classify(id, plumbing.has(id) ? 1 : 0);
    }
  }
  return id;
}

/** Whether a stack has only framework frames. */
export function isFramework(id: number): boolean {
  return framework.has(id);
}

let starter: () => number = () => 0;

/** Finds the stack of the code that started the current thread (0 = unknown). */
export function startedBy(fn: () => number): void {
  starter = fn;
}

/** A stack, or where it shows nobody that of who submitted the running task or started the thread; `lent` says so. */
export function attributed(id: number, tid: number): { stack: number; lent: boolean } {
  const from = !isFramework(id) ? 0 : origin(tid) ?? (direct.has(id) ? starter() : 0);
  return from === 0 ? { stack: id, lent: false } : { stack: from, lent: true };
}

/** Whether what an activity is told (an answer to a permission request, its state) comes from the app's own code. */
export function isOwnTelling(id: number): boolean {
  return forged.has(id);
}

/** Whether a click is one of the app's own code, with no touch that led to it at once. */
export function isOwnClick(id: number): boolean {
  return clicked.has(id);
}

/** Whether a stack runs through the platform's TLS. */
export function isPlumbing(id: number): boolean {
  return plumbing.has(id);
}
