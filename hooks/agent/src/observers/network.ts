/** Sockets by libc connect (§14). */

import Java from "frida-java-bridge";
import { now } from "../clock.js";
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
