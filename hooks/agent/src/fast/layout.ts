/** Offsets in the structures of ../c/art.h. */

export const GATE = { method: 0, replacement: 8, entry: 16, stub: 24, jni: 32, site: 40, inherited: 44, size: 48 };
export const ART = {
  generic: 0, interpreter: 8, resolution: 16, addRef: 24, initialize: 32, update: 40, instrumentation: 48, dataAt: 56, entryAt: 60,
  size: 64, count: 68, dontCompile: 72, methodsAt: 76, copiedAt: 80, linker: 88,
  mark: 104, superAt: 112, interfacesAt: 116, stale: 120, byThread: 124, visitorSize: 132, overrun: 136,
};
