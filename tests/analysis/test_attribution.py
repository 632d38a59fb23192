"""Owner of a stack, of a transmission, of a host."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from monitor.analysis.correlate.attribution import Attribution
from monitor.analysis.correlate.joiner import Joiner
from monitor.analysis.correlate.owner import Owners, with_declared
from monitor.analysis.explain.about import about
from monitor.analysis.recipient import party
from monitor.analysis.rules.load import load_rules
from monitor.assess.evaluation import Evaluation, seldom_collected
from monitor.base.errors import EvidenceDamaged
from monitor.base.yamlfile import load
from monitor.events import ApiCall, Connection, Event, Frame, Health, Lifecycle, Match, Stack, TlsFailure, Transmission
from monitor.knowledge.tables import Hosts, Organisation, Packages, Sdk
from monitor.session.declaration import Declaration

SOURCE = {"text": "made up for the test"}
LIBRARY = {"vendor": "x", "purposes": ["other"], "sources": [SOURCE]}
LIBRARIES: list[dict[str, Any]] = [
    {"id": "umeng", "name": "umeng", "packages": ["com.umeng"], "hosts": ["umeng.com"]},
    {"id": "okhttp", "name": "okhttp", "packages": ["okhttp3"], "carrier": True},
    {"id": "inner", "name": "inner", "packages": ["com.example.shop.tracker"]},
]
SDKS = {one["id"]: Sdk.model_validate(LIBRARY | one) for one in LIBRARIES}
PACKAGES = Packages(SDKS)
APP = ("com.example.shop",)


def frames(*names: str) -> list[Frame]:
    return [Frame(cls=name, method="m") for name in names]


@pytest.mark.parametrize(("names", "whose"), load(Path(__file__).with_name("owners.yaml")))
def test_owner(names: list[str], whose: str) -> None:
    assert Owners(PACKAGES, APP).of(frames(*names)) == whose


def test_a_short_package_in_the_middle_of_a_name_is_a_word() -> None:
    short = Packages({"branch": SDKS["umeng"].model_copy(update={"id": "branch", "packages": ["io.branch"]})})
    assert Owners(short, APP).of(frames("com.example.shop.io.branch.Reader")) == "app"


def test_an_application_class_in_a_runtimes_name_is_the_apps() -> None:
    owners = Owners(PACKAGES, APP)
    owners.entered("androidx.evil.App")
    owners.entered("androidx.multidex.MultiDexApplication")
    assert owners.of(frames("androidx.evil.App$1", "java.lang.Thread")) == "app"
    assert owners.of(frames("androidx.multidex.MultiDex", "java.lang.Thread")) == "framework"


def test_renamed_code_has_no_owner_however_early_it_is_seen() -> None:
    """A shrinker moves helpers of the app out of its package also where other classes of the app keep their names."""
    owners = Owners(PACKAGES, APP)
    called = [("kx.a.b", "com.example.shop.Main"), ("com.example.shop.Main",), ("kx.a.b", "com.example.shop.Main")]
    assert [owners.of(frames(*names)) for names in called] == ["", "app", ""]


def test_the_apps_entry_classes_are_its_own_whatever_its_id() -> None:
    """The application id is not always the package of the code (com.acme.hike.free)."""
    stage = Attribution(Declaration(), {}, SDKS)
    stage.feed(Lifecycle(**COMMON, what="installed", detail={"entries": "org.trail.App com.umeng.Splash"}))
    stage.feed(stack(1, "org.trail.ui.Map", "android.os.Handler"))
    stage.feed(stack(2, "com.umeng.A"))
    stage.feed(stack(3, "org.other.lib.Q", "org.trail.App"))
    assert stage.owners == {1: "app", 2: "umeng", 3: "lib:org.other"}
    seen = Attribution(Declaration(), {}, SDKS)
    seen.feed(Lifecycle(**COMMON, what="activity_created", component="org.trail.ui.Start"))
    seen.feed(Lifecycle(**COMMON, what="activity_created", component="net.adscreen.Wall"))
    seen.feed(stack(1, "org.trail.data.Reader"))
    seen.feed(stack(2, "net.adscreen.Wall"))
    assert seen.owners == {1: "app", 2: "lib:net.adscreen"}


COMMON = {"t": 1, "err": 5, "src": "hooks:1", "app": "com.example.shop"}


def stack(number: int, *names: str, truncated: bool = False) -> Stack:
    return Stack(**COMMON, pid=1, stack=number, frames=frames(*names), truncated=truncated)


def read(number: int, pid: int = 1, data_type: str = "sensors", role: str = "source") -> ApiCall:
    call = {"hook": "h", "cls": "C", "method": "m", "sig": "()void", "outcome": "value", "aggregated": not number}
    return ApiCall(**COMMON, **call, pid=pid, role=role, data_type=data_type, stack=number)  # type: ignore[arg-type]


def whose(*events: ApiCall | Stack | Health) -> list[str]:
    """Owner of each call: of the stage, and the same in an evaluation, which does most of it by itself."""
    stage, told = Attribution(Declaration(), {}, SDKS), list[Event]()
    found = [one.sdk for event in events if isinstance(one := stage.feed(msgspec.structs.replace(event)), ApiCall)]
    Evaluation([], Declaration(), {}, SDKS, [], on_event=told.append).feed(map(msgspec.structs.replace, events))
    assert found == [one.sdk for one in told if isinstance(one, ApiCall)]
    return found


def test_where_frames_are_missing_the_platform_alone_called_nothing() -> None:
    whole, cut = stack(1, "java.lang.A", "android.os.B"), stack(2, "java.lang.A", "android.os.B", truncated=True)
    known = stack(3, "java.lang.A", "com.umeng.A", truncated=True)
    calls = [read(n, data_type="imei") for n in (1, 2, 3)]
    assert whose(whole, cut, known, *calls) == ["framework", "", "umeng"]


UMENG, SHOP = stack(1, "com.umeng.A"), stack(2, "com.example.shop.Main")


@pytest.mark.parametrize("kind", ["sensors", "mic"])
def test_a_reading_without_a_stack_is_of_the_only_one_who_asked_for_such_data(kind: str) -> None:
    def one(number: int, pid: int = 1) -> ApiCall:
        return read(number, pid, kind)

    assert whose(UMENG, SHOP, one(0), one(1), one(0), one(0, 2), one(1), one(0)) == [
        "", "umeng", "umeng", "", "umeng", "umeng"]  # fmt: skip
    assert whose(UMENG, SHOP, one(1), one(2), one(0)) == ["umeng", "app", ""]
    assert whose(UMENG, SHOP, one(1), one(2, 2), one(0), one(0, 2)) == ["umeng", "app", "umeng", "app"]


def test_nobody_is_named_for_a_reading_where_others_may_have_asked_unseen() -> None:
    late = Health(**COMMON, pid=1, component="hooks", what="late")
    assert whose(UMENG, late, read(1), read(0)) == ["umeng", ""]
    assert whose(UMENG, read(1, data_type="imei"), read(0, data_type="imei")) == ["umeng", ""]
    assert whose(UMENG, read(1, data_type="mic"), read(0)) == ["umeng", ""]
    assert whose(UMENG, read(1, role="sink"), read(0)) == ["umeng", ""]


def connection(t: int, port: int, sdk: str, **more: object) -> Connection:
    fields = {"t": t, "err": 5, "src": "hooks:1", "app": "a", "address": "x", "port": 443, "local_port": port}
    return Connection(**{**fields, "sdk": sdk, **more})  # type: ignore[arg-type]


def sent(t: int, port: int, host: str = "h.example", **more: object) -> Transmission:
    fields = {"t": t, "err": 5, "src": "proxy", "app": "a", "flow": "f", "host": host, "port": 443}
    return Transmission(**{**fields, "client_port": port, **more})  # type: ignore[arg-type]


def joined(*connections: Connection, declaration: Declaration | None = None) -> Joiner:
    joiner = Joiner(Hosts({}), SDKS.values(), declaration)
    for one in connections:
        joiner.connection(one)
    return joiner


def test_a_reused_port_belongs_to_the_nearest_earlier_connection() -> None:
    joiner = joined(connection(100, 5000, "umeng", stack=1), connection(900, 5000, "app", stack=2))
    early = joiner.transmission(sent(500, 5000))
    assert (early.sdk, early.stack, early.attribution) == ("umeng", 1, "port")
    assert joiner.transmission(sent(1000, 5000)).sdk == "app"
    assert joiner.transmission(sent(50, 5000)).attribution == "none"
    # A datagram socket of the same number opened nothing else.
    joiner = joined(connection(100, 5000, "app"), connection(150, 5000, "umeng", protocol="udp"))
    assert joiner.transmission(sent(200, 5000)).sdk == "app"
    assert joiner.transmission(sent(200, 5000, flow="u", protocol="udp")).sdk == "umeng"
    # A later message names who opened the connection, not who sent it.
    joiner = joined(connection(100, 5000, "umeng"))
    assert [joiner.transmission(sent(t, 5000)).attribution for t in (200, 300)] == ["port", "opened"]


def test_a_request_names_the_user_of_a_shared_connection_once() -> None:
    request = connection(400_000, 0, "umeng", link="request", host="H.example", path_tag="/a/b")
    joiner = joined(connection(100, 5000, "app"), request)
    got = joiner.transmission(sent(450_000, 5000, path_tag="/a/b"))
    assert (got.sdk, got.attribution, got.made) == ("umeng", "request", (400_000, 5, "hooks:1", 0))
    # The request is used up, and the connection is known to carry others' requests: no sender is named.
    again = joiner.transmission(sent(460_000, 5000, path_tag="/a/b"))
    assert (again.sdk, again.attribution) == ("", "none")


def test_requests_are_told_apart_by_their_paths() -> None:
    paths = (("umeng", "/u/358240057611122/x"), ("inner", "/i"), ("app", ""))
    requests = (connection(1000, 0, sdk, link="request", host="h.example", path_tag=path) for sdk, path in paths)
    joiner = joined(*requests)
    for path, sdk in (("/i", "inner"), ("/u/358240057611122/x", "umeng"), ("", "app"), ("/other", "")):
        assert joiner.transmission(sent(2000, 7, path_tag=path)).sdk == sdk
    # Rivals for one request leave it to who opened the connection, or nobody.
    rivals = [connection(1000, 0, sdk, link="request", host="h.example", path_tag="/log") for sdk in ("umeng", "inner")]
    joiner = joined(*rivals, connection(1500, 6000, "inner"))
    assert joiner.transmission(sent(2000, 7, path_tag="/log")).attribution == "none"
    assert joiner.transmission(sent(2000, 6000, path_tag="/log")).sdk == "inner"


def lookup(name: str, *addresses: str) -> Connection:
    more = {"host": name, "address": addresses[0], "others": list(addresses[1:]), "protocol": "dns", "link": "lookup"}
    return connection(10, 0, "app", **more)


def test_a_name_written_into_a_message_to_an_address_counts_where_it_was_seen_leading_there() -> None:
    def reached(*seen: Connection, host: str = "203.0.113.9") -> tuple[str, str, str, str]:
        joiner = joined(*seen, declaration=Declaration.model_validate({"operator": {"domains": ["shop.example"]}}))
        got = joiner.transmission(sent(1000, 7, host, named="API.shop.example"))
        assert joiner.transmission(got) == got
        return got.host, got.address, got.named, got.party

    written = "API.shop.example"
    assert reached() == ("203.0.113.9", "", written, "unknown")
    assert reached(lookup("api.shop.example", "198.51.100.1", "203.0.113.9")) == (
        "api.shop.example", "203.0.113.9", "", "first")  # fmt: skip
    assert reached(lookup("api.shop.example", "2001:db8:0:0:0:0:0:1"), host="2001:db8::1")[3] == "first"
    assert reached(lookup("api.shop.example", "198.51.100.1"))[2:] == (written, "unknown")
    assert reached(lookup("evil.example", "203.0.113.9")) == ("evil.example", "203.0.113.9", written, "unknown")
    shared = lookup("evil.example", "203.0.113.9"), lookup("cdn.example", "203.0.113.9")
    assert reached(*shared) == ("203.0.113.9", "", written, "unknown")


def test_messages_of_a_websocket_are_of_who_opened_it() -> None:
    joiner = joined(connection(1000, 0, "umeng", link="request", host="h.example", path_tag="/ws"))
    assert joiner.transmission(sent(2000, 7, path_tag="/ws")).sdk == "umeng"
    message = joiner.transmission(sent(99_000_000, 7, path_tag="/ws", protocol="websocket", flow="f#3"))
    assert (message.sdk, message.attribution) == ("umeng", "request")


def test_the_host_alone_is_the_last_resort() -> None:
    joiner = joined()
    got = joiner.transmission(sent(10, 1, "ulogs.umeng.com"))
    assert (got.sdk, got.attribution) == ("umeng", "host")
    assert joiner.tls_failure(refused(10, 1, "ulogs.umeng.com")).sdk == "umeng"
    assert joiner.tls_failure(refused(10, 1, "h.example")).sdk == ""
    joiner.connection(connection(100, 5000, "inner"))
    assert joiner.tls_failure(refused(200, 5000, "ulogs.umeng.com")).sdk == "inner"


def test_parties() -> None:
    org = Organisation.model_validate(
        {"id": "alibaba", "name": "A", "country": "CN", "domains": [{"name": "umeng.com"}], "sources": [SOURCE]}
    )
    hosts = Hosts({"alibaba": org})
    declared = Declaration.model_validate(
        {"operator": {"domains": ["shop.example"]}, "recipients": [{"org": "Pay", "hosts": ["pay.example"]}]}
    )
    names = ("api.shop.example", "ulogs.umeng.com", "x.pay.example", "notshop.example")
    owners = [("", "first"), ("alibaba", "third"), ("Pay", "third"), ("", "unknown")]
    assert [party(host, hosts, declared) for host in names] == owners


def refused(t: int, port: int, host: str) -> TlsFailure:
    fields = {"t": t, "err": 5, "src": "proxy", "app": "a", "port": 443, "alert": "", "reading": "unknown"}
    return TlsFailure(**fields, sni=host, host=host, client_port=port)  # type: ignore[arg-type]


def test_background_traffic_of_the_system_is_identified_by_host_and_lack_of_a_connection() -> None:
    host = "connectivitycheck.gstatic.com"
    joiner = joined()
    # Without any connection record (late hooks, an import) nothing is known about what the app did.
    assert joiner.transmission(sent(50, 6000, host)).attribution == "none"
    joiner.connection(connection(100, 5000, "umeng"))
    assert joiner.transmission(sent(200, 6000, host)).attribution == "system"
    assert joiner.transmission(sent(200, 6000, host)).sdk == ""
    # What nobody could read may be the app's: code that calls the kernel itself is seen by no hook.
    unread = replace(sent(200, 6000, host), decoded="opaque", bytes=32)
    assert joiner.transmission(unread).attribution == "unattributed"
    assert joiner.tls_failure(refused(200, 6000, host)).attribution == "unattributed"
    assert joiner.tls_failure(replace(refused(200, 6000, host), reading="spare")).attribution == "system"
    # A name in a handshake with an address is no host of the system's.
    assert joiner.tls_failure(replace(refused(200, 6000, host), host="203.0.113.9")).attribution == ""
    joiner.socket(8000, True, 150)
    joiner.socket(9000, False, 150)
    for port, whose in ((8000, ""), (9000, "system")):  # the kernel's word counts, whatever the name
        assert joiner.tls_failure(refused(200, port, host)).attribution == whose
        assert joiner.transmission(sent(200, port, host)).attribution == (whose or "none")
    # The app's own connection to the same host, a host without an owner, and a lookalike stay as they are.
    assert joiner.transmission(sent(200, 5000, host)).sdk == "umeng"
    assert joiner.tls_failure(refused(200, 5000, host)).attribution == ""
    assert joiner.transmission(sent(200, 6000)).attribution == "none"
    assert joiner.transmission(sent(200, 6000, "x" + host)).attribution == "none"
    assert joiner.transmission(sent(200, 6000, "api.umeng.com")).sdk == "umeng"


def test_a_name_of_the_systems_hides_no_value_that_the_app_read() -> None:
    """Code that calls the kernel itself, and writes such a name into a request to its own address."""
    joiner = joined(connection(100, 5000, "umeng"))
    held = Match(data_type="imei", tag="a", form="plain", path="body", certainty="found")
    shape = replace(held, tag="")
    for match, port, whose in ((held, 6000, "unattributed"), (held, 7000, "system"), (shape, 6000, "system")):
        joiner.socket(7000, False, 150)
        one = replace(sent(200, port, "connectivitycheck.gstatic.com"), matches=[match])
        assert joiner.transmission(one).attribution == whose
    assert joiner.transmission(replace(sent(200, 6000, "x.example"), matches=[held])).attribution == "none"


def test_a_request_that_was_seen_being_made_is_the_apps_whatever_its_host() -> None:
    request = connection(150, 0, "umeng", link="request", host="play.googleapis.com", path_tag="/log")
    joiner = joined(connection(100, 5000, "app"), request)
    assert joiner.transmission(sent(200, 6000, "play.googleapis.com", path_tag="/log")).sdk == "umeng"


def test_a_socket_of_another_uid_is_the_systems() -> None:
    joiner = joined(connection(100, 5000, "umeng"))
    for port, own in ((5000, False), (6000, False), (7000, False), (7000, True)):
        joiner.socket(port, own, 150)
    assert joiner.transmission(sent(200, 6000, "api.umeng.com")).attribution == "system"
    assert joiner.transmission(sent(200, 7000, "api.umeng.com")).attribution == "host"
    assert joiner.transmission(sent(200, 5000)).sdk == "umeng"
    # A port is reused: what was seen of it long ago does not count.
    assert joiner.transmission(sent(20_000_000, 6000, "api.umeng.com")).attribution == "host"


def test_a_build_variant_has_the_code_of_the_declared_app_and_a_library_that_of_its_prefix() -> None:
    declared = Declaration.model_validate({"app": {"package": "com.example.shop", "package_prefixes": ["shop.core"]}})
    variant = declared.app_prefixes("com.example.shop.debug")
    assert Owners(PACKAGES, variant).of(frames("com.example.shop.Main")) == "app"
    assert Owners(PACKAGES, variant).of(frames("shop.core.Net")) == "app"
    assert Owners(PACKAGES, variant).of(frames("com.example.shop.tracker.T")) == "inner"
    for other in map(declared.app_prefixes, ("com.example.shopping", "com.other")):
        assert Owners(PACKAGES, other).of(frames("com.example.shop.Main")) == "lib:com.example.shop"
    assert Declaration.model_validate({"app": {"package": "com"}}).app_prefixes("com.other") == ("com.other",)
    library = Declaration.model_validate({"sdks": [{"name": "Own lib", "id": "ownlib", "package_prefixes": ["x.y"]}]})
    assert Owners(with_declared(SDKS, library), APP).of(frames("x.y.Z")) == "ownlib"


def position(number: int, method: str, role: str = "source", pid: int = 1) -> ApiCall:
    return msgspec.structs.replace(read(number, pid, "location", role), method=method)


def test_a_position_handed_over_is_whose_request_it_answers() -> None:
    """The platform alone stands below a listener; asking for the last position is no request for more."""
    app, sdk, platform = stack(1, "com.example.shop.Map"), stack(2, "com.umeng.A"), stack(3, "android.os.Handler")
    request, last = position(1, "requestLocationUpdates"), position(2, "getLastKnownLocation")
    handed = position(3, "onLocationChanged", "context")
    assert whose(app, sdk, platform, request, last, handed, handed) == ["app", "umeng", "app", "app"]
    both = position(2, "requestLocationUpdates")
    assert whose(app, sdk, platform, request, both, handed) == ["app", "umeng", ""]
    assert whose(app, platform, request, position(0, "requestLocationUpdates"), handed) == ["app", "", ""]
    assert whose(platform, handed) == [""]


def test_python_looks_for_cycles_as_often_as_before_once_a_log_was_read() -> None:
    before = gc.get_threshold()
    with pytest.raises(EvidenceDamaged), seldom_collected():
        during = gc.get_threshold()
        raise EvidenceDamaged("not an event")
    assert during[0] > before[0] and gc.get_threshold() == before


def test_calls_with_the_number_of_another_stack_have_its_owner() -> None:
    call, other = read(1, data_type="imei"), stack(1, "com.example.shop.Main")
    assert whose(UMENG, call, call, other, call, call) == ["umeng", "umeng", "app", "app"]


def test_a_finding_about_code_that_nobody_knows_names_what_is_left_of_its_packages() -> None:
    """The app's helpers and libraries are one to a shrinker: whose code it is stays open, where it is does not."""
    rules = [rule for rule in load_rules() if rule.id == "COL-02"]
    evaluation = Evaluation(rules, Declaration(), {}, SDKS, [])
    calls = [msgspec.structs.replace(read(number, 1, "imei"), seq=number) for number in (1, 2, 1, 2)]
    evaluation.feed([stack(1, "p7.c.A", "android.os.X"), stack(2, "java.lang.T", "q3.d.e.F", "p7.c.A"), *calls])
    (found,) = evaluation.close().findings
    assert (found.sdk, found.count, found.detail["code"]) == ("", 4, "p7.c; q3.d")
    assert about(found, "en", str) == "device IMEI · renamed code p7.c, q3.d"
    assert about(found, "zh", str).endswith("经混淆的代码 p7.c、q3.d")
