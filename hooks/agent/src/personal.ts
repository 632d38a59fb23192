/** What a platform object holds of a person: positions, networks, packages, accounts, identifiers. Everything bounded. */

import type { Env, Wrapper } from "frida-java-bridge";
import { ANDROID_ID } from "./addressed.js";
import { as, isA } from "./classes.js";
import { NOTHING, Read, value } from "./reading.js";
import { elements, MAX_ITEMS, textFrom, textOf } from "./text.js";

/** Values of string fields of a platform object, by public field name. */
function field(env: Env, object: NativePointer, cls: string, name: string): string {
  const found = as(env, object, cls);
  const content = found?.[name]?.value;
  return typeof content === "string" ? content : content === null || content === undefined ? "" : textFrom(env, content);
}

/** A position, or the platform's list of them (from Android 12 on). */
export function location(env: Env, object: NativePointer): Read {
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

/** Degrees of a position in a `double[]` or `float[]`, each as short as it is written for its precision. */
export function point(env: Env, object: NativePointer): Read {
  const cls = env.getObjectClassName(object);
  if ((cls !== "[D" && cls !== "[F") || env.getArrayLength(object) < 2) {
    return NOTHING;
  }
  if (cls === "[D") {
    const start = env.getDoubleArrayElements(object);
    const read = value(`${start.readDouble()},${start.add(8).readDouble()}`);
    env.releaseDoubleArrayElements(object, start);
    return read;
  }
  const start = env.getFloatArrayElements(object);
  const [lat, lon] = [shortest(start.readFloat()), shortest(start.add(4).readFloat())];
  env.releaseFloatArrayElements(object, start);
  return value(`${lat},${lon}`);
}

/** A float as Java writes it: with no more digits than tell it from its neighbours. */
function shortest(number: number): string {
  for (let digits = 1; digits < 10; digits++) {
    if (Math.fround(Number(number.toPrecision(digits))) === number) {
      return String(Number(number.toPrecision(digits)));
    }
  }
  return String(number);
}

/** Where a cell's ID is, by the class of its identity. */
const CELLS = [["Lte", "getCi"], ["Nr", "getNci"], ["Gsm", "getCid"], ["Wcdma", "getCid"], ["Cdma", "getBasestationId"]] as const;
/** What Android says for "unknown" (`CellInfo.UNAVAILABLE`, `UNAVAILABLE_LONG`). */
const UNKNOWN_CELL = new Set(["2147483647", "9223372036854775807", "-1", "0"]);

/** IDs of the cells in a list. */
export function cells(env: Env, object: NativePointer): Read {
  const { items, count } = elements(env, object);
  const values: [string, string][] = [];
  for (const item of items) {
    for (const [kind, getter] of CELLS) {
      const id = as(env, item, `android.telephony.CellInfo${kind}`)?.getCellIdentity() as Wrapper | null | undefined;
      const cell = id === null || id === undefined ? null : as(env, id.$h, `android.telephony.CellIdentity${kind}`);
      const text = cell === null ? "" : String(cell[getter]());
      if (text !== "" && !UNKNOWN_CELL.has(text)) {
        values.push(["cell", text]);
      }
    }
  }
  return { text: String(count), values };
}

export function wifi(env: Env, object: NativePointer): Read {
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

export function clip(env: Env, object: NativePointer): Read {
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

export function packageNames(env: Env, object: NativePointer): Read {
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

export function accounts(env: Env, object: NativePointer): Read {
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

/** Under what keys providers of identifiers hand them back. */
const KEYS = ["id", "value", "oaid", "OAID", "vaid", "aaid", ANDROID_ID];

/** Texts that a provider's answer holds under the usual keys. */
export function bundle(env: Env, object: NativePointer): Read {
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

/** Personal fields that a delivered platform object is known to hold: data type to getter. */
const FIELDS: Record<string, [string, string][]> = {
  "android.telephony.SubscriptionInfo": [["iccid", "getIccId"], ["phone_no", "getNumber"]],
  "android.bluetooth.BluetoothDevice": [["bt_scan", "getAddress"]],
  "android.net.wifi.ScanResult": [],
};

export function fields(env: Env, object: NativePointer): Read {
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
