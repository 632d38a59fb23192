/** Whether functions of libraries are still as they were patched: an app can put them back, and its calls go unseen then. */

import { BEGINNING, Patched } from "./native.js";
import type { Entry } from "./rowstate.js";

/** Bytes that are looked at where a patch leads. */
const BEYOND = 32;

interface Patch extends Patched {
  size: number;
  ours: Uint8Array;
  was: Uint8Array;
  entry: Entry;
  /** Whether it is the function itself, which its library takes along when it is unloaded. */
  library: boolean;
  /** Calls that had come to the hook when other code was found before it; null = there is none, or they go on coming. */
  since: number | null;
}

const patches: Patch[] = [];

/** From now on these patched functions are looked at. */
export function keep(entry: Entry, functions: Patched[]): void {
  Interceptor.flush(); // Else they are not patched yet.
  for (const one of functions) {
    add(entry, one, BEGINNING, true);
    const target = led(one.at);
    if (target !== null) {
      add(entry, { ...one, at: target, plain: null }, BEYOND, false);
    }
  }
}

export interface Found {
  /** The function is as its library has it, or cannot be read: the hook is out. */
  changed: Set<Entry>;
  unloaded: Set<Entry>;
  /** Other code stands before the hook, as when a library of the app hooks the same function, and no call came through. */
  behind: Set<Entry>;
  /** Such a call came now, or the other code is gone. */
  through: Set<Entry>;
}

/** What became of entries since the last look, each once. */
export function look(): Found {
  const found: Found = { changed: new Set(), unloaded: new Set(), behind: new Set(), through: new Set() };
  for (const patch of patches) {
    const { at, size, ours, was, entry, library, plain, since } = patch;
    const is = read(at, size);
    if (is === null && library && Process.findModuleByAddress(at) === null) {
      found.unloaded.add(entry);
    } else if (is === null || (plain !== null && same(is, new Uint8Array(plain)))) {
      found.changed.add(entry);
    } else if (!same(is, was)) {
      patch.was = is;
      patch.since = same(is, ours) ? null : patch.calls(); // Whether calls go on coming, the next look tells.
      if (patch.since === null) {
        found.through.add(entry);
      }
    } else if (since !== null) {
      const through = patch.calls() !== since;
      patch.since = through ? null : since;
      (through ? found.through : found.behind).add(entry);
    }
  }
  found.through.forEach((entry) => {
    if (patches.some((one) => one.entry === entry && one.since !== null)) {
      found.through.delete(entry);
    }
  });
  if (found.changed.size + found.unloaded.size > 0) {
    patches.splice(0, patches.length, ...patches.filter(({ entry }) => !found.changed.has(entry) && !found.unloaded.has(entry)));
  }
  return found;
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((byte, i) => byte === other[i]);
}

function add(entry: Entry, patched: Patched, size: number, library: boolean): void {
  const was = read(patched.at, size);
  if (was !== null) {
    // Where Frida has another hook there is nothing to compare with.
    const plain = patched.plain === null || same(was, new Uint8Array(patched.plain)) ? null : patched.plain;
    patches.push({ ...patched, plain, size, ours: was, was, entry, library, since: null });
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
