/** Whether functions of libraries are still as they were patched: an app can put them back, and its calls go unseen then. */

import { BEGINNING, Patched } from "./native.js";
import type { Entry } from "./rowstate.js";

/** Bytes that are looked at where a patch leads. */
const BEYOND = 32;

interface Patch {
  at: NativePointer;
  size: number;
  was: Uint8Array;
  entry: Entry;
  /** Of the function itself, which its library takes along when it is unloaded: as it began before the hook. Else null. */
  plain: Uint8Array | null;
}

const patches: Patch[] = [];

/** From now on these patched functions are looked at. */
export function keep(entry: Entry, functions: Patched[]): void {
  Interceptor.flush(); // Else they are not patched yet.
  for (const { at, plain } of functions) {
    add(entry, at, BEGINNING, new Uint8Array(plain ?? new ArrayBuffer(0)));
    const target = led(at);
    if (target !== null) {
      add(entry, target, BEYOND, null);
    }
  }
}

export interface Found {
  /** The hook is out, or code of ours was written over. */
  changed: Set<Entry>;
  unloaded: Set<Entry>;
  /** Other code stands before the hook, as when a library of the app hooks the same function: it decides what comes through. */
  behind: Set<Entry>;
}

/** What became of entries since the last look. */
export function look(): Found {
  const found: Found = { changed: new Set(), unloaded: new Set(), behind: new Set() };
  for (const { at, size, was, entry, plain } of patches) {
    const is = read(at, size);
    if (is === null && plain !== null && Process.findModuleByAddress(at) === null) {
      found.unloaded.add(entry);
    } else if (is === null || (!same(is, was) && (plain === null || same(is, plain)))) {
      found.changed.add(entry);
    } else if (!same(is, was)) {
      found.behind.add(entry);
    }
  }
  if (found.changed.size + found.unloaded.size > 0) {
    patches.splice(0, patches.length, ...patches.filter(({ entry }) => !found.changed.has(entry) && !found.unloaded.has(entry)));
  }
  return found;
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

function add(entry: Entry, at: NativePointer, size: number, plain: Uint8Array | null): void {
  const was = read(at, size);
  if (was !== null) {
    patches.push({ at, size, was, entry, plain });
  }
}

/** null: nothing can be read there (any more). */
function read(at: NativePointer, size: number): Uint8Array | null {
  try {
    const data = at.readByteArray(size);
    return data === null ? null : new Uint8Array(data);
  } catch {
    return null;
  }
}

/** Where the patch at the beginning of a function leads; null where that is not said there. */
function led(at: NativePointer): NativePointer | null {
  const code = read(at, BEGINNING);
  if (code === null) {
    return null;
  }
  if (Process.arch === "x64") {
    return code[0] === 0xe9 ? at.add(5 + at.add(1).readS32()) : null; // jmp
  }
  const first = at.readU32();
  if (first >>> 26 === 5) {
    return at.add((first << 6) >> 4); // b
  }
  return first === 0x58000050 ? at.add(8).readPointer() : null; // ldr x16, 8; br x16
}
