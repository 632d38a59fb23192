"""A name that an app writes into what it sends to an address is not the recipient, unless something proves it."""

import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from monitor.events import Transmission

from .conftest import Bench, Origin, running

pytestmark = pytest.mark.proxy

OWN = "own-backend.example"


def target(event: Transmission) -> tuple[str, str, str]:
    return event.host, event.address, event.named


SAYS = "-H", f"Host: {OWN}"
ADDRESS = "203.0.113.9"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((f"http://{ADDRESS}/a", *SAYS), (ADDRESS, "", OWN)),
        (("http://evil.example/a", *SAYS), ("evil.example", "", "")),
        ((f"http://{ADDRESS}:8080/a",), (ADDRESS, "", "")),
        (("--http1.1", f"https://{OWN}/a", "--connect-to", f"{OWN}:443:{ADDRESS}:443"), (ADDRESS, "", OWN)),
        (("--http2", f"https://{ADDRESS}/a", *SAYS), (ADDRESS, "", OWN)),
    ],
    ids=["header", "a name was dialled", "address alone", "SNI without a certificate", "authority of HTTP/2"],
)
def test_only_what_was_dialled_is_the_recipient(
    clean: Bench, asked: tuple[str, ...], expected: tuple[str, str, str]
) -> None:
    clean.curl(*asked, "-d", "x=1")
    (event,) = clean.kept.wait(lambda kept: kept.sent)
    assert target(event) == expected
    assert event.http_version == ("HTTP/2.0" if "--http2" in asked else "HTTP/1.1")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Origin, Path]]:
    """A server of this machine with a certificate for the name, and the certificate."""
    key, file = ec.generate_private_key(ec.SECP256R1()), tmp_path_factory.mktemp("own") / "own.pem"
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, OWN)]), datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(OWN), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=9)).add_extension(names, False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True).sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    server = Origin()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server, file
    server.shutdown()
    server.server_close()


def test_what_the_server_proves_is_the_recipient_and_nothing_else(own: tuple[Origin, Path], tmp_path: Path) -> None:
    server, file = own
    port = server.server_address[1]
    with running(tmp_path, mode="normal", allow=["127.0.0.1"], upstream_ca=str(file)) as bench:
        for name in (OWN, "other.example"):  # the second one's certificate is refused: nothing proves it
            at = "--connect-to", f"{name}:443:127.0.0.1:{port}"
            bench.curl("--http1.1", f"https://{name}/a", "-d", "x=1", *at, check=False)
        bench.curl("--http1.1", f"https://127.0.0.1:{port}/a", "-d", "x=1", "-H", "Host: other.example")
        first, *rest = bench.kept.wait(lambda kept: len(kept.sent) > 1 and kept.sent)
    assert target(first) == (OWN, "127.0.0.1", "")
    assert [target(event) for event in rest] == [("127.0.0.1", "", "other.example")] * len(rest)
