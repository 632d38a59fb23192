/** The frames of a Java stack as text. Most frames of a new stack were in earlier ones and are told by the VM's own equality. */

import Java, { Env, Wrapper } from "frida-java-bridge";
import { FrameRecord } from "./protocol.js";
import { javaString } from "./text.js";

/** Frames kept, each with a reference to what describes it. */
const KEPT = 4096;

interface Known {
  element: NativePointer;
  frame: FrameRecord;
}

export class Frames {
  private readonly throwable = Java.use("java.lang.Throwable");
  private readonly known = new Map<number, Known[]>();
  private count = 0;
  private readonly getStackTrace: NativePointer;
  private readonly hashCode: NativePointer;
  private readonly equals: NativePointer;
  private readonly texts: NativePointer[];
  private readonly line: NativePointer;

  constructor() {
    const env = Java.vm.getEnv();
    const id = (holder: Wrapper, name: string, signature: string): NativePointer => env.getMethodId(holder.$h, name, signature);
    const throwable = this.throwable.class;
    const element = Java.use("java.lang.StackTraceElement").class;
    this.getStackTrace = id(throwable, "getStackTrace", "()[Ljava/lang/StackTraceElement;");
    this.hashCode = id(element, "hashCode", "()I");
    this.equals = id(element, "equals", "(Ljava/lang/Object;)Z");
    this.line = id(element, "getLineNumber", "()I");
    this.texts = ["getClassName", "getMethodName", "getFileName"].map((name) => id(element, name, "()Ljava/lang/String;"));
  }

  /** Those of this thread, innermost first, and whether there are more than `most`. */
  current(most: number): { frames: FrameRecord[]; truncated: boolean } {
    const env = Java.vm.getEnv();
    const throwable: Wrapper = this.throwable.$new();
    env.pushLocalFrame(most + 16);
    try {
      const elements = env.vaMethod("pointer", [])(env.handle, throwable.$h, this.getStackTrace) as NativePointer;
      env.throwIfExceptionPending();
      const length = env.getArrayLength(elements);
      const frames = Array.from({ length: Math.min(length, most) }, (_, i) => this.frame(env, env.getObjectArrayElement(elements, i)));
      return { frames, truncated: length > most };
    } finally {
      env.popLocalFrame(NULL);
    }
  }

  private frame(env: Env, element: NativePointer): FrameRecord {
    const int = env.vaMethod("int32", []);
    const hash = int(env.handle, element, this.hashCode) as number;
    env.throwIfExceptionPending(); // The stack may be at its end.
    const same = env.vaMethod("uint8", ["pointer"]);
    const found = this.known.get(hash)?.find((one) => same(env.handle, element, this.equals, one.element) !== 0);
    if (found !== undefined) {
      return found.frame;
    }
    const [cls, method, file] = this.texts.map((getter) => {
      const text = env.vaMethod("pointer", [])(env.handle, element, getter) as NativePointer;
      const read = text.isNull() ? "" : javaString(env, text);
      env.deleteLocalRef(text);
      return read;
    });
    const frame: FrameRecord = [cls!, method!, file!, Math.max(int(env.handle, element, this.line) as number, 0)];
    this.keep(env, hash, { element: env.newGlobalRef(element), frame });
    return frame;
  }

  private keep(env: Env, hash: number, one: Known): void {
    if (this.count === KEPT) {
      this.known.forEach((all) => all.forEach(({ element }) => env.deleteGlobalRef(element)));
      this.known.clear();
      this.count = 0;
    }
    const all = this.known.get(hash);
    if (all === undefined) {
      this.known.set(hash, [one]);
    } else {
      all.push(one);
    }
    this.count += 1;
  }
}
