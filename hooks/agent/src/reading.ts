/** What reading an argument or a result gives. */

import { Env } from "frida-java-bridge";
import { MAX_TEXT } from "./text.js";

/** What was read: one text (empty = nothing), and values that are personal, with their data type ("" = the row's). */
export interface Read {
  text: string;
  values: [string, string][];
}

export const NOTHING: Read = { text: "", values: [] };

export function plain(text: string): Read {
  return { text: text.slice(0, MAX_TEXT), values: [] };
}

export function value(text: string): Read {
  return text === "" ? NOTHING : { text: "", values: [["", text.slice(0, MAX_TEXT)]] };
}

export type Reader = (env: Env, object: NativePointer) => Read;
