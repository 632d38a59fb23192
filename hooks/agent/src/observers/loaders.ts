/** New class loaders: rows that wait for a class get their chance there, before its first call. */

import Java, { Wrapper } from "frida-java-bridge";
import * as classes from "../classes.js";
import { Call, observe } from "../hook.js";
import { retry } from "../installer.js";
import type { Installed } from "../rowstate.js";
import { fault } from "../transport.js";
import { quietly } from "../threads.js";

const BASE = "java.lang.ClassLoader";

function built(call: Call): void {
  if (call.outcome !== "value") {
    return;
  }
  // Retain first: the bridge's class factory must not hold a reference that dies with this call.
  const loader = Java.retain(Java.cast(call.self.$h, classes.helper("java.lang.ClassLoader")!));
  if (classes.isPlatform(loader.$className)) {
    if (call.row.cls !== BASE) { // The platform's own loaders have constructors of their own, which are hooked, too.
      learn(loader, "hooked");
    }
    return;
  }
  // The constructor of the app's own loader has not ended: asking it for classes now could disturb it.
  setTimeout(() => {
    try {
      Java.performNow(() => quietly(() => learn(loader, "late")));
    } catch (error) {
      fault("loader", error);
    }
  }, 0);
}

function learn(loader: Wrapper, state: Installed): void {
  if (classes.add(loader)) {
    retry(classes.known().slice(-1), state);
  }
}

export function register(): void {
  // Also inside the hooked constructor of a subclass.
  observe("loader", { after: built, nested: true });
}
