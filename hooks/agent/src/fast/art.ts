/** ART: stacks by its own walker, entries behind gates. */

import Java, { Env } from "frida-java-bridge";
import type { Site } from "../hook.js";
import { DEFINED } from "../c/embedded.js";
import type { CFile } from "../source.js";
import { Callers, GivenUp } from "./callers.js";
import type { Backend, Lead } from "./backend.js";
import type { Engine } from "./engine.js";
import { fault, options } from "../transport.js";
import { barrier, Gates, supported } from "./gates.js";
import { ART, GATE } from "./layout.js";
import { eachBelow, Match, Search } from "./loaded.js";
import { prove } from "./probe.js";
import { forget, needed, symbol } from "./symbols.js";

const { METHOD, MOST_GATES, TABLE, VISITOR } = DEFINED;
const COPY_SIZE = 24;
const FAILED = "0xffffffffffffffff";
const INITIALIZE = "_ZN3art15instrumentation15Instrumentation21InitializeMethodsCodeEPNS_9ArtMethodEPKv";
const UPDATE = "_ZN3art15instrumentation15Instrumentation21UpdateMethodsCodeImplEPNS_9ArtMethodEPKv";
const ADD_REF = "_ZN3art9JavaVMExt12AddGlobalRefEPNS_6ThreadENS_6ObjPtrINS_6mirror6ObjectEEE";
/** The second is what remains from Android 15 on; it is asked of the thread. */
const DECODE = "_ZN3art9JavaVMExt12DecodeGlobalEPv";
const DECODE_BY_THREAD = "_ZNK3art6Thread19DecodeGlobalJObjectEP8_jobject";
const MARK = "_ZN3art11ReadBarrier4MarkEPNS_6mirror6ObjectE";
const VISIT = "_ZN3art11ClassLinker12VisitClassesEPNS_12ClassVisitorE";
/**
 * Where objects have their new places and threads that run know the old ones still, or wait. Of each list one function at
 * least must be there: of the collector that this process has, and of all.
 */
const COPYING = ["_ZN3art2gc9collector17ConcurrentCopying12CopyingPhaseEv"];
const COMPACTING = ["_ZN3art2gc9collector11MarkCompact15CompactionPauseEv", "_ZN3art2gc9collector11MarkCompact9RunPhasesEv"];
const COLLECTING = ["_ZN3art2gc4Heap22CollectGarbageInternalENS0_9collector6GcTypeENS0_7GcCauseEbj"];
const ON_STACK = "a thread is inside of code that was compiled before the hook and may hold a copy of the method";
const WALKER = {
  visitor_init: "_ZN3art12StackVisitorC2EPNS_6ThreadEPNS_7ContextENS0_13StackWalkKindEb",
  visitor_walk: "_ZN3art12StackVisitor9WalkStackILNS0_16CountTransitionsE0EEEvb",
  visitor_method: "_ZNK3art12StackVisitor9GetMethodEv",
  visitor_dex_pc: "_ZNK3art12StackVisitor8GetDexPcEb",
};

/** Where an ArtMethod keeps its native code: found in a method whose code is in ART's library. */
function dataOffset(): number {
  const method = Java.use("java.lang.Thread").currentThread.handle;
  const { base, size } = Java.api.module!;
  for (let at = 16; at <= 32; at += 8) {
    const value = method.add(at).readPointer();
    if (value.compare(base) > 0 && value.compare(base.add(size)) < 0) {
      return at;
    }
  }
  throw new Error("the layout of ART's methods is not known");
}

/** Offset of a field in ART's class objects. A field's id is where ART keeps what it knows of it. */
function classField(name: string, type: string): number {
  const env = Java.vm.getEnv();
  const klass = Java.use("java.lang.Class").class;
  return env.getFieldId(klass.$h, name, type).add(12).readU32();
}

export class Art implements Backend {
  readonly source: CFile[] = ["art.c", "callers.c", "art_place.c"];
  readonly watches = true;
  readonly renews = true;
  readonly symbols: Record<string, NativePointer>;
  private readonly state = Memory.alloc(176);
  private readonly list = Memory.alloc(8 * MOST_GATES);
  private readonly sites: Site[] = [];
  private readonly memory: NativePointer[] = [];
  private readonly swapped: NativePointer[] = [];
  private gates: Gates | null = null;
  private engine: Engine | null = null;
  private search: Search | null = null;
  /** Whether the collector copies (read barriers) or compacts. */
  private readonly copying: boolean;
  private readonly callers = new Callers(symbol, classField("classLoader", "Ljava/lang/ClassLoader;"));
  private doubted: [Site, string][] = [];
  private overrun = false;

  /** Throws where this ART or processor is not one that gates can be built for. */
  constructor() {
    const { artClassLinker: linker } = Java.api;
    if (!supported()) {
      throw new Error(`gates are built for x86-64 and arm64, this process is ${Process.arch}`);
    }
    if (linker === undefined) {
      throw new Error("the bridge does not know this ART's class linker");
    }
    this.symbols = {
      ...this.callers.symbols,
      art: this.state, gates: this.list, by_method: Memory.alloc(8 * TABLE), copies: Memory.alloc(COPY_SIZE * MOST_GATES),
      visit_classes: needed(VISIT), decode_global: needed(DECODE, DECODE_BY_THREAD), barrier: barrier(), memcpy: Module.getGlobalExportByName("memcpy"),
    };
    for (const [name, exported] of Object.entries(WALKER)) {
      this.symbols[name] = needed(exported);
    }
    const put = (at: number, value: NativePointer): void => void this.state.add(at).writePointer(value);
    put(ART.generic, linker.quickGenericJniTrampoline);
    put(ART.interpreter, linker.quickToInterpreterBridgeTrampoline);
    put(ART.resolution, linker.quickResolutionTrampoline);
    const data = dataOffset();
    this.state.add(ART.dataAt).writeS32(data);
    this.state.add(ART.entryAt).writeS32(data + 8);
    this.state.add(ART.size).writeS32(data + 16);
    this.state.add(ART.dontCompile).writeU32(Java.api.kAccCompileDontBother!);
    this.state.add(ART.byThread).writeS32(symbol(DECODE) === null ? 1 : 0);
    put(ART.linker, linker.address);
    this.state.add(ART.methodsAt).writeS32(classField("methods", "J"));
    this.state.add(ART.copiedAt).writeS32(classField("copiedMethodsOffset", "S"));
    this.state.add(ART.superAt).writeS32(classField("superClass", "Ljava/lang/Class;"));
    this.state.add(ART.interfacesAt).writeS32(classField("ifTable", "[Ljava/lang/Object;"));
    prove({
      size: data + 16, numberAt: options.fault.includes("layout") ? 4 : 8, methodsAt: classField("methods", "J"),
      copiedAt: classField("copiedMethodsOffset", "S"), superAt: classField("superClass", "Ljava/lang/Class;"),
    });
    this.state.add(ART.visitorSize).writeS32(options.fault.includes("walker") ? VISITOR / 8 : VISITOR);
    const barriers = symbol("_ZN3art15gUseReadBarrierE");
    this.copying = barriers === null || barriers.readU8() !== 0;
    if (this.copying) {
      put(ART.mark, symbol(MARK) ?? NULL);
    }
  }

  start(engine: Engine): void {
    this.engine = engine;
    this.gates = new Gates(engine.code.choose!, this.state.add(ART.generic).readPointer());
    const swap = (name: string, fn: string, at: number): void => {
      this.state.add(at).writePointer(Interceptor.replaceFast(needed(name), engine.code[fn]!));
      this.swapped.push(needed(name));
    };
    swap(ADD_REF, "on_add_ref", ART.addRef);
    for (const [name, fn, at] of [[INITIALIZE, "on_initialize", ART.initialize], [UPDATE, "on_update", ART.update]] as const) {
      try {
        swap(name, fn, at);
      } catch (error) {
        fault("engine", error); // What it would have overwritten is found by the look at the gates.
      }
    }
    this.followMoves(engine.code.after_moving!);
    this.callers.start(engine);
    Interceptor.flush();
    forget();
  }

  /** Replacements follow their methods when the collector moves a class. */
  private followMoves(afterMoving: NativePointer): void {
    const lists = this.copying ? [COPYING, COLLECTING] : [COMPACTING, COLLECTING];
    for (const names of lists) {
      let attached = 0;
      for (const name of names) {
        const found = symbol(name);
        try {
          if (found !== null && !options.fault.includes("gc")) {
            Interceptor.attach(found, { onLeave: afterMoving });
            attached += 1;
          }
        } catch (error) {
          fault("engine", error);
        }
      }
      if (attached === 0) {
        fault("engine", `the garbage collector is not followed: ${names.join(" or ")} cannot be hooked`);
      }
    }
  }

  place(sites: Site[], entries: NativePointer[]): void {
    const first = this.sites.length;
    if (first + sites.length > MOST_GATES) {
      throw new Error(`more than ${MOST_GATES} methods`);
    }
    const gates = sites.map(() => Memory.alloc(GATE.size));
    const stubs = this.gates!.make(gates);
    // Never given back: a stack trace that the app keeps may name a replacement.
    const replacements = pages(sites.length * METHOD);
    sites.forEach((site, i) => {
      const gate = gates[i]!;
      gate.add(GATE.method).writePointer(site.method.handle);
      gate.add(GATE.replacement).writePointer(replacements.add(i * METHOD));
      gate.add(GATE.stub).writePointer(stubs[i]!);
      gate.add(GATE.jni).writePointer(entries[i]!);
      gate.add(GATE.site).writeS32(site.native!.number);
      gate.add(GATE.inherited).writeS32(site.inherited ? 1 : 0);
      this.list.add(8 * (first + i)).writePointer(gate);
      this.sites.push(site);
      this.memory.push(gate);
      site.native!.gate = first + i;
      site.native!.slot!.through(gate);
      site.native!.slot!.target(site.method.handle);
    });
    const passed = this.callers.around(this.engine!, () => {
      this.engine!.inVm("place_gates", first, first + sites.length);
      return first + sites.length;
    });
    const why = this.callers.trouble;
    this.doubted = why === "" ? passed.map((gate) => [this.sites[gate]!, ON_STACK]) : sites.map((site) => [site, why]);
  }

  doubts(): [Site, string][] {
    return this.doubted.splice(0);
  }

  compile(method: NativePointer): boolean {
    return this.callers.compile(this.engine!, method);
  }

  get given(): GivenUp {
    return this.callers.given;
  }

  lead(site: Site): Lead | null {
    const gate = this.memory[site.native!.gate];
    return gate === undefined ? null : {
      at: site.method.handle.add(this.state.add(ART.entryAt).readS32()), expected: gate.add(GATE.stub).readPointer(),
    };
  }

  below(env: Env, bases: NativePointer[], onMatch: Match): void {
    this.search ??= new NativeFunction(this.engine!.code.find_below!, "int", ["pointer", "pointer", "int", "pointer", "pointer", "int"], {
      exceptions: "propagate",
    });
    eachBelow(env, bases, this.search, onMatch);
  }

  target(site: Site): NativePointer {
    return site.method.handle;
  }

  tidy(): void {
    this.state.add(ART.stale).writeS32(1); // At the app's next call that has its stack taken.
    if (!this.overrun && this.state.add(ART.overrun).readS32() !== 0) {
      this.overrun = true;
      fault("engine", "ART's walker of stacks is larger than is known: no stacks are taken");
    }
  }

  leave(): void {
    this.swapped.splice(0).forEach((one) => Interceptor.revert(one));
    this.callers.leave();
    Interceptor.flush();
  }

  remove(sites: Site[]): void {
    for (const site of sites) {
      const gate = site.native!.gate;
      if (gate >= 0) {
        this.engine!.inVm("remove_gate", gate);
      }
    }
  }
}

/** Memory of its own pages, never given back. Of no heap: those of arm64 tag pointers, and ART's methods have none. */
function pages(size: number): NativePointer {
  const map = new NativeFunction(Module.getGlobalExportByName("mmap"), "pointer", ["pointer", "size_t", "int", "int", "int", "int64"]);
  const [readWrite, privateAnonymous] = [3, 0x22];
  const memory = map(NULL, size, readWrite, privateAnonymous, -1, 0) as NativePointer;
  if (memory.toString() === FAILED) {
    throw new Error("no memory for replacements");
  }
  return memory;
}
