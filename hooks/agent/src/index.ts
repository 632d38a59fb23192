/// <reference path="../types/gum.d.ts" />
/// <reference path="../types/bridge.d.ts" />
/** Entry: what the host can ask for. */

import Java from "frida-java-bridge";
import * as classes from "./classes.js";
import { boot, now } from "./clock.js";
import { batch } from "./fast/batch.js";
import { deoptimizedMs } from "./fast/canary.js";
import * as front from "./fast/front.js";
import { install as installRows, retryNative } from "./installer.js";
import { leave } from "./observers/lifecycle.js";
import * as models from "./models.js";
import { registerObservers, startNative } from "./observers/index.js";
import { Options, Row } from "./protocol.js";
import { loseOne, reportLost, reportShadowed } from "./rowstate.js";
import * as stack from "./stack.js";
import { active, quietly } from "./threads.js";
import * as transport from "./transport.js";

let settled: Promise<void> | null = null;
let looking: number | null = null;

function whenAvailable(): Promise<void> {
  if (Java.available) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const observer = Process.attachModuleObserver({
      onAdded(module) {
        if (!/^libjvm\.so$/.test(module.name)) {
          return;
        }
        observer.detach();
        // The VM exists when this call returns, and no code of the app has run.
        Interceptor.attach(module.getExportByName("JNI_CreateJavaVM"), {
          onLeave() {
            resolve();
            pending.splice(0).forEach((fn) => fn());
          },
        });
      },
    });
  });
}

/** Work for the moment the VM is created, on the thread that creates it. */
const pending: (() => void)[] = [];

const LOADS_JVMTI = "_ZN3art7Runtime18EnsurePluginLoaded";

/**
 * ART's JVMTI stays out: loading it makes the runtime debuggable, which changes how the app runs, and from Android 15 on may
 * abort it. The bridge loads it for its first class, if it finds how; without, it reads ART's own structures.
 */
function withoutJvmti(): void {
  const { api } = Java;
  const find = api.find;
  if (api.flavor === "art" && find !== undefined) {
    api.find = (name) => (name.startsWith(LOADS_JVMTI) ? null : find.call(api, name));
  }
}

function setUp(rows: Row[]): void {
  quietly(() => {
    withoutJvmti();
    models.prepare();
    transport.alive();
    if (Java.api.flavor === "jvm") {
      batch();
    }
    stack.prepare(front.prepare(rows.length));
    transport.alive();
    classes.prepare();
    front.prepareExceptions();
    classes.enumerate();
    registerObservers();
    installRows(rows);
    startNative();
  });
}

function begin(rows: Row[], options: Partial<Options>): void {
  transport.start(options);
  settled = new Promise((resolve, reject) => {
    const work = (): void => {
      try {
        Java.performNow(() => setUp(rows));
        // The bridge applies replacements in a tick that was asked for before this one.
        Script.nextTick(() => {
          loseOne();
          transport.flush();
          resolve();
        });
        looking = setInterval(() => {
          retryNative();
          reportLost();
          Java.performNow(() => reportShadowed());
        }, 500);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    if (Java.available) {
      work();
    } else {
      pending.push(work);
      void whenAvailable();
    }
  });
  settled.catch(() => undefined);
}

let ended: Promise<void> | null = null;

async function end(): Promise<void> {
  if (looking !== null) {
    clearInterval(looking); // Hooks that are taken out are not lost.
    try {
      reportLost(); // What was changed a moment ago was not seen yet.
      Java.performNow(() => reportShadowed(true));
    } catch (error) {
      transport.fault("integrity", error);
    }
  }
  await front.end();
  transport.beat(true);
}

rpc.exports = {
  describe: () => ({
    available: Java.available,
    flavor: Java.available ? Java.api.flavor : "",
    android: Java.available && Java.api.flavor === "art" ? Java.androidVersion : "",
    pid: Process.id,
    arch: Process.arch,
    deoptimized: deoptimizedMs(),
    given: front.givenUp(),
    runtime: Script.runtime,
    frida: Frida.version,
  }),
  install(rows: Row[], options: Partial<Options>): void {
    begin(rows, options);
  },
  async settled(): Promise<void> {
    await settled;
  },
  /** The agent's clock and the boot clock, for estimating the offset. */
  ping: () => ({ t: now(), boot: boot(), wall: Date.now() }),
  progress: () => ({ ...transport.progress(), active: active() }),
  flush(): void {
    transport.beat(true);
  },
  /** Removes the hooks and reports the last counts: what precedes the answer has arrived, unlike after an unload. */
  end: () => (ended ??= end()),
  async dispose(reason = ""): Promise<void> {
    if (reason === "exit") { // A thread is inside of a hook then, as likely as not: it will not come out.
      leave(Process.id, () => 0);
      return;
    }
    await (ended ??= end());
    transport.beat(true); // On Android the bridge takes its hooks out only now.
  },
  /** For tests of the host's time-outs. */
  spin(): void {
    for (;;);
  },
};
