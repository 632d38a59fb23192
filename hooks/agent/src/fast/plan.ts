/** Which sites C may record alone. */

import type { JniType } from "frida-java-bridge";
import * as classes from "../classes.js";
import { INSTANCE, Site } from "../hook.js";
import { CALLS } from "../threads.js";
import * as transport from "../transport.js";
import { letter, Plan } from "./entries.js";
import { typeNumber } from "./sites.js";

const SIMPLE = new Set(["value", "text", "int", "bool"]);

function simple(type: JniType): boolean {
  return type.type !== "pointer" || type.name === "Ljava/lang/String;";
}

const TASKS: Record<string, Plan["fast"]> = { handover: 3, handover_begin: 4, handover_end: 5, handover_run: 6 };

/** A task for another thread: C knows all there is to do, unless the result is the task. */
function taskPlan(site: Site, fast: Plan["fast"]): Plan | null {
  const { row, index, filter } = site.rows[0]!;
  const at = row.args[0]?.index ?? -1;
  const type = at < 0 ? null : site.method._p[5][at];
  const byResult = fast === 3 && at < 0 && site.method._p[4].type !== "void";
  if (site.rows.length !== 1 || filter.length > 0 || byResult || type === undefined || (type !== null && type.type !== "pointer") ||
      (at < 0 && site.method._p[2] !== INSTANCE)) {
    return null;
  }
  return {
    row: index, fast, taskAt: at, folds: 0, counts: false, gives: false, wants: false, transform: false, constants: [], filters: [], reads: [],
  };
}

/** How C records the site's calls: one row, keeping only texts and numbers. null = it cannot, or not yet. */
export function planFor(site: Site): Plan | null {
  const { row, index, filter } = site.rows[0]!;
  const task = TASKS[row.observer];
  if (task !== undefined) {
    return taskPlan(site, task);
  }
  const hot = row.hot && row.observer === "";
  const isStatic = site.method._p[2] !== INSTANCE;
  const filters = filter.length === 0 || isStatic ? [] : platformClasses(filter);
  if (site.rows.length !== 1 || filters === null || row.observer !== "" || (row.select !== null && !hot) ||
      (!hot && transport.counters(index).total < transport.options.eager)) {
    return null;
  }
  const types = site.method._p[5];
  const returns = site.method._p[4];
  const reads: [number, string][] = [];
  for (const want of row.args) {
    const type = types[want.index];
    if (type === undefined) {
      continue;
    }
    if (!SIMPLE.has(want.keep) || !simple(type)) {
      return null;
    }
    reads.push([want.index, letter(type)]);
  }
  if (row.result !== null && returns.type !== "void") {
    if (!SIMPLE.has(row.result) || !simple(returns)) {
      return null;
    }
    reads.push([-1, letter(returns)]);
  }
  if (reads.length > 8 || (row.constants.length > 0 && returns.name !== "Ljava/lang/String;")) {
    return null;
  }
  const counts = CALLS.has(row.role);
  return {
    row: index, fast: hot ? 2 : 1, taskAt: -1, folds: typeNumber(row.data_type), counts, gives: counts && row.role === "source" && row.result === null,
    wants: row.result !== null, transform: row.role === "transform", constants: row.constants, filters, reads,
  };
}

/** Handles of platform classes; null if one is the app's: its classes can be in several loaders, so names decide. */
function platformClasses(names: string[]): NativePointer[] | null {
  const found: NativePointer[] = [];
  for (const name of names) {
    const handle = classes.isPlatform(name) ? classes.handleOf(name) : null;
    if (handle === null) {
      return null;
    }
    found.push(handle);
  }
  return found;
}
