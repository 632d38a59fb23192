/** Values as C entries keep them: eight bytes each, read and written by JNI type. */

import type { JniType } from "frida-java-bridge";
import type { Site } from "../hook.js";
import { letter } from "./entries.js";

export function argsOf(site: Site, at: NativePointer): unknown[] {
  return site.method._p[5].map((type, i) => valueAt(at.add(8 * i), type));
}

export function valueAt(at: NativePointer, type: JniType): unknown {
  switch (letter(type)) {
    case "V": return undefined;
    case "L": return at.readPointer();
    case "Z": return at.readU8();
    case "B": return at.readS8();
    case "C": return at.readU16();
    case "S": return at.readS16();
    case "I": return at.readS32();
    case "J": return at.readS64();
    case "F": return at.readFloat();
    default: return at.readDouble();
  }
}

/** A boolean, a reference, or nothing for void. */
export function putValue(at: NativePointer, value: unknown): void {
  if (value instanceof NativePointer) {
    at.writePointer(value);
  } else if (value !== undefined) {
    at.writeS32(Number(value));
  }
}
