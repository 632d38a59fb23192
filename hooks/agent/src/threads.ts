/** What a thread is doing: inside our own code (busy), and inside which hooked calls. */

import type { Row } from "./protocol.js";

/** Roles whose calls are accesses or transfers: only these are parents of other calls and events of their own. */
export const CALLS = new Set(["source", "sink", "transform"]);

export interface Active {
  call: number;
  /** Whether it can be the parent of another call. */
  counts: boolean;
  /** Data type that an inner call of the same type is folded into; empty = folds nothing. */
  folds: string;
  inner: string[];
  /** Values returned by inner calls, for a call that returns none itself; null = it has its own. */
  given: [string, string][] | null;
  /** Host of the request that is being made, if known. */
  host: string;
}

export interface ThreadState {
  busy: boolean;
  calls: Active[];
}

const threads = new Map<number, ThreadState>();
let lastCall = 0;

export function state(tid: number): ThreadState {
  let found = threads.get(tid);
  if (found === undefined) {
    found = { busy: false, calls: [] };
    threads.set(tid, found);
  }
  return found;
}

/** Threads outside hooked calls are forgotten: the system reuses ids. */
export function leave(tid: number, thread: ThreadState): void {
  if (thread.calls.length === 0 && !thread.busy) {
    threads.delete(tid);
  }
}

export function nextCall(): number {
  return numbers();
}

let numbers = (): number => {
  lastCall += 1;
  return lastCall;
};

/** Number of threads inside a hooked call (0 when nothing runs; used by a test). */
export function active(): number {
  let count = 0;
  for (const thread of threads.values()) {
    if (thread.calls.length > 0) {
      count += 1;
    }
  }
  return count;
}

/** By thread: stack of the submitter of its current task; 0 = unknown submitter, no entry = no known task. */
const origins = new Map<number, number>();

interface Origins {
  get(tid: number): number | undefined;
  set(tid: number, stack: number | undefined): void;
}

let kept: Origins = {
  get: (tid) => origins.get(tid),
  set: (tid, stack) => void (stack === undefined ? origins.delete(tid) : origins.set(tid, stack)),
};

/** Hooks below JavaScript keep them (of the current thread). */
export function originsBelow(other: Origins): void {
  kept = other;
}

/** Of the current thread, whose id it is. */
export function origin(tid: number): number | undefined {
  return kept.get(tid);
}

/** Returns the one before; undefined = no task. */
export function setOrigin(tid: number, stack: number | undefined): number | undefined {
  const old = origin(tid);
  kept.set(tid, stack);
  return old;
}

let quiet: (by: number) => void = () => undefined;

/** Hooks below JavaScript: how they learn that a thread runs our own code, and the numbers that calls get there. */
export function below(quietly: (by: number) => void, next: () => number): void {
  quiet = quietly;
  numbers = next;
}

/** Runs our own code: hooked calls that it makes are not recorded. */
export function quietly<T>(fn: () => T): T {
  const tell = quiet;
  tell(1);
  const tid = Process.getCurrentThreadId();
  const thread = state(tid);
  const before = thread.busy;
  thread.busy = true;
  try {
    return fn();
  } finally {
    thread.busy = before;
    leave(tid, thread);
    tell(-1);
  }
}

/** The end of a use is told wherever it is: a camera is given back in the callback that brings its picture. */
const ENDS = /^(stop|release|reset|close)$/;
/** Calls into the app: the answer to a request for permissions, a place that is delivered. */
const INTO_APP = /^(on[A-Z]|dispatchRequestPermissionsResult$)/;

/**
 * What a call is folded by: a call inside another one with the same key is a part of it. The life of a screen, a service,
 * a receiver or an application runs the app's code: only the same method's overloads are parts of that. So do answers and
 * deliveries, which have only such in them as parts: what the app asks for or reads there is its own call.
 */
export function foldKey(row: Row, dataType: string): string {
  if (row.role === "lifecycle" && dataType === "lifecycle") {
    return `row:${row.id}`;
  }
  if (row.role === "context" && ENDS.test(row.method)) {
    return `row:${row.id}`;
  }
  const into = (row.role === "prompt" || row.role === "context") && dataType !== "ui_input" && INTO_APP.test(row.method);
  return into ? `into:${dataType}` : dataType;
}

/**
 * A call as its thread knows it. `folded`: it is inside another call of its data type.
 * An id kit's start returns a code and hands the id to a listener: then the maker's call inside it holds the value.
 */
export function entering(row: Row, dataType: string, folded: boolean, number: number): Active {
  const counts = !folded && CALLS.has(row.role);
  const given = counts && row.role === "source" && row.result === null ? [] : null;
  return { call: folded ? 0 : number, counts, folds: folded || row.observer.startsWith("handover") ? "" : foldKey(row, dataType), inner: [], given, host: "" };
}
