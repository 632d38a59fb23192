/** What goes into a transform and what comes out, told by the shape of the method. */

import type { JniType } from "frida-java-bridge";
import { DEFINED } from "../c/embedded.js";
import { INSTANCE, Site } from "../hook.js";
import type { Row } from "../protocol.js";

/** Observers of transforms, as ../c/site.h has them. */
export const FED: Record<string, number> = {
  fed: DEFINED.FEEDS, transform: DEFINED.TAKES, transform_part: DEFINED.PASSES, renewed: DEFINED.RENEWS, copied: DEFINED.COPIES,
};

export interface Fed {
  mode: number;
  /** Argument that goes in, -1 = none does. */
  inAt: number;
  inShape: number;
  /** Argument that the result is put into, -1 = it is returned. */
  outAt: number;
  /** Argument that says from where on, -1 = from its beginning. */
  outFrom: number;
}

const BYTES = "[B";

/** How a site transforms; null = its arguments are none that can be read (buffers). */
export function fedOf(site: Site): Fed | null {
  const mode = FED[site.rows[0]!.row.observer];
  if (mode === undefined) {
    return null;
  }
  if (mode === DEFINED.RENEWS || mode === DEFINED.COPIES) {
    return { mode, inAt: -1, inShape: DEFINED.WHOLE, outAt: -1, outFrom: -1 };
  }
  const types = site.method._p[5];
  const returns = site.method._p[4];
  if (types.some((type) => type.type === "pointer" && type.name !== BYTES)) {
    return null;
  }
  const arrays = types.flatMap((type, i) => (type.name === BYTES ? [i] : []));
  const isInt = (at: number): boolean => types[at]?.name === "I";
  const returned = mode === DEFINED.FEEDS || returns.type === "pointer";
  const outAt = returned ? -1 : (arrays[arrays.length - 1] ?? -1);
  let inAt = arrays[0] !== undefined && arrays[0] !== outAt ? arrays[0] : -1;
  let inShape = inAt < 0 || !isInt(inAt + 1) ? DEFINED.WHOLE : isInt(inAt + 2) ? DEFINED.PART : DEFINED.BLOCK;
  if (mode === DEFINED.FEEDS && types.length === 1 && types[0]!.name === "B") {
    inAt = 0;
    inShape = DEFINED.ONE_BYTE;
  }
  if ((outAt < 0 && mode !== DEFINED.FEEDS && returns.type !== "pointer") || (site.method._p[2] !== INSTANCE && inAt < 0)) {
    return null;
  }
  return { mode, inAt, inShape, outAt, outFrom: outAt >= 0 && isInt(outAt + 1) ? outAt + 1 : -1 };
}

/** Whether calls of a row that looks after what goes in are counted and no more. */
export function onlyCounted(row: Row): boolean {
  const mode = FED[row.observer];
  return mode === DEFINED.FEEDS || mode === DEFINED.COPIES || (mode === DEFINED.RENEWS && row.hot);
}

/** Whether something comes out of a call, and what went in before is told with it. */
export function givesOut(row: Row): boolean {
  const mode = FED[row.observer];
  return mode === DEFINED.TAKES || mode === DEFINED.PASSES;
}

/** Whether C can read all of it by itself. */
export function fits(fed: Fed, row: Row, returns: JniType): boolean {
  return !givesOut(row) || fed.outAt >= 0 || returns.name === BYTES;
}
