/** What a call is about: whose data, which component, host or file. Platform methods only. */

import { Env, Wrapper } from "frida-java-bridge";
import { as, isA, isPlatform } from "./classes.js";
import { NOTHING, plain, Read, Reader } from "./reading.js";
import { strings, textFrom, textOf } from "./text.js";

export function component(env: Env, object: NativePointer): Read {
  const intent = as(env, object, "android.content.Intent");
  const found: Wrapper | null = intent === null ? null : intent.getComponent();
  const name = found !== null ? found : as(env, object, "android.content.ComponentName");
  const platform = name === null ? null : as(env, name.$h, "android.content.ComponentName");
  return plain(platform === null ? "" : `${platform.getPackageName()}/${platform.getClassName()}`);
}

export function url(env: Env, object: NativePointer): Read {
  return plain(hostIn(textOf(env, object)));
}

/** Host and port of a URL; empty where the text is none. */
export function hostIn(text: string): string {
  const found = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text);
  return found === null ? "" : found[1]!.replace(/^.*@/, "").toLowerCase();
}

export function uri(getter: "getAuthority" | "getPath"): Reader {
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
export const ANDROID_ID = "android_id";

/**
 * Whose data a query or call asks for: the authority; of the settings provider the setting, wherever it is named (in the
 * path, in a selection or in its arguments). An argument that names neither reads as nothing, so that the next one tells.
 */
export function provider(env: Env, object: NativePointer): Read {
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

/** Package that an intent names, by its component or by itself; where any may answer, `action:` and its action. */
export function target(env: Env, object: NativePointer): Read {
  const intent = as(env, object, "android.content.Intent");
  const named = component(env, object).text.replace(/\/.*$/, "");
  if (named !== "" || intent === null) {
    return plain(named);
  }
  const wanted = textFrom(env, intent.getPackage());
  return plain(wanted !== "" ? wanted : `action:${textFrom(env, intent.getAction())}`);
}

/** The words of a command line: a text, an array of them, or what a `ProcessBuilder` is to start. */
export function command(env: Env, object: NativePointer): Read {
  const builder = as(env, object, "java.lang.ProcessBuilder");
  const listed: Wrapper | null = builder === null ? null : builder.command();
  const words = strings(env, listed === null ? object : listed.$h);
  return plain(words.length > 0 ? words.join(" ") : listed === null ? textOf(env, object) : "");
}

/** UUID of a value of a Bluetooth device, which says what it is. */
export function characteristic(env: Env, object: NativePointer): Read {
  const found = as(env, object, "android.bluetooth.BluetoothGattCharacteristic");
  const held: Wrapper | null = found === null ? null : found.getUuid();
  const uuid = held === null ? null : as(env, held.$h, "java.util.UUID");
  return plain(uuid === null ? "" : String(uuid.toString()));
}

/** Path of a `java.io.File` or of a platform's `java.nio.file.Path`. */
export function path(env: Env, object: NativePointer): Read {
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
