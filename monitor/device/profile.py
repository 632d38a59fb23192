"""What a device is and what can be observed on it: capabilities are yes, no or unknown, each with its reason; and what
a person must switch on by hand on a vendor's system (``vendors.yaml``)."""

from pathlib import Path
from typing import Literal, NamedTuple

from monitor.base.errors import EnvironmentFault, printable
from monitor.base.yamlfile import Strict, load
from monitor.base.yamlfile import parse as parse_yaml
from monitor.device import adb, parse
from monitor.session.manifest import Device

APEX_STORE = "/apex/com.android.conscrypt/cacerts"
SYSTEM_STORE = "/system/etc/security/cacerts"


class Capability(NamedTuple):
    """Whether something works here, and why (not)."""

    state: Literal["yes", "no", "unknown"]
    reason: str


class Profile(NamedTuple):
    """A device by its own properties, and what can be observed on it."""

    device: Device
    """As the session's manifest has it; ``root`` is ``adbd``, ``su`` or ``none``, the serial number is not kept."""
    apex_store: bool
    """Whether the certificates of Conscrypt's APEX are used (14 and later, and some 13)."""
    patience: int
    """Factor by which Android multiplies its own time-outs on this device."""
    capabilities: dict[str, Capability]


def profile(device: adb.AdbDevice) -> Profile:
    """Query a connected device. Raises ``EnvironmentFault`` only if it does not answer at all."""
    props = device.props()
    api = int(value) if (value := props.get("ro.build.version.sdk", "")).isdigit() else 0
    hardware = props.get("ro.hardware", "")
    about = Device(
        model=props.get("ro.product.model", ""),
        manufacturer=props.get("ro.product.manufacturer", ""),
        hardware=hardware,
        android=props.get("ro.build.version.release", ""),
        api_level=api,
        fingerprint=props.get("ro.build.fingerprint", ""),
        runtime=printable(props.get("ro.standin.runtime", ""), 200),
        containment=printable(props.get("ro.standin.containment", ""), 100),
        abi=props.get("ro.product.cpu.abi", ""),
        root=device.root_way(),
        emulator=hardware in ("ranchu", "goldfish") or props.get("ro.kernel.qemu", props.get("ro.boot.qemu")) == "1",
        patch=props.get("ro.build.version.security_patch", ""),
        locale=props.get("persist.sys.locale") or props.get("ro.product.locale", ""),
    )
    patience = int(value) if (value := props.get("ro.hw_timeout_multiplier", "")).isdigit() and int(value) else 1
    return Profile(about, device.exists(APEX_STORE), patience, _capabilities(device, props, api))


def _capabilities(device: adb.AdbDevice, props: dict[str, str], api: int) -> dict[str, Capability]:
    later = Capability("unknown", "known once a session starts")
    root = Capability("yes", f"commands run as root ({device.root_way()})")
    found = {"root": root, "system_ca": later, "quic_block": later, "move_clock": Capability("yes", "root")}
    if not device.rooted():
        found = dict.fromkeys(found, Capability("no", "no root: adbd does not run as root and there is no su"))
    booted = props.get("sys.boot_completed") == "1"
    state = f"sys.boot_completed{'=' if booted else ' is not '}1"
    return found | {
        "booted": Capability("yes" if booted else "no", state),
        "held_start": _held_start(props, api),
        "log_events": _probe(device, ["logcat", "-B", "-b", "events", "-d", "-t", "1"], api),
        "event_schema": _probe(device, ["cat", "/dev/event-log-tags"], api),
        "app_ops": _probe(device, ["cmd", "appops", "get", "com.android.shell"], api),
    }


def _held_start(props: dict[str, str], api: int) -> Capability:
    """Whether any app can be made to wait for a debugger, as zygote decides."""
    jdwp = "persist.debug.dalvik.vm.jdwp.enabled"
    why, held = "ro.debuggable=0", ""
    if props.get("ro.build.type") == "eng":
        held = "an eng build"
    elif props.get("ro.debuggable") == "1":
        held = "ro.debuggable=1" if api < 34 else f"{jdwp}=1" if props.get(jdwp) == "1" else ""
        why = f"from API 34, ro.debuggable=1 is not enough: setprop {jdwp} 1, then reboot"
    if held:
        return Capability("yes", f"every app is debuggable ({held})")
    return Capability("unknown", f"only apps built as debuggable can be held ({why})")


def _probe(device: adb.AdbDevice, argv: list[str], api: int) -> Capability:
    """Whether a harmless command works."""
    name = " ".join(argv[:2])
    try:
        result = device.shell(argv, timeout=15)
    except EnvironmentFault as fault:
        return Capability("unknown", fault.message)
    if result.code == 0 and not parse.packages.failure(result.text):
        return Capability("yes", f"{name} answers")
    reason = (result.text.strip().splitlines() or ["no output"])[0][:160]
    return Capability("no", f"{name} on API {api}: {reason}")


class Vendor(Strict):
    """A family of systems. ``steps`` are keys of texts ``device.step.<key>``: the manual steps to do first;
    ``verified``: they were confirmed on such a device."""

    id: str = ""
    manufacturers: list[str] = []
    steps: list[str] = []
    source: str = ""
    verified: bool = True


def vendor(manufacturer: str) -> Vendor:
    """The family with this ``ro.product.manufacturer``; one without steps for an unlisted one."""
    path = Path(__file__).with_name("vendors.yaml")
    families = (parse_yaml(Vendor, family, str(path)) for family in load(path)["vendors"])
    return next((family for family in families if manufacturer.lower() in family.manufacturers), Vendor())
