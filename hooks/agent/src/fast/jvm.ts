/** A JVM: stacks by JVMTI, entries put in place by the bridge. */

import Java, { Env } from "frida-java-bridge";
import type { Site } from "../hook.js";
import type { CFile } from "../source.js";
import type { Backend, Lead } from "./backend.js";
import { below, Match } from "./loaded.js";

export class Jvm implements Backend {
  readonly source: CFile[] = ["jvm.c"];
  readonly watches = false;
  readonly renews = false;
  readonly symbols: Record<string, NativePointer>;

  constructor() {
    const jvmti = Java.api.jvmti!.handle;
    this.symbols = { jvmti, get_stack_trace: jvmti.readPointer().add(103 * 8).readPointer() };
  }

  start(): void {}

  place(sites: Site[], entries: NativePointer[]): void {
    sites.forEach((site, i) => {
      site.method._r!._m.impl = entries[i]!;
    });
  }

  lead(site: Site): Lead | null {
    const placed = site.method._r?._m.newMethod;
    return placed ? { at: site.method.handle, expected: placed.method } : null;
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
      site.method.implementation = null;
    }
  }
}
