/** Loaded classes below others, found without crossing into JavaScript for each class of the VM. */

import Java, { Env } from "frida-java-bridge";
import { source } from "../source.js";

const MAX_FOUND = 20_000;

let code: CModule | null = null;
let find: Search | null = null;

export type Match = (base: number, name: string, handle: NativePointer) => void;
/** Environment, bases, how many, found classes, which base each is below, room: how many were found. */
export type Search = (...args: unknown[]) => number;

/** A JVM's classes, by JVMTI. */
export function below(env: Env, bases: NativePointer[], onMatch: Match): void {
  if (find === null) {
    const jvmti = Java.api.jvmti!.handle;
    const slot = (at: number): NativePointer => jvmti.readPointer().add(at * 8).readPointer();
    code = new CModule(source("loaded.c"), { get_loaded: slot(77), deallocate: slot(46), jvmti });
    // Cooperative: it can wait for a safepoint whose operation needs the JS lock.
    find = new NativeFunction(code.find_below!, "int", ["pointer", "pointer", "int", "pointer", "pointer", "int"], {
      exceptions: "propagate",
    });
  }
  eachBelow(env, bases, find, onMatch);
}

export function eachBelow(env: Env, bases: NativePointer[], search: Search, onMatch: Match): void {
  const handles = Memory.alloc(8 * Math.max(bases.length, 1));
  bases.forEach((base, i) => handles.add(8 * i).writePointer(base));
  const out = Memory.alloc(8 * MAX_FOUND);
  const which = Memory.alloc(4 * MAX_FOUND);
  const found = search(env.handle, handles, bases.length, out, which, MAX_FOUND);
  for (let i = 0; i < found; i++) {
    const handle = out.add(8 * i).readPointer();
    try {
      onMatch(which.add(4 * i).readS32(), env.getClassName(handle), handle);
    } finally {
      env.deleteGlobalRef(handle);
    }
  }
}
