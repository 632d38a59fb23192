/** Taps: what was clicked, in which window. Told before the app's listener runs, so that its consequences come after. */

import { Env, Wrapper } from "frida-java-bridge";
import { as, isA } from "../classes.js";
import { textFrom } from "../text.js";
import { Call, observe } from "../hook.js";
import { seen } from "../transport.js";
import { readAgain, windowOf } from "./windows.js";

function label(env: Env, handle: NativePointer, depth = 0): string {
  const text = as(env, handle, "android.widget.TextView");
  if (text !== null && !isA(env, handle, "android.widget.EditText")) {
    const found = textFrom(env, text.getText()).trim();
    if (found !== "") {
      return found;
    }
  }
  const described = textFrom(env, as(env, handle, "android.view.View")?.getContentDescription() ?? null).trim();
  const group = described === "" && depth < 3 ? as(env, handle, "android.view.ViewGroup") : null;
  if (group === null) {
    return described;
  }
  const parts: string[] = [];
  for (let i = 0; i < Math.min(group.getChildCount(), 10); i++) {
    const child = group.getChildAt(i) as Wrapper | null;
    if (child !== null) {
      parts.push(label(env, child.$h, depth + 1));
    }
  }
  return parts.filter((part) => part !== "").join(" ");
}

function tell(call: Call, handle: NativePointer, text: string): void {
  const { env } = call;
  const box = as(env, handle, "android.widget.CompoundButton");
  seen("tap", call.t, call.tid, 0, {
    label: text.slice(0, 500),
    view: env.getObjectClassName(handle),
    window: windowOf(env, handle, call.tid),
    via: "hook",
    checked: box === null ? "" : box.isChecked() ? "on" : "off",
  });
}

export function register(): void {
  // What the app's listener changed in place is read at once: it may be all that is said before a system prompt.
  observe("tap", {
    before: (call) => tell(call, call.self.$h, label(call.env, call.self.$h)),
    after: (call) => readAgain(call.env, call.tid),
  });
  observe("item_tap", {
    before(call) {
      const view = call.args[0] as NativePointer;
      if (!view.isNull()) {
        tell(call, view, label(call.env, view));
      }
    },
  });
  observe("link_tap", {
    before(call) {
      const view = call.args[0] as NativePointer;
      const url = as(call.env, call.self.$h, "android.text.style.URLSpan");
      if (!view.isNull()) {
        tell(call, view, url === null ? label(call.env, view) : textFrom(call.env, url.getURL()));
      }
    },
  });
}
