/** What goes over the wire between agent and host, version 1. The host's side is monitor/collectors/agent_messages.py. */

export const VERSION = 1;

export type As =
  | "value" | "text" | "count" | "length" | "authority" | "uri_path" | "action" | "component" | "permissions" | "class"
  | "bytes" | "location" | "wifi_info" | "account" | "clip" | "package_names" | "url" | "bool" | "int" | "fields"
  | "path" | "provider" | "bundle" | "target" | "characteristic" | "point" | "command" | "cells";

/** One catalogue row as the host sends it: only what the agent needs. */
export interface Row {
  id: string;
  cls: string;
  method: string;
  kind: string;
  implementation: string[];
  role: string;
  data_type: string;
  hot: boolean;
  native: boolean;
  result: As | null;
  args: { index: number; name: string; keep: As }[];
  select: { index: number; keep: As; map: Record<string, string>; otherwise: string } | null;
  constants: string[];
  receiver: string[];
  observer: string;
  /** The value comes later, from an object of this class; `keep`: how it is read. */
  delivers: { by: string; keep: As | null } | null;
  overrides: boolean;
}

export interface Options {
  credits: number;
  /** Detailed events a second and hook, 0 = no limit. */
  rate: number;
  /** First events of each hook that are sent at once. */
  eager: number;
  batch: number;
  interval: number;
  /** Hooks that need no JavaScript in each call (on ART: x86-64 and arm64); without, the bridge's way. */
  entries: boolean;
  /** ART: run the boot image in the interpreter if a test call was not seen: callers may hold copies of the method. */
  deoptimize: boolean;
  /** Certificate (PEM) whose servers may pass the app's own checks; empty = nothing in the app is changed. */
  ca: string;
  /** For tests: "recorder" makes every recorder throw, "unplaced" takes replacements back before they are in force,
   * "lost" one of them later, "changed" writes over the code of one, "canary:KIND" leaves out test calls (one or more; KIND "function": of a native library),
   * "later:KIND" those after the first pass, "inlined:KIND" those until the boot image is interpreted. */
  fault: string;
}

export type Outcome = "value" | "null" | "constant" | "denied" | "exception";

/** A detailed call: seq, t, member, tid, stack, outcome, call, parent, data type, [args, values, inner, exception]. */
export type CallRecord = [
  "c", number, number, number, number, number, Outcome, number, number, string,
  Record<string, string>, [string, string][], string[], string,
];
/** Something an observer saw: seq, t, kind, tid, stack, fields. */
export type SeenRecord = ["o", number, number, string, number, number, Record<string, unknown>];
/** Calls that were only counted: member, stack, data type, outcome, count, first t, last t. */
export type CountRecord = [number, number, string, Outcome, number, number, number];
/** Totals of a hook: row index, total, detailed, counted, nested, ignored, faults. */
export type TotalRecord = [number, number, number, number, number, number, number];
export type FrameRecord = [string, string, string, number];

export interface Message {
  v: number;
  /** Number of the message: a gap is a loss. */
  n: number;
  e?: (CallRecord | SeenRecord)[];
  /** Texts of new stacks: id, frames, truncated, stack of who submitted the task that ran (0 = not known, or none). */
  x?: [number, FrameRecord[], boolean, number][];
  a?: CountRecord[];
  /** Totals, with the agent's time. */
  h?: { t: number; seq: number; totals: TotalRecord[] };
  /** New members (hooked overloads): number, row index, class, method, signature. */
  m?: [number, number, string, string, string][];
  /** Row states: row index, state, detail. */
  s?: [number, string, string][];
  /** Faults of the agent itself: place and text, bounded. */
  f?: [string, string][];
}
