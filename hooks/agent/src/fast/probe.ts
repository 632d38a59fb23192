/**
 * Where ART keeps things in its methods, classes and fields, held against what is so of classes that every process has. Of
 * another ART hooks would be written over something else: it is refused. Only memory is read, nothing of the VM is called.
 */

import Java from "frida-java-bridge";

export interface Layout {
  /** Of a method: its size, where its number is. */
  size: number;
  numberAt: number;
  /** Of a class: its methods, how many are its own, the class above. */
  methodsAt: number;
  copiedAt: number;
  superAt: number;
}

const TRIES = 20;

/** Throws where the layout is not this ART's. */
export function prove(layout: Layout): void {
  const sleep = new NativeFunction(Module.getGlobalExportByName("usleep"), "int", ["uint"]);
  let why = "";
  for (let i = 0; i < TRIES; i++) {
    try {
      why = wrong(layout);
    } catch {
      why = "a place that is none";
    }
    if (why === "") {
      return;
    }
    sleep(10_000); // A collector may be moving classes.
  }
  throw new Error(`the layout of ART's methods and classes is another: ${why}`);
}

function wrong({ size, numberAt, methodsAt, copiedAt, superAt }: Layout): string {
  const method = Java.use("java.lang.Thread").currentThread.handle;
  const other = Java.use("java.lang.Object").notifyAll.handle;
  const klass = ptr(method.readU32());
  if ((method.add(4).readU32() & 0xffff) !== 0x109 || (other.add(4).readU32() & 0xffff) !== 0x111) {
    return "access flags";
  }
  if (klass.add(superAt).readU32() !== other.readU32()) {
    return "the class above a class";
  }
  const methods = klass.add(methodsAt).readPointer();
  const [count, own] = [methods.readU32(), klass.add(copiedAt).readU16()];
  const place = method.sub(methods).toInt32() - 8;
  if (own > count || place % size !== 0 || place / size >= own) {
    return "the methods of a class";
  }
  let [descents, last] = [0, -1];
  for (let i = 0; i < own; i++) {
    const at = methods.add(8 + i * size);
    const number = at.add(numberAt).readU32();
    if (at.readU32() !== method.readU32()) {
      return "the class of a method";
    }
    descents += number <= last ? 1 : 0;
    last = number;
  }
  return descents <= 1 ? "" : "the numbers of methods"; // Those that are not called by way of an object first, each in order.
}
