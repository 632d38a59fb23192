"""The provisioning plan, read before it is made."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from monitor.base.errors import InputError
from monitor.device.provision.plan import Plan, ca_file, changed_proxy, plan, proxy_change
from monitor.device.provision.route import Route

Golden = Callable[[str, str], None]


def certificate(*names: tuple[x509.ObjectIdentifier, str]) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in names])
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(1))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def as_text(made: Plan) -> str:
    """A plan as the golden files have it."""
    titles = "certificate", "old store", "QUIC", "proxy", "the app's own port", "screen"
    parts = made.ca, made.second_store, made.quic, made.proxy, made.owner, made.screen
    lines = []
    for title, changes in zip(titles, parts, strict=True):
        lines.append(f"# {title}")
        for change in changes:
            lines += [f"{change.name} [{change.how}]", f"  do:   {change.do}", f"  undo: {change.undone}"]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("system-store", {"apex": False, "uid": 10100, "rooted": True}),
        ("apex-store", {"apex": True, "uid": 10100, "rooted": True}),
        ("no-root", {"apex": True, "uid": 10100, "rooted": False}),
    ],
)
def test_plans(golden: Golden, name: str, arguments: dict[str, bool | int]) -> None:
    made = plan(Route("10.0.2.2", 8080), "c8750f0d.0", **arguments)  # type: ignore[arg-type]
    golden(f"plan-{name}.txt", as_text(made))


def test_a_reverse_is_made_before_the_setting_and_the_old_proxy_comes_back() -> None:
    route = Route("127.0.0.1", 8080, reverse=9090)
    made = plan(route, "x.0", apex=False, uid=0, rooted=False, before={"http_proxy": "192.168.1.9:3128"})
    assert [change.how for change in made.proxy] == ["reverse", "shell"]
    assert made.proxy[0].do == "8080 9090"
    assert made.proxy[1].undone.split("; ")[0] == "settings put global http_proxy 192.168.1.9:3128"
    assert not made.ca and not made.quic


def test_a_proxy_that_a_device_owner_set_comes_back_whole() -> None:
    was = {"http_proxy": None, "global_http_proxy_host": "10.1.1.1", "global_http_proxy_port": "3128",
           "global_http_proxy_exclusion_list": "*.example.org,localhost", "global_proxy_pac_url": None}  # fmt: skip
    undo = proxy_change("127.0.0.1:1", was).undone.split("; ")
    assert undo[0] == "settings put global http_proxy 10.1.1.1:3128"
    assert undo[3] == "settings put global global_http_proxy_exclusion_list '*.example.org,localhost'"
    assert changed_proxy(was, was) == ""
    assert changed_proxy(was | {"global_http_proxy_host": None}, was) == "global_http_proxy_host"
    off = dict.fromkeys(was)
    assert proxy_change("127.0.0.1:1", off).undone.startswith("settings put global http_proxy :0; now=")
    assert changed_proxy(off | {"http_proxy": ":0"}, off) == ""
    assert changed_proxy(off | {"http_proxy": "127.0.0.1:1"}, off) == "http_proxy"


@pytest.mark.parametrize("apex", [False, True])
def test_without_a_certificate_the_store_is_left_alone(apex: bool) -> None:
    made = plan(Route("10.0.2.2", 8080), "", apex=apex, uid=10100, rooted=True)
    assert made.ca == [] and made.quic and made.proxy


def test_the_certificates_name_is_openssls_old_subject_hash() -> None:
    """mitmproxy's own subject always gives c8750f0d."""
    pem = certificate((x509.NameOID.COMMON_NAME, "mitmproxy"), (x509.NameOID.ORGANIZATION_NAME, "mitmproxy"))
    assert ca_file(pem) == "c8750f0d.0"


def test_what_is_no_certificate_is_refused() -> None:
    with pytest.raises(InputError, match="PEM"):
        ca_file(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")


@pytest.mark.parametrize("api", [24, 29, 33, 34, 36])
def test_the_plans_beside_the_emulator_notes_are_what_is_done(api: int, request: pytest.FixtureRequest) -> None:
    """Every command of a session on an emulator image with root: 10.0.2.2 is the host."""
    file = Path(__file__).parents[2] / "emulator" / "avd" / "plans" / f"api-{api}.txt"
    own = Route("10.0.2.2", 8081)
    made = as_text(
        plan(Route("10.0.2.2", 8080), "c8750f0d.0", apex=api >= 34, uid=10100, rooted=True, api=api, own=own)
    )
    if request.config.getoption("--update"):
        file.write_text(made, "utf-8")
    assert file.read_text("utf-8") == made


def test_an_old_iptables_is_given_no_time_to_wait() -> None:
    made = plan(Route("10.0.2.2", 8080), "x.0", apex=False, uid=10100, rooted=True, api=24)
    assert all(change.do.startswith(("iptables -w -I", "ip6tables -w -I")) for change in made.quic)
