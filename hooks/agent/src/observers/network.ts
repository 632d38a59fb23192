/** Sockets by libc connect (§14), and the HTTP request that a connection is for. */

import Java, { Wrapper } from "frida-java-bridge";
import { as } from "../classes.js";
import { now } from "../clock.js";
import { textFrom } from "../text.js";
import { Call, observe } from "../hook.js";
import { identity, Recent } from "../identity.js";
import { attributed, capture } from "../stack.js";
import { quietly, state } from "../threads.js";
import { fault, seen } from "../transport.js";

const AF_INET = 2;
const AF_INET6 = 10;
const EINPROGRESS = 115;

interface Peer {
  address: string;
  port: number;
}

function decode(address: NativePointer, size: number): Peer | null {
  if (address.isNull() || size < 8) {
    return null;
  }
  const family = address.readU16();
  const port = (address.add(2).readU8() << 8) | address.add(3).readU8();
  const bytes = (at: number, count: number): number[] => Array.from({ length: count }, (_, i) => address.add(at + i).readU8());
  if (family === AF_INET) {
    return { address: bytes(4, 4).join("."), port };
  }
  if (family !== AF_INET6 || size < 24) {
    return null;
  }
  const parts = bytes(8, 16);
  if (parts.slice(0, 10).every((b) => b === 0) && parts[10] === 255 && parts[11] === 255) {
    return { address: parts.slice(12).join("."), port };
  }
  const words = Array.from({ length: 8 }, (_, i) => ((parts[2 * i]! << 8) | parts[2 * i + 1]!).toString(16));
  return { address: words.join(":"), port };
}

export function startConnect(): void {
  const connect = Module.findGlobalExportByName("connect");
  const name = Module.findGlobalExportByName("getsockname");
  if (connect === null || name === null) {
    fault("connect", "libc has no connect");
    return;
  }
  const getsockname = new NativeFunction(name, "int", ["int", "pointer", "pointer"], { exceptions: "propagate" });
  const localPort = (fd: number): number => {
    const buffer = Memory.alloc(128);
    const size = Memory.alloc(4);
    size.writeS32(128);
    return getsockname(fd, buffer, size) === 0 ? (decode(buffer, size.readS32())?.port ?? 0) : 0;
  };
  Interceptor.attach(connect, {
    onEnter(args) {
      try {
        const peer = decode(args[1]!, (args[2] as NativePointer & { toInt32(): number }).toInt32());
        const thread = state(this.threadId);
        if (peer === null || thread.busy) {
          return;
        }
        this.peer = peer;
        this.fd = (args[0] as NativePointer & { toInt32(): number }).toInt32();
        this.t = now();
        // A thread that the VM does not know has no Java stack: unattributed, not guessed.
        const found = attributed(Java.vm.tryGetEnv() === null ? 0 : quietly(() => capture()), this.threadId);
        this.stack = found.stack;
        this.link = found.lent ? "handover" : "connect";
        this.host = thread.calls.map((one) => one.host).filter((host) => host !== "").pop() ?? "";
      } catch (error) {
        fault("connect", error);
      }
    },
    onLeave(result) {
      if (this.peer === undefined) {
        return;
      }
      try {
        const code = result.toInt32();
        const pending = code !== 0 && this.errno === EINPROGRESS;
        const peer = this.peer as Peer;
        seen("connection", this.t, this.threadId, this.stack, {
          address: peer.address, port: peer.port, local_port: localPort(this.fd), protocol: "tcp", host: this.host,
          result: code === 0 ? "ok" : pending ? "pending" : "failed", link: this.link,
        });
      } catch (error) {
        fault("connect", error);
      }
    },
  });
}

const told = new Recent<boolean>(512);

/** Longest path that is told; what is longer cannot be linked by it. */
const MAX_TARGET = 2000;

/** Says once for each request who makes it. The path goes to the private side only: it links request and transfer. */
function tell(call: Call, request: NativePointer, scheme: string, host: string, explicit: number, target: string): void {
  call.active.host = host;
  const key = identity(call.env, request);
  if (host === "" || told.get(key) !== undefined) {
    return;
  }
  told.set(key, true);
  const port = explicit > 0 ? explicit : scheme === "http" || scheme === "ws" ? 80 : 443;
  seen("connection", call.t, call.tid, attributed(call.stack, call.tid).stack, {
    address: "", port, local_port: 0, host, result: "ok", link: "request", target: target.slice(0, MAX_TARGET),
  });
}

/** A request through HttpURLConnection: its object is the connection. */
function byConnection(call: Call): void {
  const { env, self } = call;
  const connection = as(env, self.$h, "java.net.URLConnection");
  const held = connection === null ? null : (connection.getURL() as Wrapper | null);
  const url = held === null ? null : as(env, held.$h, "java.net.URL");
  if (url === null) {
    return;
  }
  tell(call, self.$h, textFrom(env, url.getProtocol()), textFrom(env, url.getHost()), url.getPort(), textFrom(env, url.getPath()));
}

/** A request that is an argument: java.net.http's request, or an address. */
function byArgument(call: Call): void {
  const { env } = call;
  const first = call.args[0];
  if (!(first instanceof NativePointer) || first.isNull()) {
    return;
  }
  let uri = as(env, first, "java.net.URI");
  // The platform's own class: an abstract method must not be called without dispatch.
  const request = uri === null ? as(env, first, "jdk.internal.net.http.ImmutableHttpRequest") : null;
  const held = request === null ? null : (request.uri() as Wrapper | null);
  uri = held === null ? uri : as(env, held.$h, "java.net.URI");
  if (uri === null) {
    return;
  }
  tell(call, first, textFrom(env, uri.getScheme()), textFrom(env, uri.getHost()), uri.getPort(), textFrom(env, uri.getRawPath()));
}

function request(call: Call): void {
  call.silent = true;
  if (call.args.length > 0) {
    byArgument(call);
  } else {
    byConnection(call);
  }
}

export function register(): void {
  observe("request", { before: request });
}
