/**
 * Hooks that run without JavaScript. What stands in place of a method is a C function (entries.ts): it knows its
 * thread, takes time and stack, and for a row that keeps only texts and numbers from a stack that is known already
 * records the call in memory that a timer drains. Everything else it asks JavaScript for, before and after the original.
 */

import Java from "frida-java-bridge";
import type { Backend, Lead } from "./backend.js";
import { DEFINED } from "../c/embedded.js";
import { source } from "../source.js";
import { counter } from "./gates.js";

const SHARED = { offset: 0, rate: 8, credits: 16, inflight: 32, closed: 40, half: 56, key: 64, security: 80, getName: 88, system: 104, identity: 112, message: 120, posted: 128, leads: 144, beyond: 148 };
const { COUNTS: MAX_COUNTS, LEADS: MAX_LEADS, RING, SETS, SLOTS, STACKS } = DEFINED;
const COUNT_SIZE = 40;
const ROW_SIZE = 64;
const LEAD_SIZE = 24;
const FED_SIZE = 16 + DEFINED.FED;

export interface Callbacks {
  before(
    site: number, env: NativePointer, self: NativePointer, args: NativePointer, t: number, stack: number, call: number,
    parent: number, tid: number, index: number, thread: NativePointer,
  ): number;
  after(token: number, env: NativePointer, result: NativePointer, exception: NativePointer, frame: NativePointer): number;
  resolve(site: number): void;
}

export interface Drained {
  records: DataView;
  counts: DataView;
  counted: number;
  /** Totals of rows: total, detailed, counted, nested, ignored, tokens, filled, lost. */
  totals: Float64Array | null;
}

/** Of functions that ask the VM for nothing. */
const exclusive: NativeFunctionOptions = { scheduling: "exclusive", exceptions: "propagate" };
/** Of those that do: in the VM a thread can wait for a safepoint whose operation needs the JS lock, which is free then. */
const cooperative: NativeFunctionOptions = { exceptions: "propagate" };

export class Engine {
  readonly code: CModule;
  readonly spend: (row: number, t: number) => number;
  /** 0 = plain, 1 = through TLS, 2 = of no app or SDK, 3 = that of a thread of its own. */
  readonly learn: (stack: number, kind: number) => void;
  /** Tasks that wait for a thread, by key: whose they are. */
  readonly putTask: (key: number, stack: number) => void;
  readonly findTask: (key: number) => number;
  /** Whose task the current thread runs; -1 = none that is known of. */
  readonly originHere: () => number;
  readonly setOrigin: (stack: number) => void;
  /** Texts of a cursor are followed from now on (its identity hash code). */
  readonly follow: (key: number) => void;
  readonly quiet: (by: number) => void;
  readonly currentStack: () => number;
  private readonly stackOf: (env: NativePointer) => number;
  /** Number of the call that the next one would be a part of; negative: it takes values. */
  readonly findOuter: (thread: NativePointer, folds: number, site: number) => number;
  readonly outerHere: (folds: number, part: number) => number;
  readonly nextCall: () => number;
  private readonly takeBytes: (key: number, out: NativePointer, total: NativePointer, keep: number) => number;
  private readonly feedBytes: (key: number, data: NativePointer, size: number) => void;
  /** What went into an object (its identity hash code) has gone into its copy too. */
  readonly copyFed: (key: number, copy: number) => void;
  private readonly fed = Memory.alloc(DEFINED.FED + 8);
  readonly parentHere: () => number;
  readonly busyHere: () => number;
  private readonly readText: (env: NativePointer, text: NativePointer, out: NativePointer, most: number) => number;
  /** Room for texts that nobody reads now: another thread may read one meanwhile. */
  private readonly texts: { at: NativePointer; units: Uint16Array }[] = [];
  private readonly giveCredit: (n: number, most: number) => void;
  private readonly lookAfter: (at: NativePointer, expected: NativePointer, site: number) => void;
  /** What leads to a site's hook is looked at no more. */
  readonly forgetLeads: (site: number) => void;
  private readonly findLost: (sites: NativePointer, most: number) => number;
  private readonly drainAll: (counts: NativePointer, rows: NativePointer, n: number, used: NativePointer) => number;
  private readonly shared = Memory.alloc(256);
  private readonly ring = Memory.alloc(2 * RING);
  private readonly out = Memory.alloc(MAX_COUNTS * COUNT_SIZE);
  private readonly totals: NativePointer;
  private readonly used = Memory.alloc(8);
  private readonly leads = Memory.alloc(MAX_LEADS * LEAD_SIZE);
  private readonly platform = Memory.alloc(8 * (2 + DEFINED.CLASSES + DEFINED.METHODS + DEFINED.HOLDERS + DEFINED.HELD));
  private readonly lost = Memory.alloc(4 * MAX_LEADS);
  /** Everything that C code points to. */
  private readonly kept: unknown[] = [];
  private readonly halves: DataView[];
  private readonly counts: DataView;
  private readonly rows: Float64Array;

  constructor(private readonly rowCount: number, callbacks: Callbacks, clockOffset: number, back: Backend) {
    const libc = (name: string): NativePointer => Module.getGlobalExportByName(name);
    const key = Memory.alloc(8);
    const createKey = new NativeFunction(libc("pthread_key_create"), "int", ["pointer", "pointer"], exclusive);
    if (createKey(key, libc("free")) !== 0) {
      throw new Error("no key for thread states");
    }
    this.totals = Memory.alloc((rowCount + 1) * ROW_SIZE);
    const callback = (fn: (...args: any[]) => unknown, returns: string, args: string[]): NativePointer => {
      const made = new NativeCallback(fn, returns, args);
      this.kept.push(made);
      return made;
    };
    const memory = (size: number): NativePointer => {
      const made = Memory.alloc(size);
      this.kept.push(made);
      return made;
    };
    this.code = new CModule(source("state.c", ...back.source, "jni.c", "objects.c", "held.c", "select.c", "calls.c", "tasks.c", "transforms.c", "watch.c"), {
      ...back.symbols,
      pthread_mutex_lock: libc("pthread_mutex_lock"),
      pthread_mutex_unlock: libc("pthread_mutex_unlock"),
      pthread_getspecific: libc("pthread_getspecific"),
      pthread_setspecific: libc("pthread_setspecific"),
      calloc: libc("calloc"),
      gettid: libc("gettid"),
      add_to: counter(),
      clock_gettime: libc("clock_gettime"),
      before_call: callback(callbacks.before, "double", [
        "int", "pointer", "pointer", "pointer", "double", "double", "double", "double", "int", "int", "pointer",
      ]),
      after_call: callback(callbacks.after, "int", ["double", "pointer", "pointer", "pointer", "pointer"]),
      resolve_site: callback(callbacks.resolve, "void", ["int"]),
      shared: this.shared,
      mutex: memory(64),
      rows: memory((rowCount + 1) * ROW_SIZE),
      buffers: this.ring,
      counts: memory(MAX_COUNTS * COUNT_SIZE),
      slots: memory(SLOTS * 4),
      stacks: memory(STACKS * 8),
      tasks: memory(SETS * 4 * 24),
      leads: this.leads,
      fed: memory(DEFINED.FED_SETS * 4 * FED_SIZE),
      evicted: memory(4 * DEFINED.EVICTED),
      free: libc("free"),
      platform: this.platform,
      shapes: memory(DEFINED.SHAPES * 16),
      followed: memory(4 * (DEFINED.FOLLOWED + 1)),
    });
    this.shared.add(SHARED.offset).writeDouble(clockOffset);
    this.shared.add(SHARED.key).writeS32(key.readS32());
    const fn = (name: string, returns: string, args: string[], options = exclusive): any =>
      new NativeFunction(this.code[name]!, returns, args, options);
    this.spend = fn("spend", "int", ["int", "double"]);
    this.learn = fn("learn", "void", ["double", "int"]);
    this.quiet = fn("quiet", "void", ["int"]);
    this.putTask = fn("put_task", "void", ["int", "double"]);
    this.findTask = fn("find_task", "double", ["int"]);
    this.originHere = fn("origin_here", "double", []);
    this.setOrigin = fn("set_origin", "void", ["double"]);
    this.stackOf = fn("current_stack", "double", ["pointer"], cooperative);
    this.currentStack = () => this.stackOf(Java.vm.getEnv().handle);
    this.findOuter = fn("find_outer", "double", ["pointer", "int", "int"]);
    this.outerHere = fn("outer_here", "double", ["int", "int"]);
    this.takeBytes = fn("take_fed", "int", ["int", "pointer", "pointer", "int"]);
    this.copyFed = fn("copy_fed", "void", ["int", "int"]);
    this.feedBytes = fn("feed_bytes", "void", ["int", "pointer", "int"]);
    this.nextCall = fn("next_call", "double", []);
    this.parentHere = fn("parent_here", "double", []);
    this.busyHere = fn("busy_here", "int", []);
    this.readText = fn("read_text", "int", ["pointer", "pointer", "pointer", "int"], cooperative);
    this.giveCredit = fn("give_credit", "void", ["double", "double"]);
    this.follow = fn("follow_cursor", "void", ["int"]);
    this.lookAfter = fn("watch", "void", ["pointer", "pointer", "int"]);
    this.forgetLeads = fn("forget_leads", "void", ["int"]);
    this.findLost = fn("find_lost", "int", ["pointer", "int"]);
    this.drainAll = fn("drain_all", "int", ["pointer", "pointer", "int", "pointer"]);
    this.halves = [0, 1].map((half) => new DataView(ArrayBuffer.wrap(this.ring.add(half * RING), RING)));
    this.counts = new DataView(ArrayBuffer.wrap(this.out, MAX_COUNTS * COUNT_SIZE));
    this.rows = new Float64Array(ArrayBuffer.wrap(this.totals, (rowCount + 1) * ROW_SIZE));
  }

  /** Class and method handles that recording an exception needs (a global reference and a method id, kept by the caller). */
  forExceptions(security: NativePointer, getName: NativePointer): void {
    this.shared.add(SHARED.security).writePointer(security);
    this.shared.add(SHARED.getName).writePointer(getName);
  }

  /** Handles for the keys of tasks: kept by the caller. `message` and `posted` are null where there are no messages. */
  forTasks(system: NativePointer, identity: NativePointer, message: NativePointer, posted: NativePointer): void {
    this.shared.add(SHARED.system).writePointer(system);
    this.shared.add(SHARED.identity).writePointer(identity);
    this.shared.add(SHARED.message).writePointer(message);
    this.shared.add(SHARED.posted).writePointer(posted);
  }

  /** Beginnings of the platform's names, and handles for reading objects (classes, methods, holders of values, where these are): kept by the caller, NULL where there is none. */
  forObjects(names: Uint16Array, libraries: Uint16Array, handles: NativePointer[]): void {
    const texts = [names, libraries].map((list) => {
      const made = Memory.alloc(list.byteLength);
      made.writeByteArray(list.buffer as ArrayBuffer);
      this.kept.push(made);
      return made;
    });
    [...texts, ...handles].forEach((one, i) => this.platform.add(8 * i).writePointer(one));
  }

  limits(credits: number, rate: number): void {
    this.shared.add(SHARED.rate).writeDouble(rate);
    this.shared.add(SHARED.credits).writeDouble(credits);
  }

  /** A Java string, its first 4096 characters, ill-formed ones replaced. */
  string(env: NativePointer, text: NativePointer): string {
    const room = this.texts.pop() ?? this.room();
    const size = this.readText(env, text, room.at, 4096);
    const read = String.fromCharCode.apply(null, room.units.subarray(0, size) as unknown as number[]);
    this.texts.push(room);
    return wellFormed(read);
  }

  private room(): { at: NativePointer; units: Uint16Array } {
    const at = Memory.alloc(2 * 4096);
    return { at, units: new Uint16Array(ArrayBuffer.wrap(at, 2 * 4096)) };
  }

  credit(n: number, most: number): void {
    this.giveCredit(n, most);
  }

  get credits(): number {
    return this.shared.add(SHARED.credits).readDouble();
  }

  /** Takes what was recorded since the last time. Valid until the next one. */
  drain(withTotals: boolean): Drained {
    const half = this.shared.add(SHARED.half).readS32();
    const counted = this.drainAll(this.out, this.totals, withTotals ? this.rowCount : 0, this.used);
    const view = this.halves[half]!;
    return {
      records: new DataView(view.buffer, 0, this.used.readS32()),
      counts: this.counts,
      counted,
      totals: withTotals ? this.rows : null,
    };
  }

  /** What went into an object so far (its identity hash code): the first of it, and how many bytes, -1 = not known; given up unless kept. */
  takeFed(key: number, keep: boolean): { data: Uint8Array; total: number } {
    const total = this.fed.add(DEFINED.FED);
    const size = this.takeBytes(key, this.fed, total, keep ? 1 : 0);
    return { data: new Uint8Array(this.fed.readByteArray(size) ?? new ArrayBuffer(0)), total: total.readS32() };
  }

  /** A part goes into an object. */
  feed(key: number, data: Uint8Array): void {
    const size = Math.min(data.length, DEFINED.FED);
    this.fed.writeByteArray(data.slice(0, size).buffer as ArrayBuffer);
    this.feedBytes(key, this.fed, size);
  }

  /** Looks after a hook from now on. */
  watch(site: number, lead: Lead): void {
    this.lookAfter(lead.at, lead.expected, site);
  }

  /** Looks at how a function of ours begins from now on; -1 = all sites depend on it. */
  watchCode(site: number, at: NativePointer): void {
    this.lookAfter(at, at.readPointer(), DEFINED.CODE + site);
  }

  /** Hooks and copies of methods that there was no room to look after, so far. */
  get beyond(): number {
    return this.shared.add(SHARED.beyond).readS32();
  }

  /** For a test: there is room for so many more. */
  crowd(room: number): void {
    this.shared.add(SHARED.leads).writeS32(MAX_LEADS - room);
  }

  /** Sites whose hook was found out of force since the last time, and those whose code was changed. */
  lostSites(): { lost: number[]; changed: number[] } {
    const count = this.findLost(this.lost, MAX_LEADS);
    const found = Array.from({ length: count }, (_, i) => this.lost.add(4 * i).readS32());
    const limit = DEFINED.CODE - 1;
    return { lost: found.filter((n) => n < limit), changed: found.filter((n) => n >= limit).map((n) => n - DEFINED.CODE) };
  }

  /** Runs one of the back end's functions in the VM, which may wait for it. */
  inVm(name: string, ...args: number[]): void {
    const run = new NativeFunction(this.code[name]!, "void", ["pointer", ...args.map(() => "int")], cooperative);
    run(Java.vm.getEnv().handle, ...args);
  }

  /** From now on entries only run the original. */
  close(): void {
    this.shared.add(SHARED.closed).writeS32(1);
  }

  /** Threads that are inside an entry. */
  get inflight(): number {
    return this.shared.add(SHARED.inflight).readS32();
  }
}

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Lone surrogates replaced: what goes over the wire is Unicode. */
export function wellFormed(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if ((text.charCodeAt(i) & 0xf800) === 0xd800) {
      return text.replace(LONE, "\ufffd");
    }
  }
  return text;
}
