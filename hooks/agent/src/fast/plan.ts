/** Which sites C may record alone. */

import type { JniType } from "frida-java-bridge";
import * as classes from "../classes.js";
import { INSTANCE, Site } from "../hook.js";
import { CALLS, foldKey } from "../threads.js";
import * as transport from "../transport.js";
import { As, Row } from "../protocol.js";
import { letter, Plan, Selection } from "./entries.js";
import { HOLD, letterOf } from "./objects.js";
import { FED, fedOf, fits, givesOut, onlyCounted } from "./fed.js";
import { typeNumber } from "./sites.js";

/** Observers that look at few calls of a row, which C picks out. */
export const WATCHED: Record<string, 8 | 9> = { cursor: 8, consent: 9 };
const DECIDES = new Set<As>(["count", "package_names", "account", "fields", "wifi_info"]);
const VALUES = new Set(["q", "o", "d", "w"]);
const NOTHING = { counts: false, gives: false, wants: false, transform: false, constants: [], reads: [] as [number, string][], members: "", select: null, fed: null };

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
    ...NOTHING, row: index, fast, taskAt: at, folds: 0, filters: [],
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
  const types = site.method._p[5];
  const returns = site.method._p[4];
  if (site.rows.length !== 1 || filters === null) {
    return null;
  }
  const watched = WATCHED[row.observer];
  if (watched !== undefined) {
    const fits = watched === 8 ? !CALLS.has(row.role) && row.select === null && !isStatic : types[0]?.name === "Ljava/lang/String;";
    return !fits ? null : {
      ...NOTHING, row: index, fast: watched, taskAt: types[1]?.name === "Z" ? 1 : 0, folds: typeNumber(row.data_type), filters,
    };
  }
  if (row.observer in FED) {
    return fedPlan(site, filters);
  }
  if (row.observer !== "" || (!hot && transport.counters(index).total < transport.options.eager)) {
    return null;
  }
  const reads: [number, string][] = [];
  const wanted = row.args.filter((want) => types[want.index] !== undefined);
  for (const [at, type, keep] of [
    ...wanted.map((want) => [want.index, types[want.index]!, want.keep] as const),
    ...(row.result !== null && returns.type !== "void" ? [[-1, returns, row.result] as const] : []),
  ]) {
    const as = letterOf(type, keep, letter(type));
    if (as === null) {
      return null;
    }
    reads.push([at, as]);
  }
  const select = row.select === null || hot ? null : selection(row.select, types);
  if (reads.length > 8 || (row.constants.length > 0 && returns.name !== "Ljava/lang/String;") || (row.select !== null && !hot && select === null) ||
      reads.some(([at, as]) => at >= 0 && VALUES.has(as)) || // An argument's room is too small for lists of texts.
      (row.result !== null && DECIDES.has(row.result) && returns.type !== "pointer" && returns.type !== "void")) {
    return null;
  }
  const counts = CALLS.has(row.role);
  return {
    row: index, fast: hot ? 2 : 1, taskAt: -1, folds: typeNumber(foldKey(row, row.data_type)), counts, gives: counts && row.role === "source" && row.result === null,
    wants: row.result !== null, transform: row.role === "transform", constants: row.constants, filters, reads,
    members: row.result !== null && returns.type === "pointer" && DECIDES.has(row.result) ? reads[reads.length - 1]![1] : "", select, fed: null,
  };
}

/** A transform: what goes in is read before the original, what comes out after it. */
function fedPlan(site: Site, filters: NativePointer[]): Plan | null {
  const { row, index } = site.rows[0]!;
  const fed = fedOf(site);
  if (fed === null || !fits(fed, row, site.method._p[4])) {
    return null;
  }
  const feeds = onlyCounted(row);
  if (!feeds && transport.counters(index).total < transport.options.eager) {
    return null;
  }
  const folds = typeNumber(row.data_type);
  return feeds
    ? { ...NOTHING, row: index, fast: 10, taskAt: -1, folds, filters, fed }
    : { ...NOTHING, row: index, fast: 1, taskAt: -1, folds, counts: true, transform: true, filters, reads: !givesOut(row) ? [] : [[0, "b"], [-1, "b"]], fed };
}

/** Data types by key, as `Choice` has them: the last is that of calls that select none. */
export function choices(rule: NonNullable<Row["select"]>): string[] {
  return [...Object.values(rule.map), rule.otherwise];
}

/** How C selects the data type; null = it cannot. */
function selection(rule: NonNullable<Row["select"]>, types: JniType[]): Selection | null {
  const object: JniType = { ...types[0]!, name: "Ljava/lang/Object;", type: "pointer" };
  const letters = (rule.index < 0 ? [object] : types.slice(rule.index)).map((type) => letterOf(type, rule.keep, letter(type)));
  if (rule.keep === "value" || rule.keep === "url" || rule.keep === "bytes" || HOLD.has(rule.keep) || letters.length > 8 ||
      letters.some((one) => one === null || one === "F" || one === "D")) {
    return null;
  }
  const keys = [...Object.keys(rule.map), ""].map((key, i) => {
    const dataType = choices(rule)[i]!;
    return { parts: key.split("*"), type: dataType === "ignore" ? 0 : typeNumber(dataType) };
  });
  return { keys, from: rule.index, letters: letters as string[] };
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
