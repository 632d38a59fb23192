"""The verb ``policy``: the privacy policy's text, fetched, given as a file, or read from the app's screen."""

from __future__ import annotations

import hashlib
import http.client
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field

from monitor.base.errors import printable
from monitor.base.network import NotReached, connect
from monitor.base.yamlfile import matching
from monitor.content.policy_text import decode, examine
from monitor.events import Policy
from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.registry import Args, Beside, verb
from monitor.scenario.screen import Where, describe

MAX_POLICY: Final = 4_000_000
#: The page that a phone's user gets is wanted: a server may keep another one for programs, or refuse them.
_HEADERS: Final = [
    ("User-Agent", "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
                   "Mobile Safari/537.36"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
]  # fmt: skip
_TIMEOUT: Final = 15
#: Seconds for the whole answer: a server that sends a byte now and then never keeps anybody waiting for too long.
_WHOLE: Final = 60


class Source(Args):
    """A policy by URL, as a file beside the scenario, or behind an element of the app."""

    url: Annotated[str, matching(r"(https?://.*)?", "only http and https addresses")] = ""
    file: Annotated[str, Beside()] = ""
    tapOn: Where | None = None
    """The element that opens it in the app; the step then returns with BACK."""
    whole: bool = False
    """With ``tapOn``: the screen shows the complete text, so that what it does not say is missing. The step does not
    scroll: what lies below the screen is not read."""
    taps: int = Field(0, ge=0, le=20)
    """How many taps lead from the app's main screen to the policy, for POL-02. Taps of earlier steps are not counted:
    without this number, ``tapOn`` counts as one and ``url`` and ``file`` as not measured."""
    language: str = ""
    one_of = ("url", "file", "tapOn")

    def title(self) -> str:
        """Its source."""
        return self.label or self.url or Path(self.file).name or "screen"


@verb("policy", Source, short="url")
def policy(run: Run, args: Source) -> None:
    """Record the privacy policy from one of ``url``, ``file`` and ``tapOn``: the app's own screen, left with BACK.
    With ``whole``, that screen shows all of the text: what it does not say is missing."""
    fields = {"url": args.url, "taps": args.taps, "language": args.language}
    if args.tapOn is not None:
        run.tap(args.tapOn, optional=args.optional)
        run.wait(TIMEOUTS["settle"])  # a page has its frame before its text
        texts, *_ = describe(run.nodes(), MAX_POLICY)
        text = "\n".join(texts)
        fields |= {"error": "" if text else "empty screen", "taps": args.taps or 1}
        _record(run, text.encode(), text, fields, examined=args.whole, stated=True)
        run.port.key("KEYCODE_BACK")
        run.wait(TIMEOUTS["settle"])
    elif args.file:
        data = _file(args.file)
        _record(run, data, decode(data), {**fields, "status": 200, "url": f"file:{Path(args.file).name}"}, stated=True)
    else:
        status, data, charset, error = _fetch(args.url, run.allow)
        _record(run, data, decode(data, charset), {**fields, "status": status, "error": error}, examined=not error)


def _record(
    run: Run, data: bytes, text: str, fields: dict[str, Any], *, examined: bool = True, stated: bool = False
) -> None:
    """The event. The language is as stated by the author, otherwise detected from the characters.

    ``stated``: the author says that this is the policy, however short it is.
    """
    found = examine(text, stated)
    if examined and text:
        fields |= {
            "examined": not found.soft_404, "sections": found.sections, "missing": found.missing, "sdks": found.sdks,
            "deadline": found.deadline, "soft_404": found.soft_404,
        }  # fmt: skip
    empty = hashlib.sha256(b"").hexdigest() if fields.get("status") == 200 else ""
    fields |= {
        "status": fields.get("status", 0), "language": fields["language"] or found.language, "bytes": len(data),
        "chars": found.chars, "title": printable(found.title, 200), "sha256": run.blob(data) if data else empty,
    }  # fmt: skip
    run.emit(Policy(**run.base(), **fields))  # type: ignore[arg-type]


def _file(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            data = file.read(MAX_POLICY + 1)
    except OSError as fault:
        raise StepFailed(f"{Path(name).name}: {fault.strerror or 'cannot be read'}") from None
    if len(data) > MAX_POLICY:
        raise StepFailed(f"{Path(name).name}: larger than {MAX_POLICY} bytes")
    return data


class _WebOnly(urllib.request.HTTPRedirectHandler):
    """Redirects are limited to the web, never to a file."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        if not re.match(r"https?://", newurl):
            raise urllib.error.URLError("redirected to a non-web address")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Checked(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """A scenario may come from anyone: what only this machine can reach is not fetched, also not on a redirect. The
    address that was checked is the one that is connected to."""

    def __init__(self, allow: Collection[str]) -> None:
        super().__init__()
        self._allow = allow

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._checked(http.client.HTTPConnection), req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._checked(http.client.HTTPSConnection), req)

    def _checked(self, kind: type[http.client.HTTPConnection]) -> Any:
        def connection(host: str, **options: Any) -> http.client.HTTPConnection:
            made = kind(host, **options)
            made._create_connection = lambda at, *_: connect(at[0], at[1], self._allow, _TIMEOUT)  # type: ignore[attr-defined]
            return made

        return connection


_Answer = tuple[int, bytes, str, str]


def _fetch(url: str, allow: Collection[str] = ()) -> _Answer:
    """Status, body, character set and fault, over the host's own network; a failure is recorded, not raised."""
    found: list[_Answer] = []
    fetching = threading.Thread(target=lambda: found.append(_fetched(url, allow)), name="policy", daemon=True)
    fetching.start()
    fetching.join(_WHOLE)
    return found[0] if found else (0, b"", "", TimeoutError.__name__)


def _fetched(url: str, allow: Collection[str]) -> _Answer:
    """Without any proxy of the host's environment: that would look the name up itself."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Checked(allow), _WebOnly())
    opener.addheaders = _HEADERS
    try:
        with opener.open(url, timeout=_TIMEOUT) as answer:
            return answer.status, answer.read(MAX_POLICY), answer.headers.get_content_charset() or "", ""
    except urllib.error.HTTPError as fault:
        return fault.code, b"", "", f"HTTP {fault.code}"
    except (OSError, ValueError, http.client.HTTPException) as fault:
        return 0, b"", "", _fault(fault)


def _fault(fault: Exception) -> str:
    why = fault.reason if isinstance(fault, urllib.error.URLError) else fault
    if isinstance(why, NotReached):
        return "not a public address: --allow-host" if why.why == "private" else str(why)
    return type(fault).__name__
