"""One app in four builds: ``python -m bench.four_builds [BUILD…]``. Needs a JDK.

The sample shop with its libraries under their own names, *renamed* (each into a short package of its own), *one*
(all of them in a single short package, as shrinkers do it) and *late* (the advertising library in a dex of its own that
the app loads when it starts). Each has the scenario ``quickstart``; printed are the findings as rule, data type,
recipient and owner. The command ends with 1 where a build has a finding more or fewer than the first one named, whoever
owns it: that is for a person to read, as renamed code has no owner.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import Final

from bench.runtimes import Quiet
from emulator.java.build import HERE, package_app
from monitor.base.paths import bundled
from monitor.record import Options, record

APPS: Final = HERE / "apps"
#: Package of a library, its short names: of its own, and shared.
LIBS: Final = {
    "com.adnova.sdk": ("p7.c", "x.y"),
    "cn.beacon.analytics": ("q3.d", "x.y"),
    "io.pushwave.client": ("w5.a", "x.y"),
}
BUILDS: Final = ("plain", "renamed", "one", "late")
#: What the app calls of the advertising library, through a loader of its own.
LATE: Final = """package com.example.shop;

import android.content.Context;
import dalvik.system.DexClassLoader;
import java.io.File;
import java.io.FileOutputStream;
import java.io.InputStream;

public final class AdNova {
    private static Class<?> real;

    static void init(Context context) {
        try {
            File jar = new File(context.getFilesDir(), "core.jar");
            try (InputStream in = context.getAssets().open("core.bin");
                    FileOutputStream out = new FileOutputStream(jar)) {
                byte[] block = new byte[8192];
                for (int read = in.read(block); read >= 0; read = in.read(block)) {
                    out.write(block, 0, read);
                }
            }
            ClassLoader loader = new DexClassLoader(jar.getPath(), null, null, context.getClassLoader());
            real = loader.loadClass("com.adnova.sdk.AdNova");
            real.getMethod("init", Context.class).invoke(null, context);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static void loadAd(String slot) {
        call("loadAd", String.class, slot);
    }

    static void refreshEvery(int seconds) {
        call("refreshEvery", int.class, seconds);
    }

    private static void call(String name, Class<?> type, Object value) {
        try {
            real.getMethod(name, type).invoke(null, value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
"""


def sources(build: str, place: Path) -> Path:
    """The app's folder as ``build`` has it, below ``place``."""
    app = place / "shop"
    shutil.copytree(APPS / "shop", app)
    libs = [APPS / "shop" / line for line in (app / "sources").read_text("utf-8").split()]
    (app / "sources").unlink()
    names = {package: short[build == "one"] for package, short in LIBS.items()} if build in ("renamed", "one") else {}
    for lib in libs:
        for path in lib.rglob("*.java"):
            if build == "late" and "adnova" in path.parts:
                continue
            package = ".".join(path.parent.relative_to(lib).parts)
            name = path.name
            text = path.read_text("utf-8")
            if build == "one":  # Several libraries have a class of that name.
                text = re.sub(r"\bTrace\b", f"Trace{lib.parent.name}", text)
                name = re.sub(r"^Trace\b", f"Trace{lib.parent.name}", name)
            to = app / "src" / names.get(package, package).replace(".", "/") / name
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(text, "utf-8")
    for path in [*app.rglob("*.java"), app / "AndroidManifest.xml"]:
        text = path.read_text("utf-8")
        for package, short in names.items():
            text = text.replace(package, short)
        if build == "late":
            text = text.replace("import com.adnova.sdk.AdNova;\n", "")
        path.write_text(text, "utf-8")
    if build == "late":
        (app / "src/com/example/shop/AdNova.java").write_text(LATE, "utf-8")
        late = place / "late"
        shutil.copytree(APPS / "libs" / "adnova" / "src", late / "src")
        shutil.copy(app / "AndroidManifest.xml", late)
        (app / "assets").mkdir(exist_ok=True)
        package_app(late, place / "late.apk")
        with zipfile.ZipFile(place / "late.apk") as whole, zipfile.ZipFile(app / "assets" / "core.bin", "w") as jar:
            for name in whole.namelist():
                if name.startswith("classes/"):
                    jar.writestr(name.removeprefix("classes/"), whole.read(name))
    return app


def findings(build: str, scenario: str, place: Path) -> Counter[tuple[str, ...]]:
    """Evidenced findings of a session of the build: rule, data type, recipient, permission and, last, the owner."""
    place.mkdir(parents=True)
    archive = place / "app.apk"
    package_app(sources(build, place), archive)
    declared = bundled("scenarios") / "declarations" / "shop.yaml"
    outcome = record(Options(scenario=scenario, app=str(archive), declaration=declared, out=place / "bundle"), Quiet())
    if outcome.session.cause:
        raise SystemExit(f"{build}: {outcome.session.cause}")
    found = map(json.loads, (place / "bundle" / "findings.jsonl").read_bytes().splitlines())
    about = ("rule", "data_type", "recipient", "permission", "sdk")
    return Counter(tuple(one[name] for name in about) for one in found if one["status"] == "evidenced")


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("builds", nargs="*", metavar="BUILD", help=f"of {', '.join(BUILDS)}; default: all")
    parser.add_argument("--scenario", default="quickstart", help="a bundled one, or a file")
    parser.add_argument("--work", type=Path, help="keep sources and bundles here")
    options = parser.parse_args(given)
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        found = {build: findings(build, options.scenario, work / build) for build in options.builds or BUILDS}
    first = next(iter(found))
    subjects = {build: {one[:-1] for one in ours} for build, ours in found.items()}
    bad = False
    for build, ours in found.items():
        print(f"{build}: {ours.total()} findings, by owner", dict(Counter(one[-1] for one in ours.elements())))
        for title, more in (
            ("more", subjects[build] - subjects[first]),
            ("fewer", subjects[first] - subjects[build]),
        ):
            bad = bad or bool(more)
            for one in sorted(more):
                print(f"  {title}:", *filter(None, one))
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
