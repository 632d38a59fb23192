/**
 * Classes of the platform that a loader of the app defines itself, as one that does not ask its parent first can: what the
 * app calls of them is its own code, and passes no hook.
 */

import Java from "frida-java-bridge";
import * as classes from "./classes.js";
import type { Entry } from "./rowstate.js";

/** Loaders that are asked in one look; the next ones come in the next. */
const AT_ONCE = 16;
/** Of the platform's packages, one that apps bring as a library. */
const LIBRARY = "org.json.";

let findLoaded: NativePointer = NULL;
let names: Map<string, NativePointer> | null = null;
let turn = 0;

/** Rows of a class that another loader than the platform's has defined since the last look, with what that loader is. */
export function look(entries: Entry[]): [Entry, string][] {
  const env = Java.vm.getEnv();
  if (names === null) {
    findLoaded = env.getMethodId(Java.use("java.lang.ClassLoader").class.$h, "findLoadedClass", "(Ljava/lang/String;)Ljava/lang/Class;");
    const wanted = entries.filter(({ row, hooked }) => hooked > 0 && !row.native).map(({ row }) => row.cls);
    names = new Map(wanted.filter((name) => classes.isPlatform(name) && !name.startsWith(LIBRARY)).map((name) => {
      const text = env.newStringUtf(name);
      const kept = env.newGlobalRef(text);
      env.deleteLocalRef(text);
      return [name, kept];
    }));
  }
  const [platform, ...others] = classes.known();
  const asked = others.slice(turn, turn + AT_ONCE);
  turn = turn + AT_ONCE < others.length ? turn + AT_ONCE : 0;
  const found: [Entry, string][] = [];
  for (const { loader } of asked) {
    for (const [name, text] of loader === null ? [] : names) {
      const loaded = env.vaMethod("pointer", ["pointer"])(env.handle, loader!.$h, findLoaded, text) as NativePointer;
      if (loaded.isNull()) {
        continue;
      }
      const own = classes.find(platform!, name)?.class; // A loader also knows classes that its parent has defined.
      if (own !== undefined && !env.isSameObject(own.$h, loaded)) {
        names.delete(name);
        entries.filter(({ row }) => row.cls === name).forEach((entry) => found.push([entry, loader!.$className]));
      }
      env.deleteLocalRef(loaded);
    }
  }
  return found;
}
