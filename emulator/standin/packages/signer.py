"""The certificate that a package is signed with, as its apps read it."""

import base64
import datetime
import hashlib
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@cache
def certificate(package: str) -> str:
    """DER of a self-signed certificate, base64. Each package has a key of its own: samples are not signed alike."""
    seed = int.from_bytes(hashlib.sha256(f"signer of {package}".encode()).digest()[:31], "big")
    key = ec.derive_private_key(seed + 1, ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, package[:64])])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(seed % 2**64 + 1)
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=10_000))
        .sign(key, hashes.SHA256())
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()
