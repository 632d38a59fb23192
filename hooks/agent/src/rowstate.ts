/** The state of each row's hooks: installed and proven, absent, or installed but unreliable. */

import Java from "frida-java-bridge";
import * as canary from "./fast/canary.js";
import * as front from "./fast/front.js";
import type { Site } from "./hook.js";
import * as integrity from "./integrity.js";
import { Row } from "./protocol.js";
import * as shadows from "./shadows.js";
import { quietly } from "./threads.js";
import * as transport from "./transport.js";

export type Installed = "hooked" | "late";

export interface Entry {
  row: Row;
  index: number;
  hooked: number;
  abstracts: boolean;
  classSeen: boolean;
  error: string;
  /** Of a native row whose function is missing: state and reason. */
  absent: { state: string; why: string } | null;
  reported: string;
  /** Kinds of its hooks that are not proven yet. */
  kinds: Set<canary.Kind>;
  /** Why one of its hooks is not proven; empty = all are. */
  doubt: string;
  /** Of an installed but unreliable hook: state and reason. */
  faulty: { state: string; why: string } | null;
  done: Set<string>;
}

export const entries: Entry[] = [];

const CHANGED = "the agent's code was changed";
const BEHIND = "other code was put before the hook: it may not pass on every call";
const NO_LONGER = "the hook was in force and is not any more";

export function newEntry(row: Row): Entry {
  return {
    row, index: entries.length, hooked: 0, abstracts: false, classSeen: false, error: "", absent: null, reported: "", kinds: new Set(),
    doubt: "", faulty: null, done: new Set(),
  };
}

/** A hook that was installed and is not in force. */
export function refused(site: Site): void {
  for (const { index } of site.rows) {
    const entry = entries[index]!;
    entry.faulty = { state: "error", why: "the replacement is not in force" };
    tell(entry, "hooked");
  }
}

/** Once the hooks of a pass are in force: no row is called installed for a kind whose canary was not seen. */
export function prove(bound: Entry[], installed: Installed): void {
  let unseen: ReadonlySet<canary.Kind> = new Set(bound.flatMap(({ kinds }) => [...kinds]));
  for (const [site, why] of front.doubts()) {
    site.rows.forEach(({ index }) => (entries[index]!.doubt ||= why));
  }
  try {
    unseen = canary.prove(unseen);
    unseen = canary.proveUncompiled(unseen);
  } catch (error) {
    transport.fault("canary", error);
  }
  for (const entry of bound) {
    const failed = [...entry.kinds].filter((kind) => unseen.has(kind));
    if (failed.length > 0) {
      entry.doubt = `a test call did not reach a hook of this kind: ${failed.join(", ")}`;
    }
    entry.kinds.clear();
    tell(entry, installed);
  }
}

/** After the first pass, for a test. */
export function loseOne(): void {
  const { fault } = transport.options;
  if (fault === "lost" || fault === "changed") {
    setTimeout(() => Java.performNow(() => quietly(() => (fault === "lost" ? front.loseOne() : front.changeOne()))), 300);
  }
}

/** Hooks that something else disabled, or whose code it changed: what they would have seen since is unknown. */
export function reportLost(): void {
  front.tidy();
  const { unloaded, changed, behind } = integrity.look();
  const found = front.lost();
  for (const entry of changed) {
    fail(entry, "changed", CHANGED);
  }
  for (const site of found.changed) {
    (site?.rows ?? entries).forEach(({ index }) => fail(entries[index]!, "changed", CHANGED));
  }
  for (const entry of behind) {
    entry.doubt ||= BEHIND; // Also once that code is gone: what it held back is not known.
    tell(entry, "hooked");
  }
  for (const entry of unloaded) {
    fail(entry, "lost", NO_LONGER);
  }
  for (const site of found.lost) {
    site.rows.forEach(({ index }) => fail(entries[index]!, "lost", NO_LONGER));
  }
}

/** Classes of the platform that the app has defined itself by now; on a thread that is in the VM. */
export function reportShadowed(whole = false): void {
  quietly(() => shadows.look(entries, whole).forEach(([entry, by]) => fail(entry, "shadowed", by)));
}

/** What an installed hook sees from now on is not known. */
function fail(entry: Entry, state: string, why: string): void {
  if (entry.hooked > 0) {
    entry.faulty ??= { state, why };
    tell(entry, "hooked");
  }
}

export function tell(entry: Entry, installed: Installed): void {
  const [state, detail] = stateOf(entry, installed);
  if (entry.reported === `${state}:${detail}`) {
    return;
  }
  entry.reported = `${state}:${detail}`;
  transport.rowState(entry.index, state, detail);
}

/** State of a row with its detail: how many hooks, or why none is reliable. */
function stateOf(entry: Entry, installed: Installed): [string, string] {
  if (entry.faulty !== null) {
    return [entry.faulty.state, entry.faulty.why];
  }
  if (entry.hooked > 0) {
    if (entry.doubt !== "") {
      return ["unproven", entry.doubt];
    }
    // Once in force in time, a further class of the same name does not make it late.
    return [entry.reported.startsWith("hooked") ? "hooked" : installed, String(entry.hooked)];
  }
  const why = entry.error || (entry.absent?.why ?? "");
  if (entry.error !== "" && entry.row.native) {
    return ["error", why];
  }
  if (entry.absent !== null) {
    return [entry.absent.state, why];
  }
  if (entry.abstracts) {
    return ["declared_only", why];
  }
  return [entry.error !== "" ? "error" : entry.classSeen ? "absent_method" : "absent_class", why];
}
