"""The exerciser's generated classes: one class a family, one call a hookable row, and a second one by reflection.

A row's first overload is called, with plain values for the parameters; ``exerciser.yaml`` says otherwise where the
arguments decide what is read, or names the reason why a row cannot be called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from emulator.java.generate import split
from monitor.catalogue import Row

HERE = Path(__file__).resolve().parent
OUT = HERE / "apps" / "exerciser" / "generated" / "com" / "example" / "exerciser"
PLAIN = {
    "boolean": "true",
    "byte": "(byte) 1",
    "char": "'c'",
    "short": "(short) 1",
    "int": "1",
    "long": "1L",
    "float": "1f",
    "double": "1d",
    "java.lang.String": '"canary"',
    "java.lang.CharSequence": '"canary"',
    "java.lang.Object": '"canary"',
    "java.lang.String[]": 'new String[] {"canary"}',
    "byte[]": "new byte[] {1, 2, 3}",
    "java.lang.Class": "String.class",
    "java.util.List": "new java.util.ArrayList<>()",
    "java.util.ArrayList": "new java.util.ArrayList<>()",
    "java.util.Map": "new java.util.HashMap<>()",
    "java.util.Set": "new java.util.HashSet<>()",
    "java.util.concurrent.Executor": "(java.util.concurrent.Executor) Runnable::run",
    "java.util.function.Consumer": "(java.util.function.Consumer) Callbacks::none",
    "android.app.Activity": "Make.activity",
    "android.app.PendingIntent": "Make.pending()",
    "android.bluetooth.BluetoothAdapter$LeScanCallback": "new Callbacks.Scans()",
    "android.bluetooth.le.ScanCallback": "new Own.Found()",
    "android.content.ContentResolver": "Make.activity.getContentResolver()",
    "android.content.Context": "Make.activity",
    "android.content.Intent": "Make.intent()",
    "android.net.Uri": "Make.uri()",
    "android.hardware.SensorEventListener": "new Callbacks.Sense()",
    "android.hardware.camera2.CameraDevice$StateCallback": "new Callbacks.Camera()",
    "android.location.GnssStatus$Callback": "new Own.Satellites()",
    "android.location.LocationListener": "new Own.Places()",
    "android.location.OnNmeaMessageListener": "new Own.Nmea()",
    "android.os.Bundle": "new android.os.Bundle()",
    "android.os.Handler": "new android.os.Handler(android.os.Looper.getMainLooper())",
    "android.telephony.PhoneStateListener": "new Own.Phone()",
    "android.telephony.TelephonyManager$CellInfoCallback": "new Callbacks.Towers()",
    "android.view.View": "Make.view()",
}


def notes() -> dict[str, dict[str, Any]]:
    """Row id to what ``exerciser.yaml`` says about it."""
    found: dict[str, dict[str, Any]] = yaml.load((HERE / "exerciser.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return found


def hookable(row: Row) -> bool:
    """Rows that the agent installs. A native one needs a note: which Java call ends in it, or why none does."""
    return row.enabled and row.kind != "field"


def _argument(name: str) -> str:
    return PLAIN.get(name, f"({name.replace('$', '.')}) null")


def _calls(row: Row, note: dict[str, Any]) -> list[str]:
    """Statements for one row."""
    if "code" in note:
        return [f'Out.call("{row.id}", "direct", () -> {{ {note["code"]} }});']
    signature = note.get("overload") or (row.overloads or ["()void"])[0]
    params, result = split(signature)
    args = note.get("args") or [_argument(name) for name in params]
    cls, owner = row.cls, row.cls.replace("$", ".")
    static = row.kind == "static" or note.get("static", False)
    target = row.implementation[0] if row.kind in ("abstract", "interface") and row.implementation else cls
    on = "null" if static else note.get("from", f'Make.of("{target}")')
    names = ", ".join(f'"{name}"' for name in params)
    values = ", ".join(args)
    loose = ", ".join("null" if value.endswith(" null") else value for value in args)
    if row.kind == "constructor":
        reflected = f'Out.make("{cls}", new String[] {{{names}}}, new Object[] {{{loose}}})'
        direct = f"return new {owner}({values});"
    else:
        holder = note.get("holder", cls)
        reflected = f'Out.reflect({on}, "{holder}", "{row.method}", new String[] {{{names}}}, new Object[] {{{loose}}})'
        receiver = owner if static else f"(({owner}) {on})"
        call = f"{receiver}.{row.method}({values});"
        direct = f"{call} return Out.VOID;" if result == "void" else f"return {call}"
    ways = []
    if row.public != "hidden" and not note.get("reflect"):
        ways.append(f'Out.call("{row.id}", "direct", () -> {{ {direct} }});')
    if not note.get("once"):
        ways.append(f'Out.call("{row.id}", "reflection", () -> {reflected});')
    if "second" in note:
        ways.append(f'Out.call("{row.id}", "second", () -> {{ {note["second"]} }});')
    return ways


def _class(family: str, rows: list[Row], said: dict[str, dict[str, Any]]) -> str:
    name = "".join(part.title() for part in family.split("_"))
    lines = [
        "// Generated by emulator/java/generate.py from hooks/catalogue. Do not edit.",
        "package com.example.exerciser;",
        "",
        '@SuppressWarnings({"rawtypes", "unchecked", "deprecation"})',
        f"final class {name} {{",
        f"    private {name}() {{}}",
        "",
        "    static void run() {",
    ]
    bodies = []
    for row in rows:
        note = said.get(row.id, {})
        if note.get("reason") or note.get("natural"):
            continue
        method = row.id.replace(".", "_")
        lines.append(f"        {method}();")
        bodies += [
            "",
            f"    private static void {method}() {{",
            *(f"        {line}" for line in _calls(row, note)),
            "    }",
        ]
    return "\n".join([*lines, "    }", *bodies, "}"]) + "\n"


def sources(rows: list[Row], loaded: list[str]) -> dict[Path, str]:
    """The generated classes by path. ``loaded``: framework classes that must be there before the hooks look."""
    said = notes()
    families: dict[str, list[Row]] = {}
    for row in rows:
        if hookable(row):
            families.setdefault(row.family, []).append(row)
    found = {}
    for family, members in families.items():
        found[OUT / f"{''.join(part.title() for part in family.split('_'))}.java"] = _class(family, members, said)
    lines = "\n".join(
        f"        {''.join(part.title() for part in family.split('_'))}.run();" for family in sorted(families)
    )
    names = "".join(f'        "{name}",\n' for name in loaded)
    found[OUT / "All.java"] = (
        "// Generated by emulator/java/generate.py from hooks/catalogue. Do not edit.\n"
        "package com.example.exerciser;\n\nfinal class All {\n"
        f"    static final String[] LOADED = {{\n{names}    }};\n\n"
        "    private All() {}\n\n    static void run() {\n"
        f"{lines}\n    }}\n}}\n"
    )
    return found
