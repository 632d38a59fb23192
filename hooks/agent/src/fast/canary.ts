/**
 * Each kind of hook proves itself, in each pass that has some: one is put on a method of the platform that is seldom
 * called, and the method is called, by the platform's own code where some does. A kind whose call does not come through is
 * not claimed for any row of the pass.
 */

import Java, { Method, Wrapper } from "frida-java-bridge";
import { install, Site } from "../hook.js";
import { fault, options } from "../transport.js";
import * as front from "./front.js";

export type Kind = "static" | "instance" | "constructor" | "native" | "inherited" | "compiled";

interface Canary {
  kind: Kind;
  cls: string;
  method: string;
  types: string[];
  call(): void;
  /** The method that `call` runs and that holds a copy of the hooked one once it is compiled. */
  caller?: string;
}

const CANARIES: Canary[] = [
  {
    kind: "static", cls: "java.util.BitSet", method: "valueOf", types: ["java.nio.ByteBuffer"],
    call() {
      const { valueOf } = own("java.util.BitSet") as unknown as { valueOf: Method };
      valueOf.overload("[B").call(own("java.util.BitSet"), []);
    },
  },
  {
    kind: "instance", cls: "java.util.StringTokenizer", method: "hasMoreTokens", types: [],
    call: () => void own("java.util.StringTokenizer").$new("a").hasMoreElements(),
  },
  {
    kind: "constructor", cls: "java.util.StringTokenizer", method: "$init", types: ["java.lang.String", "java.lang.String", "boolean"],
    call: () => void own("java.util.StringTokenizer").$new("a"),
  },
  {
    kind: "native", cls: "java.lang.Thread", method: "holdsLock", types: ["java.lang.Object"],
    call: () => void own("java.lang.Thread").holdsLock(own("java.lang.Object").$new()),
  },
  {
    kind: "inherited", cls: "java.util.Comparator", method: "reversed", types: [],
    call: () => void own("java.lang.String").CASE_INSENSITIVE_ORDER.value.reversed(),
  },
  {
    kind: "compiled", cls: "java.text.StringCharacterIterator", method: "current", types: [], caller: "first",
    call: () => void own("java.text.StringCharacterIterator").$new("a").first(),
  },
];

/** Never hooked, so that the bridge's conversions stay. */
let factory: { use(name: string): Wrapper } | null = null;

function own(name: string): Wrapper {
  factory ??= new Java.ClassFactory();
  return factory.use(name);
}

const placed = new Map<Kind, Site>();
/** Passes that had canaries; tests leave out calls of later ones. */
let passes = 0;

/**
 * Before the end of a pass: canaries for the kinds of its hooks, so that they are made and placed with them. Where a method
 * cannot be hooked anew (a JVM), those of the first pass with the kind stay.
 */
export function place(kinds: ReadonlySet<Kind>): void {
  passes += 1;
  for (const one of CANARIES.filter(({ kind }) => kinds.has(kind))) {
    const earlier = placed.get(one.kind);
    if (earlier !== undefined && !front.withdraw(earlier)) {
      continue;
    }
    placed.delete(one.kind);
    try {
      one.call(); // Its classes are initialised by now: when that happens later, ART may drop the bridge's hook.
      const holder = Java.use(one.cls);
      if (one.caller !== undefined) {
        front.compileNow((holder[one.caller] as Method).overloads[0]!.handle);
      }
      const method = (holder[one.method] as Method).overload(...one.types);
      placed.set(one.kind, install(method, Java.retain(holder.class), one.kind === "inherited"));
    } catch (error) {
      fault(`canary ${one.kind}`, error);
    }
  }
}

/** Once the hooks of a pass are in force, outside of the agent's own calls: those of its kinds that did not see their call. */
export function prove(kinds: ReadonlySet<Kind>): ReadonlySet<Kind> {
  const unseen = new Set<Kind>();
  for (const one of CANARIES.filter(({ kind }) => kinds.has(kind))) {
    const site = placed.get(one.kind);
    const before = site === undefined ? 0 : front.hits(site);
    try {
      const inlined = options.fault === `inlined:${one.kind}` && deoptimized < 0;
      if (!inlined && !options.fault.includes(`canary:${one.kind}`) && (options.fault !== `later:${one.kind}` || passes === 1)) {
        one.call();
      }
    } catch (error) {
      fault(`canary ${one.kind}`, error);
    }
    if (site === undefined || front.hits(site) === before) {
      unseen.add(one.kind);
    }
  }
  return unseen;
}

/** Kinds whose test call may be unseen because compiled code of the boot image holds a copy of the method. */
const INLINED: readonly Kind[] = ["static", "instance", "constructor", "compiled"];
/** How long it took ART to give up its compiled boot image, in milliseconds; -1 = it was not asked to. */
let deoptimized = -1;

export function deoptimizedMs(): number {
  return deoptimized;
}

/**
 * Once a process, and only where a test call was not seen: the boot image runs in the interpreter from now on, so that
 * callers hold no copies of methods. Returns the kinds that are unseen then.
 */
export function proveUncompiled(unseen: ReadonlySet<Kind>): ReadonlySet<Kind> {
  const again = INLINED.filter((kind) => unseen.has(kind));
  if (again.length === 0 || deoptimized >= 0 || !options.deoptimize || Java.api.flavor !== "art") {
    return unseen;
  }
  const began = Date.now();
  Java.deoptimizeBootImage();
  deoptimized = Date.now() - began;
  const left = prove(new Set(again));
  return new Set([...unseen].filter((kind) => !again.includes(kind) || left.has(kind)));
}

let functions: boolean | undefined;

/** Whether a hook on a function of libc sees a test call: a kernel may refuse changed code without a word. Asked once. */
export function provesFunctions(libc: Module | undefined): boolean {
  if (functions === undefined) {
    // Reads a text and returns a number: no state of the app's thread changes, as with inet_ntoa's static buffer.
    const at = libc?.findExportByName("inet_addr") ?? null;
    functions = false;
    if (at !== null) {
      const listener = Interceptor.attach(at, { onEnter: () => (functions = true) });
      if (!options.fault.includes("canary:function")) {
        const address = Memory.allocUtf8String("127.0.0.1");
        new NativeFunction(at, "uint32", ["pointer"])(address);
      }
      listener.detach();
    }
  }
  return functions;
}
