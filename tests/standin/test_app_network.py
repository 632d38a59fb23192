"""The app's HTTP stack follows the device: its proxy setting and its certificate store."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from pathlib import Path

import pytest
from appkit import MAIN, PACKAGE, Kit, on_device
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

pytestmark = pytest.mark.device
HOST = "api.probe.example"


def certificate(directory: Path) -> Path:
    """A self-signed certificate for HOST with its key, as one PEM file; the certificate alone beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / "both.pem").write_bytes(secret + pem)
    (directory / "cert.pem").write_bytes(pem)
    return directory


class Proxy:
    """A CONNECT proxy that answers every tunnel itself, with TLS."""

    def __init__(self, pem: Path) -> None:
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(pem)
        self.targets: list[str] = []
        self.ports: list[int] = []

    async def start(self) -> int:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(server.sockets[0].getsockname()[1])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.targets.append(head.split()[1].decode())
        self.ports.append(writer.get_extra_info("peername")[1])
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            await writer.start_tls(self._tls)
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
            await writer.drain()
        except (ssl.SSLError, ConnectionError, asyncio.IncompleteReadError):
            pass
        writer.close()


@on_device
async def test_https_through_a_proxy_that_is_set_while_the_app_runs(kit: Kit) -> None:
    certs = certificate(kit.home)
    proxy = Proxy(certs / "both.pem")
    port = await proxy.start()
    for trusted in (False, True):
        await kit.app.start(MAIN, wait=True)
        await kit.state.put_setting("global", "http_proxy", f"127.0.0.1:{port}")
        await kit.type("name", f"https://{HOST}/x")
        await kit.tap("fetch")
        await kit.until(lambda: kit.logged()[-1].startswith(("fetched", "failed")), "an answer")
        last = kit.logged()[-1]
        assert last == "fetched 200 hello" if trusted else "SSL" in last
        await kit.app.force_stop(PACKAGE)
        store = kit.state.fs.host("/system/etc/security/cacerts")
        (store / "c8750f0d.0").write_bytes((certs / "cert.pem").read_bytes())
        await kit.state.put_setting("global", "http_proxy", None)
    assert proxy.targets == [f"{HOST}:443"] * 2
