/** Consent keys written to preferences: witnesses beside the observed tap, never the consent itself. */

import { textOf } from "../text.js";
import { Call, observe } from "../hook.js";
import { seen } from "../transport.js";

const STANDARD = /^(IABTCF_|IABGPP_|IABUSPrivacy)/;
/** Which purposes, as 0 and 1: says nothing of who chose them. */
const PURPOSES = /^IABTCF_(PurposeConsents|PurposeLegitimateInterests|PublisherConsent)$/;
/** The core of a TC string, version 2: base64url, its purposes from bit 152 on. */
const CORE = /^C[A-Za-z0-9_-]{35,}/;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const PURPOSES_AT = 152;
const PURPOSE_BITS = 24;
const MOST = 8192;
const LIKELY = /consent|agree|privacy|policy|gdpr|ccpa|personali[sz]|opt_?(in|out)/i;

/** The purposes that a string says were consented to, as 0 and 1; empty if it is none of the kind. */
function purposes(key: string, text: string): string {
  if (PURPOSES.test(key)) {
    return /^[01]{1,24}$/.test(text) ? text : "";
  }
  if (!/^IAB(TCF_TCString|GPP_)/.test(key)) {
    return "";
  }
  for (const part of text.split("~")) {
    const core = CORE.exec(part)?.[0];
    if (core !== undefined) {
      let bits = "";
      for (const letter of core.slice(0, 36)) {
        bits += ALPHABET.indexOf(letter).toString(2).padStart(6, "0");
      }
      if (bits.startsWith("000010")) {
        return bits.slice(PURPOSES_AT, PURPOSES_AT + PURPOSE_BITS);
      }
    }
  }
  return "";
}

function stored(call: Call): void {
  const { env, args, site } = call;
  const key = (args[0] as NativePointer).isNull() ? "" : textOf(env, args[0] as NativePointer);
  const type = site.method._p[5][1]?.name ?? "";
  const standard = STANDARD.test(key);
  if (!standard && !(type === "Z" && LIKELY.test(key))) {
    return;
  }
  let value = "";
  let chosen = "";
  if (type === "Z") {
    value = args[1] ? "true" : "false";
  } else if (type === "I") {
    value = String(args[1]);
  } else if (type === "Ljava/lang/String;") {
    const text = args[1] as NativePointer;
    const length = text.isNull() ? 0 : env.getStringLength(text);
    value = `${length} characters`; // A TC string tells people apart.
    chosen = standard && length > 0 && length <= MOST ? purposes(key, textOf(env, text)) : "";
  }
  const state = type !== "Z" ? "unknown" : value === "true" ? "granted" : "denied";
  seen("consent", call.t, call.tid, call.stack, {
    scope: "policy", state, via: standard ? "iab" : "prefs", detail: { key: key.slice(0, 200), value, ...(chosen === "" ? {} : { purposes: chosen }) },
  });
}

export function register(): void {
  observe("consent", { before: stored, nested: true });
}
