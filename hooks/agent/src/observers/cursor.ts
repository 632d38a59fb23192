/** Texts that an app reads from a personal cursor: values to follow, not further accesses (R8). */

import { textOf } from "../text.js";
import { Call, observe } from "../hook.js";
import { identity, Recent } from "../identity.js";

const cursors = new Recent<{ dataType: string; left: number }>(128);
const PERSONAL = new Set("contacts call_log sms calendar media phone_no iccid".split(" "));

function opened(call: Call): void {
  const result = call.result as NativePointer | undefined;
  if (result !== undefined && !result.isNull() && PERSONAL.has(call.dataType)) {
    cursors.set(identity(call.env, result), { dataType: call.dataType, left: 40 });
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
  const found = textOf(call.env, result);
  if (found.length >= 4) {
    call.values.push(["", found]);
  }
}

export function register(): void {
  observe("cursor", { after: (call) => (call.row.role === "source" ? opened(call) : text(call)) });
}
