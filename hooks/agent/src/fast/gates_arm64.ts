/**
 * Gates for arm64: x16 and x17 may be lost, and by those alone code is jumped to, so that every jump is one that `bti c` at its
 * target lets pass. The hints (bti, paciasp, autiasp) do nothing on processors that do not know them.
 */

import { GATE } from "./layout.js";

const BTI_C = 0xd503245f;
/** The return address is signed while it lies on the stack. */
const PACIASP = 0xd503233f;
const AUTIASP = 0xd50323bf;
/** The method (x0) and its arguments; x8 keeps the pairs even. */
const PAIRS = [
  ["x1", "x2"], ["x3", "x4"], ["x5", "x6"], ["x7", "x8"], ["d0", "d1"], ["d2", "d3"], ["d4", "d5"], ["d6", "d7"],
] as const;

/** What all gates share: keeps the arguments, asks `choose`, goes on. x16 holds the gate's memory. */
export function sharedArm64(into: NativePointer, at: NativePointer, choose: NativePointer, generic: NativePointer): void {
  const code = new Arm64Writer(into, { pc: at });
  code.putInstruction(BTI_C);
  code.putInstruction(PACIASP);
  code.putPushRegReg("x29", "x30");
  code.putMovRegReg("x29", "sp");
  code.putPushRegReg("x16", "x0");
  PAIRS.forEach(([one, two]) => code.putPushRegReg(one, two));
  code.putMovRegReg("x0", "x16");
  code.putLdrRegAddress("x17", choose);
  code.putBlrRegNoAuth("x17");
  code.putMovRegReg("x17", "x0");
  [...PAIRS].reverse().forEach(([one, two]) => code.putPopRegReg(one, two));
  code.putPopRegReg("x16", "x0");
  code.putPopRegReg("x29", "x30");
  code.putInstruction(AUTIASP);
  code.putCbzRegLabel("x17", "original");
  code.putMovRegReg("x0", "x17");
  code.putLdrRegAddress("x17", generic);
  code.putBrRegNoAuth("x17");
  code.putLabel("original");
  code.putLdrRegRegOffset("x17", "x16", GATE.entry);
  code.putBrRegNoAuth("x17");
  code.flush();
  code.dispose();
}

/** One gate: 32 bytes. */
export function stubArm64(into: NativePointer, at: NativePointer, gate: NativePointer, common: NativePointer): void {
  const code = new Arm64Writer(into, { pc: at });
  code.putInstruction(BTI_C);
  code.putLdrRegAddress("x16", gate);
  code.putLdrRegAddress("x17", common);
  code.putBrRegNoAuth("x17");
  code.flush(); // Both addresses come behind.
  code.dispose();
}
