/** The hooks below JavaScript: C entries, put in place, watched and taken out; what they recorded by themselves. */

import Java, { Env } from "frida-java-bridge";
import * as classes from "../classes.js";
import { offset } from "../clock.js";
import { INSTANCE, Scene, Site } from "../hook.js";
import { stringsBy } from "../text.js";
import { below } from "../threads.js";
import * as transport from "../transport.js";
import { Art } from "./art.js";
import type { Backend } from "./backend.js";
import type { GivenUp } from "./callers.js";
import { enter, exit } from "./calls.js";
import { take } from "./drained.js";
import { Engine } from "./engine.js";
import { compile } from "./entries.js";
import { onlyCounted } from "./fed.js";
import { Jvm } from "./jvm.js";
import type { Match } from "./loaded.js";
import { prepareObjects } from "./objects.js";
import { planFor, WATCHED } from "./plan.js";
import { givens, partNumber, Placed, sites, typeNumber } from "./sites.js";

export { givenTo } from "./sites.js";
export type { Placed } from "./sites.js";

let engine: Engine | null = null;
let back: Backend | null = null;
let fresh: Site[] = [];
const kept: unknown[] = [];

function backend(): Backend | null {
  if (Java.api.flavor === "jvm") {
    return new Jvm();
  }
  try {
    return transport.options.entries ? new Art() : null;
  } catch (error) {
    transport.fault("engine", error);
    return null;
  }
}

/** Starts the engine; null where there is none for the VM or processor: the bridge's way then. */
export function prepare(rows: number): Engine | null {
  back = backend();
  if (back === null) {
    return null;
  }
  engine = new Engine(rows, { before: enter, after: exit, resolve }, offset, back);
  back.start(engine);
  engine.limits(transport.options.credits, transport.options.rate);
  for (const name of ["run_site", "drain_all", "find_lost"]) {
    engine.watchCode(-1, engine.code[name]!);
  }
  const own = engine;
  below((by) => own.quiet(by), () => own.nextCall());
  stringsBy((env, text) => own.string(env.handle, text));
  transport.setUnder({
    spend: (row, t) => own.spend(row, t) !== 0,
    credit: (n, most) => own.credit(n, most),
    credits: () => own.credits,
    drain: (totals) => take(own.drain(totals)),
  });
  return engine;
}

/** The engine, if there is one. */
export function current(): Engine | null {
  return engine;
}

/** After classes are ready: what recording an exception needs. */
export function prepareExceptions(): void {
  const security = classes.helper("java.lang.SecurityException");
  const named = classes.helper("java.lang.Class");
  if (engine === null || security === null || named === null) {
    return;
  }
  const securityClass = Java.retain(security.class);
  const classClass = Java.retain(named.class);
  kept.push(securityClass, classClass);
  prepareObjects(engine);
  engine.forExceptions(securityClass.$h, Java.vm.getEnv().getMethodId(classClass.$h, "getName", "()Ljava/lang/String;"));
}

/** Whether the site is hooked below JavaScript, at the end of the pass. */
export function place(site: Site): boolean {
  if (engine === null || !transport.options.entries) {
    return false;
  }
  site.native = { number: sites.length, slot: null, planned: false, gate: -1, code: null };
  sites.push(site);
  fresh.push(site);
  return true;
}

/** End of a pass: compiles the entries of its sites and puts them in place, on a JVM by the bridge in its next tick. */
export function finishPass(): void {
  const batch = fresh;
  fresh = [];
  const first = batch[0]?.native;
  if (engine === null || back === null || first === null || first === undefined) {
    return;
  }
  const shapes = batch.map((site) => ({
    isStatic: site.method._p[2] !== INSTANCE, returns: site.method._p[4], args: site.method._p[5], klass: site.klass.$h,
  }));
  const entries = compile(first.number, shapes, engine.code.run_site!);
  kept.push(entries.kept);
  batch.forEach((site, i) => {
    site.native!.slot = entries.slots[i]!;
    site.native!.code = entries.functions[i]!;
    if (site.rows.length === 0) {
      site.native!.slot.canary();
      return;
    }
    if (site.rows.every(({ row }) => row.select === null && row.observer === "" && !row.hot)) {
      site.native!.slot.stackFirst();
    }
    const only = site.rows.length === 1 ? site.rows[0]! : null;
    if (only !== null && (only.row.observer === "" ? only.row.hot : only.row.observer.startsWith("handover") || only.row.observer in WATCHED || onlyCounted(only.row))) {
      consider(site);
    }
  });
  if (transport.options.fault === "crowded") {
    engine.crowd(0);
  }
  const beyond = engine.beyond;
  back.place(batch, entries.functions);
  if (transport.options.fault === "unplaced") {
    back.remove(batch);
  }
  Script.nextTick(() => {
    batch.forEach(check);
    if (engine !== null && engine.beyond !== beyond) {
      crowded.push(...batch);
    }
  });
}

let missed: (site: Site) => void = () => undefined;

/** What to do about a hook that was installed and is not in force. */
export function onMissed(fn: (site: Site) => void): void {
  missed = fn;
}

/** Self-test of an installed hook: the method leads to the replacement now, and the original is known. */
function check(site: Site): void {
  const lead = back!.lead(site);
  if (lead !== null && lead.at.readPointer().equals(lead.expected)) {
    resolve(site.native!.number);
    const leads = back!.watches ? [] : [lead, back!.further?.(site) ?? null];
    leads.forEach((one) => one !== null && engine?.watch(site.native!.number, one));
    engine?.watchCode(site.native!.number, site.native!.code!);
    return;
  }
  missed(site);
}

const crowded: Site[] = [];

/** Hooks of the last pass that some calls may pass by, and why. */
export function doubts(): [Site, string][] {
  const beyond = crowded.splice(0).map((site): [Site, string] => [site, "there are more hooks than can be looked after"]);
  return [...(back?.doubts() ?? []), ...beyond];
}

/** Whether code of the VM's compiler may call what is hooked: hooks prove themselves against it too. */
export function compiles(): boolean {
  return engine !== null && back !== null && back.given !== null;
}

/** Has the VM compile a method at once; false where it does not. */
export function compileNow(method: NativePointer): boolean {
  return back?.compile(method) ?? false;
}

/** Compiled code that the VM gave up for the hooks' sake. */
export function givenUp(): GivenUp | null {
  return back?.given ?? null;
}

/** Now and then. */
export function tidy(): void {
  back?.tidy();
}

/** Sites whose hook was in force and no longer is, and those whose code was changed (null: that of all), each once. */
export function lost(): { lost: Site[]; changed: (Site | null)[] } {
  const found = engine?.lostSites() ?? { lost: [], changed: [] };
  return { lost: found.lost.map((number) => sites[number]!), changed: found.changed.map((number) => sites[number] ?? null) };
}

/** Loaded classes below others (see `Backend.below`); the bridge's slow way without an engine. */
export function loadedBelow(env: Env, bases: NativePointer[], onMatch: Match): void {
  if (back !== null) {
    back.below(env, bases, onMatch);
    return;
  }
  Java.enumerateLoadedClasses({
    onMatch(name, handle) {
      bases.forEach((base, i) => {
        if (!env.isSameObject(handle, base) && env.isAssignableFrom(handle, base)) {
          onMatch(i, name, handle);
        }
      });
    },
    onComplete() {},
  });
}

/** Calls that a canary's hook saw. */
export function hits(site: Site): number {
  return site.native === null ? site.hits : (site.native.slot?.hits ?? 0);
}

/** Removes one hook permanently, so that its method can be hooked again at once; false where that is impossible. */
export function withdraw(site: Site): boolean {
  if (site.native === null && Java.api.flavor === "art") {
    site.method.implementation = null;
    return true;
  }
  if (back === null || !back.renews) {
    return false;
  }
  back.remove([site]);
  engine?.forgetLeads(site.native!.number);
  return true;
}

/** For a test: the first hook is disabled without the agent's knowledge. */
export function loseOne(): void {
  back?.remove(sites.filter((site) => site.rows.length > 0).slice(0, 1));
}

/** For a test: the code of the first hook is written over. It must not be called from then on. */
export function changeOne(): void {
  const code = sites.find((site) => site.rows.length > 0)!.native!.code!;
  Memory.patchCode(code, 8, (at) => at.writeByteArray(new Uint8Array(8).buffer));
}

/** What an entry calls for the original: known once the bridge has put the entry in place. */
function resolve(number: number): void {
  const site = sites[number]!;
  site.native!.slot!.target(back!.target(site));
}

/** Whether C may record the site's calls from now on: asked after a call that went through JavaScript. */
export function consider(site: Site): void {
  const { native } = site;
  if (engine === null || native === null || native.planned || native.slot === null || transport.options.fault !== "") {
    return;
  }
  const plan = planFor(site);
  if (plan !== null) {
    native.planned = true;
    native.slot.plan(plan);
  }
}

/** Another row covers the site: JavaScript chooses. */
export function reconsider(site: Site): void {
  if (site.native !== null && site.native.planned) {
    site.native.planned = false;
    site.native.slot!.slow();
  }
}

export function outerOf(scene: Scene, native: Placed, dataType: string): { given: [string, string][] | null } | null {
  if (scene.frames === null || engine === null) {
    return null;
  }
  const outer = engine.findOuter(scene.frames, typeNumber(dataType), native.number);
  if (outer >= 0) {
    return outer === 0 ? null : { given: null };
  }
  let given = givens.get(-outer);
  if (given === undefined) {
    given = [];
    givens.set(-outer, given);
  }
  return { given };
}

/** What the current thread is inside of, for a function below Java; null = no engine, the thread's state tells. */
export function around(dataType: string, name: string): { busy: boolean; folded: boolean; parent: number } | null {
  if (engine === null || !transport.options.entries) {
    return null;
  }
  const busy = engine.busyHere() !== 0;
  return { busy, folded: !busy && engine.outerHere(typeNumber(dataType), partNumber(name)) !== 0, parent: engine.parentHere() };
}

/** So long nobody was in a hook, of threads that never stop calling. */
const BUSY_MS = 300;

/** Takes all hooks out; resolves when no thread is inside one, so that their code can go. */
export async function end(): Promise<void> {
  if (engine === null || back === null) {
    return;
  }
  const own = back;
  let busy = engine.inflight > 0;
  engine.close();
  Java.performNow(() => {
    own.remove(sites);
    own.leave();
  });
  await new Promise<void>((done) => Script.nextTick(done));
  // The bridge has the JVM's sweeper run, whose lock leaves this thread as one that is inside of the VM and that everybody
  // waits for; any function of the VM sets it right.
  Java.performNow(() => Java.vm.getEnv().exceptionClear());
  // A thread may be on its way in, or on its last instructions, and another one on its processor: it is long until its turn
  // where many run.
  for (let quiet = 0; quiet < (busy ? BUSY_MS : 20); quiet += 10) {
    await new Promise<void>((done) => setTimeout(done, 10));
    if (engine.inflight > 0) {
      quiet = -10;
      busy = true;
    }
  }
}

/** The process ends: nothing is taken out. */
export function abandon(): void {
  engine?.close();
  engine = null;
}
