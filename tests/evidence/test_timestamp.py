"""RFC 3161 tokens from a real authority: an openssl one behind a local HTTP server."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bench.tamper import standalone
from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError
from monitor.cli import evidence
from monitor.evidence import custody, timestamp
from monitor.evidence.attested import checking
from monitor.evidence.bundle import Bundle
from monitor.evidence.keys import Signer
from monitor.evidence.standalone.verify import CAPTURE_TYPE, SEAL, TOKEN, Damaged, token_time
from monitor.evidence.verify import verify
from monitor.session.manifest import Session

from .conftest import call

CONFIG = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = test authority
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[tsa]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa_config]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def seal_signature(bundle: Path) -> bytes:
    with checking(bundle) as check:
        return check.open_envelope(SEAL, CAPTURE_TYPE, check.read_keys()).signature


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of the authority and its root certificate."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl command line")
    home = tmp_path_factory.mktemp("tsa")
    (home / "c.cnf").write_text(CONFIG)
    (home / "serial").write_text("01")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=home, check=True, capture_output=True)

    new = ["req", "-config", "c.cnf", "-newkey", "rsa:2048", "-nodes", "-subj"]
    openssl(*new, "/CN=root", "-x509", "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.pem", "-days", "9")
    openssl(*new, "/CN=tsa", "-keyout", "tsa.key", "-out", "tsa.csr")
    signing = ["x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "9", "-out", "tsa.pem"]
    openssl(*signing, "-CAcreateserial", "-extfile", "c.cnf", "-extensions", "tsa")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (home / "q").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            openssl("ts", "-reply", "-config", "c.cnf", "-section", "tsa_config", "-queryfile", "q", "-out", "r")
            self.send_response(200)
            self.end_headers()
            self.wfile.write((home / "r").read_bytes() if self.path.partition("?")[0] == "/tsa" else b"<html>no</html>")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", home / "ca.pem"
    server.shutdown()
    thread.join()
    server.server_close()


def test_token(sealed: Path, authority: tuple[str, Path], tmp_path: Path) -> None:
    """Fetched, verified by two programs; over another seal it is refused by both."""
    url, root = authority
    Bundle.open(sealed).timestamp(f"{url}/tsa?key=of-the-account")
    told = (sealed / "custody.jsonl").read_text("utf-8")
    assert f'"{url}/tsa"' in told and "of-the-account" not in told
    assert verify(sealed, roots=[root.read_bytes()]).timestamp.startswith("20")
    signature = seal_signature(sealed)
    (tmp_path / "sig").write_bytes(signature)
    command = ["openssl", "ts", "-verify", "-in", sealed / TOKEN, "-CAfile", root, "-data", tmp_path / "sig"]
    assert subprocess.run(command, capture_output=True).returncode == 0
    (tmp_path / "sig").write_bytes(signature[::-1])
    assert subprocess.run(command, capture_output=True).returncode != 0
    with pytest.raises(Damaged, match="does not cover this seal"):
        token_time((sealed / TOKEN).read_bytes(), signature[::-1])


def test_both_verifiers_check_the_token(sealed: Path, authority: tuple[str, Path]) -> None:
    """Flipped, cut, removed, taken from elsewhere: refused by both, without knowing the authority."""
    url, _ = authority
    other = Path(shutil.copytree(sealed, sealed.with_name("other")))
    for bundle in (sealed, other):
        Bundle.open(bundle).timestamp(f"{url}/tsa")
    script = standalone()
    path, time = sealed / TOKEN, verify(sealed).timestamp
    assert f"time-stamp {time[:4]}{time[5:7]}{time[8:10]}" in script.verify(sealed)
    token = path.read_bytes()
    changed = [token[:-1], token + b"\0", (other / TOKEN).read_bytes(), b""]
    changed += [token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :] for at in range(0, len(token), 7)]
    for data in changed:
        path.write_bytes(data)
        with pytest.raises(EvidenceDamaged, match=r"^seal\.tsr: "):
            verify(sealed)
        with pytest.raises(script.Damaged, match=r"^seal\.tsr: "):
            script.verify(sealed)
    path.unlink()
    for check, error in ((verify, EvidenceDamaged), (script.verify, script.Damaged)):
        with pytest.raises(error, match=r"^seal\.tsr: a recorded file is missing"):
            check(sealed)
    (other / "custody.jsonl").write_bytes(
        b"".join((other / "custody.jsonl").read_bytes().splitlines(keepends=True)[:-1])
    )
    for check, error in ((verify, EvidenceDamaged), (script.verify, script.Damaged)):
        with pytest.raises(error, match=r"^seal\.tsr: no custody entry names it"):
            check(other)


@pytest.mark.parametrize("hours", [0, 36])
def test_a_recording_that_ends_after_its_time_stamp(
    tmp_path: Path, authority: tuple[str, Path], capsys: pytest.CaptureFixture[str], hours: int
) -> None:
    """Its clock was ahead, by mistake or to have it appear made later: both verifiers say by how much."""
    bundle = Bundle.create(tmp_path / "b")
    end = now_us() + hours * 3_600_000_000
    bundle.log.append(call(1))
    bundle.seal(Session(start=end - 9, end=end))
    bundle.write("findings.jsonl", b"")
    bundle.attest({}, "1", {})
    bundle.timestamp(f"{authority[0]}/tsa")
    ahead = verify(bundle.path).clock_ahead()
    assert (36 * 3600 - 120 < ahead <= 36 * 3600) if hours else ahead == 0
    evidence.verify(bundle.path)
    for said in (capsys.readouterr().out, standalone().verify(bundle.path)):
        assert (f"{ahead} s ahead" in said) == bool(hours)


@pytest.mark.parametrize(("change", "why"), [("other", "does not cover this seal"), ("status", "cannot be read")])
def test_a_token_that_custody_names_is_checked_itself(
    sealed: Path, authority: tuple[str, Path], change: str, why: str
) -> None:
    """Whoever can write a bundle can name a token in custody: one over other bytes, and one that was not granted."""
    signature = seal_signature(sealed)
    token = timestamp.obtain(f"{authority[0]}/tsa", signature if change == "status" else signature[::-1])
    if change == "status":
        granted, rejected = b"\x02\x01\x00", b"\x02\x01\x02"
        assert 0 < token.index(granted) < 12
        token = token.replace(granted, rejected, 1)
    (sealed / TOKEN).write_bytes(token)
    custody.note(sealed, Signer.generate(), "timestamped", url="https://tsa.example", sha256=sha256(token).hexdigest())
    script = standalone()
    for check, error in ((verify, EvidenceDamaged), (script.verify, script.Damaged)):
        with pytest.raises(error, match=rf"^seal\.tsr: the time-stamp {why}"):
            check(sealed)


def test_foreign_root(sealed: Path, authority: tuple[str, Path], tmp_path: Path) -> None:
    url, _ = authority
    Bundle.open(sealed).timestamp(f"{url}/tsa")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=other", "-days", "9"]
    subprocess.run([*command, "-keyout", tmp_path / "k", "-out", tmp_path / "c"], check=True, capture_output=True)
    with pytest.raises(EvidenceDamaged, match="does not verify"):
        verify(sealed, roots=[(tmp_path / "c").read_bytes()])


def test_bad_answers(sealed: Path, authority: tuple[str, Path]) -> None:
    """No answer, or something else than a token, is one clear line and leaves the bundle as it was."""
    url, _ = authority
    for bad in (f"{url}/else", "http://127.0.0.1:9/"):
        with pytest.raises(EnvironmentFault, match="no time-stamp"):
            Bundle.open(sealed).timestamp(bad)
    for bad in ("file:///etc/passwd", "https://name:password@tsa.example/"):
        with pytest.raises(InputError):
            Bundle.open(sealed).timestamp(bad)
    assert not (sealed / TOKEN).exists()
    (sealed / TOKEN).write_bytes(b"junk")
    with pytest.raises(EvidenceDamaged, match="cannot be read"):
        verify(sealed)
