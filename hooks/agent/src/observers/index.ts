/** All observers by the name that catalogue rows use, and what is watched below Java. */

import * as consent from "./consent.js";
import * as cursor from "./cursor.js";
import * as deliveries from "./deliveries.js";
import * as handover from "./handover.js";
import * as lifecycle from "./lifecycle.js";
import * as loaders from "./loaders.js";
import * as network from "./network.js";
import * as permissions from "./permissions.js";
import * as requests from "./requests.js";
import * as taps from "./taps.js";
import * as transforms from "./transforms.js";
import * as unpin from "./unpin.js";
import * as windows from "./windows.js";

export function registerObservers(): void {
  for (const one of [consent, cursor, deliveries, handover, lifecycle, loaders, permissions, requests, taps, transforms, unpin, windows]) {
    one.register();
  }
}

export function startNative(): void {
  lifecycle.startExit();
  network.startConnect();
}
