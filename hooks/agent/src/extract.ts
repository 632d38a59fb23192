/** Reading arguments and results. Platform methods only, never the app's own; everything bounded. */

import { Env, JniType } from "frida-java-bridge";
import { characteristic, command, component, path, provider, target, uri, url } from "./addressed.js";
import { as, isA } from "./classes.js";
import { accounts, bundle, cells, clip, fields, location, packageNames, point, wifi } from "./personal.js";
import { As } from "./protocol.js";
import { NOTHING, plain, Read, Reader, value } from "./reading.js";
import { elements, javaString, MAX_ITEMS, strings, textFrom, textOf } from "./text.js";

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

function reader(keep: As): Reader {
  return READERS[keep] ?? READERS.text;
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
  command,
  point,
  cells,
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
