/** What C reads of objects: the platform's classes and methods that it needs, and how rows' kinds of reading are called there. */

import Java, { JniType } from "frida-java-bridge";
import { DEFINED } from "../c/embedded.js";
import * as classes from "../classes.js";
import { As } from "../protocol.js";
import type { Engine } from "./engine.js";

/** In the order of OF_LIST and so on in ../c/objects.h. */
const CLASSES = [
  "java.util.List", "java.util.Collection", "java.util.Map", "android.os.BaseBundle", "java.lang.String", "java.lang.CharSequence",
  "java.lang.Number", "java.lang.Boolean", "android.net.Uri", "java.net.URL", "java.net.InetAddress", "android.content.Intent",
  "android.content.ComponentName", "java.io.File", "java.nio.file.Path", "java.lang.Object",
];
/** In the order of LIST_SIZE and so on: class, name, signature. */
const METHODS: [number, string, string][] = [
  [DEFINED.OF_LIST, "size", "()I"], [DEFINED.OF_COLLECTION, "size", "()I"], [DEFINED.OF_MAP, "size", "()I"],
  [DEFINED.OF_BUNDLE, "size", "()I"], [DEFINED.OF_LIST, "get", "(I)Ljava/lang/Object;"],
  [DEFINED.OF_OBJECT, "toString", "()Ljava/lang/String;"], [DEFINED.OF_URI, "getAuthority", "()Ljava/lang/String;"],
  [DEFINED.OF_URI, "getPath", "()Ljava/lang/String;"], [DEFINED.OF_INTENT, "getAction", "()Ljava/lang/String;"],
  [DEFINED.OF_INTENT, "getComponent", "()Landroid/content/ComponentName;"], [DEFINED.OF_INTENT, "getPackage", "()Ljava/lang/String;"],
  [DEFINED.OF_COMPONENT, "getPackageName", "()Ljava/lang/String;"], [DEFINED.OF_COMPONENT, "getClassName", "()Ljava/lang/String;"],
  [DEFINED.OF_FILE, "getPath", "()Ljava/lang/String;"],
];

/** Letters by which C reads an object. Below a `url` is the text that it is made of. */
const LETTERS: Partial<Record<As, string>> = {
  text: "t", int: "t", bool: "t", url: "t", count: "n", length: "l", class: "k", bytes: "y", authority: "a", uri_path: "u",
  action: "i", component: "c", target: "g", permissions: "p", path: "f",
  package_names: "q", account: "o", fields: "d", location: "x", wifi_info: "w",
};

/** Kinds that are made of values, each with a tag. */
export const HOLD = new Set<As>(["package_names", "account", "fields", "location", "wifi_info"]);

/** In the order of IN_PACKAGE and so on. */
const HOLDERS = [
  "android.content.pm.PackageInfo", "android.content.pm.PackageItemInfo", "android.accounts.Account", "android.telephony.SubscriptionInfo",
  "android.bluetooth.BluetoothDevice", "android.net.wifi.ScanResult", "android.location.Location", "android.net.wifi.WifiInfo",
];
const TEXT = "Ljava/lang/String;";
/** In the order of NAME_OF_PACKAGE and so on: holder, method or field, signature. */
const HELD: [number, string, string][] = [
  [DEFINED.IN_PACKAGE, "packageName", TEXT], [DEFINED.IN_PACKAGE_ITEM, "packageName", TEXT], [DEFINED.IN_ACCOUNT, "name", TEXT],
  [DEFINED.IN_SUBSCRIPTION, "getIccId", `()${TEXT}`], [DEFINED.IN_SUBSCRIPTION, "getNumber", `()${TEXT}`],
  [DEFINED.IN_BLUETOOTH, "getAddress", `()${TEXT}`], [DEFINED.IN_SCAN, "BSSID", TEXT],
  [DEFINED.IN_LOCATION, "getLatitude", "()D"], [DEFINED.IN_LOCATION, "getLongitude", "()D"],
  [DEFINED.IN_WIFI, "getSSID", `()${TEXT}`], [DEFINED.IN_WIFI, "getBSSID", `()${TEXT}`], [DEFINED.IN_WIFI, "getMacAddress", `()${TEXT}`],
];

/** What is a String's text. */
const SIMPLE = new Set<As>(["value", "text", "int", "bool"]);

let ready = false;

/** Lists of beginnings as C has them. */
function beginnings(names: string[]): Uint16Array {
  return new Uint16Array([...names.flatMap((name) => [name.length, ...name.split("").map((one) => one.charCodeAt(0))]), 65535]);
}

/** After classes are ready. Until then, and where something is missing, JavaScript reads. */
export function prepareObjects(engine: Engine): void {
  const env = Java.vm.getEnv();
  const handles = CLASSES.map((name) => classes.handleOf(name));
  const holders = HOLDERS.map((name) => classes.handleOf(name));
  const idIn = (all: (NativePointer | null)[]) => ([of, name, signature]: [number, string, string]): NativePointer => {
    const klass = all[of] ?? null;
    if (klass === null) {
      return NULL;
    }
    const id = signature.startsWith("(") ? env.getMethodId(klass, name, signature) : env.getFieldId(klass, name, signature);
    env.exceptionClear();
    return id;
  };
  const methods = METHODS.map(idIn(handles));
  const held = HELD.map(idIn(holders));
  if (methods.some((id, i) => id.isNull() && handles[METHODS[i]![0]] !== null) || held.some((id, i) => id.isNull() && holders[HELD[i]![0]] !== null)) {
    return;
  }
  const pointers = (all: (NativePointer | null)[]): NativePointer[] => all.map((one) => one ?? NULL);
  engine.forObjects(beginnings(classes.PLATFORM), beginnings(classes.LIBRARIES), [...pointers(handles), ...methods, ...pointers(holders), ...held]);
  ready = true;
}

/** The letter by which C reads a value of a type; null = it cannot. */
export function letterOf(type: JniType, keep: As, plain: string): string | null {
  if (keep === "point") {
    return null;
  }
  if (type.type !== "pointer" || (type.name === "Ljava/lang/String;" && SIMPLE.has(keep))) {
    return plain;
  }
  return ready ? (LETTERS[keep] ?? null) : null;
}
