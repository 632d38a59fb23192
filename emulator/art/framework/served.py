"""A class for each service of ``services.yaml``: the interface's Stub, each of whose methods asks `aosp.Answers`."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from emulator.art.place import Place

HERE = Path(__file__).resolve().parent
_METHOD = re.compile(r"@Override public (?P<result>[\w.<>\[\], ]+) (?P<name>\w+)\((?P<words>[^)]*)\) throws")
_BOXES = {"int": "Integer", "long": "Long", "boolean": "Boolean", "float": "Float", "double": "Double", "byte": "Byte"}


def run(place: Place) -> None:
    """To ``work/served``."""
    services: dict[str, list[str]] = yaml.safe_load((HERE / "services.yaml").read_text("utf-8"))
    folder = place.work / "served" / "aosp"
    folder.mkdir(parents=True)
    lines = []
    for name, (interface, answers) in services.items():
        text = (place.work / "aidl" / f"{interface.replace('.', '/')}.java").read_text("utf-8")
        cls = "Served" + interface.rpartition(".")[2]
        (folder / f"{cls}.java").write_text(_served(cls, interface, text), "utf-8")
        lines.append(f'        services.put("{name}", new {cls}(new {answers}()));\n')
    (folder / "Services.java").write_text(
        "package aosp;\n\nfinal class Services {\n    static java.util.Map<String, android.os.IBinder> all() {\n"
        "        java.util.Map<String, android.os.IBinder> services = new java.util.HashMap<>();\n"
        f"{''.join(lines)}        return services;\n    }}\n}}\n"
    )


def _served(cls: str, interface: str, text: str) -> str:
    part = text[text.index("class Default") : text.index("class Stub")]
    methods = []
    for found in _METHOD.finditer(part):
        result, name = found["result"], found["name"]
        words = (
            [word.rpartition(" ")[2] for word in found["words"].split(", ") if word]
            if "<" not in found["words"]
            else _names(found["words"])
        )
        call = f'Answers.of(answers, "{interface}", {", ".join([f'"{name}"', *words])})'
        body = f"{call};" if result == "void" else f"return ({_BOXES.get(result, result)}) {call};"
        methods.append(
            f'    @Override @SuppressWarnings("unchecked") public {result} {name}({found["words"]}) {{ {body} }}\n'
        )
    assert methods, f"{interface} has no methods"
    head = f"    private final Object answers;\n    {cls}(Object answers) {{ this.answers = answers; }}\n"
    return f"package aosp;\n\nfinal class {cls} extends {interface}.Stub {{\n{head}{''.join(methods)}}}\n"


def _names(words: str) -> list[str]:
    """Names of parameters, where types have commas of their own."""
    return [word.rpartition(" ")[2] for word in re.sub(r"<[^>]*>", "", words).split(", ")]
