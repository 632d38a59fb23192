/** Event time: microseconds since the epoch that never jump (boot clock, anchored once to the wall clock). */

import { source } from "./source.js";

const CLOCK_REALTIME = 0;
const CLOCK_BOOTTIME = 7;

const module = new CModule(source("clock.c"), { clock_gettime: Module.getGlobalExportByName("clock_gettime") });
// Exclusive: too short to be worth giving the JS lock away.
const read = new NativeFunction(module.read_clock!, "double", ["int"], { scheduling: "exclusive", exceptions: "propagate" });

function anchor(): number {
  let best = Infinity;
  let offset = 0;
  for (let i = 0; i < 5; i++) {
    const before = read(CLOCK_BOOTTIME);
    const wall = read(CLOCK_REALTIME);
    const after = read(CLOCK_BOOTTIME);
    if (after - before < best) {
      best = after - before;
      offset = wall - (before + after) / 2;
    }
  }
  return Math.round(offset);
}

/** Microseconds from the boot clock to the epoch. */
export const offset = anchor();

/** Microseconds since the epoch on the agent's timeline. */
export function now(): number {
  return read(CLOCK_BOOTTIME) + offset;
}

export function boot(): number {
  return read(CLOCK_BOOTTIME);
}

/** Keeps the code alive. */
export const keep = module;
