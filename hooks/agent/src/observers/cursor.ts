/** Texts that an app reads from a personal cursor: values to follow, not further accesses (R8). */

import { DEFINED } from "../c/embedded.js";
import { current } from "../fast/front.js";
import { textOf } from "../text.js";
import { Call, observe } from "../hook.js";
import { identity, Recent } from "../identity.js";

const cursors = new Recent<{ dataType: string; left: number; query: number }>(DEFINED.FOLLOWED);
/** Values of a provider without a personal data type are not followed. */
const NOBODYS = new Set(["content_uri", "apps", "ignore"]);
/** Identifiers stand in tables of key and value: a text without a digit is a key. */
const IDENTIFIERS = new Set("oaid android_id install_id iccid".split(" "));

function opened(call: Call): void {
  const result = call.result as NativePointer | undefined;
  if (result !== undefined && !result.isNull() && !NOBODYS.has(call.dataType)) {
    const key = identity(call.env, result);
    current()?.follow(key);
    cursors.set(key, { dataType: call.dataType, left: 40, query: call.active.call });
  }
}

function text(call: Call): void {
  const cursor = cursors.get(identity(call.env, call.self.$h));
  const result = call.result as NativePointer | undefined;
  if (cursor === undefined || cursor.left <= 0 || result === undefined || result.isNull()) {
    return;
  }
  call.silent = false;
  cursor.left -= 1;
  call.dataType = cursor.dataType;
  call.texts.query = String(cursor.query); // The query that returned the text, whichever code reads the cursor.
  const found = textOf(call.env, result);
  if (found.length >= 4 && (!IDENTIFIERS.has(cursor.dataType) || /\d/.test(found))) {
    call.values.push(["", found]);
  }
}

export function register(): void {
  observe("cursor", { after: (call) => (call.row.role === "source" ? opened(call) : text(call)) });
}
