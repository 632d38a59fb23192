"""Real clients through the worker: headless Chromium (HTTP/2, WebSocket, large upload, an unknown CA) and curl."""

import base64
import contextlib
import hashlib
import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from monitor.content import Needle
from monitor.events import TlsFailure, Transmission

from .conftest import IMEI, Bench, running

CHROMIUM = shutil.which("chromium") or ""
pytestmark = [pytest.mark.proxy, pytest.mark.extra("chromium"), pytest.mark.timeout(120)]
LARGE = 5 << 20
PAGE = """<!doctype html><title>t</title><script>
const imei = %s;
async function main() {
  const url = 'https://h2.browser.example/';
  await Promise.all([1, 2, 3].map(n => fetch(url + 'many/' + n, {method: 'POST', mode: 'no-cors',
      body: new URLSearchParams({n, i: btoa('x' + imei)})})));
  const form = new FormData();
  form.append('note', 'hello');
  form.append('device', new Blob([JSON.stringify({imei})], {type: 'application/json'}), 'd.json');
  await fetch(url + 'multipart', {method: 'POST', mode: 'no-cors', body: form});
  const plain = new Blob([JSON.stringify({v: imei})]);
  const packed = new Response(plain.stream().pipeThrough(new CompressionStream('gzip')));
  await fetch(url + 'gzip', {method: 'POST', mode: 'no-cors', body: await packed.blob()});
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(imei)));
  navigator.sendBeacon(url + 'beacon', Array.from(digest, b => b.toString(16).padStart(2, '0')).join(''));
  const large = new Uint8Array(%d).fill(97);
  new TextEncoder().encodeInto(imei, large.subarray(%d - 40));
  await fetch(url + 'large', {method: 'POST', mode: 'no-cors', body: large}).catch(e => 0);
  await new Promise(done => {
    const socket = new WebSocket('wss://ws.browser.example/chat');
    socket.onopen = () => { socket.send(JSON.stringify({hello: imei})); socket.send(new Uint8Array([0, 1, 2]));
                            setTimeout(() => socket.close(), 300); };
    socket.onclose = socket.onerror = done;
  });
  await fetch('https://end.browser.example/done?ok=1', {mode: 'no-cors'});
}
main();
</script>"""


class _Page(http.server.BaseHTTPRequestHandler):
    """Serves the page from a secure context (localhost), past the proxy."""

    def do_GET(self) -> None:
        body = (PAGE % (json.dumps(IMEI), LARGE, LARGE)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def page() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def spki(pem: bytes) -> str:
    """The key hash that makes Chromium trust our CA and no other."""
    key = x509.load_pem_x509_certificate(pem).public_key()
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(der)
    return base64.b64encode(digest.finalize()).decode()


@contextlib.contextmanager
def browser(bench: Bench, url: str, profile: Path, *, trust: bool) -> Iterator[None]:
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
        "--disable-features=HttpsUpgrades,OptimizationHints", f"--user-data-dir={profile}",
        f"--proxy-server=http://127.0.0.1:{bench.worker.port}",
        *([f"--ignore-certificate-errors-spki-list={spki(bench.worker.ca_pem)}"] if trust else []), url,
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, page: str) -> Iterator[Bench]:
    """A worker through which the page was run to its end."""
    out = tmp_path_factory.mktemp("browser")
    with running(out) as bench:
        bench.worker.add_needles([Needle("imei", "t", IMEI)])
        bench.knows(IMEI)
        with browser(bench, page, out / "profile", trust=True):
            bench.kept.wait(lambda k: [e for e in k.sent if e.host == "end.browser.example"])
            bench.kept.wait(lambda k: [e for e in k.sent if e.host == "h2.browser.example" and e.path == "/beacon"])
        bench.worker.stop()  # what is held back is reported
        yield bench


def _of(bench: Bench, path: str) -> list[Transmission]:
    return [e for e in bench.kept.sent if e.host == "h2.browser.example" and e.path.startswith(path)]


def _found(event: Transmission) -> list[tuple[str, str]]:
    return [(m.form, m.path) for m in event.matches if m.certainty == "found"]


def test_http2_requests_share_a_connection_and_are_read_one_by_one(seen: Bench) -> None:
    events = _of(seen, "/many/")
    assert sorted(e.path for e in events) == ["/many/1", "/many/2", "/many/3"]
    assert {e.http_version for e in events} == {"HTTP/2.0"} and len({e.client_port for e in events}) == 1
    assert {e.decoded for e in events} == {"yes"}
    assert all(_found(e) and {p for _, p in _found(e)} <= {"body.form.i.b64", "body.form.i"} for e in events)


def test_multipart_gzip_and_digest_of_a_browser(seen: Bench) -> None:
    assert [_found(e) for e in _of(seen, "/multipart")] == [[("plain", "body.multipart.device.json.imei")]]
    assert [_found(e) for e in _of(seen, "/gzip")] == [[("plain", "body.gzip.json.v")]]
    assert [_found(e) for e in _of(seen, "/beacon")] == [[("sha256", "body")]]


def test_a_large_upload_is_hashed_whole_and_searched_to_its_end(seen: Bench) -> None:
    (event,) = _of(seen, "/large")
    body = b"a" * (LARGE - 40) + IMEI.encode() + b"a" * (40 - len(IMEI))
    assert (event.bytes, event.sha256) == (LARGE, hashlib.sha256(body).hexdigest())
    assert _found(event) == [("plain", "body")]
    assert body in seen.kept.blobs


def test_websocket_messages_of_a_browser(seen: Bench) -> None:
    messages = [e for e in seen.kept.sent if e.protocol == "websocket"]
    assert [(e.host, e.scheme, e.bytes) for e in messages] == [
        ("ws.browser.example", "wss", len(json.dumps({"hello": IMEI})) - 1),
        ("ws.browser.example", "wss", 3),
    ]
    assert _found(messages[0]) == [("plain", "body.json.hello")]


def test_a_browser_that_knows_another_ca_is_not_observable(clean: Bench, tmp_path: Path, page: str) -> None:
    with browser(clean, page, tmp_path / "profile", trust=False):
        failure: TlsFailure = clean.kept.wait(
            lambda k: next((f for f in k.failures if f.sni == "h2.browser.example"), None)
        )
        assert (failure.port, failure.reading) == (443, "ca_missing")
        assert not [e for e in clean.kept.sent if e.host == "h2.browser.example"]
