/** Batches, credits and exact counting. Between two native calls JavaScript is atomic: counters change only there. */

import { now } from "./clock.js";
import {
  CallRecord, CountRecord, FrameRecord, Message, Options, Outcome, SeenRecord, TotalRecord, VERSION,
} from "./protocol.js";

export interface Counters {
  total: number;
  detailed: number;
  counted: number;
  nested: number;
  ignored: number;
  faults: number;
  /** Token bucket of the rate limit. */
  tokens: number;
  filled: number;
  changed: boolean;
}

export const options: Options = { credits: 2000, rate: 100, eager: 3, batch: 500, interval: 50, entries: true, deoptimize: true, ca: "", fault: "" };

/** Hooks below JavaScript: they share credits and rates, and their records are drained before a message goes. */
export interface Under {
  spend(row: number, t: number): boolean;
  credit(n: number, most: number): void;
  credits(): number;
  drain(totals: boolean): void;
}

let under: Under | null = null;
/** Totals below: 8 numbers a row. */
let below: Float64Array | null = null;
const last: number[] = [];

export function setUnder(one: Under): void {
  under = one;
}

export function totalsBelow(totals: Float64Array): void {
  below = totals;
}

let credits = 0;
let lastMessage = 0;
let lastSeq = 0;
let events: (CallRecord | SeenRecord)[] = [];
let texts: [number, FrameRecord[], boolean, number][] = [];
let members: [number, number, string, string, string][] = [];
let states: [number, string, string][] = [];
let faults: [string, string][] = [];
let counts = new Map<string, CountRecord>();
let faultCount = 0;
const hooks: Counters[] = [];

export function start(chosen: Partial<Options>): void {
  Object.assign(options, chosen);
  credits = options.credits;
  listen();
  setInterval(flush, options.interval);
  setInterval(() => beat(false), 1000);
}

function listen(): void {
  recv("credit", (message: { n: number }) => {
    if (under !== null) {
      under.credit(message.n, options.credits);
    } else {
      credits = Math.min(credits + message.n, options.credits);
    }
    listen();
  });
}

export function counters(row: number): Counters {
  let found = hooks[row];
  if (found === undefined) {
    found = { total: 0, detailed: 0, counted: 0, nested: 0, ignored: 0, faults: 0, tokens: options.rate * 2, filled: 0, changed: false };
    hooks[row] = found;
  }
  return found;
}

/** Whether the next call of this hook can be reported in detail; spends a credit and a token if so. */
function allowed(hook: Counters, t: number): boolean {
  if (credits <= 0) {
    return false;
  }
  if (options.rate > 0) {
    if (hook.filled === 0) {
      hook.filled = t;
      hook.tokens = options.rate * 2;
    }
    hook.tokens = Math.min(options.rate * 2, hook.tokens + ((t - hook.filled) * options.rate) / 1e6);
    hook.filled = t;
    if (hook.tokens < 1) {
      return false;
    }
    hook.tokens -= 1;
  }
  credits -= 1;
  return true;
}

export interface Recorded {
  row: number;
  member: number;
  t: number;
  tid: number;
  stack: number;
  outcome: Outcome;
  call: number;
  parent: number;
  dataType: string;
  args: Record<string, string>;
  values: [string, string][];
  inner: string[];
  exception: string;
}

/** One finished call: in detail while credit and rate allow, else counted per (member, stack, data type, outcome). */
export function record(one: Recorded): void {
  const hook = counters(one.row);
  hook.total += 1;
  hook.changed = true;
  if (!(under !== null ? under.spend(one.row, one.t) : allowed(hook, one.t))) {
    count(hook, one.member, one.stack, one.dataType, one.outcome, one.t);
    return;
  }
  hook.detailed += 1;
  addDetail(
    one.t, one.member, one.tid, one.stack, one.outcome, one.call, one.parent, one.dataType, one.args, one.values, one.inner,
    one.exception,
  );
  if (hook.detailed <= options.eager || events.length >= options.batch) {
    flush();
  }
}

/** A detailed call that is accounted for already. */
export function addDetail(...fields: CallRecord extends ["c", number, ...infer Rest] ? Rest : never): void {
  lastSeq += 1;
  events.push(["c", lastSeq, ...fields]);
}

/** A call of a row that is only counted. */
export function tally(row: number, member: number, dataType: string, t: number): void {
  const hook = counters(row);
  hook.total += 1;
  hook.changed = true;
  count(hook, member, 0, dataType, "value", t);
}

function count(hook: Counters, member: number, stack: number, dataType: string, outcome: Outcome, t: number): void {
  hook.counted += 1;
  addCount(member, stack, dataType, outcome, 1, t, t);
}

/** Counted calls that are accounted for already. */
export function addCount(
  member: number, stack: number, dataType: string, outcome: Outcome, n: number, first: number, last: number,
): void {
  const key = `${member}|${stack}|${dataType}|${outcome}`;
  const found = counts.get(key);
  if (found === undefined) {
    counts.set(key, [member, stack, dataType, outcome, n, first, last]);
  } else {
    found[4] += n;
    found[5] = Math.min(found[5], first);
    found[6] = Math.max(found[6], last);
  }
}

/** A call that is part of an outer one, or that the row does not cover. */
export function skip(row: number, why: "nested" | "ignored" | "faults"): void {
  const hook = counters(row);
  hook.total += 1;
  hook[why] += 1;
  hook.changed = true;
}

/** Something an observer saw; always reported, spends no credit. */
export function seen(kind: string, t: number, tid: number, stack: number, fields: Record<string, unknown>): void {
  lastSeq += 1;
  events.push(["o", lastSeq, t, kind, tid, stack, fields]);
  if (events.length >= options.batch) {
    flush();
  }
}

export function stackText(id: number, frames: FrameRecord[], truncated: boolean, submitter: number): void {
  texts.push([id, frames, truncated, submitter]);
}

export function member(number: number, row: number, cls: string, method: string, signature: string): void {
  members.push([number, row, cls, method, signature]);
}

export function rowState(row: number, state: string, detail: string): void {
  states.push([row, state, detail.slice(0, 300)]);
}

/** A fault of the agent: always counted, reported a bounded number of times. */
export function fault(place: string, error: unknown): void {
  faultCount += 1;
  if (faultCount <= 50) {
    faults.push([place.slice(0, 100), String(error instanceof Error ? error.message : error).slice(0, 300)]);
  }
}

/** Send what is waiting. */
export function flush(): void {
  under?.drain(false);
  sendWaiting();
}

function sendWaiting(): void {
  if (events.length + texts.length + members.length + states.length + faults.length + counts.size === 0) {
    return;
  }
  const message: Message = { v: VERSION, n: 0 };
  if (events.length > 0) message.e = events;
  if (texts.length > 0) message.x = texts;
  if (members.length > 0) message.m = members;
  if (states.length > 0) message.s = states;
  if (faults.length > 0) message.f = faults;
  if (counts.size > 0) message.a = [...counts.values()];
  events = [];
  texts = [];
  members = [];
  states = [];
  faults = [];
  counts = new Map();
  post(message);
}

/** Totals per hook: the host compares them with what it received. An empty one says that the agent is there. */
export function beat(all: boolean): void {
  under?.drain(true);
  const totals: TotalRecord[] = [];
  hooks.forEach((hook, row) => {
    const own = below === null ? NONE : below.subarray(row * 8, row * 8 + 8);
    if (hook.changed || all || own[0] !== (last[row] ?? 0)) {
      hook.changed = false;
      last[row] = own[0]!;
      totals.push([
        row, hook.total + own[0]!, hook.detailed + own[1]!, hook.counted + own[2]!, hook.nested + own[3]!,
        hook.ignored + own[4]!, hook.faults + own[7]!,
      ]);
    }
  });
  if (totals.length > 0 || all) {
    sendWaiting();
  }
  post({ v: VERSION, n: 0, h: { t: now(), seq: lastSeq, totals } });
}

const NONE = new Float64Array(8);
let spoke = 0;

/** Work that takes long, and lets no beat through, goes on: said once a second at most. */
export function alive(): void {
  const t = now();
  if (t - spoke >= 1e6) {
    spoke = t;
    post({ v: VERSION, n: 0, h: { t, seq: lastSeq, totals: [] } });
  }
}

/** To `Attached._message` in monitor/collectors/attached.py. */
function post(message: Message): void {
  lastMessage += 1;
  message.n = lastMessage;
  send(message);
}

/** `below`: calls that went by without JavaScript, up to the last totals. */
export function progress(): { messages: number; seq: number; faults: number; credits: number; below: number } {
  const without = hooks.reduce((sum, _, row) => sum + (below?.[row * 8] ?? 0), 0);
  return { messages: lastMessage, seq: lastSeq, faults: faultCount, credits: under?.credits() ?? credits, below: without };
}
