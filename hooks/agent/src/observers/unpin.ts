/**
 * Certificate checks of the app that reject our certificate: bypassed where the user asked for it
 * (`--unpin hooks`). The check runs, once; only its rejection is overridden, only for a chain that the session's own CA
 * signed, and each time is an event. Any other certificate fails as before.
 */

import Java, { Env, Wrapper } from "frida-java-bridge";
import { callRaw, helper, isA, isPlatform } from "../classes.js";
import { now } from "../clock.js";
import { Call, observe } from "../hook.js";
import { retryOverrides } from "../installer.js";
import { elements, textOf } from "../text.js";
import { quietly } from "../threads.js";
import { options } from "../transport.js";

/** How long the chain that a thread saw last is used for a check that is not given one. */
const LATELY_US = 30_000_000;

let key: Wrapper | null = null;
const lately = new Map<number, { t: number; ours: boolean }>();

/** The public key of the session's CA. */
function authority(): Wrapper | null {
  if (key === null) {
    const text = helper("java.io.StringBufferInputStream")!.$new(options.ca) as Wrapper;
    const factory = helper("java.security.cert.CertificateFactory")!.getInstance("X.509") as Wrapper;
    const certificate = factory.generateCertificate(text) as Wrapper;
    const found = certificate.getPublicKey() as Wrapper | null;
    key = found === null ? null : Java.retain(found);
  }
  return key;
}

/** Whether a certificate was signed by the session's CA. Only the platform's own classes are asked. */
function signed(env: Env, certificate: NativePointer): boolean {
  const signer = authority();
  if (signer === null || !isPlatform(env.getObjectClassName(certificate)) || !isA(env, certificate, "java.security.cert.X509Certificate")) {
    return false;
  }
  const held = helper("java.security.cert.Certificate")!.class as Wrapper;
  const verify = env.getMethodId(held.$h, "verify", "(Ljava/security/PublicKey;)V");
  env.vaMethod("void", ["pointer"])(env.handle, certificate, verify, signer.$h);
  const refused = !env.exceptionOccurred().isNull();
  env.exceptionClear();
  return !refused;
}

/** The certificates in an argument, the server's first; null = none. */
function chainIn(env: Env, object: NativePointer): NativePointer[] | null {
  const name = env.getObjectClassName(object);
  if (name.startsWith("[Ljava.security.cert.") || (isPlatform(name) && isA(env, object, "java.util.List"))) {
    return elements(env, object, 8).items;
  }
  if (isPlatform(name) && isA(env, object, "javax.net.ssl.SSLSession")) {
    const found = callRaw(env, object, "javax.net.ssl.SSLSession", "getPeerCertificates", "()[Ljava/security/cert/Certificate;", []);
    return found.isNull() ? null : elements(env, found, 8).items;
  }
  return null;
}

/** Whether the chain of this call is ours; one that is not given is the one that the thread saw last. */
function ours(call: Call): boolean {
  const { env, tid } = call;
  for (const one of call.args) {
    const chain = one instanceof NativePointer && !one.isNull() ? chainIn(env, one) : null;
    if (chain !== null && chain.length > 0) {
      const found = signed(env, chain[0]!);
      if (lately.size > 256) {
        lately.clear();
      }
      lately.set(tid, { t: call.t, ours: found });
      return found;
    }
  }
  const last = lately.get(tid);
  return last !== undefined && last.ours && now() - last.t < LATELY_US;
}

/** What a passed check would have returned: nothing, true, or the chain as a list. */
function passed(call: Call): unknown {
  const { env, site } = call;
  const type = site.method._p[4];
  if (type.type === "void") {
    return undefined;
  }
  if (type.name === "Z") {
    return 1;
  }
  for (const one of call.args) {
    if (one instanceof NativePointer && !one.isNull()) {
      if (isA(env, one, "java.util.List")) {
        return one;
      }
      if (env.getObjectClassName(one).startsWith("[Ljava.security.cert.")) {
        const arrays = helper("java.util.Arrays")!.class as Wrapper;
        const asList = env.getStaticMethodId(arrays.$h, "asList", "([Ljava/lang/Object;)Ljava/util/List;");
        return env.staticVaMethod("pointer", ["pointer"])(env.handle, arrays.$h, asList, one);
      }
    }
  }
  return NULL;
}

/** The host name, where the check is given it. */
function host(call: Call): string {
  const texts = call.args
    .filter((one): one is NativePointer => one instanceof NativePointer && !one.isNull() && isA(call.env, one, "java.lang.String"))
    .map((one) => textOf(call.env, one));
  const last = texts.filter((text) => text.includes(".")).pop();
  return last ?? "";
}

function check(call: Call): void {
  const refused = call.outcome === "exception" || (call.site.method._p[4].name === "Z" && call.result === 0);
  quietly(() => {
    if (options.ca === "" || !ours(call)) {
      return;
    }
    // A later check (a verifier after a trust manager) may be in a class loaded since. The look takes some milliseconds, and
    // one that is left out lets the app refuse a connection, so each handshake has its own.
    retryOverrides();
    if (!refused) {
      return;
    }
    call.instead = { value: passed(call), exception: null };
    call.silent = false;
    call.texts.bypassed = "yes";
    const name = host(call);
    if (name !== "") {
      call.texts.host = name;
    }
  });
}

/** The app's own checks are in the classes of the objects that it hands to TLS: loaded by now, hooked before they run. */
function managers(call: Call): void {
  call.silent = true;
  quietly(retryOverrides);
}

export function register(): void {
  observe("unpin", { after: check, nested: true });
  observe("unpin_managers", { before: managers, nested: true });
}
