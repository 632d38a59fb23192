/**
 * ART's functions by name. What a build does not export may still be among its symbols, or in the compressed ones that a
 * stripped build keeps for its own stack traces (.gnu_debugdata): Frida reads both, all at once.
 */

import Java from "frida-java-bridge";

let all: Map<string, NativePointer> | null = null;

/** All names that are not exported and could be asked for: read once, as it takes a walk over the whole library. */
function hidden(): Map<string, NativePointer> {
  if (all === null) {
    all = new Map();
    for (const { name, address, type } of Java.api.module!.enumerateSymbols()) {
      if (name.startsWith("_ZN") && (type === "function" || type === "object") && !address.isNull()) {
        all.set(name, address);
      }
    }
  }
  return all;
}

/** Where the first of `names` is that this ART has; null = it has none. */
export function symbol(...names: string[]): NativePointer | null {
  for (const name of names) {
    const found = Java.api.module!.findExportByName(name);
    if (found !== null) {
      return found;
    }
  }
  for (const name of names) {
    const found = hidden().get(name);
    if (found !== undefined) {
      return found;
    }
  }
  return null;
}

export function needed(...names: string[]): NativePointer {
  const found = symbol(...names);
  if (found === null) {
    throw new Error(`this ART has no ${names.join(" or ")}`);
  }
  return found;
}

/** The index is only of use while the engine starts. */
export function forget(): void {
  all = null;
}
