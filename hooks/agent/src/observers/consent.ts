/** Consent keys written to preferences: witnesses beside the observed tap, never the consent itself. */

import { textOf } from "../text.js";
import { Call, observe } from "../hook.js";
import { seen } from "../transport.js";

const STANDARD = /^(IABTCF_|IABGPP_|IABUSPrivacy)/;
const LIKELY = /consent|agree|privacy|policy|gdpr|ccpa|personali[sz]|opt_?(in|out)/i;

function stored(call: Call): void {
  const { env, args, site } = call;
  const key = (args[0] as NativePointer).isNull() ? "" : textOf(env, args[0] as NativePointer);
  const type = site.method._p[5][1]?.name ?? "";
  const standard = STANDARD.test(key);
  if (!standard && !(type === "Z" && LIKELY.test(key))) {
    return;
  }
  let value = "";
  if (type === "Z") {
    value = args[1] ? "true" : "false";
  } else if (type === "I") {
    value = String(args[1]);
  } else if (type === "Ljava/lang/String;") {
    const text = args[1] as NativePointer;
    value = `${text.isNull() ? 0 : env.getStringLength(text)} characters`; // A TC string tells people apart.
  }
  const state = type !== "Z" ? "unknown" : value === "true" ? "granted" : "denied";
  seen("consent", call.t, call.tid, call.stack, {
    scope: "policy", state, via: standard ? "iab" : "prefs", detail: { key: key.slice(0, 200), value },
  });
}

export function register(): void {
  observe("consent", { before: stored, nested: true });
}
