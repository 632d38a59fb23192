/** Taps: what was clicked, in which window. Told before the app's listener runs, so that its consequences come after. */

import { Env, Wrapper } from "frida-java-bridge";
import { as, isA } from "../classes.js";
import { now } from "../clock.js";
import { isOwnClick } from "../stack.js";
import { textFrom } from "../text.js";
import { Call, observe } from "../hook.js";
import { seen } from "../transport.js";
import { readAgain, unseen, windowOf } from "./windows.js";

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

/** on / off for a check box or switch, else empty. */
function checkedNow(env: Env, handle: NativePointer): string {
  const box = as(env, handle, "android.widget.CompoundButton");
  return box === null ? "" : box.isChecked() ? "on" : "off";
}

/** What a click makes of a check box or switch that is still as it was before. */
function checkedThen(env: Env, handle: NativePointer): string {
  return isA(env, handle, "android.widget.RadioButton") || checkedNow(env, handle) === "off" ? "on" : "off";
}

function tell(call: Call, handle: NativePointer, text: string, checked: string): void {
  const { env } = call;
  seen("tap", call.t, call.tid, 0, {
    label: text.slice(0, 500),
    view: env.getObjectClassName(handle),
    window: windowOf(env, handle, call.tid),
    via: "hook",
    checked,
    unseen: unseen(env, handle),
    own: isOwnClick(call.stack),
  });
}

/** `MotionEvent.ACTION_UP`. */
const UP = 1;

export function register(): void {
  observe("touch", { // Every window's way in: what is drawn in a view answers a touch within this call.
    before(call) {
      if (as(call.env, call.args[0] as NativePointer, "android.view.MotionEvent")?.getActionMasked() === UP) {
        seen("touch", call.t, call.tid, 0, {});
      }
    },
    nested: true,
    stackless: true,
  });
  // What the app's listener changed in place is read at once: it may be all that is said before a system prompt.
  observe("tap", {
    before: (call) => tell(call, call.self.$h, label(call.env, call.self.$h), checkedNow(call.env, call.self.$h)),
    after: (call) => readAgain(call.env, call.tid),
  });
  // A switch turns, and its listener runs, before it is clicked as any view is, which is a part of this call.
  observe("switch_tap", {
    before(call) {
      call.texts.checked = checkedThen(call.env, call.self.$h);
      tell(call, call.self.$h, label(call.env, call.self.$h), call.texts.checked);
    },
    after(call) {
      const checked = checkedNow(call.env, call.self.$h);
      if (checked !== call.texts.checked) { // Its listener turned it back.
        tell({ ...call, t: now() }, call.self.$h, label(call.env, call.self.$h), checked);
      }
      readAgain(call.env, call.tid);
    },
  });
  observe("item_tap", {
    before(call) {
      const view = call.args[0] as NativePointer;
      if (!view.isNull()) {
        tell(call, view, label(call.env, view), checkedNow(call.env, view));
      }
    },
  });
  observe("link_tap", {
    before(call) {
      const view = call.args[0] as NativePointer;
      const url = as(call.env, call.self.$h, "android.text.style.URLSpan");
      if (!view.isNull()) {
        tell(call, view, url === null ? label(call.env, view) : textFrom(call.env, url.getURL()), checkedNow(call.env, view));
      }
    },
  });
}
