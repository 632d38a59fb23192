/** Windows of the process: every one goes through WindowManagerGlobal; its tree is read when it is laid out. */

import Java, { Env, Wrapper } from "frida-java-bridge";
import { as, callRaw, helper, isA, isPlatform } from "../classes.js";
import { now } from "../clock.js";
import { elements, textFrom } from "../text.js";
import { Call, observe } from "../hook.js";
import { identity, Recent } from "../identity.js";
import { seen } from "../transport.js";
import { lastActivity } from "./lifecycle.js";

interface Seen {
  number: number;
  kind: string;
  title: string;
  component: string;
  stack: number;
  view: Wrapper;
  /** Thread that added it: views are its own. */
  tid: number;
  reported: string;
  nextWalk: number;
}

interface Content {
  texts: string[];
  buttons: string[];
  boxes: { label: string; checked: boolean }[];
  links: string[];
  nodes: number;
}

const windows = new Recent<Seen>(64);
let lastNumber = 0;

function push(list: string[], text: string): void {
  const clean = text.trim();
  if (clean !== "" && list.length < 200) {
    list.push(clean.slice(0, 1000));
  }
}

/** Characters of a control's label: what is longer is a text that can be clicked. */
const LABEL = 40;

function walk(env: Env, handle: NativePointer, out: Content, depth: number): void {
  out.nodes += 1;
  const view = depth > 40 || out.nodes > 400 ? null : as(env, handle, "android.view.View");
  if (view === null || view.getVisibility() !== 0) {
    return;
  }
  const text = as(env, handle, "android.widget.TextView");
  const described = text === null ? textFrom(env, view.getContentDescription()).trim() : "";
  const clickable = text === null && Boolean(view.isClickable());
  if (text !== null) {
    textView(env, handle, text, out);
  } else if (clickable) {
    push(out.buttons, described);
  } else {
    push(out.texts, described); // A picture says what it shows.
  }
  const group = as(env, handle, "android.view.ViewGroup");
  if (group !== null) {
    const before = { texts: out.texts.length, buttons: out.buttons.length, boxes: out.boxes.length, links: out.links.length };
    const count: number = group.getChildCount();
    for (let i = 0; i < Math.min(count, 200); i++) {
      const child = group.getChildAt(i) as Wrapper | null;
      if (child !== null) {
        walk(env, child.$h, out, depth + 1);
      }
    }
    if (clickable && described === "") {
      pressed(out, before);
    }
  }
}

/** A group that can be clicked and holds one short text, or one described picture, is a button with that label. */
function pressed(out: Content, before: { texts: number; buttons: number; boxes: number; links: number }): void {
  const inside = out.texts.slice(before.texts);
  const alone = out.buttons.length === before.buttons && out.boxes.length === before.boxes && out.links.length === before.links;
  if (alone && inside.length === 1 && inside[0]!.length <= LABEL) {
    out.texts.length = before.texts;
    push(out.buttons, inside[0]!);
  }
}

function textView(env: Env, handle: NativePointer, view: Wrapper, out: Content): void {
  if (isA(env, handle, "android.widget.EditText")) {
    push(out.texts, textFrom(env, view.getHint())); // What the user types is not ours to read.
    return;
  }
  const content = view.getText() as Wrapper | string | null;
  const text = textFrom(env, content);
  const box = as(env, handle, "android.widget.CompoundButton");
  if (box !== null) {
    if (out.boxes.length < 50) {
      out.boxes.push({ label: text.slice(0, 1000), checked: Boolean(box.isChecked()) });
    }
    return;
  }
  const linked = out.links.length;
  if (content !== null && typeof content !== "string") {
    links(env, content, text, out);
  }
  // A text view that listens for clicks is a button; one with links in its text is clickable for their sake.
  const pressed = text.trim().length <= LABEL && out.links.length === linked && Boolean(view.isClickable());
  push(pressed || isA(env, handle, "android.widget.Button") ? out.buttons : out.texts, text);
}

/** Links of a Spanned: the URL, or the text that can be clicked. */
function links(env: Env, content: Wrapper, text: string, out: Content): void {
  const spanned = isPlatform(content.$className) ? as(env, content.$h, "android.text.Spanned") : null;
  const clickable = helper("android.text.style.ClickableSpan");
  if (spanned === null || clickable === null) {
    return;
  }
  spanned.$t = 1;
  const type = clickable.class;
  const signature = "(IILjava/lang/Class;)[Ljava/lang/Object;";
  const spans = callRaw(
    env, content.$h, "android.text.Spanned", "getSpans", signature, ["int32", "int32", "pointer"], 0, text.length, type.$h,
  );
  for (const span of spans.isNull() ? [] : elements(env, spans).items) {
    const url = as(env, span, "android.text.style.URLSpan");
    const held = as(env, span, "java.lang.Object");
    push(out.links, url !== null ? textFrom(env, url.getURL()) : text.slice(spanned.getSpanStart(held), spanned.getSpanEnd(held)));
  }
}

/** Reads a window and reports it if it is new or has changed. */
function tell(env: Env, window: Seen, tid: number, force: boolean, at?: number): void {
  const start = now();
  if (!force && start < window.nextWalk) {
    return;
  }
  const content: Content = { texts: [], buttons: [], boxes: [], links: [], nodes: 0 };
  walk(env, window.view.$h, content, 0);
  const end = now();
  // A big tree is read less often: at most a twentieth of the time goes into it.
  window.nextWalk = end + Math.max(200_000, (end - start) * 20);
  const { nodes: _, ...fields } = content;
  const text = JSON.stringify(fields);
  if (text === window.reported) {
    return;
  }
  const action = window.reported === "" ? "shown" : "changed";
  window.reported = text;
  seen("window", at ?? start, tid, window.stack, {
    window: window.number, window_kind: window.kind, action, title: window.title, component: window.component, ...fields,
  });
}

/** What is less opaque, or whose letters are smaller (pixels), nobody reads. */
const FAINT = 0.1;
const TINY = 4;

/** Texts below a view that the user cannot see, though they are there: transparent, tiny, or of the colour behind them. */
export function unseen(env: Env, handle: NativePointer): string[] {
  const out: string[] = [];
  let nodes = 0;
  const look = (at: NativePointer, around: number, behind: number): void => {
    nodes += 1;
    const view = nodes > 400 ? null : as(env, at, "android.view.View");
    if (view === null || view.getVisibility() !== 0) {
      return;
    }
    const opacity = around * (view.getAlpha() as number);
    const drawn = view.getBackground() as Wrapper | null;
    const ground = as(env, drawn === null ? null : drawn.$h, "android.graphics.drawable.ColorDrawable");
    const colour = ground === null ? 0 : (ground.getColor() as number);
    const under = colour >>> 24 === 0xff ? colour : behind;
    const text = isA(env, at, "android.widget.EditText") ? null : as(env, at, "android.widget.TextView");
    if (text !== null) {
      const ink = text.getCurrentTextColor() as number;
      if (opacity * ((ink >>> 24) / 255) < FAINT || ink === under || (text.getTextSize() as number) < TINY) {
        push(out, textFrom(env, text.getText()));
      }
    }
    const group = as(env, at, "android.view.ViewGroup");
    for (let i = 0; group !== null && i < Math.min(group.getChildCount(), 200); i++) {
      const child = group.getChildAt(i) as Wrapper | null;
      if (child !== null) {
        look(child.$h, opacity, under);
      }
    }
  };
  const root = as(env, handle, "android.view.View")?.getRootView() as Wrapper | null | undefined;
  if (root) {
    look(root.$h, 1, 0);
  }
  return out;
}

/** By the layout type: a dialog's parent window is its activity's, so it says nothing. */
function kindOf(type: number): string {
  if (type === 1) {
    return "activity";
  }
  return type === 2005 ? "toast" : type >= 2000 ? "overlay" : type >= 1000 ? "popup" : "dialog";
}

function added(call: Call): void {
  if (call.outcome === "exception" || call.outcome === "denied") {
    return;
  }
  const { env, args, site } = call;
  const types = site.method._p[5].map((type) => type.name);
  const handle = args[0] as NativePointer;
  const params = as(env, args[1] as NativePointer, "android.view.WindowManager$LayoutParams");
  const at = types.indexOf("Landroid/view/Window;");
  const parent = at < 0 ? null : as(env, args[at] as NativePointer, "android.view.Window");
  const type = params === null ? 0 : (params.type.value as number);
  const owner = parent === null || type >= 1000 ? null : (parent.getCallback() as Wrapper | null);
  lastNumber += 1;
  const window: Seen = {
    number: lastNumber,
    kind: kindOf(type),
    title: params === null ? "" : textFrom(env, params.getTitle()).slice(0, 300),
    component: owner !== null && isA(env, owner.$h, "android.app.Activity") ? owner.$className : lastActivity(),
    stack: call.stack,
    view: Java.retain(Java.cast(handle, helper("android.view.View")!)),
    tid: call.tid,
    reported: "",
    nextWalk: 0,
  };
  windows.set(identity(env, handle), window);
  tell(env, window, call.tid, true);
}

function removed(call: Call): void {
  const key = identity(call.env, call.args[0] as NativePointer);
  const window = windows.get(key);
  if (window !== undefined) {
    windows.delete(key);
    hidden(call, window.number, window.kind, window.title, window.component);
  }
}

function hidden(call: Call, window: number, window_kind: string, title: string, component: string): void {
  seen("window", call.t, call.tid, call.stack, { window, window_kind, action: "hidden", title, component });
}

/** A layout pass of a window's root: its `mView` may show something new. */
function settled(call: Call): void {
  const root = as(call.env, call.self.$h, "android.view.ViewRootImpl");
  const view = root?.mView?.value as Wrapper | null | undefined;
  const window = view ? windows.get(identity(call.env, view.$h)) : undefined;
  if (window !== undefined) {
    tell(call.env, window, call.tid, false);
  }
}

function toast(call: Call): void {
  const found = as(call.env, call.self.$h, "android.widget.Toast");
  const text = textFrom(call.env, (found?.mText?.value as Wrapper | string | null | undefined) ?? null);
  lastNumber += 1;
  seen("window", call.t, call.tid, call.stack, {
    window: lastNumber, window_kind: "toast", action: "shown", texts: text === "" ? [] : [text], component: lastActivity(),
  });
}

/** Number of the window a view is in (0 = unknown); the window is read again, so that a tap finds what was on screen. */
export function windowOf(env: Env, handle: NativePointer, tid: number): number {
  const root = as(env, handle, "android.view.View")?.getRootView() as Wrapper | null | undefined;
  const window = root ? windows.get(identity(env, root.$h)) : undefined;
  if (window === undefined) {
    return 0;
  }
  tell(env, window, tid, true);
  return window.number;
}

/**
 * Reads the windows of this thread again: what is on the screen now, whether or not a layout pass has told of it. Views
 * belong to the thread that added them, and are read on no other. `at`: the thread has changed none since.
 */
export function readAgain(env: Env, tid: number, at?: number): void {
  for (const window of windows.values()) {
    if (window.tid === tid && window.reported !== "") {
      tell(env, window, tid, true, at);
    }
  }
}

export function register(): void {
  observe("window_added", { after: added, nested: true });
  observe("window_removed", { before: removed, nested: true });
  observe("window_settled", { after: settled, nested: true });
  observe("toast", { before: toast, nested: true });
}
