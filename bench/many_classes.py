"""An app with many loaded classes, for what a start costs there: needs ``javac`` 11 or newer."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.hooks.support import CLASSES

_A_FILE = 500
_MAIN = """package many;
public class Main {
    static final Class<?>[] ALL = new Class<?>[%d];
    public static void main(String[] args) throws Exception {
        for (int i = 0; i < ALL.length; i++) ALL[i] = Class.forName("many.C" + i, false, Main.class.getClassLoader());
        com.example.app.Main.main(new String[0]);
    }
}
"""


def build(directory: Path, count: int) -> Path:
    """Class files of ``count`` small classes, in chains of five, and of ``many.Main``, which loads them all and then is
    the test app. Raises ``CalledProcessError`` if they do not compile."""
    source, out = directory / "source" / "many", directory / "classes"
    source.mkdir(parents=True)
    for first in range(0, count, _A_FILE):
        lines = ["package many;"]
        for i in range(first, min(first + _A_FILE, count)):
            parent = f"extends C{i - 1} " if i % 5 else ""
            lines.append(f"class C{i} {parent}implements Runnable {{ int f{i}; public void run() {{ f{i}++; }} }}")
        (source / f"Part{first}.java").write_text("\n".join(lines), "utf-8")
    (source / "Main.java").write_text(_MAIN % count, "utf-8")
    command = ["javac", "--release", "11", "-nowarn", "-J-Xmx1g", "-cp", str(CLASSES), "-d", str(out)]
    subprocess.run([*command, *map(str, sorted(source.glob("*.java")))], check=True, capture_output=True)
    return out
