/**
 * Classes of the platform that a loader of the app defines itself, as one that does not ask its parent first can: what the
 * app calls of them is its own code, and passes no hook.
 */

import Java from "frida-java-bridge";
import * as classes from "./classes.js";
import type { Entry } from "./rowstate.js";

/** Questions in one look, each to a loader about a class; the next ones come in the next. */
const AT_ONCE = 100;
/** Of the platform's packages, one that apps bring as a library. */
const LIBRARY = "org.json.";

let findLoaded: NativePointer = NULL;
let names: [string, NativePointer][] | null = null;
let turn = 0;

/** The classes to look for, each name as a string of the VM's. */
function prepared(entries: Entry[]): [string, NativePointer][] {
  const env = Java.vm.getEnv();
  findLoaded = env.getMethodId(Java.use("java.lang.ClassLoader").class.$h, "findLoadedClass", "(Ljava/lang/String;)Ljava/lang/Class;");
  const wanted = entries.filter(({ row, hooked }) => hooked > 0 && !row.native).map(({ row }) => row.cls);
  return [...new Set(wanted)].filter((name) => classes.isPlatform(name) && !name.startsWith(LIBRARY)).map((name) => {
    const text = env.newStringUtf(name);
    const kept = env.newGlobalRef(text);
    env.deleteLocalRef(text);
    return [name, kept];
  });
}

/**
 * Rows of a class that another loader than the platform's has defined, with what that loader is. `whole`: all loaders are
 * asked about all classes.
 */
export function look(entries: Entry[], whole: boolean): [Entry, string][] {
  const env = Java.vm.getEnv();
  names ??= prepared(entries);
  const [platform, ...others] = classes.known();
  const found: [Entry, string][] = [];
  const pairs = others.length * names.length;
  for (let left = whole ? pairs : Math.min(pairs, AT_ONCE); left > 0; left--) {
    turn = (turn + 1) % pairs;
    const { loader } = others[Math.floor(turn / names.length)]!;
    const [name, text] = names[turn % names.length]!;
    const loaded = env.vaMethod("pointer", ["pointer"])(env.handle, loader!.$h, findLoaded, text) as NativePointer;
    if (loaded.isNull()) {
      continue;
    }
    const own = classes.find(platform!, name)?.class; // A loader also knows classes that its parent has defined.
    if (own !== undefined && !env.isSameObject(own.$h, loaded)) {
      entries.filter(({ row }) => row.cls === name).forEach((entry) => found.push([entry, loader!.$className]));
    }
    env.deleteLocalRef(loaded);
  }
  return found;
}
