"""Wrong uses of the command line: the words, and what the one line that answers them must name, in English and Chinese.

``{bundle}`` is a recorded session. The files are made by ``prepared``.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

RUN: Final = ("run", "quickstart", "--out", "new")
IMPORT: Final = ("import", "one.har", "--app", "a.b", "--out", "new")
SDK: Final = ("sdk", "check", "beacon", "--declaration", "beacon-default", "--out", "new")

#: Name to words, English and Chinese parts of the answer.
WRONG: Final[dict[str, tuple[tuple[str, ...], str, str]]] = {
    # What is under test
    "app is a directory": ((*RUN, "--app", "folder"), "folder: a directory, not a file", "是目录"),
    "app is a directory by path": ((*RUN, "--app", "./folder"), "./folder: a directory, not a file", "是目录"),
    "app cannot be read": ((*RUN, "--app", "secret.apk"), "secret.apk: not allowed for this user", "无权"),
    "app is not there": ((*RUN, "--app", "none.apk"), "none.apk: no such app file", "没有该应用文件"),
    "app is no archive": ((*RUN, "--app", "text.apk"), "text.apk: not an app", "不是应用"),
    "app has no manifest": ((*RUN, "--app", "photos.zip"), "photos.zip: not an app", "不是应用"),
    "app is a bundle for the store": ((*RUN, "--app", "app.aab"), "app.aab: an app bundle", "应用包"),
    "app is a library": ((*RUN, "--app", "lib.aar"), "lib.aar: a library", "是库"),
    "package is not installed": ((*RUN, "--app", "com.not.there"), "com.not.there: not a package", "没有该软件包"),
    "app is empty": ((*RUN, "--app", "empty.apk"), "empty.apk: not an app", "不是应用"),
    "file for app": (("app", "none.apk"), "none.apk: no such file", "没有该文件"),
    "directory for app": (("app", "folder"), "folder: a directory, not a file", "是目录"),
    "text for app": (("app", "text.apk"), "text.apk: not an archive", "不是压缩包"),
    # Scenario
    "no scenario": (("run",), "monitor: run: no scenario is named", "未指定脚本"),
    "scenario is a sample app": (("run", "shop"), "shop: an app, not a scenario (monitor run SCENARIO --app shop; "
                                 "scenarios: ", "是应用，不是脚本（monitor run 脚本 --app shop；可用的测试脚本："),
    "scenario misspelt": (("run", "quickstrat"), "did you mean quickstart?", "quickstart"),
    "scenario is an app": (("run", "app.apk"), "app.apk: an app, not a scenario", "不是脚本"),
    "scenario is a directory": (("run", "folder"), "folder: a directory, not a scenario", "不是脚本"),
    "scenario without header": (("run", "nohead.yaml"), "nohead.yaml: expected two YAML documents", "YAML"),
    "scenario's header": (("run", "header.yaml"),
                          "header.yaml: unknown key 'appID' (and 1 more: appId) (did you mean appId?)",
                          "未知的键 'appID'（另有 1 处"),
    "scenario's command": (("run", "verb.yaml"), "verb.yaml:3: unknown command 'tapon'", "未知"),
    "scenario's argument": (("run", "args.yaml"), "args.yaml:3: idle", "idle"),
    "scenario without commands": (("run", "none.yaml"), "none.yaml: the list of commands is empty", "为空"),
    "scenario is no YAML": (("run", "broken.yaml"), "broken.yaml:", "broken.yaml"),
    # Options of run
    "project after the command": (("run", "quickstart", "--project", "p.yaml"), "--project comes before the command",
                                  "--project 应写在命令之前"),
    "option misspelt": ((*RUN, "--declration", "x"), "no such option: --declration (did you mean --declaration?",
                        "没有该选项：--declration"),
    "option without value": (("run", "quickstart", "--out"), "--out", "--out"),
    "too many arguments": (("run", "quickstart", "two"), "unexpected argument: two", "多余的参数：two"),
    "command misspelt": (("runn",), "no such command: runn (did you mean run?", "没有该命令：runn"),
    "subcommand misspelt": (("rules", "lst"), "no such command: lst (did you mean list?", "没有该命令：lst"),
    "number is none": ((*SDK, "--watch", "soon"), "--watch: not a whole number", "--watch：不是整数"),
    "number is too small": ((*SDK, "--watch", "0"), "--watch: out of range: at least 1", "--watch：超出范围"),
    "language": ((*RUN, "--lang", "fr"), "no such language: fr", "fr"),
    "level": ((*RUN, "--fail-on", "severe"), "no such level: severe", "没有该风险等级：severe（可选："),
    "pack": ((*RUN, "--pack", "eu"), "eu", "eu"),
    "profile": ((*RUN, "--profile", "strict"), "strict", "strict"),
    "proxy": ((*RUN, "--proxy", "on"), "no such proxy mode: on", "没有该代理模式：on"),
    "unpin": ((*RUN, "--unpin", "all"), "no such unpinning level: all (use none, ca or hooks)", "级别：all"),
    "device is empty": ((*RUN, "--device", ""), "--device is empty", "--device 为空"),
    "runtime": ((*RUN, "--runtime", "dalvik"), "no such runtime: dalvik", "没有该运行时：dalvik"),
    "runtime of a phone": ((*RUN, "--device", "emulator-5554", "--runtime", "art"),
                           "--runtime is for the stand-in device", "--runtime 仅用于模拟环境"),
    "stand-in": ((*RUN, "--device", "standin:phone"), "no such kind of stand-in device: phone (one of",
                 "没有该类模拟环境"),
    "stand-in's level": ((*RUN, "--device", "standin:user@3"), "no such API level: 3 (one of", "没有该 API 级别：3"),
    "two stand-ins": ((*RUN, "--device", "standin:user,vendor"), "not a stand-in: standin:user,vendor (write",
                      "不是模拟环境的写法：standin:user,vendor"),
    "state of a stand-in": ((*RUN, "--device", "standin:art,state=no.yaml"), "no.yaml: no such file", "没有该文件"),
    "hooks twice": ((*RUN, "--hooks", "none", "--hooks", "h.yaml"), "--hooks none cannot be combined",
                    "不能与目录文件同时使用"),
    "hooks file": ((*RUN, "--hooks", "nohooks.yaml"), "nohooks.yaml: no such file", "没有该文件"),
    "rules directory": ((*RUN, "--rules", "nowhere"), "nowhere", "nowhere"),
    "identifiers": ((*RUN, "--identifiers", "types.yaml"), "types.yaml", "types.yaml"),
    "record": ((*RUN, "--record", "record.yaml"), "record.yaml: unknown key 'reportno' (did you mean report_no?",
               "record.yaml"),
    "key": ((*RUN, "--key", "text"), "text: ", "text"),
    "declaration": ((*RUN, "--declaration", "nosuch.yaml"), "nosuch.yaml: no such file", "没有该文件"),
    "out is a file": (("run", "quickstart", "--out", "text"), "text: not a directory", "不是目录"),
    "out is full": (("run", "quickstart", "--out", "full"), "full: the directory is not empty", "目录不为空"),
    "by without manual": ((*RUN, "--by", "Li"), "--by is for a session by hand", "人工操作"),
    "manual without name": (("run", "--manual", "--out", "new"), "--manual needs the name", "--manual 需要"),
    "manual without terminal": (("run", "--manual", "--by", "Li", "--out", "new"),
                                "--manual needs a terminal", "--manual 需要终端"),
    # Bundles
    "bundle is not there": (("findings", "nowhere"), "nowhere: no such bundle", "没有该证据包"),
    "bundle is a file": (("findings", "text"), "text: a file, not an evidence bundle", "不是证据包"),
    "bundle is another directory": (("findings", "folder"), "folder: not an evidence bundle", "不是证据包"),
    "format": (("report", "{bundle}", "--format", "pdff"), "no such format: pdff (did you mean pdf?",
               "没有这种格式：pdff"),
    "report into nowhere": (("report", "{bundle}", "-o", "no/x.html"), "no/x.html: ", "no/x.html"),
    "template is not there": (("report", "{bundle}", "--format", "docx", "--template", "no.docx", "-o", "x.docx"),
                              "no.docx: no such file", "没有该文件"),
    "template for another format": (("report", "{bundle}", "--format", "csv", "--template", "text", "-o", "x.csv"),
                                    "csv has no template", "csv 格式不支持模板"),
    "kind of event": (("events", "{bundle}", "--kind", "calls"), "no such kind: calls", "没有该事件类型：calls"),
    "consent label without TAP": (("consent", "label", "{bundle}", "--decision", "granted", "--by", "Li"),
                                  "TAP is missing", "缺少参数：TAP"),
    "explain what": (("explain", "COL-99"), "COL-99", "COL-99"),
    "capture": (("import", "text", "--app", "a.b", "--out", "new"), "text: neither HAR", "text"),
    "fields of a declaration": (("declaration", "check", "declared.yaml"), "declared.yaml", "declared.yaml"),
}  # fmt: skip


def prepared(place: Path) -> None:
    """The files that the wrong uses name."""
    (place / "folder").mkdir()
    (place / "full").mkdir()
    (place / "full" / "file").write_text("mine")
    for name in ("text", "text.apk"):
        (place / name).write_text("text")
    (place / "empty.apk").write_bytes(b"")
    (place / "secret.apk").write_bytes(b"x")
    (place / "secret.apk").chmod(0)
    for name, entry in (
        ("photos.zip", "photo.jpg"),
        ("app.aab", "BundleConfig.pb"),
        ("app.apk", "AndroidManifest.xml"),
    ):
        with zipfile.ZipFile(place / name, "w") as archive:
            archive.writestr(entry, b"x")
    with zipfile.ZipFile(place / "lib.aar", "w") as archive:
        archive.writestr("classes.jar", b"x")
        archive.writestr("AndroidManifest.xml", "<manifest/>")
    for name, text in {
        "one.har": '{"log": {"entries": []}}',
        "nohead.yaml": "- tapOn: x\n",
        "header.yaml": "appID: com.example.shop\n---\n- tapOn: x\n",
        "verb.yaml": "appId: com.example.shop\n---\n- tapon: x\n",
        "args.yaml": "appId: com.example.shop\n---\n- idle: {length: 2s}\n",
        "none.yaml": "appId: com.example.shop\n---\n[]\n",
        "broken.yaml": "appId: [\n",
        "types.yaml": "- {data_type: imeii, value: '123456789012345'}\n",
        "record.yaml": "reportno: 1\n",
        "declared.yaml": "app: {nam: x}\n",
    }.items():
        (place / name).write_text(text)
