/** C of the agent, as Frida's compiler takes it: one text, what files include in its place. */

import { FILES } from "./c/embedded.js";

export type CFile = keyof typeof FILES;

/** Files as one unit, each header once. */
export function source(...names: CFile[]): string {
  const taken = new Set<string>();
  const expand = (name: CFile): string => {
    if (taken.has(name)) {
      return "";
    }
    taken.add(name);
    return FILES[name].replace(/^#include "(.+)"$/gm, (_, inner: CFile) => expand(inner));
  };
  return names.map(expand).join("");
}
