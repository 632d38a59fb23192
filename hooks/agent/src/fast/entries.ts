/** One C function a hooked overload, compiled in one go a pass, and what it knows about its rows. */

import { JniType } from "frida-java-bridge";
import { source } from "../source.js";
import type { Fed } from "./fed.js";

const AT = {
  target: 0, klass: 8, constants: 16, filters: 24, number: 32, row: 36, fast: 40, isStatic: 44, ret: 48, folds: 52, counts: 56, gives: 60,
  wants: 64, transform: 68, hasConstants: 72, reads: 76, readAt: 80, readAs: 112, filterCount: 144, stackFirst: 148, taskAt: 152, direct: 156, gate: 160,
  select: 168, before: 176, members: 180, fed: 184, inAt: 188, inShape: 192, outAt: 196, outFrom: 200, size: 208,
};
const CHOICE = { parts: 0, count: 8, type: 12, size: 16 };
const SELECT = { keys: 0, keyCount: 8, from: 12, end: 16, as: 20, size: 56 };
const CANARY = 7;

/** C type and field of the value by JNI type letter. */
const C: Record<string, [string, string]> = {
  V: ["void", ""], Z: ["unsigned char", "z"], B: ["signed char", "b"], C: ["unsigned short", "c"], S: ["short", "s"],
  I: ["int", "i"], J: ["long long", "j"], F: ["float", "f"], D: ["double", "d"], L: ["void *", "l"],
};

export function letter(type: JniType): string {
  return type.type === "void" ? "V" : type.type === "pointer" ? "L" : type.name;
}

/** What the entry must know: T = text, [ = array, else the JNI letter. */
function kind(type: JniType): string {
  return type.name === "Ljava/lang/String;" ? "T" : type.name.startsWith("[") ? "[" : letter(type);
}

/** How a call's data type is chosen: keys in their order, the last one for none; type 0 = nobody's. */
export interface Selection {
  keys: { parts: string[]; type: number }[];
  /** First argument that may decide and the letters from there on; -1 = the object. */
  from: number;
  letters: string[];
}

export interface Plan {
  row: number;
  /**
   * 1 = may be recorded without JavaScript, 2 = only counted, 3 to 6 = tasks for other threads: given, begun, ended, run.
   * (7 = a canary, which has no plan.) 8, 9 = an observer looks at few of the calls: texts of cursors, keys of preferences.
   * 10 = a part that goes into a transform.
   */
  fast: 1 | 2 | 3 | 4 | 5 | 6 | 8 | 9 | 10;
  /** Argument that is the task, -1 = the object; of 9 whether the preference is a truth value. */
  taskAt: number;
  folds: number;
  counts: boolean;
  gives: boolean;
  wants: boolean;
  transform: boolean;
  constants: string[];
  /** Classes (global references, held by the caller) of which the receiver must be one; empty = any. */
  filters: NativePointer[];
  /** Argument index, or -1 for the result, and the letter to read: JNI's, or that of an object (objects.ts). */
  reads: [number, string][];
  /** The letter of a result whose members decide about the outcome; empty = none. */
  members: string;
  select: Selection | null;
  /** Of a transform: what goes in and what comes out. */
  fed: Fed | null;
}

/** A site's memory. */
export class Slot {
  private constants: NativePointer | null = null;
  private filters: NativePointer | null = null;
  private readonly kept: NativePointer[] = [];

  constructor(private readonly memory: NativePointer) {}

  shape(number: number, isStatic: boolean, ret: JniType, klass: NativePointer): void {
    this.memory.add(AT.number).writeS32(number);
    this.memory.add(AT.isStatic).writeS32(isStatic ? 1 : 0);
    this.memory.add(AT.ret).writeS32(kind(ret).charCodeAt(0));
    this.memory.add(AT.klass).writePointer(klass);
  }

  /** The stack is wanted in each call: taken before JavaScript is asked. */
  stackFirst(): void {
    this.memory.add(AT.stackFirst).writeS32(1);
  }

  target(method: NativePointer): void {
    this.memory.add(AT.target).writePointer(method);
  }

  /** ART: the method itself is called, past the gate that stands before it. */
  through(gate: NativePointer): void {
    this.memory.add(AT.direct).writeS32(1);
    this.memory.add(AT.gate).writePointer(gate);
  }

  /** Calls are counted here, and nothing else. */
  canary(): void {
    this.memory.add(AT.fast).writeS32(CANARY);
  }

  get hits(): number {
    return this.memory.add(AT.taskAt).readS32();
  }

  /** Back to JavaScript. */
  slow(): void {
    this.memory.add(AT.fast).writeS32(0);
  }

  plan(plan: Plan): void {
    const put = (at: number, value: number | boolean): void => {
      this.memory.add(at).writeS32(Number(value));
    };
    put(AT.row, plan.row);
    put(AT.taskAt, plan.taskAt);
    put(AT.folds, plan.folds);
    put(AT.counts, plan.counts);
    put(AT.gives, plan.gives);
    put(AT.wants, plan.wants);
    put(AT.transform, plan.transform);
    if (plan.constants.length > 0) {
      const units = plan.constants.flatMap((text) => [text.length, ...text.split("").map((one) => one.charCodeAt(0))]);
      const data = new Uint16Array([...units, 65535]);
      this.constants = Memory.alloc(data.byteLength);
      this.constants.writeByteArray(data.buffer);
      this.memory.add(AT.constants).writePointer(this.constants);
    }
    put(AT.hasConstants, plan.constants.length > 0);
    this.filters = Memory.alloc(8 * Math.max(plan.filters.length, 1));
    plan.filters.forEach((one, i) => this.filters!.add(8 * i).writePointer(one));
    this.memory.add(AT.filters).writePointer(this.filters);
    put(AT.filterCount, plan.filters.length);
    put(AT.reads, plan.reads.length);
    plan.reads.forEach(([index, as], i) => {
      put(AT.readAt + 4 * i, index);
      put(AT.readAs + 4 * i, as.charCodeAt(0));
    });
    put(AT.before, plan.reads.some(([index, as]) => index >= 0 && as >= "a"));
    put(AT.members, plan.members === "" ? 0 : plan.members.charCodeAt(0));
    if (plan.fed !== null) {
      put(AT.fed, plan.fed.mode);
      put(AT.inAt, plan.fed.inAt);
      put(AT.inShape, plan.fed.inShape);
      put(AT.outAt, plan.fed.outAt);
      put(AT.outFrom, plan.fed.outFrom);
    }
    this.memory.add(AT.select).writePointer(plan.select === null ? NULL : this.selection(plan.select));
    put(AT.fast, plan.fast); // Last: from here on it is used.
  }

  private hold(size: number): NativePointer {
    const made = Memory.alloc(Math.max(size, 8));
    this.kept.push(made);
    return made;
  }

  private selection({ keys, from, letters }: Selection): NativePointer {
    const made = this.hold(SELECT.size);
    const table = this.hold(CHOICE.size * keys.length);
    keys.forEach(({ parts, type }, i) => {
      const data = new Uint16Array(parts.flatMap((part) => [part.length, ...part.split("").map((one) => one.charCodeAt(0))]));
      const text = this.hold(data.byteLength);
      text.writeByteArray(data.buffer);
      table.add(CHOICE.size * i + CHOICE.parts).writePointer(text);
      table.add(CHOICE.size * i + CHOICE.count).writeS32(parts.length);
      table.add(CHOICE.size * i + CHOICE.type).writeS32(type);
    });
    made.add(SELECT.keys).writePointer(table);
    made.add(SELECT.keyCount).writeS32(keys.length - 1);
    made.add(SELECT.from).writeS32(from);
    made.add(SELECT.end).writeS32(from < 0 ? from : from + letters.length);
    letters.forEach((one, i) => made.add(SELECT.as + 4 * i).writeS32(one.charCodeAt(0)));
    return made;
  }
}

export interface Shape {
  isStatic: boolean;
  returns: JniType;
  args: JniType[];
  klass: NativePointer;
}

export interface Entries {
  slots: Slot[];
  functions: NativePointer[];
  /** Keeps code and memory alive. */
  kept: unknown[];
}

/** Compiles the entries of a pass. `first` is the number of its first site. */
export function compile(first: number, shapes: Shape[], runSite: NativePointer): Entries {
  const memory = Memory.alloc(shapes.length * AT.size);
  const parts = [source("site.h"), "extern Site sites[];"];
  const slots = shapes.map((shape, i) => {
    const slot = new Slot(memory.add(i * AT.size));
    slot.shape(first + i, shape.isStatic, shape.returns, shape.klass);
    parts.push(entry(i, shape));
    return slot;
  });
  const code = new CModule(parts.join("\n"), { sites: memory, run_site: runSite });
  return { slots, functions: shapes.map((_, i) => code[`e${i}`]!), kept: [code, memory] };
}

function entry(i: number, shape: Shape): string {
  const args = shape.args.map(letter);
  const params = args.map((one, n) => `, ${C[one]![0]} a${n}`).join("");
  const stores = args.map((one, n) => `a[${n}].j = 0; a[${n}].${C[one]![1]} = a${n};`).join(" ");
  const [type, field] = C[letter(shape.returns)]!;
  const end = field === "" ? "" : ` return r.${field};`;
  return `${type} e${i} (void * env, void * self${params}) { Value a[${args.length + 1}], r; r.j = 0; ${stores} ` +
    `run_site (&sites[${i}], env, self, a, &r);${end} }`;
}
