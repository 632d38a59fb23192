/** The part of Frida's JavaScript API that the agent uses, in own words. */
declare class NativePointer {
  constructor(value: string | number);
  isNull(): boolean;
  toInt32(): number;
  compare(other: NativePointer): number;
  equals(other: NativePointer): boolean;
  add(offset: number): NativePointer;
  toString(radix?: number): string;
  readPointer(): NativePointer;
  readByteArray(size: number): ArrayBuffer | null;
  readU8(): number;
  readU16(): number;
  readS8(): number;
  readS16(): number;
  readS32(): number;
  readS64(): Int64;
  readFloat(): number;
  readUtf8String(size?: number): string | null;
  readCString(size?: number): string | null;
  readDouble(): number;
  writePointer(value: NativePointer): NativePointer;
  writeS32(value: number): NativePointer;
  writeU32(value: number): NativePointer;
  readU32(): number;
  writeDouble(value: number): NativePointer;
  writeByteArray(value: ArrayBuffer): NativePointer;
}
declare class Int64 {
  toNumber(): number;
  toString(radix?: number): string;
}
declare class UInt64 {
  toNumber(): number;
  toString(radix?: number): string;
}
declare const NULL: NativePointer;
declare function ptr(value: string | number): NativePointer;
interface NativeFunctionOptions {
  scheduling?: "cooperative" | "exclusive";
  exceptions?: "steal" | "propagate";
  traps?: "default" | "all" | "none";
}
declare const NativeFunction: {
  new (
    address: NativePointer,
    returns: string,
    args: string[],
    options?: NativeFunctionOptions,
  ): NativePointer & ((...args: any[]) => any);
};
declare const NativeCallback: {
  new (fn: (...args: any[]) => unknown, returns: string, args: string[]): NativePointer;
};
interface ArrayBufferConstructor {
  wrap(address: NativePointer, size: number): ArrayBuffer;
}
declare class CModule {
  constructor(source: string, symbols?: Record<string, NativePointer>);
  readonly [name: string]: NativePointer;
}
declare const Memory: {
  alloc(size: number): NativePointer;
  /** Has code written and the processor's caches told of it. What `apply` writes to may lie elsewhere than `address`. */
  patchCode(address: NativePointer, size: number, apply: (code: NativePointer) => void): void;
  protect(address: NativePointer, size: number, protection: string): boolean;
  allocUtf8String(text: string): NativePointer;
};
type Arm64Register =
  | "x0" | "x1" | "x2" | "x3" | "x4" | "x5" | "x6" | "x7" | "x8" | "x16" | "x17" | "x29" | "x30" | "sp"
  | "d0" | "d1" | "d2" | "d3" | "d4" | "d5" | "d6" | "d7";
declare class Arm64Writer {
  /** `pc`: where the code will run, if that is not where it is written. */
  constructor(codeAddress: NativePointer, options?: { pc?: NativePointer });
  putInstruction(word: number): void;
  putLabel(id: string): void;
  putPushRegReg(one: Arm64Register, two: Arm64Register): void;
  putPopRegReg(one: Arm64Register, two: Arm64Register): void;
  putMovRegReg(to: Arm64Register, from: Arm64Register): void;
  /** By a literal that `flush` puts behind the code. */
  putLdrRegAddress(register: Arm64Register, address: NativePointer): void;
  putLdrRegRegOffset(to: Arm64Register, from: Arm64Register, offset: number): void;
  putBlrRegNoAuth(register: Arm64Register): void;
  putBrRegNoAuth(register: Arm64Register): void;
  putCbzRegLabel(register: Arm64Register, id: string): void;
  /** Resolves labels and writes literals. */
  flush(): void;
  dispose(): void;
}
interface Module {
  name: string;
  path: string;
  base: NativePointer;
  size: number;
  getExportByName(name: string): NativePointer;
  findExportByName(name: string): NativePointer | null;
  enumerateSymbols(): { name: string; address: NativePointer; type: string }[];
}
declare const Module: {
  findGlobalExportByName(name: string): NativePointer | null;
  getGlobalExportByName(name: string): NativePointer;
};
interface ModuleObserver {
  detach(): void;
}
declare const Process: {
  id: number;
  arch: string;
  platform: string;
  pageSize: number;
  getCurrentThreadId(): number;
  findModuleByName(name: string): Module | null;
  findModuleByAddress(address: NativePointer): Module | null;
  enumerateModules(): Module[];
  enumerateRanges(protection: string): { base: NativePointer; size: number; file?: { path: string; offset: number } }[];
  attachModuleObserver(callbacks: { onAdded?(module: Module): void }): ModuleObserver;
};
interface InvocationContext {
  threadId: number;
  errno: number;
  returnAddress: NativePointer;
  [key: string]: any;
}
declare const Interceptor: {
  attach(
    target: NativePointer,
    callbacks: {
      onEnter?(this: InvocationContext, args: NativePointer[]): void;
      onLeave?(this: InvocationContext, result: NativePointer & { toInt32(): number }): void;
    },
  ): { detach(): void };
  /** Callbacks in C; `data` is what they get as the function's. */
  attach(target: NativePointer, callbacks: { onEnter?: NativePointer; onLeave?: NativePointer } | NativePointer, data?: NativePointer): { detach(): void };
  /** Puts a function in another's place; what is given back calls the original. */
  replaceFast(target: NativePointer, replacement: NativePointer): NativePointer;
  revert(target: NativePointer): void;
  flush(): void;
};
declare const Script: {
  runtime: string;
  nextTick(fn: () => void): void;
  bindWeak(value: object, fn: () => void): number;
};
declare const Frida: { version: string };
declare const rpc: { exports: Record<string, (...args: any[]) => unknown> };
declare function send(message: unknown, data?: ArrayBuffer | null): void;
declare function recv(type: string, callback: (message: any) => void): void;
declare function setTimeout(fn: () => void, ms: number): number;
declare function setInterval(fn: () => void, ms: number): number;
declare function clearInterval(id: number): void;
declare function clearInterval(id: number): void;
