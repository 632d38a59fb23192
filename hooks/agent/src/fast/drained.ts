/** What C recorded and counted by itself becomes what JavaScript's records would be. */

import type { Env, JniType } from "frida-java-bridge";
import { hostIn } from "../addressed.js";
import { DEFINED } from "../c/embedded.js";
import { MAX_ITEMS } from "../text.js";
import { read } from "../extract.js";
import { As, Outcome, Row } from "../protocol.js";
import { Read } from "../reading.js";
import { kept, nameOf, placeholder } from "../recorder.js";
import * as transport from "../transport.js";
import { Drained, wellFormed } from "./engine.js";
import { hexOf } from "../observers/transforms.js";
import { givesOut } from "./fed.js";
import { HOLD } from "./objects.js";
import { choices } from "./plan.js";
import { givenTo, partName, sites } from "./sites.js";

const OUTCOMES: Outcome[] = ["value", "null", "constant", "denied", "exception"];
const NONE = 65535;
const OUTCOME = 0xff;

/** Records and counts that C made become what JavaScript's would be. */
export function take(drained: Drained): void {
  const { records, counts } = drained;
  for (let at = 0; at < records.byteLength; at += records.getInt32(at, true)) {
    takeRecord(records, at);
  }
  for (let i = 0; i < drained.counted; i++) {
    const at = i * 40;
    const site = sites[counts.getInt32(at + 32, true)]!;
    const { row, member } = site.rows[0]!;
    const marks = counts.getInt32(at + 36, true);
    transport.addCount(
      member, counts.getFloat64(at, true), dataTypeOf(row, marks), OUTCOMES[marks & OUTCOME]!, counts.getFloat64(at + 8, true),
      counts.getFloat64(at + 16, true), counts.getFloat64(at + 24, true),
    );
  }
  if (drained.totals !== null) {
    transport.totalsBelow(drained.totals);
  }
}

/** The row's data type, or the one that the call selected. */
function dataTypeOf(row: Row, marks: number): string {
  const key = Math.floor(marks / DEFINED.KEYS);
  return key === 0 || row.select === null ? row.data_type : choices(row.select)[key - 1]!;
}

function takeRecord(view: DataView, at: number): void {
  const site = sites[view.getInt32(at + 4, true)]!;
  const { row, member } = site.rows[0]!;
  const call = view.getFloat64(at + 24, true);
  const inner: string[] = [];
  for (let i = 0; i < view.getInt32(at + 48, true); i++) {
    inner.push(partName(view.getInt32(at + 52 + 4 * i, true), nameOf));
  }
  const marks = view.getInt32(at + 44, true);
  let outcome = OUTCOMES[marks & OUTCOME]!;
  const args: Record<string, string> = {};
  let values: [string, string][] = [];
  let next = at + 84;
  const types = site.method._p[5];
  const one = (name: string, type: JniType, keep: (typeof row.args)[number]["keep"]): void => {
    const size = view.getUint16(next, true);
    next += 2;
    if (size === NONE) {
      return;
    }
    const found = type.type === "pointer" ? objectRead(view, next, size, keep) : read(NO_ENV, numberAt(view, next, type), type, keep);
    next += 2 * size;
    if (found.text !== "") {
      args[name] = found.text.slice(0, 300);
    }
    if (name === "result" && row.constants.length > 0 && placeholder(row, found)) {
      outcome = "constant";
      values = [];
    } else {
      values.push(...found.values);
    }
  };
  for (const name of givesOut(row) ? ["input", "result"] : []) {
    const size = view.getUint16(next, true);
    next += 2;
    if (size !== NONE) {
      args[name] = String(view.getUint32(next, true));
      const start = view.byteOffset + next + 6;
      const bytes = hexOf(new Uint8Array(view.buffer, start, view.getUint16(next + 4, true)));
      next += 2 * size;
      values.push(...(bytes === "" ? [] : [["", bytes] as [string, string]]));
    } else {
      values = []; // Nothing came out.
    }
  }
  for (const want of row.args) {
    const type = types[want.index];
    if (type !== undefined) {
      one(want.name, type, want.keep);
    }
  }
  const returns = site.method._p[4];
  if (row.result !== null && returns.type !== "void") {
    one("result", returns, row.result);
  }
  let exception = "";
  if (outcome === "denied" || outcome === "exception") {
    exception = textAt(view, next + 2, view.getUint16(next, true));
  }
  const given = givenTo(call);
  if (given !== null && values.length === 0) {
    values.push(...given);
  }
  if ((marks & DEFINED.LENT) !== 0) {
    args.handover = "yes"; // The stack is the submitter's.
  }
  transport.addDetail(
    view.getFloat64(at + 8, true), member, view.getInt32(at + 40, true), view.getFloat64(at + 16, true), outcome, call,
    view.getFloat64(at + 32, true), dataTypeOf(row, marks), args, kept(values, args), inner, exception,
  );
}

/** Numbers are read without a VM. */
const NO_ENV = null as unknown as Env;

function textRead(text: string, keep: string): Read {
  return text === "" ? { text, values: [] } : keep === "value" ? { text: "", values: [["", text]] } : { text, values: [] };
}

/** What C kept of an object, or a String's text. */
function objectRead(view: DataView, at: number, size: number, keep: As): Read {
  if (keep === "bytes") {
    return size === 0 ? { text: "", values: [] } : bytesRead(view, at, size);
  }
  if (HOLD.has(keep)) {
    return heldRead(view, at, size, keep);
  }
  const text = textAt(view, at, size);
  return keep === "url" ? { text: hostIn(text), values: [] } : textRead(text, keep);
}

const TAGS: Partial<Record<As, string[]>> = {
  fields: ["iccid", "phone_no", "bt_scan", "wifi_scan"], wifi_info: ["ssid", "bssid", "mac"], location: ["location"],
};

/** Values with their data types; of lists also how many there are. */
function heldRead(view: DataView, at: number, size: number, keep: As): Read {
  const values: [string, string][] = [];
  for (let i = 2; i < size; i += 2 + view.getUint16(at + 2 * i + 2, true)) {
    const start = at + 2 * i + 4;
    const text = keep === "location"
      ? `${view.getFloat64(start, true)},${view.getFloat64(start + 8, true)}`
      : textAt(view, start, view.getUint16(start - 2, true));
    values.push([TAGS[keep]?.[view.getUint16(start - 4, true)] ?? "", text]);
  }
  const text = keep === "location" || keep === "wifi_info" ? "" : String(view.getInt32(at, true));
  return { text, values: values.slice(0, MAX_ITEMS) };
}

function bytesRead(view: DataView, at: number, size: number): Read {
  const text = String(view.getUint32(at, true));
  let hex = "";
  for (let i = 2; i < size; i++) {
    hex += view.getUint16(at + 2 * i, true).toString(16).padStart(2, "0");
  }
  return { text, values: hex === "" ? [] : [["", hex]] };
}

function textAt(view: DataView, at: number, size: number): string {
  let text = "";
  for (let i = 0; i < size; i++) {
    text += String.fromCharCode(view.getUint16(at + 2 * i, true));
  }
  return wellFormed(text);
}

function numberAt(view: DataView, at: number, type: JniType): unknown {
  switch (type.name) {
    case "Z": return view.getUint8(at);
    case "B": return view.getInt8(at);
    case "C": return view.getUint16(at, true);
    case "S": return view.getInt16(at, true);
    case "J": return view.getBigInt64(at, true);
    case "F": return view.getFloat32(at, true);
    case "D": return view.getFloat64(at, true);
    default: return view.getInt32(at, true);
  }
}
