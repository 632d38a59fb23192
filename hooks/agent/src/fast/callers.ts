/**
 * Code that ART compiled before a method was hooked may hold a copy of the method, which no hook on it sees. So before hooks
 * are put in, ART gives up all code that it has compiled and its JIT stops meanwhile. What is compiled afterwards copies no
 * hooked method. Code that a thread is inside of runs on to its end: the hooks that it passes by are told.
 */

import Java from "frida-java-bridge";
import { DEFINED } from "../c/embedded.js";
import { fault } from "../transport.js";
import type { Engine } from "./engine.js";

const PAUSE = "_ZN3art3jit16ScopedJitSuspendC1Ev";
const RESUME = "_ZN3art3jit16ScopedJitSuspendD1Ev";
const INSTALL = "_ZN3art15instrumentation15Instrumentation21InstallStubsForMethodEPNS_9ArtMethodE";
const COMPILE = "_ZN3art3jit3Jit13CompileMethodEPNS_9ArtMethodEPNS_6ThreadENS_15CompilationKindEb";
const NEEDED = {
  initialize_code: "_ZN3art15instrumentation15Instrumentation21InitializeMethodsCodeEPNS_9ArtMethodEPKv",
  invalidate_all: "_ZN3art3jit12JitCodeCache25InvalidateAllCompiledCodeEv",
  suspend_all: "_ZN3art10ThreadList10SuspendAllEPKcb",
  resume_all: "_ZN3art10ThreadList9ResumeAllEv",
  each_thread: "_ZN3art10ThreadList7ForEachEPFvPNS_6ThreadEPvES3_",
};
/** Ranges of compiled code: the JIT's memory, and files that the compiler wrote. */
const COMPILED = /\bjit-(zygote-)?cache\b|zygote-jit|\.(oat|odex)\b/;
const MOST_RANGES = 1024;
/** Versions of compiled files whose code information `callers.c` reads. That of another release is laid out differently. */
const KNOWN_OAT = new Set(["230"]);
/** Where a compiled file has its header: after that of the ELF file. */
const OAT_HEADER_AT = 0x1000;
/** Words of the runtime's object that are looked through. */
const WORDS = 400;

/** What it took, for the record. */
export interface GivenUp {
  methods: number;
  ms: number;
  /** How often it was done. */
  passes: number;
}

export class Callers {
  private swapped: NativePointer | null = null;
  /** Why code that was compiled earlier cannot be given up; empty = it can. */
  trouble = "";
  readonly given: GivenUp = { methods: 0, ms: 0, passes: 0 };
  /** For the C source. */
  readonly symbols: Record<string, NativePointer> = {};
  private readonly stubs = Memory.alloc(8);
  private readonly guard = Memory.alloc(64);
  private readonly ranges = Memory.alloc(16 * MOST_RANGES);
  private readonly stuck = Memory.alloc(DEFINED.MOST_GATES);
  private readonly compiler: NativePointer | null;
  private readonly pause: ((guard: NativePointer) => void) | null;
  private readonly resume: ((guard: NativePointer) => void) | null;
  private readonly jit = findJit();
  private runsJit = false;
  private readonly complete: boolean;

  constructor(private readonly find: (name: string) => NativePointer | null, loaderAt: number) {
    const found = Object.entries(NEEDED).map(([name, exported]) => [name, find(exported)] as const);
    this.complete = found.every(([, at]) => at !== null);
    for (const [name, at] of found) {
      this.symbols[name] = at ?? this.ranges; // Never called then.
    }
    this.symbols.compiled = this.ranges;
    this.symbols.loader_at = Memory.alloc(4);
    this.symbols.loader_at.writeS32(loaderAt);
    this.symbols.stuck = this.stuck;
    this.symbols.install_stubs = this.stubs;
    const fn = (name: string): any => {
      const at = find(name);
      return at === null ? null : new NativeFunction(at, "void", ["pointer"]);
    };
    this.compiler = find(COMPILE);
    this.pause = fn(PAUSE);
    this.resume = fn(RESUME);
  }

  /** The engine's code exists now. */
  start(engine: Engine): void {
    const install = this.find(INSTALL);
    if (install !== null) { // Without it, what it overwrites is found by the look at the gates.
      this.stubs.writePointer(Interceptor.replaceFast(install, engine.code.on_install_stubs!));
      this.swapped = install;
    }
  }

  /** Nobody comes into the engine's code any more. */
  leave(): void {
    if (this.swapped !== null) {
      Interceptor.revert(this.swapped);
      this.swapped = null;
    }
  }

  /** Has the JIT compile a method; false where it does not. */
  compile(engine: Engine, method: NativePointer): boolean {
    if (this.jit === null || this.compiler === null) {
      return false;
    }
    const run = new NativeFunction(engine.code.compile_method!, "int", ["pointer", "pointer", "pointer", "pointer"], { exceptions: "propagate" });
    return run(Java.vm.getEnv().handle, this.compiler, this.jit.jit, method) !== 0;
  }

  /** Puts hooks in by `place`; the numbers of those, of `count` then, that code on a thread's stack passes by. */
  around(engine: Engine, place: () => number): number[] {
    this.trouble = "";
    if (!this.compiled()) {
      place();
      return [];
    }
    const { artInstrumentation: instrumentation, artThreadList: threads } = Java.api;
    if (this.pause === null || this.resume === null || instrumentation == null || threads === undefined || !this.complete) {
      this.trouble = "this ART cannot be asked to give up code that it compiled before the hook";
      place();
      return [];
    }
    const fn = (name: string, returns: string, args: string[]): any =>
      new NativeFunction(engine.code[name]!, returns, args, { exceptions: "propagate" });
    if (this.jit === null && this.runsJit) {
      this.trouble = "the JIT of this ART is not where it was looked for";
      place();
      return [];
    }
    const began = Date.now();
    this.pause(this.guard);
    try {
      this.given.methods += fn("give_up_compiled", "int", ["pointer", "pointer", "pointer"])(instrumentation, threads, this.jit?.cache ?? NULL);
      const count = place();
      const unknown = otherOat();
      if (unknown !== "") {
        this.trouble = started() ? `code that this ART compiled (oat ${unknown}) cannot be read on the stacks of a running app` : "";
        return [];
      }
      fn("look_at_stacks", "void", ["pointer"])(threads);
      const passed = new Uint8Array(this.stuck.readByteArray(count)!);
      return [...passed.keys()].filter((gate) => passed[gate] !== 0);
    } finally {
      this.resume(this.guard);
      this.given.passes += 1;
      this.given.ms += Date.now() - began;
    }
  }

  /** Whether there is compiled code; notes where. */
  private compiled(): boolean {
    const found = Process.enumerateRanges("--x").filter(({ file }) => file !== undefined && COMPILED.test(file.path));
    if (found.length >= MOST_RANGES) {
      fault("callers", new Error(`${found.length} ranges of compiled code`));
      found.length = MOST_RANGES - 1;
    }
    this.runsJit = found.some(({ file }) => /\bjit\b/.test(file!.path));
    found.forEach(({ base, size }, i) => {
      this.ranges.add(16 * i).writePointer(base);
      this.ranges.add(16 * i + 8).writePointer(base.add(size));
    });
    this.ranges.add(16 * found.length + 8).writePointer(NULL);
    return found.length > 0;
  }
}

/** The version of a compiled file here that is not known; empty = there is none. */
function otherOat(): string {
  for (const { base, size, file } of Process.enumerateRanges("r--")) {
    if (file === undefined || file.offset !== OAT_HEADER_AT || size < 8 || !COMPILED.test(file.path)) {
      continue;
    }
    const [magic, version] = [base.readUtf8String(4), base.add(4).readUtf8String(3)];
    if (magic === "oat\n" && version !== null && !KNOWN_OAT.has(version)) {
      return version;
    }
  }
  return "";
}

/** Whether the app's own code runs already: it does not when hooks are put in at its start. */
function started(): boolean {
  try {
    return Java.use("android.app.ActivityThread").currentApplication() !== null;
  } catch {
    return true;
  }
}

/** The JIT, if there is one: the runtime holds it beside its cache and its options, and it holds these two itself. */
function findJit(): { jit: NativePointer; cache: NativePointer } | null {
  const runtime = Java.api.artRuntime;
  if (runtime === undefined) {
    return null;
  }
  const data = Process.enumerateRanges("rw-");
  const mapped = (at: NativePointer): boolean => data.some(({ base, size }) => at.compare(base) >= 0 && at.compare(base.add(size - 24)) <= 0);
  const words = Array.from({ length: WORDS }, (_, i) => runtime.add(8 * i).readPointer());
  for (let i = 0; i + 2 < WORDS; i++) {
    const [jit, cache, options] = words.slice(i, i + 3) as [NativePointer, NativePointer, NativePointer];
    if (cache.isNull() || options.isNull() || !mapped(jit)) {
      continue;
    }
    const [a, b, c] = [0, 8, 16].map((at) => jit.add(at).readPointer()) as [NativePointer, NativePointer, NativePointer];
    if ((a.equals(cache) && b.equals(options)) || (b.equals(cache) && c.equals(options))) { // It may have virtual functions.
      return { jit, cache };
    }
  }
  return null;
}
