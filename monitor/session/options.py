"""What a session is asked for, said once: the options of ``monitor run``, ``import`` and ``sdk check``, the keys of
``monitor.yaml`` and what the session's manifest states of them come from these models. A field's text is its help."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from monitor.base import output, yamlfile
from monitor.base.errors import InputError, printable

_RUNTIMES: Final = ("jvm", "art", "aosp")
_STANDIN: Final = "standin"
#: Options that only the stand-in has, and why.
_ITS_OWN: Final = {
    "runtime": "a device runs apps on its own runtime",
    "uncontained": "a device contains its apps itself",
}


@dataclass(frozen=True)
class Said:
    """How a field is written where it is not simply ``--name VALUE``. ``argument``: the name of an argument, which has
    no option; ``shown``: of the value; ``choice``: how what is said of a wrong value begins;
    ``rare``: not listed by ``--help``; ``beside``: a file beside the project file if there is one, else a name;
    ``needed``: by the command, whose file need not say it."""

    argument: str = ""
    shown: str | None = None
    choice: str = ""
    rare: bool = False
    beside: bool = False
    needed: bool = False


class Target(NamedTuple):
    """A device by its adb ``serial``, or, where that is empty, the stand-in: its ``kind`` (``user``, ``vendor@34``,
    ``@28``; empty = its default), the runtime of its apps and the file with its state."""

    serial: str = ""
    kind: str = ""
    runtime: str = ""
    state: Path | None = None

    @classmethod
    def read(cls, text: str) -> Target:
        """A serial, or ``standin[:KIND[@API]][,jvm|art|aosp][,state=FILE]``. Raises ``InputError``."""
        if not text:  # an unset variable in a script must not select a different device
            hint = "give a serial from adb devices, or omit the option for the stand-in"
            raise InputError("--device is empty", hint=hint)
        name, _, rest = text.partition(":")
        if name != _STANDIN:
            return cls(serial=text)
        words, state, file = rest.partition("state=")
        said = [word.strip() for word in words.split(",") if word.strip()]
        runtimes = [word for word in said if word in _RUNTIMES]
        kinds = [word for word in said if word not in _RUNTIMES]
        if len(runtimes) > 1 or len(kinds) > 1 or (state and not file):
            hint = "write standin:KIND@API,art,state=FILE; each part may be left out"
            raise InputError(f"not a stand-in: {printable(text, 60)}", where="--device", hint=hint)
        return cls("", "".join(kinds), "".join(runtimes), Path(file) if file else None)

    def __str__(self) -> str:
        parts = (self.kind, self.runtime, f"state={self.state}" if self.state else "")
        return self.serial or f"{_STANDIN}:{','.join(filter(None, parts))}".rstrip(":")


def _readable(text: str) -> str:
    Target.read(text)
    return text


class OnDevice(yamlfile.Strict):
    """Where apps run, and the language of what is said of them."""

    model_config = ConfigDict(populate_by_name=True)

    device: Annotated[str, Said(shown="SERIAL|standin:…"), AfterValidator(_readable)] = _STANDIN
    """adb serial, or the built-in stand-in (default), as standin:KIND@API,RUNTIME,state=FILE: kind (rooted, user or
    vendor), API level, runtime (jvm; art, the Android Runtime, or aosp, Android's framework on it: build them first),
    state (identifiers, contacts …)."""
    runtime: Annotated[Literal["", "jvm", "art", "aosp"], Said(choice="no such runtime:")] = ""
    """Short for --device standin:jvm, standin:art or standin:aosp."""
    lang: Annotated[Literal["", "en", "zh"], Said(choice="no such language:")] = ""
    """Language of what is printed: en or zh; default: the system's."""
    uncontained: bool = False
    """Stand-in: let the app run with your own privileges. Every report says so."""

    @property
    def target(self) -> Target:
        """The device as all fields together name it."""
        one = Target.read(self.device)
        return one._replace(runtime=self.runtime or one.runtime or _RUNTIMES[0])

    @model_validator(mode="after")
    def _only_of_the_standin(self) -> OnDevice:
        for name, hint in _ITS_OWN.items() if self.target.serial else ():
            if getattr(self, name) not in ("", None, False, _RUNTIMES[0]):
                raise InputError(f"--{name} is for the stand-in device", hint=hint)
        return self


Several = tuple[Path, ...]


class OnApp(OnDevice):
    """How an app is recorded, whatever drives it."""

    app: Annotated[str, Said(beside=True)] = ""
    """App file, bundled app or package; default: the scenario's."""
    declaration: Path | None = None
    """What the operator or SDK vendor declares (YAML); default: the scenario's for its app, or a bundled app's."""
    pack: tuple[str, ...] = ()
    """Clause pack: cn, gdpr, play or coppa; default: all. May be repeated."""
    profile: Annotated[str, Said(rare=True)] = "guide"
    """Thresholds of the rules: guide, lab or store."""
    rules: Several = ()
    """Your own rules: a file or a directory. May be repeated."""
    out: Path = Field(default_factory=output.default_place)
    """New or empty directory for the bundle; default: a new one in ./monitor-sessions."""
    proxy: Annotated[Literal["", "sinkhole", "normal", "none"], Said(choice="no such proxy mode:")] = ""
    """sinkhole: nothing leaves this machine; normal: forward; none: no proxy; default: sinkhole on the stand-in, normal
    on a device."""
    unpin: Annotated[Literal["none", "ca", "hooks"], Said(choice="no such unpinning level:")] = "ca"
    """none: install no certificate; ca: install it in the system store (default); hooks: also bypass the app's own
    certificate checks, which changes the app and is recorded as a deviation."""
    hooks: Several = ()
    """Your own catalogue file (may be repeated); none: no hooks, Frida not needed."""
    hook: Annotated[tuple[str, ...], Said(shown="CLASS.METHOD")] = ()
    """Record the calls of one more method. May be repeated."""
    frida_port: Annotated[int, Said(rare=True)] = Field(27042, ge=1, le=65535)
    """Port of frida-server on the device."""
    key: Path | None = None
    """Ed25519 private key (PEM) to seal with; default: a new one for this session."""
    allow_host: tuple[str, ...] = ()
    """A host on this machine or its network that the app may reach. May be repeated."""
    keep_bodies: Annotated[int, Said(rare=True)] = Field(128, ge=0, le=1 << 20)
    """Megabytes of what the app sends that are kept; more is searched as well, and of it digests and beginnings are
    kept."""
    timestamp: Annotated[str, Said(rare=True)] = ""
    """URL of an RFC 3161 time-stamp authority; default: no time-stamp."""
    identifiers: Path | None = None
    """Values to look for: YAML list of {data_type, value}."""
    recipients: Several = ()
    """Your own list of hosts or trackers (plain hosts, Disconnect, DuckDuckGo or Exodus). May be repeated."""
    record: Path | None = None
    """Case details for the report or record (YAML): report_no, client, laboratory, case_no, operators …"""
    consent_words: Annotated[Path | None, Said(rare=True)] = None
    """Additional words for reading dialogs (TSV); kept in the bundle."""

    @property
    def hooked(self) -> bool:
        """Whether Frida is used."""
        return self.hooks != (Path("none"),)

    @property
    def catalogues(self) -> Several:
        """The user's own files of hooks."""
        return self.hooks if self.hooked else ()

    @property
    def mode(self) -> str:
        """sinkhole, normal or none: what the proxy does."""
        return self.proxy or ("normal" if self.target.serial else "sinkhole")

    @model_validator(mode="after")
    def _together(self) -> OnApp:
        files = [str(one) for one in self.hooks if one != Path("none")]
        if len(files) < len(self.hooks) and self.hook:
            raise InputError("--hooks none cannot be combined with --hook", where=self.hook[0])
        if len(files) < len(self.hooks) and files:
            raise InputError("--hooks none cannot be combined with a catalogue", where=files[0])
        if self.unpin == "hooks" and self.proxy == "none":
            hint = "omit --proxy none"
            raise InputError("--unpin hooks without a proxy would change the app to no purpose", hint=hint)
        return self


class Options(OnApp):
    """What a session records, and on what."""

    scenario: Annotated[str, Said(argument="SCENARIO", beside=True)] = ""
    """A scenario file, or the name of a bundled one; not needed with --manual."""
    carry: Path | None = Field(None, alias="continue")
    """An earlier bundle of the same app, whose consents and refusals carry over."""
    by: str = ""
    """With --manual: name of the person who marks; it is recorded."""

    def stated(self) -> dict[str, Any]:
        """What the session's manifest states of it, by the manifest's names."""
        return {
            "packs": list(self.pack), "profile": self.profile, "proxy_mode": self.mode, "operator": self.by,
            "unpinning": "" if self.mode == "none" else self.unpin,
        }  # fmt: skip


class RunOptions(Options):
    """Options of ``monitor run``: also what becomes of a session's result, and what is shown meanwhile."""

    fail_on: str = ""
    """Exit 1 if a finding with evidence is at or above this level: info, low, medium, high or critical; default:
    never."""
    baseline: Path | None = None
    """YAML file of accepted findings: only others count for --fail-on."""
    reports: Path | None = None
    """Directory for what a pipeline keeps: JUnit, SARIF, Markdown, HTML, JSON."""
    manual: bool = False
    """By hand: you use the device and mark what happens, by keys or on the live page."""
    quiet: bool = False
    """Show no progress."""
    live: bool = False
    """Serve a local page that follows the session and ends as its report."""


class ExploreOptions(OnApp):
    """Options of ``monitor explore``. ``out`` gets a bundle for each variant, and the report on all of them."""

    app: Annotated[str, Said(argument="APP", needed=True, beside=True)] = ""
    """App file, bundled app or package on the device."""
    variants: Annotated[str, Said(shown="NAME,…")] = "ignore,refuse,accept,withdraw"
    """How what asks is answered, each variant from a clean install; withdraw accepts and then takes it back."""
    steps: int = Field(200, ge=1, le=2000)
    """At most so many steps in each variant."""
    minutes: int = Field(30, ge=1, le=240)
    """At most so long in each variant; how far a walk comes in a time differs from run to run."""
    seed: int = Field(0, ge=0, le=1 << 31)
    """Another order of what is equally near; 0: as on the screen."""
    depth: int = Field(12, ge=1, le=50)
    """Places at most so many steps from the first."""
    risky: bool = False
    """Also what pays, orders, deletes, sends, calls, publishes, invites or closes the account."""
    only: str = ""
    """Only places whose activity or heading contains this text."""
    persons: Path | None = None
    """What to type into fields, by kind (YAML); default: a bundled test person's data."""
    account: Annotated[str, Said(shown="FILE|manual")] = ""
    """A prepared account (YAML: user, password, code); manual: a person logs in."""
    by: str = ""
    """With --account manual: name of the person who logs in; it is recorded."""
    out: Path = Field(default_factory=lambda: output.default_place("explore"))
    """New directory for a bundle per variant and the report."""
    fail_on: str = ""
    """Exit 1 if a finding with evidence is at or above this level: info, low, medium, high or critical; default:
    never."""
    quiet: bool = False
    """Show no progress."""
    live: bool = False
    """Serve a local page that follows the walks and ends as the report on them."""


class ImportOptions(yamlfile.Strict):
    """Options of ``monitor import``."""

    file: Annotated[Path, Said(argument="FILE", needed=True)]
    """HAR 1.2 or a mitmproxy flow file."""
    app: Annotated[str, Said(needed=True)]
    """Package name of the app that produced the traffic."""
    out: Annotated[Path, Said(needed=True)]
    """New or empty directory for the bundle."""
    identifiers: Path | None = None
    """Known values: YAML list of {data_type, value}."""
    consent: str = ""
    """When the user agreed, by your own statement: ISO 8601 or Unix time."""
    declaration: Path | None = None
    """What the operator or SDK vendor declares."""
    recipients: Several = ()
    """Your own list of hosts or trackers. May be repeated."""
    pack: tuple[str, ...] = ()
    """Clause pack: cn, gdpr, play or coppa; default: all. May be repeated."""
    profile: str = "guide"
    """Thresholds: guide, lab or store; default: guide."""
    rules: Several = ()
    """Your own rules: a file or a directory. May be repeated."""
    fail_on: str = ""
    """Exit 1 if a finding is at or above this level."""
    key: Path | None = None
    """Ed25519 private key (PEM) to seal with."""
    lang: Annotated[Literal["", "en", "zh"], Said(choice="no such language:")] = ""
    """Language of what is printed: en or zh; default: the system's."""


class SdkOptions(OnDevice):
    """Options of ``monitor sdk check``. ``out`` gets a bundle for each situation, and the table."""

    library: Annotated[str, Said(argument="LIB", beside=True, needed=True)] = ""
    """A jar or AAR, an APK that embeds it, or a bundled sample."""
    declaration: Annotated[Path, Said(needed=True)] = Path()
    """The vendor's declaration, or a bundled one."""
    sdk: str = ""
    """Which library of the declaration, if it has several."""
    situation: tuple[str, ...] = ()
    """Only this one: before_consent, refused … Repeatable."""
    watch: int = Field(5, ge=1, le=3600)
    """Seconds to watch in each situation."""
    out: Path = Field(default_factory=lambda: output.default_place("sdk"))
    """New directory for a bundle per situation and the table."""
    key: Path | None = None
    """Ed25519 private key (PEM) to seal with."""
    as_json: bool = Field(False, alias="json")
    """JSON lines instead of a table."""
    quiet: bool = False
    """No progress."""
