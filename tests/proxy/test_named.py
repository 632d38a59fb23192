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
from h2.config import H2Configuration
from h2.connection import H2Connection

from monitor.events import Transmission

from .conftest import Bench, Origin, running

pytestmark = pytest.mark.proxy

OWN = "own-backend.example"


def target(event: Transmission) -> tuple[str, str, str]:
    return event.host, event.address, event.named


def one(bench: Bench) -> Transmission:
    return bench.kept.wait(lambda kept: kept.sent)[0]  # type: ignore[no-any-return]


def test_a_host_header_is_no_recipient(clean: Bench) -> None:
    clean.curl("http://203.0.113.9/a", "-d", "x=1", "-H", f"Host: {OWN}")
    assert target(one(clean)) == ("203.0.113.9", "", OWN)


def test_a_name_that_was_dialled_is_the_recipient_whatever_the_header_says(clean: Bench) -> None:
    clean.curl("http://evil.example/a", "-d", "x=1", "-H", f"Host: {OWN}")
    assert target(one(clean)) == ("evil.example", "", "")


def test_an_address_under_its_own_name_leaves_no_doubt(clean: Bench) -> None:
    clean.curl("http://203.0.113.9:8080/a", "-d", "x=1")
    assert target(one(clean)) == ("203.0.113.9", "", "")


def test_an_sni_that_no_certificate_proves(clean: Bench) -> None:
    clean.curl("--http1.1", f"https://{OWN}/a", "-d", "x=1", "--connect-to", f"{OWN}:443:203.0.113.9:443")
    assert target(one(clean)) == ("203.0.113.9", "", OWN)


def test_an_authority_of_http2(clean: Bench) -> None:
    sock = clean.tls(clean.tunnel("203.0.113.9:443"), "203.0.113.9", ["h2"])  # an address: no SNI
    connection = H2Connection(H2Configuration(client_side=True))
    connection.initiate_connection()
    pseudo = [(":method", "POST"), (":authority", OWN), (":scheme", "https"), (":path", "/a")]
    connection.send_headers(1, pseudo, end_stream=True)
    sock.sendall(connection.data_to_send())
    assert target(one(clean)) == ("203.0.113.9", "", OWN)
    sock.close()


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
