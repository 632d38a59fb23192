/** Whether functions of libraries are still as they were patched: an app can put them back, and its calls go unseen then. */

import type { Entry } from "./rowstate.js";

/** Bytes that are looked at, where a patch begins, and where it leads. */
const BEGINNING = 16;
const BEYOND = 32;

interface Patch {
  at: NativePointer;
  size: number;
  was: Uint8Array;
  entry: Entry;
  /** Whether it is the function itself, which its library takes along when it is unloaded. */
  library: boolean;
}

const patches: Patch[] = [];

/** From now on these patched functions are looked at. */
export function keep(entry: Entry, functions: NativePointer[]): void {
  Interceptor.flush(); // Else they are not patched yet.
  for (const at of functions) {
    add(entry, at, BEGINNING, true);
    const target = led(at);
    if (target !== null) {
      add(entry, target, BEYOND, false);
    }
  }
}

/** Entries whose functions were changed since, or went with their library, each once. */
export function look(): { changed: Set<Entry>; unloaded: Set<Entry> } {
  const changed = new Set<Entry>();
  const unloaded = new Set<Entry>();
  for (const { at, size, was, entry, library } of patches) {
    const is = read(at, size);
    if (is === null && library && Process.findModuleByAddress(at) === null) {
      unloaded.add(entry);
    } else if (is === null || is.some((byte, i) => byte !== was[i])) {
      changed.add(entry);
    }
  }
  if (changed.size + unloaded.size > 0) {
    patches.splice(0, patches.length, ...patches.filter(({ entry }) => !changed.has(entry) && !unloaded.has(entry)));
  }
  return { changed, unloaded };
}

function add(entry: Entry, at: NativePointer, size: number, library: boolean): void {
  const was = read(at, size);
  if (was !== null) {
    patches.push({ at, size, was, entry, library });
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
