/** Reading arguments and results. Platform methods only, never the app's own; everything bounded. */

import { Env, JniType, Wrapper } from "frida-java-bridge";
import { as, isA, isPlatform } from "./classes.js";
import { As } from "./protocol.js";
import { elements, javaString, MAX_ITEMS, MAX_TEXT, strings, textFrom, textOf } from "./text.js";


/** What was read: one text (empty = nothing), and values that are personal, with their data type ("" = the row's). */
export interface Read {
  text: string;
  values: [string, string][];
}

const NOTHING: Read = { text: "", values: [] };

export function read(env: Env, raw: unknown, type: JniType, keep: As): Read {
  if (type.type === "void") {
    return NOTHING;
  }
  if (type.type !== "pointer") {
    const text = type.name === "Z" ? String(Boolean(raw)) : type.name === "C" ? String.fromCharCode(raw as number) : String(raw);
    return keep === "value" ? { text: "", values: [["", text]] } : plain(text);
  }
  const object = raw as NativePointer;
  if (object.isNull()) {
    return NOTHING;
  }
  if (type.name === "Ljava/lang/String;" && (keep === "value" || keep === "text")) {
    const text = javaString(env, object); // Its class is known: no questions to the VM.
    return keep === "value" ? value(text) : plain(text);
  }
  return readObject(env, object, keep);
}

export function readObject(env: Env, object: NativePointer, keep: As): Read {
  return reader(keep)(env, object);
}

function plain(text: string): Read {
  return { text: text.slice(0, MAX_TEXT), values: [] };
}

function value(text: string): Read {
  return text === "" ? NOTHING : { text: "", values: [["", text.slice(0, MAX_TEXT)]] };
}

type Reader = (env: Env, object: NativePointer) => Read;

function reader(keep: As): Reader {
  return READERS[keep] ?? READERS.text;
}

/** Values of string fields of a platform object, by public field name. */
function field(env: Env, object: NativePointer, cls: string, name: string): string {
  const found = as(env, object, cls);
  const content = found?.[name]?.value;
  return typeof content === "string" ? content : content === null || content === undefined ? "" : textFrom(env, content);
}

/** A position, or the platform's list of them (from Android 12 on). */
function location(env: Env, object: NativePointer): Read {
  const all = isA(env, object, "android.location.Location") ? [object] : elements(env, object).items;
  const values: [string, string][] = [];
  for (const one of all) {
    const found = as(env, one, "android.location.Location");
    if (found !== null) {
      values.push(["location", `${found.getLatitude()},${found.getLongitude()}`]);
    }
  }
  return values.length === 0 ? NOTHING : { text: "", values };
}

function wifi(env: Env, object: NativePointer): Read {
  const found = as(env, object, "android.net.wifi.WifiInfo");
  if (found === null) {
    return NOTHING;
  }
  const values: [string, string][] = [];
  for (const [type, getter] of [["ssid", "getSSID"], ["bssid", "getBSSID"], ["mac", "getMacAddress"]] as const) {
    const text = textFrom(env, found[getter]?.() ?? null).replace(/^"|"$/g, "");
    if (text !== "" && text !== "<unknown ssid>" && text !== "02:00:00:00:00:00") {
      values.push([type, text]);
    }
  }
  return { text: "", values };
}

function clip(env: Env, object: NativePointer): Read {
  const found = as(env, object, "android.content.ClipData");
  if (found === null) {
    return value(isA(env, object, "java.lang.CharSequence") ? textOf(env, object) : "");
  }
  const values: [string, string][] = [];
  const count: number = found.getItemCount();
  for (let i = 0; i < Math.min(count, 4); i++) {
    const text = textFrom(env, found.getItemAt(i).getText());
    if (text !== "") {
      values.push(["", text]);
    }
  }
  return { text: String(count), values };
}

function packageNames(env: Env, object: NativePointer): Read {
  const { items, count } = elements(env, object);
  const values: [string, string][] = [];
  for (const item of items) {
    for (const cls of ["android.content.pm.PackageInfo", "android.content.pm.PackageItemInfo"]) {
      const name = field(env, item, cls, "packageName");
      if (name !== "") {
        values.push(["", name]);
        break;
      }
    }
  }
  return { text: String(count), values };
}

function accounts(env: Env, object: NativePointer): Read {
  const { items, count } = isA(env, object, "android.accounts.Account") ? { items: [object], count: 1 } : elements(env, object);
  const values: [string, string][] = [];
  for (const item of items) {
    const name = field(env, item, "android.accounts.Account", "name");
    if (name !== "") {
      values.push(["", name]);
    }
  }
  return { text: String(count), values };
}

function component(env: Env, object: NativePointer): Read {
  const intent = as(env, object, "android.content.Intent");
  const found: Wrapper | null = intent === null ? null : intent.getComponent();
  const name = found !== null ? found : as(env, object, "android.content.ComponentName");
  const platform = name === null ? null : as(env, name.$h, "android.content.ComponentName");
  return plain(platform === null ? "" : `${platform.getPackageName()}/${platform.getClassName()}`);
}

/** Bytes as length and, when short and asked for as a value, as text in hexadecimal. */
function bytes(env: Env, object: NativePointer): Read {
  if (env.getObjectClassName(object) !== "[B") {
    return NOTHING;
  }
  const size = env.getArrayLength(object);
  if (size === 0 || size > 64) {
    return plain(String(size));
  }
  const start = env.getByteArrayElements(object);
  const view = new Uint8Array(start.readByteArray(size) ?? new ArrayBuffer(0));
  env.releaseByteArrayElements(object, start);
  return { text: String(size), values: [["", Array.from(view, (b) => b.toString(16).padStart(2, "0")).join("")]] };
}

function length(env: Env, object: NativePointer): Read {
  if (isA(env, object, "java.lang.String")) {
    return plain(String(env.getStringLength(object)));
  }
  return plain(String(env.getObjectClassName(object).startsWith("[") ? env.getArrayLength(object) : elements(env, object, 0).count));
}

function url(env: Env, object: NativePointer): Read {
  return plain(hostIn(textOf(env, object)));
}

/** Host and port of a URL; empty where the text is none. */
export function hostIn(text: string): string {
  const found = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text);
  return found === null ? "" : found[1]!.replace(/^.*@/, "").toLowerCase();
}

function uri(getter: "getAuthority" | "getPath"): Reader {
  return (env, object) => {
    const name = env.getObjectClassName(object);
    const found = isPlatform(name) ? as(env, object, "android.net.Uri") : null;
    if (found === null) {
      return isA(env, object, "java.lang.String") && getter === "getAuthority" ? plain(textOf(env, object)) : NOTHING;
    }
    found.$t = 1;
    return plain(textFrom(env, found[getter]()));
  };
}

const SETTINGS = "settings/";
/** The one setting that is an identifier. */
const ANDROID_ID = "android_id";

/**
 * Whose data a query or call asks for: the authority; of the settings provider the setting, wherever it is named (in the
 * path, in a selection or in its arguments). An argument that names neither reads as nothing, so that the next one tells.
 */
function provider(env: Env, object: NativePointer): Read {
  const name = env.getObjectClassName(object);
  if (name === "java.lang.String") {
    const text = textOf(env, object);
    if (text === "settings" || text.startsWith("GET_") || !/^[A-Za-z][\w.-]*$/.test(text)) {
      return plain(text.includes(`'${ANDROID_ID}'`) ? SETTINGS + ANDROID_ID : "");
    }
    return plain(text === ANDROID_ID ? SETTINGS + ANDROID_ID : text);
  }
  if (name.startsWith("[Ljava.lang.String")) {
    return plain(strings(env, object).includes(ANDROID_ID) ? SETTINGS + ANDROID_ID : "");
  }
  const bundled = as(env, object, "android.os.Bundle");
  if (bundled !== null) {
    bundled.$t = 1;
    const listed: Wrapper | null = bundled.getStringArray("android:query-arg-sql-selection-args");
    return listed === null ? NOTHING : provider(env, listed.$h);
  }
  const authority = uri("getAuthority")(env, object).text;
  if (authority !== "settings") {
    return plain(authority);
  }
  return plain(uri("getPath")(env, object).text.endsWith(`/${ANDROID_ID}`) ? SETTINGS + ANDROID_ID : "");
}

/** Under what keys providers of identifiers hand them back. */
const KEYS = ["id", "value", "oaid", "OAID", "vaid", "aaid", ANDROID_ID];

/** Texts that a provider's answer holds under the usual keys. */
function bundle(env: Env, object: NativePointer): Read {
  const found = as(env, object, "android.os.Bundle");
  if (found === null) {
    return NOTHING;
  }
  found.$t = 1;
  const values: [string, string][] = [];
  for (const key of KEYS) {
    const text = textFrom(env, found.getString(key));
    if (text.length >= 4) {
      values.push(["", text]);
    }
  }
  return { text: "", values };
}

/** Package that an intent names, by its component or by itself; where any may answer, `action:` and its action. */
function target(env: Env, object: NativePointer): Read {
  const intent = as(env, object, "android.content.Intent");
  const named = component(env, object).text.replace(/\/.*$/, "");
  if (named !== "" || intent === null) {
    return plain(named);
  }
  const wanted = textFrom(env, intent.getPackage());
  return plain(wanted !== "" ? wanted : `action:${textFrom(env, intent.getAction())}`);
}

/** UUID of a value of a Bluetooth device, which says what it is. */
function characteristic(env: Env, object: NativePointer): Read {
  const found = as(env, object, "android.bluetooth.BluetoothGattCharacteristic");
  const held: Wrapper | null = found === null ? null : found.getUuid();
  const uuid = held === null ? null : as(env, held.$h, "java.util.UUID");
  return plain(uuid === null ? "" : String(uuid.toString()));
}

/** Path of a `java.io.File` or of a platform's `java.nio.file.Path`. */
function path(env: Env, object: NativePointer): Read {
  const file = as(env, object, "java.io.File");
  if (file !== null) {
    return plain(textFrom(env, file.getPath()));
  }
  return isA(env, object, "java.nio.file.Path") && isPlatform(env.getObjectClassName(object)) ? plain(pathText(env, object)) : NOTHING;
}

function pathText(env: Env, object: NativePointer): string {
  const made = as(env, object, "java.lang.Object")!;
  made.$t = 1;
  return textFrom(env, made.toString());
}

/** Personal fields that a delivered platform object is known to hold: data type to getter. */
const FIELDS: Record<string, [string, string][]> = {
  "android.telephony.SubscriptionInfo": [["iccid", "getIccId"], ["phone_no", "getNumber"]],
  "android.bluetooth.BluetoothDevice": [["bt_scan", "getAddress"]],
  "android.net.wifi.ScanResult": [],
};

function fields(env: Env, object: NativePointer): Read {
  const { items, count } = elements(env, object);
  const values: [string, string][] = [];
  for (const item of items.length > 0 ? items : [object]) {
    for (const [cls, getters] of Object.entries(FIELDS)) {
      const found = as(env, item, cls);
      if (found === null) {
        continue;
      }
      for (const [type, getter] of getters) {
        const text = textFrom(env, found[getter]?.() ?? null);
        if (text !== "") {
          values.push([type, text]);
        }
      }
      if (cls === "android.net.wifi.ScanResult") {
        const text = field(env, item, cls, "BSSID");
        if (text !== "") {
          values.push(["wifi_scan", text]);
        }
      }
    }
  }
  return { text: String(count), values: values.slice(0, MAX_ITEMS) };
}

const READERS: Record<As, Reader> = {
  value: (env, object) =>
    env.getObjectClassName(object).startsWith("[Ljava.lang.String")
      ? { text: "", values: strings(env, object).slice(0, MAX_ITEMS).filter((t) => t !== "").map((t) => ["", t]) }
      : value(simple(env, object)),
  text: (env, object) => plain(textOf(env, object)),
  count: (env, object) => plain(String(elements(env, object, 0).count)),
  length,
  authority: uri("getAuthority"),
  uri_path: uri("getPath"),
  action: (env, object) => plain(textFrom(env, as(env, object, "android.content.Intent")?.getAction() ?? null)),
  component,
  permissions: (env, object) => plain(strings(env, object).join(" ")),
  class: (env, object) => plain(env.getObjectClassName(object)),
  bytes,
  location,
  wifi_info: wifi,
  account: accounts,
  clip,
  package_names: packageNames,
  url,
  bool: (env, object) => plain(textOf(env, object)),
  int: (env, object) => plain(textOf(env, object)),
  fields,
  path,
  provider,
  bundle,
  target,
  characteristic,
};

/** Like textOf, but empty instead of a class name. */
function simple(env: Env, object: NativePointer): string {
  const text = textOf(env, object);
  return text === env.getObjectClassName(object) ? "" : text;
}

/** Whether a result holds nothing: null, empty text, empty array or list. */
export function isEmpty(env: Env, raw: unknown, type: JniType): boolean {
  if (type.type !== "pointer") {
    return false;
  }
  const object = raw as NativePointer;
  if (object.isNull()) {
    return true;
  }
  if (type.name === "Ljava/lang/String;") {
    return env.getStringLength(object) === 0;
  }
  return type.name.startsWith("[") ? env.getArrayLength(object) === 0 : false;
}
