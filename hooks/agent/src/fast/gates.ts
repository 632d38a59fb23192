/**
 * x86-64 code that stands at the entry point of a hooked method on ART. All arguments are where ART's managed code put them;
 * only rax, r10 and r11 may be lost. Before each gate stand zeros, where ART looks for the size of a method's code.
 */

import { GATE } from "./layout.js";

const HEAD = 16;
const STRIDE = 48;
const SHARED_SIZE = 512;
const FRAME = 152;
/** rdi, rsi, rdx, rcx, r8, r9, rax. */
const GENERAL = [7, 6, 2, 1, 8, 9, 0];
/** Arguments, and those that managed code expects to keep. */
const FLOATS = [0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15];

class Code {
  readonly bytes: number[] = [];

  put(...bytes: number[]): void {
    this.bytes.push(...bytes);
  }

  word(value: number): void {
    this.put(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255);
  }

  address(value: NativePointer): void {
    const text = value.toString(16).replace(/^0x/, "").padStart(16, "0");
    for (let i = 14; i >= 0; i -= 2) {
      this.put(parseInt(text.slice(i, i + 2), 16));
    }
  }

  /** Moves between a register and the stack. */
  general(register: number, offset: number, load: boolean): void {
    this.put(register > 7 ? 0x4c : 0x48, load ? 0x8b : 0x89, 0x84 | ((register & 7) << 3), 0x24);
    this.word(offset);
  }

  float(register: number, offset: number, load: boolean): void {
    this.put(0xf2, ...(register > 7 ? [0x44] : []), 0x0f, load ? 0x10 : 0x11, 0x84 | ((register & 7) << 3), 0x24);
    this.word(offset);
  }
}

/** What all gates share: keeps the arguments, asks `choose`, goes on. rax holds the gate's memory. */
function sharedCode(choose: NativePointer, generic: NativePointer): number[] {
  const code = new Code();
  code.put(0x48, 0x81, 0xec); // sub rsp
  code.word(FRAME);
  GENERAL.forEach((register, i) => code.general(register, 8 * i, false));
  FLOATS.forEach((register, i) => code.float(register, 8 * (GENERAL.length + i), false));
  code.put(0x48, 0x89, 0xc7, 0x49, 0xbb); // mov rdi, rax; mov r11, choose
  code.address(choose);
  code.put(0x41, 0xff, 0xd3); // call r11
  GENERAL.slice(0, -1).forEach((register, i) => code.general(register, 8 * i, true));
  FLOATS.forEach((register, i) => code.float(register, 8 * (GENERAL.length + i), true));
  code.general(11, 8 * (GENERAL.length - 1), true);
  code.put(0x48, 0x81, 0xc4); // add rsp
  code.word(FRAME);
  code.put(0x48, 0x85, 0xc0, 0x74, 16); // test rax, rax; jz original
  code.put(0x48, 0x89, 0xc7, 0x49, 0xba); // mov rdi, rax; mov r10, generic
  code.address(generic);
  code.put(0x41, 0xff, 0xe2); // jmp r10
  code.put(0x41, 0xff, 0x63, GATE.entry); // original: jmp [r11 + entry]
  return code.bytes;
}

/** Makes gates, a page or more at a time. */
export class Gates {
  private readonly common: NativePointer;
  /** Code stays for the life of the process: a thread may stand in it. */
  private static readonly kept: NativePointer[] = [];

  constructor(choose: NativePointer, generic: NativePointer) {
    this.common = this.write(sharedCode(choose, generic), SHARED_SIZE);
  }

  private write(bytes: number[], least: number): NativePointer {
    const size = Math.ceil(Math.max(bytes.length, least) / Process.pageSize) * Process.pageSize;
    const memory = Memory.alloc(size);
    Gates.kept.push(memory);
    memory.writeByteArray(new Uint8Array(bytes).buffer);
    Memory.protect(memory, size, "r-x");
    return memory;
  }

  /** A gate for each piece of gate memory: where it begins. */
  make(gates: NativePointer[]): NativePointer[] {
    const code = new Code();
    for (const gate of gates) {
      const start = code.bytes.length;
      code.put(...new Array<number>(HEAD).fill(0), 0x48, 0xb8); // mov rax, gate
      code.address(gate);
      code.put(0xff, 0x25); // jmp [rip]
      code.word(0);
      code.address(this.common);
      code.put(...new Array<number>(STRIDE - (code.bytes.length - start)).fill(0));
    }
    const memory = this.write(code.bytes, STRIDE);
    return gates.map((_, i) => memory.add(i * STRIDE + HEAD));
  }
}
