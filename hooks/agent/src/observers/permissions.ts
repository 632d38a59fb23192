/** Runtime permissions: asked (whatever the path) and answered. */

import { as, callRaw } from "../classes.js";
import { strings } from "../text.js";
import { Call, observe } from "../hook.js";
import { isOwnTelling } from "../stack.js";
import { seen } from "../transport.js";
import { readAgain } from "./windows.js";

function requested(call: Call): void {
  const { env, args, site } = call;
  const types = site.method._p[5];
  const array = types.findIndex((type) => type.name === "[Ljava/lang/String;");
  const code = types.findIndex((type) => type.name === "I");
  const permissions = array < 0 ? [] : strings(env, args[array] as NativePointer);
  if (permissions.length > 0) {
    readAgain(env, call.tid, call.t); // What the user reads while the system asks.
    seen("permission_request", call.t, call.tid, call.stack, {
      permissions, via: "hook", code: code < 0 ? 0 : (args[code] as number),
    });
  }
}

/** Grants of an int[]. */
function grants(call: Call, array: NativePointer): number[] {
  const { env } = call;
  if (array.isNull()) {
    return [];
  }
  const count = Math.min(env.getArrayLength(array), 64);
  const start = env.getIntArrayElements(array);
  const out: number[] = [];
  for (let i = 0; i < count; i++) {
    out.push(start.add(i * 4).readS32());
  }
  env.releaseIntArrayElements(array, start);
  return out;
}

function answered(call: Call): void {
  if (isOwnTelling(call.stack)) {
    return; // A user gave none.
  }
  const { args, env, site } = call;
  const types = site.method._p[5].map((type) => type.name);
  const names = types.indexOf("[Ljava/lang/String;");
  const results = types.indexOf("[I");
  const code = types.indexOf("I");
  let permissions: string[] = [];
  let granted: number[] = [];
  if (names >= 0 && results >= 0) {
    permissions = strings(env, args[names] as NativePointer);
    granted = grants(call, args[results] as NativePointer);
  } else {
    const data = as(env, (args[types.indexOf("Landroid/content/Intent;")] ?? NULL) as NativePointer, "android.content.Intent");
    const extra = (name: string, getter: string, type: string): NativePointer => {
      const key = env.newStringUtf(`android.content.pm.extra.REQUEST_PERMISSIONS_${name}`);
      return callRaw(env, data!.$h, "android.content.Intent", getter, `(Ljava/lang/String;)${type}`, ["pointer"], key);
    };
    if (data !== null) {
      permissions = strings(env, extra("NAMES", "getStringArrayExtra", "[Ljava/lang/String;"));
      granted = grants(call, extra("RESULTS", "getIntArrayExtra", "[I"));
    }
  }
  for (const [i, permission] of permissions.slice(0, 64).entries()) {
    const result = granted[i] === undefined ? "ignored" : granted[i] === 0 ? "granted" : "denied";
    seen("permission_result", call.t, call.tid, call.stack, {
      permission: String(permission), result, dialog: "unknown", via: "hook", code: code < 0 ? 0 : (args[code] as number),
    });
  }
}

export function register(): void {
  observe("permission_request", { before: requested });
  observe("permission_result", { before: answered });
}
