/** What the parts of the engine's JavaScript side share: sites, numbers of data types, values that parts of calls gave. */

import type { Site } from "../hook.js";
import { Recent } from "../identity.js";
import type { Slot } from "./entries.js";

export interface Placed {
  number: number;
  slot: Slot | null;
  planned: boolean;
  /** ART: number of its gate, -1 = none yet. */
  gate: number;
  /** Its entry, once compiled. */
  code: NativePointer | null;
}

/** By number. */
export const sites: Site[] = [];

/** Values that parts of a call gave it, by its number. */
export const givens = new Recent<[string, string][]>(512);

const dataTypes = new Map<string, number>();

/** Data types as C knows them. */
export function typeNumber(name: string): number {
  let found = dataTypes.get(name);
  if (found === undefined) {
    found = dataTypes.size + 1;
    dataTypes.set(name, found);
  }
  return found;
}

/** What parts of a call gave it; forgotten by that. */
export function givenTo(call: number): [string, string][] | null {
  const found = givens.get(call) ?? null;
  if (found !== null) {
    givens.delete(call);
  }
  return found;
}

/** Functions below Java that are parts of calls have numbers beyond those of sites. */
const BELOW = 1 << 24;
const below: string[] = [];

/** The number that stands for a function below Java. */
export function partNumber(name: string): number {
  const found = below.indexOf(name);
  return BELOW + (found < 0 ? below.push(name) - 1 : found);
}

/** Name of a part: of a site by `nameOf`, or of a function below Java. */
export function partName(number: number, nameOf: (site: Site) => string): string {
  return number >= BELOW ? below[number - BELOW]! : nameOf(sites[number]!);
}
