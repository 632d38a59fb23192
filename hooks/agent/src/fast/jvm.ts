/** A JVM: stacks by JVMTI, entries put in place by the bridge. */

import Java, { Env } from "frida-java-bridge";
import type { Site } from "../hook.js";
import type { CFile } from "../source.js";
import type { Backend, Lead } from "./backend.js";
import { below, Match } from "./loaded.js";

const SYNCHRONIZED = 0x20;
/** Of HotSpot's methods, with the function of a native one behind. */
const METHOD_SIZE = 128;

/** Where a method of HotSpot's has its flags: found in two whose modifiers are known. */
function flagsAt(): number {
  const known: [NativePointer, number][] = [
    [Java.use("java.lang.Thread").currentThread.handle, 0x109], [Java.use("java.lang.Object").notifyAll.handle, 0x111],
  ];
  for (let at = 24; at <= 48; at += 4) {
    if (known.every(([id, modifiers]) => (id.readPointer().add(at).readU32() & 0xfff) === modifiers)) {
      return at;
    }
  }
  throw new Error("the layout of the JVM's methods is not known");
}

/**
 * The bridge's replacements of synchronized methods take no lock, as on ART: a thread that waited for it would be on its way
 * into the hook, and nobody would know of it. The original takes the lock.
 */
function withoutLocks(): void {
  const api = Java.api as unknown as Record<string, (method: NativePointer) => void>;
  const [clear, at] = [api["Method::clear_code"]!, flagsAt()];
  api["Method::clear_code"] = (method) => { // Of a replacement, whose flags are those of its method by now.
    const flags = method.add(at);
    flags.writeU32(flags.readU32() & ~SYNCHRONIZED);
    clear(method);
  };
}

export class Jvm implements Backend {
  readonly source: CFile[] = ["jvm.c"];
  readonly watches = false;
  readonly renews = false;
  readonly symbols: Record<string, NativePointer>;
  /** What was taken out: a thread that is still inside comes back into the replacement's memory. */
  private readonly taken: unknown[] = [];

  constructor() {
    const jvmti = Java.api.jvmti!.handle;
    this.symbols = { jvmti, get_stack_trace: jvmti.readPointer().add(103 * 8).readPointer() };
  }

  start(): void {
    withoutLocks();
  }

  place(sites: Site[], entries: NativePointer[]): void {
    sites.forEach((site, i) => {
      site.method._r!._m.impl = entries[i]!;
    });
  }

  lead(site: Site): Lead | null {
    const placed = site.method._r?._m.newMethod;
    return placed ? { at: site.method.handle, expected: placed.method } : null;
  }

  /** A replacement is a native method, so that an app can register another function for it by JNI. */
  further(site: Site): Lead | null {
    const { newMethod, impl } = site.method._r!._m;
    for (let at = 0; at < METHOD_SIZE; at += 8) {
      const word = newMethod!.method.add(at);
      if (word.readPointer().equals(impl!)) {
        return { at: word, expected: impl! };
      }
    }
    return null;
  }

  /** A JVM drops what it inlined itself. */
  readonly given = null;

  doubts(): [Site, string][] {
    return [];
  }

  compile(): boolean {
    return false;
  }

  below(env: Env, bases: NativePointer[], onMatch: Match): void {
    below(env, bases, onMatch);
  }

  target(site: Site): NativePointer {
    return site.method._r!._m.resolveTarget(null, true, Java.vm.getEnv(), Java.api);
  }

  tidy(): void {}

  leave(): void {}

  remove(sites: Site[]): void {
    for (const site of sites) {
      const mangler = site.method._r?._m;
      const placed = mangler?.newMethod;
      if (placed) {
        this.taken.push(mangler);
        placed.accessFlags &= ~SYNCHRONIZED; // As the bridge knows them, who writes them again.
      }
      site.method.implementation = null;
    }
  }
}
