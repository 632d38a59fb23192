/** How overloads are written in events: erased Java types. */

import type { Method } from "frida-java-bridge";

export function signatureOf(method: Method): string {
  const args = method.argumentTypes.map((type) => typeName(type.name)).join(",");
  return `(${args})${typeName(method.returnType.name)}`;
}

const PRIMITIVES: Record<string, string> = {
  Z: "boolean", B: "byte", C: "char", S: "short", I: "int", J: "long", F: "float", D: "double", V: "void",
};

/** `[Ljava/lang/String;` as `java.lang.String[]`. */
function typeName(name: string): string {
  if (name.startsWith("[")) {
    return `${typeName(name.slice(1))}[]`;
  }
  return PRIMITIVES[name] ?? name.replace(/^L|;$/g, "").replace(/\//g, ".");
}
