/** All observers by the name that catalogue rows use. */

export function registerObservers(): void {}

export function startNative(): void {}
