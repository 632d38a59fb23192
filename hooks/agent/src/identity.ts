/** Which object is it: identity hash codes, which call no code of the app. */

import { Env } from "frida-java-bridge";
import { helper } from "./classes.js";

let method: NativePointer = NULL;

export function identity(env: Env, object: NativePointer): number {
  const system = helper("java.lang.System")!.class;
  if (method.isNull()) {
    method = env.getStaticMethodId(system.$h, "identityHashCode", "(Ljava/lang/Object;)I");
  }
  return env.staticVaMethod("int32", ["pointer"])(env.handle, system.$h, method, object) as number;
}

/** A map that forgets its oldest entries. */
export class Recent<T, K = number> {
  private readonly items = new Map<K, T>();

  constructor(private readonly limit: number) {}

  get(key: K): T | undefined {
    return this.items.get(key);
  }

  set(key: K, value: T): void {
    this.items.delete(key);
    this.items.set(key, value);
    if (this.items.size > this.limit) {
      this.items.delete(this.items.keys().next().value!);
    }
  }

  delete(key: K): void {
    this.items.delete(key);
  }

  values(): IterableIterator<T> {
    return this.items.values();
  }
}
