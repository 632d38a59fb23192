/** Who makes an HTTP request, reported once when it is made: a shared connection or a dispatcher thread does not show it. */

import { Env, Wrapper } from "frida-java-bridge";
import { as, isPlatform } from "../classes.js";
import { Call, observe } from "../hook.js";
import { identity, Recent } from "../identity.js";
import { attributed } from "../stack.js";
import { javaString, textFrom, textOf } from "../text.js";
import { seen } from "../transport.js";

const reported = new Recent<boolean>(512);

/** Longest path that is reported; longer ones cannot be linked by it. */
const MAX_TARGET = 2000;

interface Address {
  scheme: string;
  host: string;
  port: number;
  path: string;
}

/** Reports who makes a request. The path goes to the private part only: it links request and transfer. */
function say(call: Call, { scheme, host, port, path }: Address, stack: number): void {
  seen("connection", call.t, call.tid, stack, {
    address: "", port: port > 0 ? port : scheme === "http" || scheme === "ws" ? 80 : 443, local_port: 0,
    host, result: "ok", link: "request", target: path.slice(0, MAX_TARGET),
  });
}

/** The same, once for each request object. */
function tell(call: Call, request: NativePointer, address: Address): void {
  call.active.host = address.host;
  const key = identity(call.env, request);
  if (address.host !== "" && reported.get(key) === undefined) {
    reported.set(key, true);
    say(call, address, attributed(call.stack, call.tid).stack);
  }
}

/** The parts of an absolute address; null = it is not one. */
function parse(text: string): Address | null {
  const found = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?([^?#]*)/i.exec(text);
  return found === null || found[2] === "" ? null : {
    scheme: found[1]!.toLowerCase(), host: found[2]!.replace(/[[\]]/g, "").toLowerCase(), port: Number(found[3] ?? 0), path: found[4]!,
  };
}

/** A request through HttpURLConnection: its object is the connection. */
function byConnection(call: Call): boolean {
  const { env, self } = call;
  const connection = as(env, self.$h, "java.net.URLConnection");
  const held = connection === null ? null : (connection.getURL() as Wrapper | null);
  const url = held === null ? null : as(env, held.$h, "java.net.URL");
  if (url === null) {
    return false;
  }
  tell(call, self.$h, {
    scheme: textFrom(env, url.getProtocol()), host: textFrom(env, url.getHost()), port: url.getPort(), path: textFrom(env, url.getPath()),
  });
  return true;
}

/** A request that is an argument: java.net.http's request, or an address. */
function byArgument(call: Call): boolean {
  const { env } = call;
  const first = call.args[0];
  if (!(first instanceof NativePointer) || first.isNull()) {
    return false;
  }
  let uri = as(env, first, "java.net.URI");
  // The platform's own class: an abstract method must not be called without dispatch.
  const request = uri === null ? as(env, first, "jdk.internal.net.http.ImmutableHttpRequest") : null;
  const held = request === null ? null : (request.uri() as Wrapper | null);
  uri = held === null ? uri : as(env, held.$h, "java.net.URI");
  if (uri === null) {
    return false;
  }
  tell(call, first, {
    scheme: textFrom(env, uri.getScheme()), host: textFrom(env, uri.getHost()), port: uri.getPort(), path: textFrom(env, uri.getRawPath()),
  });
  return true;
}

const STRING = "Ljava/lang/String;";

/** Where client libraries keep a request's address: they are asked for fields, since no code of the app may be called. */
const HELD: Record<string, [string, string][]> = {
  "okhttp3.internal.connection.RealCall": [["originalRequest", "Lokhttp3/Request;"]],
  "okhttp3.RealCall": [["originalRequest", "Lokhttp3/Request;"]],
  "okhttp3.Request": [["url", "Lokhttp3/HttpUrl;"]],
  "okhttp3.HttpUrl": [["url", STRING]],
  "com.squareup.okhttp.Call": [["originalRequest", "Lcom/squareup/okhttp/Request;"]],
  "com.squareup.okhttp.Request": [["url", "Lcom/squareup/okhttp/HttpUrl;"], ["urlString", STRING]],
  "com.squareup.okhttp.HttpUrl": [["url", STRING]],
  "org.apache.http.client.methods.HttpRequestBase": [["uri", "Ljava/net/URI;"]],
  "org.chromium.net.impl.CronetUrlRequest": [["mInitialUrl", STRING]],
};

/** The text of the address that an object holds, empty = none is known. */
function held(env: Env, object: NativePointer, depth = 0): string {
  let klass = env.getObjectClass(object);
  for (let level = 0; level < 8 && !klass.isNull(); level++) {
    const name = env.getClassName(klass);
    if (name === "java.lang.String") {
      return javaString(env, object);
    }
    if (name === "java.net.URI" || name === "java.net.URL") {
      const text = as(env, object, name);
      return text === null ? "" : textFrom(env, text.toString());
    }
    for (const [field, type] of depth < 4 ? HELD[name] ?? [] : []) {
      const id = env.getFieldId(klass, field, type);
      if (id.isNull()) {
        env.exceptionClear();
        continue;
      }
      const value = env.getField("pointer")(env.handle, object, id) as NativePointer;
      if (!value.isNull()) {
        return held(env, value, depth + 1);
      }
    }
    klass = env.getSuperclass(klass);
  }
  return "";
}

/** A request of a client library: the called object or an argument holds it. */
function byLibrary(call: Call): void {
  const given = call.args.filter((one): one is NativePointer => one instanceof NativePointer && !one.isNull());
  for (const object of [call.self.$h, ...given]) {
    const address = object.isNull() ? null : parse(held(call.env, object));
    if (address !== null) {
      tell(call, object, address);
      return;
    }
  }
}

function request(call: Call): void {
  call.silent = true;
  if (!(call.args.length > 0 ? byArgument(call) : byConnection(call))) {
    byLibrary(call);
  }
}

/** Who loads a page: a view's requests, resources included, belong to the code that called it last. */
const pages = new Recent<{ stack: number; address: string; of: string }>(64);

/** The names of the objects that the app gave a view's pages. */
const bridges = new Recent<Set<string>>(64);
const MOST_NAMES = 20;

function load(call: Call): void {
  const text = call.args[0] instanceof NativePointer ? textOf(call.env, call.args[0]) : "";
  const address = parse(text);
  const fetched = address !== null && /^https?$/.test(address.scheme) && !call.row.method.startsWith("loadData");
  const { stack } = attributed(call.stack, call.tid);
  const view = identity(call.env, call.self.$h);
  const script = text.startsWith("javascript:");
  const of = script ? pages.get(view)?.of ?? "" : address?.host ?? (text.startsWith("file:") ? "file" : "data");
  pages.set(view, { stack, address: fetched ? text : "", of });
  const names = bridges.get(view);
  if (script) {
    call.texts.page = of;
  } else if (names !== undefined) {
    call.texts.bridge = [...names].join(" "); // What the page may call.
  }
  if (fetched) {
    say(call, address, stack);
  }
}

/** An object for a view's pages, or a script in the one that is shown: whose page it is. */
function bridge(call: Call): void {
  call.silent = false;
  const view = identity(call.env, call.self.$h);
  const page = pages.get(view);
  if (page !== undefined) {
    call.texts.page = page.of;
  }
  if (call.row.method === "addJavascriptInterface") {
    const names = bridges.get(view) ?? new Set<string>();
    if (names.size < MOST_NAMES && call.args[1] instanceof NativePointer) {
      names.add(textOf(call.env, call.args[1]).slice(0, 60));
    }
    bridges.set(view, names);
  }
}

/** A page's resource is requested, on a thread of the engine. The page itself was reported when it was loaded. */
function part(call: Call): void {
  const [view, what] = call.args;
  if (!(view instanceof NativePointer) || !(what instanceof NativePointer) || view.isNull() || what.isNull()) {
    return;
  }
  const page = pages.get(identity(call.env, view));
  const platform = isPlatform(call.env.getObjectClassName(what));
  const asked = platform ? as(call.env, what, "android.webkit.WebResourceRequest") : null;
  if (page === undefined || asked === null) {
    return;
  }
  asked.$t = 1;
  const url = asked.getUrl() as Wrapper | null;
  const text = url === null ? "" : textOf(call.env, url.$h);
  const address = parse(text);
  if (text === page.address) {
    page.address = "";
  } else if (address !== null) {
    say(call, address, page.stack);
  }
}

export function register(): void {
  observe("request", { before: request });
  observe("page", { before: load });
  observe("page_part", { before: part });
  observe("page_bridge", { before: bridge });
}
