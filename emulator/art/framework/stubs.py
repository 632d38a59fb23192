"""What the framework's own build generates for it, or other repositories hold: annotations, resource numbers,
permissions, logs, properties, and empty types of other modules, so that what names them compiles.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import yaml

from emulator.art.bed import find
from emulator.art.place import Place

from .source import MANIFEST, PUBLIC, files
from .words import java, read

HERE = Path(__file__).resolve().parent
STANDIN = HERE.parents[1] / "java" / "standin.jar"
_LISTS = (
    "icc_operator_numeric icc_operator_alpha icc_operator_iso_country operator_numeric operator_alpha baseband_version"
    " sim_state data_network_type"
).split()
_NUMBERS = (
    "max_active_modems lte_on_cdma_device cdma_msg_id media_performance_class memory_ddr_size resolution_limit_32bit"
).split()
_SWITCHES = (
    "debug_layout debug_force_rtl updatable is_userspace_reboot_supported is_switch"
    " forward_volume_keys_when_system_audio_mode_off"
).split()
#: Types of generated properties; all others are texts.
_PROPERTIES = {
    **dict.fromkeys(_LISTS, "java.util.List<String>"),
    **dict.fromkeys(_NUMBERS, "Integer"),
    **dict.fromkeys(_SWITCHES, "Boolean"),
    "operator_is_roaming": "java.util.List<Boolean>",
    "current_active_phone": "java.util.List<Integer>",
    "default_network": "java.util.List<Integer>",
}
#: Where the generated classes read the properties of the card and the network; all others are empty.
_NAMES = {
    "icc_operator_numeric": "gsm.sim.operator.numeric",
    "icc_operator_alpha": "gsm.sim.operator.alpha",
    "icc_operator_iso_country": "gsm.sim.operator.iso-country",
    "operator_numeric": "gsm.operator.numeric",
    "operator_alpha": "gsm.operator.alpha",
    "operator_iso_country": "gsm.operator.iso-country",
    "sim_state": "gsm.sim.state",
}
#: Names of constants that are texts; all others are numbers.
_TEXT = re.compile(r"_STRING$|^(ACTION|EXTRA|NAMESPACE)_")
#: Values of generated enums that are not in the order of their use.
_ENUMS = {
    "BATTERY_PLUGGED_NONE": 0,
    "BATTERY_PLUGGED_AC": 1,
    "BATTERY_PLUGGED_USB": 2,
    "BATTERY_PLUGGED_WIRELESS": 4,
    "NETWORK_TYPE_NR": 20,
}


def run(place: Place) -> None:
    """To ``work/stubs``; those of the core library's packages to ``work/later``."""
    Stubs(place.work).write()


class Stubs:
    """Writes them. ``known``: classes that are there already."""

    def __init__(self, work: Path) -> None:
        self.work = work
        sources = java(work)
        self.words = read(list(sources.values()))
        self.known = {name.removesuffix(".java").replace("/", ".") for name in sources}
        core = _classes(find().path / "tools" / "core.jar", work / "icu.jar")
        #: Packages of the core library: what is missing there belongs into the system image.
        self.core = {name.rpartition(".")[0] for name in core}
        self.known |= core | _classes(STANDIN)
        self.own = {path.relative_to(HERE / "stubs").as_posix(): path for path in (HERE / "stubs").rglob("*.java")}

    def write(self) -> None:
        """All of them."""
        for name, path in self.own.items():
            self._put(name.removesuffix(".java").replace("/", "."), path.read_text("utf-8"), whole=True)
        self._annotations()
        self._resources()
        self._manifest()
        self._logs()
        self._properties()
        self._modules()

    def _put(self, name: str, body: str, *, whole: bool = False) -> None:
        folder = self.work / ("later" if name.rpartition(".")[0] in self.core else "stubs")
        path = folder / (name.replace(".", "/") + ".java")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body if whole else f"package {name.rpartition('.')[0]};\n{body}\n", "utf-8")
        self.known.add(name)

    def _annotations(self) -> None:
        special: dict[str, str] = yaml.safe_load((HERE / "annotations.yaml").read_text("utf-8"))
        places = ("android.annotation.", "com.android.internal.annotations.", "android.compat.annotation.")
        named = {
            ".".join(name.split(".")[: 5 if name.startswith("com.") else 4 if "compat" in name else 3])
            for name in self.words.types
            if name.startswith(places)
        }
        for name in sorted((named | set(special)) - self.known):
            body = special.get(name, 'String value() default "";')
            self._put(name, f"public @interface {name.rpartition('.')[2]} {{ {body} }}")

    def _resources(self) -> None:
        public = {}
        for name in PUBLIC:
            text = (self.work / "src" / name).read_text("utf-8")
            for kind, short, number in re.findall(r'<public type="(\w+)" name="([\w.]+)" id="(0x\w+)"', text):
                public[kind, short.replace(".", "_")] = number
        for cls, used in (("com.android.internal.R", self.words.internal), ("android.R", self.words.public)):
            kinds: dict[str, list[str]] = defaultdict(list)
            for kind, short in sorted(used | set(public)):
                kinds[kind].append(short)
            parts = []
            for number, (kind, names) in enumerate(sorted(kinds.items())):
                lines = (
                    _styleable(names)
                    if kind == "styleable"
                    else [
                        _constant(name, public.get((kind, name)) or hex(0x01F00000 + number * 0x1000 + at))
                        for at, name in enumerate(names)
                    ]
                )
                parts.append(f"public static final class {kind} {{\n" + "\n".join(lines) + "\n}")
            self._put(cls, "public final class R {\n" + "\n".join(parts) + "\n}")

    def _manifest(self) -> None:
        text = (self.work / "src" / MANIFEST).read_text("utf-8")
        parts = []
        for kind, more in (("permission", self.words.permissions), ("permission-group", ())):
            named = {name.rpartition(".")[2]: name for name in re.findall(rf'<{kind}\s+android:name="([\w.-]+)"', text)}
            named = {name: f"android.permission.{name}" for name in more} | named
            lines = "".join(f'public static final String {name} = "{full}";\n' for name, full in sorted(named.items()))
            parts.append(f"public static final class {kind.replace('-', '_')} {{\n{lines}}}\n")
        self._put("android.Manifest", f"public final class Manifest {{\n{''.join(parts)}}}")

    def _logs(self) -> None:
        names = sorted(self.words.constants.get("FrameworkStatsLog", ()))
        lines = [f"public static final int {name} = {at};" for at, name in enumerate(names, 1)]
        lines += [
            "public static final byte ANNOTATION_ID_IS_UID = 1;",
            "public static void write(int code, Object... words) {}",
        ]
        lines += ["public static void write_non_chained(int code, Object... words) {}"]
        lines += ["public static android.util.StatsEvent buildStatsEvent(int code, Object... words) { return null; }"]
        self._put(
            "com.android.internal.util.FrameworkStatsLog",
            "public class FrameworkStatsLog {\n" + "\n".join(lines) + "\n}",
        )
        for path in files(self.work / "src", ".logtags").values():
            text = path.read_text("utf-8")
            package = re.search(r"option java_package\s+([\w.]+)", text)
            if package is None:
                continue
            body = []
            for number, tag, rest in re.findall(r"^(\d+)\s+(\w+)\s*(.*)$", text, re.M):
                kinds = [
                    {"1": "int", "2": "long", "5": "float"}.get(kind, "String")
                    for _, kind in re.findall(r"\(([^|()]+)\|(\d)[^)]*\)", rest)
                ]
                words = ", ".join(f"{kind} a{at}" for at, kind in enumerate(kinds))
                body.append(f"public static final int {tag.upper()} = {number};\n")
                body.append(
                    f"public static void write{''.join(w[:1].upper() + w[1:] for w in tag.split('_'))}({words}) {{}}\n"
                )
            self._put(f"{package[1]}.{path.stem}", f"public class {path.stem} {{\n{''.join(body)}}}")

    def _properties(self) -> None:
        calls: dict[str, list[str]] = defaultdict(list)
        for cls, name in sorted(self.words.calls):
            calls[cls].append(name)
        for full in sorted(name for name in self.words.types if name.startswith("android.sysprop.")):
            cls, body = full.split(".")[2], []
            for name in calls[cls]:
                kind = _PROPERTIES.get(name, "String")
                listed = kind.startswith("java.util.List")
                result = kind if listed else f"java.util.Optional<{kind}>"
                empty = "new java.util.ArrayList<>()" if listed else "java.util.Optional.empty()"
                if name in _NAMES:
                    read = f'android.os.SystemProperties.get("{_NAMES[name]}")'
                    empty = f'java.util.Arrays.asList({read}.split(","))'
                body.append(
                    f"public static {result} {name}() {{ return {empty}; }}\npublic static void {name}({kind} v) {{}}\n"
                )
            self._put(f"android.sysprop.{cls}", f"public final class {cls} {{\n{''.join(body)}}}")

    def _modules(self) -> None:
        packages = {name.rpartition(".")[0] for name in self.known}  # one of them begins with a capital
        missing: dict[str, set[str]] = defaultdict(set)
        for name in self.words.types:
            parts = name.split(".")
            at = next(
                (n for n, part in enumerate(parts) if part[:1].isupper() and not re.fullmatch(r"V\d_\d+", part)), None
            )
            top = ".".join(parts[: (at or 0) + 1])
            if at is not None and at > 1 and top not in self.known and top not in packages:
                missing[top].update(parts[at + 1 : at + 2])
        for name, nested in sorted(missing.items()):
            if name.startswith(("android.", "com.android.", "com.google.android.", "libcore.", "dalvik.", "java.")):
                self._put(name, self._empty(name, nested))

    def _empty(self, name: str, nested: Iterable[str]) -> str:
        short = name.rpartition(".")[2]
        kinds = {word for word, one in self.words.kinds if one == short}
        constants = self.words.constants.get(short, {})
        if "@" in kinds and "new" not in kinds and not constants:
            return f'public @interface {short} {{ String value() default ""; }}'
        lines = _numbered(constants, enums=short.endswith("ProtoEnums"))
        lines += [
            f"public static void {method}(Object... words) {{}}"
            for cls, method in sorted(self.words.calls)
            if cls == short
        ]
        lines += [
            f"public static class {one} {{}}"
            for one in sorted(nested)
            if one[:1].isupper() and not one.isupper() and one != "Stub"
        ]
        if short.endswith("StatsLog"):
            lines.append("public static void write(int code, Object... words) {}")
        if re.match(r"I[A-Z][a-z]", short):
            lines.append(
                f"public abstract static class Stub extends android.os.Binder implements {short} {{"
                f" public static {short} asInterface(android.os.IBinder b) {{"
                f' return b == null ? null : ({short}) b.queryLocalInterface("{name}"); }}'
                " public android.os.IBinder asBinder() { return this; } }"
            )
            return f"public interface {short} extends android.os.IInterface {{\n" + "\n".join(lines) + "\n}"
        if "implements" in kinds:
            return f"public interface {short} {{\n" + "\n".join(lines) + "\n}"
        if short.endswith(("Exception", "Error")):
            return f"public class {short} extends RuntimeException {{\n" + "\n".join(lines) + "\n}"
        if not name.startswith("android.") or name.rpartition(".")[0] in self.core:
            return f"public class {short} {{\n" + "\n".join(lines) + "\n}"
        lines += [
            "public int describeContents() { return 0; }",
            "public void writeToParcel(android.os.Parcel p, int f) {}",
        ]
        lines.append(f"public static final android.os.Parcelable.Creator<{short}> CREATOR = null;")
        return f"public class {short} implements android.os.Parcelable {{\n" + "\n".join(lines) + "\n}"


def _constant(name: str, value: object) -> str:
    return f"public static final int {name} = {value};"


def _numbered(constants: dict[str, str], *, enums: bool) -> list[str]:
    """Constants with the value that a comment gives, or in the order of their use: in an enum, within their group."""
    lines, counts = [], defaultdict[str, int](int)
    for name, told in constants.items():
        group = "_".join(name.split("_")[:2]) if enums else ""
        value = _ENUMS.get(name, int(told) if told else counts[group])
        counts[group] = value + 1
        if _TEXT.search(name):
            lines.append(f'public static final String {name} = "{name}";')
        elif name not in ("CREATOR", "TAG"):
            lines.append(_constant(name, value))
    return lines


def _styleable(names: list[str]) -> list[str]:
    """An array for each name, and for the names that begin with another one's their places in its array."""
    arrays: dict[str, int] = {}
    lines = []
    for name in names:
        owner = next((one for one in sorted(arrays, key=len, reverse=True) if name.startswith(one + "_")), None)
        if owner is None:
            arrays[name] = 0
        else:
            lines.append(_constant(name, arrays[owner]))
            arrays[owner] += 1
    return lines + [f"public static final int[] {name} = new int[{size or 64}];" for name, size in arrays.items()]


def _classes(*jars: Path) -> set[str]:
    found: set[str] = set()
    for jar in jars:
        if jar.is_file():
            with zipfile.ZipFile(jar) as archive:
                found |= {
                    name[:-6].replace("/", ".").replace("$", ".")
                    for name in archive.namelist()
                    if name.endswith(".class")
                }
    return found
