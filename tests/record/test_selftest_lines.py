"""The self-test's judgements: what is red, and what it says."""

import pytest

from monitor.collectors.proxy.tls import GOODBYE, NO_REQUEST, reading
from monitor.events import TlsFailure
from monitor.record import selftest_lines as lines
from monitor.text import retold

HOOKED, ABSENT = ("hooked", ""), ("absent_class", "")
UNPROVEN = ("unproven", "a test call did not reach a hook of this kind: virtual")


@pytest.mark.parametrize(
    ("rows", "fault", "state", "said"),
    [
        ([HOOKED] * 499 + [ABSENT] * 33, "", "ok", "499 of 499 hooks proven by a call, 33 not on this Android"),
        ([HOOKED] * 97 + [UNPROVEN] * 3, "", "warn", "97 of 100 hooks proven by a call, 0 not on this Android: a test"),
        ([HOOKED] * 90 + [UNPROVEN] * 10, "", "warn", "90 of 100"),
        ([HOOKED] * 89 + [UNPROVEN] * 11, "", "fail", "89 of 100 hooks proven by a call"),
        ([HOOKED] * 53 + [UNPROVEN] * 479, "gates are built for x86-64 only", "fail", ": gates are built"),
        ([HOOKED] * 53 + [("error", "no class")] * 9, "", "fail", ": no class"),
        ([ABSENT] * 532, "", "fail", "0 of 0 hooks proven by a call, 532 not on this Android: no hook"),
        ([("lost", "the hook was in force and is not any more")], "", "fail", "0 of 1"),
    ],
)  # fmt: skip
def test_the_engine(rows: list[tuple[str, str]], fault: str, state: str, said: str) -> None:
    found = lines.engine(rows, fault)
    assert (found.state, found.needed or state != "fail") == (state, True)
    assert said in found.detail and retold("said", found.detail, "zh") != found.detail


def test_gates_or_bridge_and_why() -> None:
    assert lines.way({"flavor": "art"}, "").detail == "gates"
    fallen = lines.way({"flavor": "art"}, "gates are built for x86-64 only")
    assert (fallen.state, fallen.detail) == ("warn", "bridge only: gates are built for x86-64 only")
    told = lines.way({"flavor": "art", "way": "bridge", "way_why": "no symbol"}, "")
    assert (told.state, told.detail) == ("warn", "bridge: no symbol")
    assert lines.way({"way": "gates"}, "").state == "ok"


def test_a_call_from_compiled_code_is_what_the_agent_says() -> None:
    said = [lines.compiled(about) for about in ({"compiled": "seen"}, {"compiled": "missed"}, {}, {"compiled": "?"})]
    assert [one.state for one in said] == ["ok", "fail", "warn", "warn"]
    assert lines.compiled({"compiled": "missed", "compiled_why": "inlined"}).detail.endswith(": inlined")


def ended(alert: str) -> TlsFailure:
    """A connection that failed with this alert, as the proxy reads it while nothing is known of the certificate."""
    return TlsFailure(t=1, err=1, src="proxy", app="a", sni="api.example", host="api.example", port=443, client_port=9,
                      alert=alert, reading=reading(alert, ca_confirmed=False), failed=2)  # fmt: skip


def test_a_connection_that_ended_with_the_app_was_not_rejected() -> None:
    """The app of the first start is stopped while it connects: a slow machine then takes it for a rejection."""
    stopped = [ended("The client disconnected during the handshake. If this happens consistently for api.example, this "
                     "may indicate that the client does not trust the proxy's certificate."),
               ended(NO_REQUEST), ended("wrong version number"), ended("internal error")]  # fmt: skip
    refused = ended("The client does not trust the proxy's certificate for api.example (certificate unknown)")
    goodbye = ended(GOODBYE)
    seen = lines.Observations()
    seen.events = [*stopped, refused, goodbye]
    assert seen.refusals() == [refused, goodbye]


def test_tls() -> None:
    for seen, read, refused, owned, state in (
        ("yes", 3, 0, True, "ok"), ("yes", 0, 4, True, "fail"), ("yes", 3, 4, True, "ok"), ("no", 0, 4, True, "warn"),
        ("yes", 0, 0, True, "warn"), ("no", 3, 0, False, "warn"),
    ):  # fmt: skip
        assert lines.tls(seen, read, refused, owned=owned).state == state
