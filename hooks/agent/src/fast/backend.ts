/** What differs between the VMs: how their stacks are walked, how a C entry is put before a method and taken out. */

import type { Env } from "frida-java-bridge";
import type { Site } from "../hook.js";
import type { CFile } from "../source.js";
import type { GivenUp } from "./callers.js";
import type { Engine } from "./engine.js";
import type { Match } from "./loaded.js";

/** A word of the VM's memory that leads to a hook, and what stands in it while the hook is in force. */
export interface Lead {
  at: NativePointer;
  expected: NativePointer;
}

export interface Backend {
  /** C files with `walk` and whatever else the VM needs. */
  readonly source: CFile[];
  /** `place` has hooks looked after itself. */
  readonly watches: boolean;
  /** Whether a method can be hooked anew at once after its hook was taken out. */
  readonly renews: boolean;
  readonly symbols: Record<string, NativePointer>;
  /** The engine's code exists now. */
  start(engine: Engine): void;
  /** Puts entries before the methods of sites: on a JVM in force after the bridge's next tick, on ART at once. */
  place(sites: Site[], entries: NativePointer[]): void;
  /** What shows that a site's hook is in force; null = it was never placed. */
  lead(site: Site): Lead | null;
  /** What else leads to a hook that is in force; null = nothing. */
  further?(site: Site): Lead | null;
  /** For each loaded class strictly below one of `bases`: which one, its name and its global reference, valid in `onMatch`. */
  below(env: Env, bases: NativePointer[], onMatch: Match): void;
  /** Hooks of the last `place` that some calls may pass by, and why. */
  doubts(): [Site, string][];
  /** Has the VM compile a method at once, if it can. */
  compile(method: NativePointer): boolean;
  /** Compiled code that the VM gave up for the hooks' sake; null = it never has to. */
  readonly given: GivenUp | null;
  /** Method id by which an entry calls the original. */
  target(site: Site): NativePointer;
  /** Now and then: whatever got better or worse in the VM. */
  tidy(): void;
  /** Takes the hooks out; entries that run go on. */
  remove(sites: Site[]): void;
  /** After all hooks were taken out: what else leads into the engine's code does so no longer. */
  leave(): void;
}
