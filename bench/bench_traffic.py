"""Speed of capture and search, as ratios in one run. Prints JSON.

python bench/bench_traffic.py [--requests N] [--repeats N] | --soak FLOWS | --identifiers N

- ``throughput`` and ``p50``: HTTPS POST of 200 bytes, 8 connections kept alive, through each proxy to one TLS server;
  relative to bare ``mitmdump -q`` in the same round, median of the rounds. ``no proxy`` is the bound. ``CPU``: what the
  proxy with its children takes for a request. ``requests a CPU second``: those for which the busiest of its processes
  takes one, which is how many it serves at most in a second with a core for each; unlike the throughput it does not
  depend on what else the machine does.
- ``search``: MB/s over a 4 MB JSON body with 2,000 and 50,000 patterns: the pattern search alone, and with decoding and
  shapes. Absolute numbers hold for this machine only; ``of one pass of zlib.crc32`` is the ratio to a lower bound.
- ``--identifiers N``: CPU seconds and memory until so many values can be searched for in traffic and kept out of texts.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import ipaddress
import json
import random
import resource
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from monitor.collectors.proxy import Config, ProxyWorker
from monitor.content import Limits, Message, Needle, Searcher, decode
from monitor.content.guard import Guard
from monitor.content.needles import patterns

CLIENTS = 8
RING = 4 << 20
BODY = json.dumps({"event": "open", "id": "0123456789", "props": {"k": "v" * 130}}).encode()


class Null:
    """A sink that discards."""

    def emit(self, event: object, values: object = ()) -> None:
        pass

    def blob(self, data: bytes, *, private: bool) -> str:
        return ""

    def stack_number(self) -> int:
        return 1


def certificate(directory: Path) -> Path:
    """A self-signed certificate with key for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bench")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=1))
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), False)
    builder = builder.add_extension(x509.BasicConstraints(True, None), True)
    signed = builder.sign(key, hashes.SHA256())
    file = directory / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


async def serve(pem: str) -> None:
    """The server behind the proxies: answers every request with 2 bytes; prints its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                await reader.readexactly(size)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except (asyncio.IncompleteReadError, OSError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def load(port: int, proxy: int, requests: int) -> tuple[float, list[float]]:
    """Requests per second and the time of each request."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    times: list[float] = []

    async def client(count: int) -> None:
        if proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy)
            writer.write(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
            await writer.start_tls(context)
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
        head = f"POST /v1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        message = head.encode() + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY
        for _ in range(count):
            start = time.perf_counter()
            writer.write(message)
            answer = await reader.readuntil(b"\r\n\r\n")
            size = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            await reader.readexactly(size)
            times.append(time.perf_counter() - start)
        writer.close()

    await asyncio.gather(*(client(5) for _ in range(CLIENTS)))
    times.clear()
    start = time.perf_counter()
    await asyncio.gather(*(client(requests // CLIENTS) for _ in range(CLIENTS)))
    return len(times) / (time.perf_counter() - start), times


def values(patterns_wanted: int, seed: int = 7) -> list[Needle]:
    """Needles that make about so many patterns."""
    dice = random.Random(seed)
    found: list[Needle] = []
    count = 0
    while count < patterns_wanted:
        kind = dice.choice(["imei", "android_id", "mac", "gaid"])
        raw = dice.randbytes(16).hex()
        text = {
            "imei": str(dice.randrange(10**14, 10**15)),
            "android_id": raw[:16],
            "mac": ":".join(raw[i : i + 2] for i in range(0, 12, 2)),
            "gaid": "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:])),
        }[kind]
        needle = Needle(kind, f"t{len(found)}", text)
        found.append(needle)
        count += len(patterns(needle))
    return found


def throughput(requests: int, repeats: int, *, sinkhole: bool = True) -> dict[str, dict[str, float]]:
    """Each proxy in turn, ``repeats`` times; medians of what is relative to bare mitmdump in the same round."""
    rounds: list[dict[str, tuple[float, float, float, float]]] = []
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        pem = certificate(directory)
        server = subprocess.Popen([sys.executable, __file__, "--serve", str(pem)], stdout=subprocess.PIPE, text=True)
        assert server.stdout
        port = int(server.stdout.readline())
        dump_port = _free_port()
        dump = subprocess.Popen(
            [Path(sys.executable).with_name("mitmdump"), "-q", "--ssl-insecure", "--set", f"confdir={directory}/dump",
             "--listen-host", "127.0.0.1", "-p", str(dump_port)])  # fmt: skip
        workers = {
            "capture + 2,000 values": ProxyWorker(
                Null(), directory / "n", Config(mode="normal", upstream_ca=str(pem), allow=["127.0.0.1"])
            ),
        }
        if sinkhole:
            workers["sinkhole + 2,000 values"] = ProxyWorker(Null(), directory / "s", Config())
        try:
            ports = {"no proxy": 0, "bare mitmdump": dump_port}
            pids = {"no proxy": server.pid, "bare mitmdump": dump.pid}
            for label, worker in workers.items():
                ports[label] = worker.start().port
                worker.add_needles(_distinct(2000))
                pids[label] = worker.pid
            _listening(dump_port)
            for pid in pids.values():
                _idle(pid)  # the values are known
            for number in range(repeats):
                rounds.append({})
                for label, proxy in list(ports.items())[:: 1 if number % 2 else -1]:
                    before = _each(pids[label])
                    rate, times = asyncio.run(load(port, proxy, requests))
                    _idle(pids[label], 1)  # the search of the last requests has ended
                    took = [now - before.get(pid, 0.0) for pid, now in _each(pids[label]).items()]
                    busiest = len(times) / max(took)
                    rounds[-1][label] = (rate, statistics.median(times), sum(took) / len(times), busiest)
        finally:
            for worker in workers.values():
                worker.stop()
            for process in (dump, server):
                process.kill()
                process.wait()
    names = ("throughput", "p50", "CPU", "requests a CPU second")
    return {
        label: {
            name: round(statistics.median(one[label][place] / one["bare mitmdump"][place] for one in rounds), 2)
            for place, name in enumerate(names)
        }
        for label in ports
    }


def _family(pid: int) -> list[int]:
    """A process and its children: the search is one of the worker's."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def _each(pid: int) -> dict[int, float]:
    """CPU seconds of a process and of each of its children, to the nanosecond (``proc(5)``, schedstat)."""
    tasks = {one: Path(f"/proc/{one}/task").glob("*/schedstat") for one in _family(pid)}
    return {one: sum(int(task.read_text().split()[0]) for task in found) / 1e9 for one, found in tasks.items()}


def _idle(pid: int, seconds: float = 2) -> None:
    """Wait until a process and its children have had next to nothing to do for so long."""
    while True:
        before = sum(_each(pid).values())
        time.sleep(seconds)
        if sum(_each(pid).values()) - before < seconds / 20:
            return


def soak(flows: int, parts: int = 10) -> dict[str, object]:
    """Memory of a capturing worker (MB, resident) after each part of so many requests, the last ones against the first.

    The ring of what is searched again is small here, so that it is full soon; then memory must be flat.
    """
    with tempfile.TemporaryDirectory() as name:
        worker = ProxyWorker(Null(), Path(name), Config(ring_bytes=RING))
        port = worker.start().port
        worker.add_needles(_distinct(500))
        seen: list[float] = []
        try:
            for _ in range(parts):
                asyncio.run(load(443, port, flows // parts))
                time.sleep(1)
                status = [Path(f"/proc/{one}/status").read_text() for one in _family(worker.pid)]
                seen.append(sum(int(text.partition("VmRSS:")[2].split()[0]) for text in status) / 1024)
        finally:
            worker.stop()
    return {
        "flows": flows,
        "MB after": {flows * (i + 1) // parts: round(mb, 1) for i, mb in enumerate(seen)},
        "last half": round(seen[-1] / seen[parts // 2 - 1], 3),
    }


def _distinct(count: int) -> list[tuple[str, str, str]]:
    return [(n.data_type, n.tag, n.value) for n in values(count * 250)[:count]]


def _free_port() -> int:
    import socket

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _listening(port: int) -> None:
    import socket

    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)


def search() -> dict[str, dict[str, float]]:
    """MB/s of the search over one 4 MB body."""
    dice = random.Random(3)
    items = []
    size = 0
    while size < 4 << 20:
        items.append({"t": dice.randrange(10**12), "u": dice.randbytes(24).hex(), "s": "lorem ipsum dolor " * 4})
        size += 160
    body = json.dumps(items).encode()[: 4 << 20]
    message = Message(body=body, content_type="application/json")
    whole = Message(body=json.dumps(items).encode(), content_type="application/json")
    limits = Limits(nodes=200_000)
    bound = _rate(lambda: zlib.crc32(body), len(body))
    found: dict[str, dict[str, float]] = {}
    for count in (2_000, 50_000):
        searcher = Searcher()
        start = time.perf_counter()
        searcher.add(values(count))
        built = time.perf_counter() - start
        alone = _rate(lambda s=searcher: s.scan(message.body), len(body))
        decoded = _rate(lambda s=searcher: s.search(decode(whole, limits)), len(whole.body), 1)
        found[f"{count} patterns"] = {
            "build s": round(built, 2),
            "search MB/s": round(alone, 1),
            "decode + search + shapes MB/s": round(decoded, 1),
            "search of one pass of zlib.crc32": round(alone / bound, 4),
        }
    return found


def _rate(run: object, size: int, times: int = 3) -> float:
    assert callable(run)
    best = 1e9
    for _ in range(times):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return size / best / 1e6


def identifiers(count: int) -> dict[str, float]:
    """What it takes to know so many values, as an import or a session does."""
    needles = values(count * 80)[:count]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    searcher = Searcher()
    searcher.add(needles)
    searched = time.process_time()
    guard = Guard(known=searcher)
    guard.learn((needle.data_type, needle.tag, needle.value) for needle in needles)
    return {
        "identifiers": len(needles),
        "search CPU s": round(searched - start, 2),
        "texts CPU s": round(time.process_time() - searched, 2),
        "memory MB": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--soak", type=int, default=0, metavar="FLOWS", help="only watch memory over so many requests")
    parser.add_argument("--identifiers", type=int, default=0, metavar="N", help="only learn so many values")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.serve))
        return
    if options.soak:
        print(json.dumps(soak(options.soak), indent=1))
        return
    if options.identifiers:
        print(json.dumps(identifiers(options.identifiers), indent=1))
        return
    print(
        json.dumps(
            {"search": search(), "relative to bare mitmdump": throughput(options.requests, options.repeats)}, indent=1
        )
    )


if __name__ == "__main__":
    main()
