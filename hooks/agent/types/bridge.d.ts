/** The part of the Java bridge that the agent uses. Own words; members that start with $ or _ are bridge internals. */
declare module "frida-java-bridge" {
  /** A value type of the bridge: how it crosses JNI. */
  export interface JniType {
    name: string;
    className: string;
    type: string;
    size: number;
    defaultValue: unknown;
    isCompatible(value: unknown): boolean;
    fromJni(value: unknown, env: Env, owned: boolean): unknown;
    toJni(value: unknown, env: Env): unknown;
  }
  export interface Mangler {
    /** JVM: what the next tick puts in place. */
    impl?: NativePointer;
    /** JVM: the replacement, once in place. */
    newMethod?: { method: NativePointer; accessFlags: number } | null;
    resolveTarget(receiver: unknown, isInstance: boolean, env: Env, api: unknown): NativePointer;
  }
  export type Replacement = NativePointer & { _m: Mangler };
  type RawCall = (...args: unknown[]) => unknown;
  export interface Method {
    (...args: any[]): any;
    call(self: unknown, ...args: any[]): any;
    apply(self: unknown, args: any): any;
    methodName: string;
    holder: Wrapper;
    type: number;
    handle: NativePointer;
    implementation: ((...args: any[]) => unknown) | null;
    returnType: JniType;
    argumentTypes: JniType[];
    overloads: Method[];
    overload(...types: string[]): Method;
    /** name, holder, kind, method id, return type, argument types, virtual call, direct call. */
    _p: [string, Wrapper, number, NativePointer, JniType, JniType[], RawCall, RawCall];
    _r?: Replacement;
  }
  export interface Wrapper {
    $h: NativePointer;
    /** 1 = virtual, 2 = the method of the wrapper's own class. */
    $t: number;
    $n: string;
    $className: string;
    $ownMembers: string[];
    $f: ClassFactory;
    $new: Method;
    $init: Method;
    $dispose(): void;
    $isSameObject(other: Wrapper): boolean;
    class: Wrapper;
    [name: string]: any;
  }
  export interface Env {
    handle: NativePointer;
    throw(exception: NativePointer): number;
    exceptionOccurred(): NativePointer;
    exceptionClear(): void;
    throwIfExceptionPending(): void;
    pushLocalFrame(capacity: number): void;
    popLocalFrame(result: NativePointer): NativePointer;
    newGlobalRef(object: NativePointer): NativePointer;
    deleteGlobalRef(object: NativePointer): void;
    newLocalRef(object: NativePointer): NativePointer;
    deleteLocalRef(object: NativePointer): void;
    isSameObject(a: NativePointer, b: NativePointer): boolean;
    isInstanceOf(object: NativePointer, klass: NativePointer): boolean;
    isAssignableFrom(sub: NativePointer, sup: NativePointer): boolean;
    getObjectClass(object: NativePointer): NativePointer;
    getSuperclass(klass: NativePointer): NativePointer;
    getObjectClassName(object: NativePointer): string;
    getClassName(klass: NativePointer): string;
    stringFromJni(text: NativePointer): string;
    getStringChars(text: NativePointer): NativePointer;
    releaseStringChars(text: NativePointer, chars: NativePointer): void;
    newStringUtf(text: string): NativePointer;
    getStringLength(text: NativePointer): number;
    getArrayLength(array: NativePointer): number;
    getObjectArrayElement(array: NativePointer, index: number): NativePointer;
    getFloatArrayElements(array: NativePointer): NativePointer;
    releaseFloatArrayElements(array: NativePointer, start: NativePointer): void;
    getDoubleArrayElements(array: NativePointer): NativePointer;
    releaseDoubleArrayElements(array: NativePointer, start: NativePointer): void;
    getIntArrayElements(array: NativePointer): NativePointer;
    releaseIntArrayElements(array: NativePointer, elements: NativePointer): void;
    getByteArrayElements(array: NativePointer): NativePointer;
    releaseByteArrayElements(array: NativePointer, elements: NativePointer): void;
    toReflectedMethod(klass: NativePointer, method: NativePointer, isStatic: number): NativePointer;
    vaMethod(returns: string, args: string[]): RawCall;
    staticVaMethod(returns: string, args: string[]): RawCall;
    getStaticMethodId(klass: NativePointer, name: string, signature: string): NativePointer;
    getMethodId(klass: NativePointer, name: string, signature: string): NativePointer;
    getFieldId(klass: NativePointer, name: string, signature: string): NativePointer;
    getField(type: string): RawCall;
  }
  export interface ClassFactory {
    loader: Wrapper | null;
    use(name: string): Wrapper;
    cast(object: Wrapper | NativePointer, klass: Wrapper): Wrapper;
    _classHandles?: { capacity?: number };
  }
  interface Bridge {
    _dispose: () => void;
    available: boolean;
    androidVersion: string;
    api: {
      flavor: string;
      jvmti?: { handle: NativePointer };
      /** ART: its library, and what the bridge found in the runtime. */
      module?: Module;
      find?(name: string): NativePointer | null;
      kAccCompileDontBother?: number;
      artRuntime?: NativePointer;
      artInstrumentation?: NativePointer | null;
      artThreadList?: NativePointer;
      artClassLinker?: {
        address: NativePointer;
        quickResolutionTrampoline: NativePointer;
        quickGenericJniTrampoline: NativePointer;
        quickToInterpreterBridgeTrampoline: NativePointer;
      };
    };
    vm: {
      perform(fn: () => void): void;
      link(thread: number, env: Env): void;
      unlink(thread: number): void;
      getEnv(): Env;
      tryGetEnv(): Env | null;
    };
    classFactory: ClassFactory;
    ClassFactory: { get(loader: Wrapper | null): ClassFactory; new (): ClassFactory };
    perform(fn: () => void): void;
    performNow(fn: () => void): void;
    use(name: string): Wrapper;
    cast(object: Wrapper | NativePointer, klass: Wrapper): Wrapper;
    retain(object: Wrapper): Wrapper;
    scheduleOnMainThread(fn: () => void): void;
    enumerateLoadedClasses(callbacks: {
      onMatch(name: string, handle: NativePointer): void;
      onComplete(): void;
    }): void;
    enumerateClassLoaders(callbacks: { onMatch(loader: Wrapper): void; onComplete(): void }): void;
    backtrace(options?: { limit?: number }): {
      id: string;
      frames: { className: string; methodName: string; fileName: string; lineNumber: number }[];
    };
    deoptimizeBootImage(): void;
  }
  const Java: Bridge;
  export default Java;
}
