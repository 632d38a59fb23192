/**
 * HotSpot: for each method that it replaces the bridge has the VM walk all its classes and all its compiled code. One walk after
 * the last of them does the same, so each is asked for once, within the VM operation that replaced them.
 */

import Java from "frida-java-bridge";

type Call = (...args: NativePointer[]) => void;

const CLASSES = "ClassLoaderDataGraph::classes_do";
/** What the bridge calls for each method, in its order, and the argument that says what a call is about. */
const REPEATED: [string, number?][] = [
  ["OopMapCache::flush_obsolete_entries", 0],
  ["VM_RedefineClasses::mark_dependent_code", 1],
  ["VM_RedefineClasses::flush_dependent_code", 1],
  ["ConstantPoolCache::adjust_method_entries", 0],
  [CLASSES],
  ["ResolvedMethodTable::adjust_method_entries"],
  ["ClassLoaderDataGraph::clean_deallocate_lists"],
];
/** As far as the bridge looks for the work of a VM operation in its table of functions. */
const SLOTS = 15;
const POINTER = 8;

/** From now on. Call before the bridge replaces anything. */
export function batch(): void {
  const api = Java.api as unknown as Record<string, Call> & { doKlass: NativePointer };
  const waiting = REPEATED.flatMap(([name, about]) => {
    const call = api[name];
    if (call === undefined) {
      return [];
    }
    const calls = new Map<string, () => void>();
    api[name] = (...args) => {
      const kept = name === CLASSES ? visitor(api.doKlass, args[0]!) : args;
      calls.set(about === undefined ? "" : String(args[about]), () => call(...kept));
    };
    return [calls];
  });
  const execute = api["VMThread::execute"]!;
  api["VMThread::execute"] = (operation) => {
    const slot = workOf(operation!);
    const work = new NativeFunction(slot.readPointer(), "void", ["pointer"]);
    const all = new NativeCallback((self) => {
      work(self);
      for (const calls of waiting) {
        calls.forEach((call) => call());
        calls.clear();
      }
    }, "void", ["pointer"]);
    slot.writePointer(all);
    execute(operation!);
    slot.writePointer(work);
  };
}

/** Where a VM operation of the bridge has its work: its own copy of the table of HotSpot's redefinition of classes. */
function workOf(operation: NativePointer): NativePointer {
  const { vtableRedefineClasses: table, redefineClassesDoIt: work } = Java.api as unknown as Record<string, NativePointer>;
  for (let i = 0; i < SLOTS; i++) {
    if (table!.add((i + 2) * POINTER).readPointer().equals(work!)) {
      return operation.readPointer().add(i * POINTER);
    }
  }
  throw new Error("the work of a VM operation was not found");
}

/** The bridge's visitor of classes, which it frees when it has asked: its table, and the thread twice. */
function visitor(visit: NativePointer, given: NativePointer): NativePointer[] {
  const own = Memory.alloc(4 * POINTER);
  own.writePointer(own.add(3 * POINTER));
  own.add(POINTER).writePointer(given.add(POINTER).readPointer());
  own.add(2 * POINTER).writePointer(given.add(2 * POINTER).readPointer());
  own.add(3 * POINTER).writePointer(visit);
  return [own];
}
