/**
 * Code that stands at the entry point of a hooked method on ART, for x86-64 and arm64. All arguments are where ART's managed
 * code put them; only registers that it gives up at a call are lost. Before each gate stand zeros, where ART looks for the
 * size of a method's code.
 */

import { sharedArm64, stubArm64 } from "./gates_arm64.js";
import { sharedX64, stubX64 } from "./gates_x64.js";

/** Of a gate: its zeros, its whole size. */
const HEAD = 16;
const STRIDE = 48;
const SHARED_SIZE = 512;

/** How a processor's code is written: what all gates share, and one gate. `into` is written, `at` is where it will run. */
interface Writer {
  /** Instructions of a function that orders writes, as bytes. */
  barrier: number[];
  /** Of one that adds its second argument to the number its first one points to, in one step. */
  count: number[];
  shared(into: NativePointer, at: NativePointer, choose: NativePointer, generic: NativePointer): void;
  stub(into: NativePointer, at: NativePointer, gate: NativePointer, common: NativePointer): void;
}

const WRITERS: Record<string, Writer> = {
  x64: { barrier: [0x0f, 0xae, 0xf0, 0xc3], count: [0xf0, 0x01, 0x37, 0xc3], shared: sharedX64, stub: stubX64 },
  arm64: {
    barrier: [0xbf, 0x3b, 0x03, 0xd5, 0xc0, 0x03, 0x5f, 0xd6],
    // again: ldxr w2, [x0]; add w2, w2, w1; stxr w3, w2, [x0]; cbnz w3, again; dmb ish; ret
    count: [
      0x02, 0x7c, 0x5f, 0x88, 0x42, 0x00, 0x01, 0x0b, 0x02, 0x7c, 0x03, 0x88, 0xa3, 0xff, 0xff, 0x35, 0xbf, 0x3b, 0x03, 0xd5, 0xc0, 0x03,
      0x5f, 0xd6,
    ],
    shared: sharedArm64, stub: stubArm64,
  },
};

/** Whether gates can be made for the processor. */
export function supported(): boolean {
  return WRITERS[Process.arch] !== undefined;
}

const READ_EXECUTE = 5;
const PROT_BTI = 16;
const AT_HWCAP2 = 26;
const HWCAP2_BTI = 1 << 17;

/** Whether the processor checks where indirect branches land. */
function branchTargets(): boolean {
  if (Process.arch !== "arm64") {
    return false;
  }
  const auxiliary = new NativeFunction(Module.getGlobalExportByName("getauxval"), "uint64", ["uint64"]);
  return (auxiliary(AT_HWCAP2).toNumber() & HWCAP2_BTI) !== 0;
}

/** Code stays for the life of the process: a thread may stand in it. */
const kept: NativePointer[] = [];

/** Code in pages (of 4 or 16 KB) of its own: written, known to the processor's caches, and from then on not writable. */
function write(least: number, protection: number, fill: (into: NativePointer, at: NativePointer) => void): NativePointer {
  const size = Math.ceil(least / Process.pageSize) * Process.pageSize;
  const memory = Memory.alloc(size);
  kept.push(memory);
  Memory.patchCode(memory, size, (into) => fill(into, memory));
  const protect = new NativeFunction(Module.getGlobalExportByName("mprotect"), "int", ["pointer", "size_t", "int"]);
  if (protect(memory, size, protection) !== 0) {
    throw new Error("the memory of gates cannot be made executable");
  }
  return memory;
}

/** A function: what was written before it is seen by all processors before what is written after it. */
export function barrier(): NativePointer {
  return code(WRITERS[Process.arch]!.barrier);
}

/** A function: adds to a number in one step. */
export function counter(): NativePointer {
  return code(WRITERS[Process.arch]!.count);
}

function code(instructions: number[]): NativePointer {
  const bytes = new Uint8Array(instructions);
  return write(bytes.length, READ_EXECUTE, (into) => into.writeByteArray(bytes.buffer));
}

/** Makes gates. */
export class Gates {
  private readonly writer = WRITERS[Process.arch]!;
  private readonly common: NativePointer;
  private readonly protection = branchTargets() ? READ_EXECUTE | PROT_BTI : READ_EXECUTE;

  constructor(choose: NativePointer, generic: NativePointer) {
    this.common = write(SHARED_SIZE, this.protection, (into, at) => this.writer.shared(into, at, choose, generic));
  }

  /** A gate for each piece of gate memory: where it begins. */
  make(gates: NativePointer[]): NativePointer[] {
    const memory = write(STRIDE * gates.length, this.protection, (into, at) =>
      gates.forEach((gate, i) => {
        const start = i * STRIDE + HEAD;
        this.writer.stub(into.add(start), at.add(start), gate, this.common);
      }));
    return gates.map((_, i) => memory.add(i * STRIDE + HEAD));
  }
}
