/** Sockets, datagrams and names by libc (§14). */

import Java from "frida-java-bridge";
import { now } from "../clock.js";
import { Recent } from "../identity.js";
import { source } from "../source.js";
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

type Int = NativePointer & { toInt32(): number };
type Fn = (...args: unknown[]) => number;

/** Bytes of a pointer. */
const WORD = Process.arch === "x64" || Process.arch === "arm64" ? 8 : 4;
const SOL_SOCKET = 1;
const SO_TYPE = 3;
const SOCK_DGRAM = 2;

let getsockname: Fn = () => -1;
let getsockopt: Fn = () => -1;

function prepare(): void {
  const native = (name: string, args: string[]): Fn => {
    const found = Module.findGlobalExportByName(name);
    return found === null ? () => -1 : new NativeFunction(found, "int", args, { exceptions: "propagate" }) as unknown as Fn;
  };
  getsockname = native("getsockname", ["int", "pointer", "pointer"]);
  getsockopt = native("getsockopt", ["int", "int", "int", "pointer", "pointer"]);
}

function localPort(fd: number): number {
  const buffer = Memory.alloc(128);
  const size = Memory.alloc(4);
  size.writeS32(128);
  return getsockname(fd, buffer, size) === 0 ? (decode(buffer, size.readS32())?.port ?? 0) : 0;
}

function isDatagram(fd: number): boolean {
  const value = Memory.alloc(8);
  value.add(4).writeS32(4);
  return getsockopt(fd, SOL_SOCKET, SO_TYPE, value, value.add(4)) === 0 && value.readS32() === SOCK_DGRAM;
}

/** Who does it: a thread that the VM does not know has no Java stack: unattributed, not guessed. */
function caller(thread: number): { stack: number; lent: boolean } {
  return attributed(Java.vm.tryGetEnv() === null ? 0 : quietly(() => capture()), thread);
}

/** Names that were looked up, by the address they led to. */
const names = new Recent<string, string>(1024);

function nameOf(address: string): string {
  // A loopback address has no name worth reporting.
  return address.startsWith("127.") || address === "0:0:0:0:0:0:0:1" ? "" : names.get(address) ?? "";
}

function watchConnect(connect: NativePointer): void {
  Interceptor.attach(connect, {
    onEnter(args) {
      try {
        const peer = decode(args[1]!, (args[2] as Int).toInt32());
        const thread = state(this.threadId);
        if (peer === null || thread.busy) {
          return;
        }
        const fd = (args[0] as Int).toInt32();
        const datagram = isDatagram(fd);
        if (datagram && peer.port === 0) {
          return; // A resolver asks for its own address that way; nothing is sent.
        }
        this.peer = peer;
        this.fd = fd;
        this.protocol = datagram ? "udp" : "tcp";
        this.t = now();
        const found = caller(this.threadId);
        this.stack = found.stack;
        this.link = found.lent ? "handover" : "connect";
        this.host = thread.calls.map((one) => one.host).filter((host) => host !== "").pop() ?? nameOf(peer.address);
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
          address: peer.address, port: peer.port, local_port: localPort(this.fd), protocol: this.protocol, host: this.host,
          result: code === 0 ? "ok" : pending ? "pending" : "failed", link: this.link,
        });
      } catch (error) {
        fault("connect", error);
      }
    },
  });
}

interface Datagrams {
  t: number;
  thread: number;
  stack: number;
  lent: boolean;
  peer: Peer;
  port: number;
  count: number;
}

/** Datagrams that were not reported yet, by sender and destination. */
const waiting = new Map<string, Datagrams>();
const begun = new Recent<boolean, string>(1024);
const TELL_MS = 250;

function tellDatagrams(): void {
  for (const one of waiting.values()) {
    seen("connection", one.t, one.thread, one.stack, {
      address: one.peer.address, port: one.peer.port, local_port: one.port, protocol: "udp", host: nameOf(one.peer.address),
      result: "ok", link: one.lent ? "handover" : "connect", count: one.count,
    });
  }
  waiting.clear();
}

function sent(fd: number, peer: Peer, count: number, thread: number): void {
  const { stack, lent } = caller(thread);
  const key = `${stack}|${peer.address}|${peer.port}|${fd}`;
  const known = waiting.get(key);
  if (known !== undefined) {
    known.count += count;
    return;
  }
  waiting.set(key, { t: now(), thread, stack, lent, peer, port: localPort(fd), count });
  if (begun.get(key) === undefined || waiting.size > 500) {
    begun.set(key, true); // The first one at once: the process may end with it.
    tellDatagrams();
  }
}

let sends: CModule | null = null;

/** Datagrams with a destination; those of a connected socket are seen as a connection. */
function watchDatagrams(): void {
  const onDatagrams = (fd: number, address: NativePointer, size: number, count: number): void => {
    try {
      const thread = Process.getCurrentThreadId();
      const peer = decode(address, size);
      if (peer !== null && count > 0 && !state(thread).busy && isDatagram(fd)) {
        sent(fd, peer, count, thread);
      }
    } catch (error) {
      fault("datagrams", error);
    }
  };
  sends = new CModule(source("datagrams.c"), { datagrams: new NativeCallback(onDatagrams as never, "void", ["int", "pointer", "int", "int"]) });
  for (const name of ["sendto", "sendmsg", "sendmmsg"]) {
    const found = Module.findGlobalExportByName(name);
    if (found !== null) {
      Interceptor.attach(found, { onEnter: sends[`on_${name}`]!, onLeave: sends.on_leave! }, NULL);
    }
  }
  setInterval(tellDatagrams, TELL_MS);
}

const asked = new Recent<number, string>(512);
const AGAIN_US = 10_000_000;

/** Addresses of a list that getaddrinfo gave; Android's libc has its fields in another order than glibc. */
function addresses(list: NativePointer): string[] {
  const found: string[] = [];
  const at = 16 + WORD + (Java.api.flavor === "art" ? WORD : 0);
  for (let one = list, n = 0; !one.isNull() && n < 16; one = one.add(16 + 3 * WORD).readPointer(), n++) {
    const peer = decode(one.add(at).readPointer(), one.add(16).readS32());
    if (peer !== null && !found.includes(peer.address)) {
      found.push(peer.address);
    }
  }
  return found;
}

/** Names that the app looks up: for direct connections and datagrams nothing else names the host. */
function watchNames(): void {
  for (const [name, result] of [["getaddrinfo", 3], ["android_getaddrinfofornet", 5]] as const) {
    const found = Module.findGlobalExportByName(name);
    if (found === null) {
      continue;
    }
    Interceptor.attach(found, {
      onEnter(args) {
        if (!args[0]!.isNull() && !state(this.threadId).busy) {
          this.node = args[0]!;
          this.list = args[result]!;
          this.t = now();
        }
      },
      onLeave(code) {
        if (this.node === undefined) {
          return;
        }
        try {
          const host = (this.node as NativePointer).readUtf8String()?.slice(0, 255) ?? "";
          const list = code.toInt32() === 0 ? addresses((this.list as NativePointer).readPointer()) : [];
          if (host === "" || /^[\d.]+$|:/.test(host)) {
            return; // A literal address.
          }
          const fresh = list.some((address) => names.get(address) !== host.toLowerCase());
          list.forEach((address) => names.set(address, host.toLowerCase()));
          const last = asked.get(host);
          if (fresh || last === undefined || now() - last > AGAIN_US) {
            asked.set(host, now());
            seen("connection", this.t, this.threadId, caller(this.threadId).stack, {
              address: list[0] ?? "", others: list.slice(1, 16), port: 0, local_port: 0, protocol: "dns", host: host.toLowerCase(),
              result: list.length > 0 ? "ok" : "failed", link: "lookup",
            });
          }
        } catch (error) {
          fault(name, error);
        }
      },
    });
  }
}

export function startConnect(): void {
  prepare();
  const connect = Module.findGlobalExportByName("connect");
  if (connect === null) {
    fault("connect", "libc has no connect");
    return;
  }
  watchConnect(connect);
  watchDatagrams();
  watchNames();
}
