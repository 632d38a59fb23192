"""Scenario files: what is accepted, and the one line for what is not; also for who writes a verb."""

from pathlib import Path
from typing import Any

import pytest

from monitor.analysis.rules.load import load_rules
from monitor.base.errors import InputError, nearest
from monitor.scenario.apps import bundled_apps
from monitor.scenario.model import Scenario, bundled_scenarios, load_scenario
from monitor.scenario.registry import VERBS, verb
from monitor.scenario.screen import Selector
from monitor.text import LANGUAGES
from tests.scenario.screen import node

HEAD = "appId: com.demo.app\nenv: {WORD: 同意}\n---\n"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "s.yaml"
    path.write_text(text, "utf-8")
    return path


def faults(scenario: Scenario) -> list[str]:
    """What a bundled scenario names that is not there, each in a line."""
    head, apps, rules = scenario.header, bundled_apps(), [rule.id for rule in load_rules()]
    found = [f"title.{lang} is empty" for lang in LANGUAGES if not getattr(head.title, lang)]
    if scenario.name != scenario.path.stem:
        found.append(f"name {scenario.name} is not the file's name: {scenario.path.stem}")
    if head.app not in apps:
        found.append(f"no sample app {head.app!r}: {nearest(head.app, apps)}")
    return found + [f"no rule {one}: {nearest(one, rules)}" for one in scenario.expects() if one not in rules]


def test_every_bundled_scenario_loads_and_has_both_titles() -> None:
    found = bundled_scenarios()
    assert {"quickstart", "clean", "withdraw", "refuse_then_nag", "background_idle"} <= {one.name for one in found}
    for scenario in found:
        assert faults(scenario) == [], scenario.path
        assert "grant" not in scenario.text


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("zh: 同意", "zh: ''", "title.zh is empty"),
        ("name: s", "name: t", "name t is not the file's name: s"),
        ("app: shop", "app: shopp", "no sample app 'shopp': did you mean shop?"),
        ("COL-04", "COL-99", "no rule COL-99: did you mean"),
    ],
)
def test_each_fault_of_a_bundled_scenario_is_one_line(tmp_path: Path, old: str, new: str, fault: str) -> None:
    good = "appId: a.b\napp: shop\nname: s\ntitle: {en: Agreed, zh: 同意}\nexpect: {silent: [COL-04]}\n---\n- back\n"
    assert faults(load_scenario(write(tmp_path, good))) == []
    (found,) = faults(load_scenario(write(tmp_path, good.replace(old, new))))
    assert fault in found


def test_no_bundled_scenario_grants_permissions_before_the_app_asks() -> None:
    for scenario in bundled_scenarios():
        if scenario.name == "exerciser":
            continue  # it calls every API once and assesses nothing
        for command in scenario.commands:
            for step in command.flat():
                assert step.verb != "setPermissions"
                assert "allow" not in (getattr(step.args, "permissions", None) or {}).values()


def test_bare_words_values_and_mappings(tmp_path: Path) -> None:
    text = (
        HEAD
        + "- back\n- tapOn: ${WORD}\n- idle: 1500ms\n- idle: {duration: 2m}\n- repeat:\n    times: 2\n    commands:\n      - back\n      - tapOn: {id: ok}\n- back\n"  # noqa: E501
    )
    scenario = load_scenario(write(tmp_path, text))
    assert [(c.index, c.verb) for one in scenario.commands for c in one.flat()] == [
        (1, "back"), (2, "tapOn"), (3, "idle"), (4, "idle"), (5, "repeat"), (6, "back"), (7, "tapOn"), (8, "back"),
    ]  # fmt: skip
    assert scenario.commands[1].args.title() == "同意"
    assert scenario.commands[2].args.planned_ms() == 1500
    assert scenario.commands[4].children[1].where.endswith("s.yaml:12")


def test_another_app(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, HEAD + "- stopApp: ${APP_ID}\n"), app="com.other.app")
    assert scenario.header.appId == "com.other.app"
    assert scenario.commands[0].args.appId == "com.other.app"  # type: ignore[attr-defined]


def test_a_flow_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "login.yaml").write_text("appId: com.demo.app\n---\n- back\n- back\n", "utf-8")
    assert len(load_scenario(write(tmp_path, HEAD + "- runFlow: login.yaml\n")).steps) == 3


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: b", "s.yaml", "two YAML documents"),
        ("appId: nonsense\n---\n- back\n", "s.yaml", "appId"),
        ("appId: a.b\ncolour: red\n---\n- back\n", "s.yaml", "unknown key 'colour'"),
        (HEAD + "- fly\n", "s.yaml:4", "unknown command 'fly'"),
        (HEAD + "- back\n- tapOn: {txt: a}\n", "s.yaml:5: tapOn", "unknown key 'txt'"),
        (HEAD + "- tapOn: '('\n", "s.yaml:4: tapOn", "regular expression"),
        (HEAD + "- tapOn: {index: 1}\n", "s.yaml:4: tapOn", "tapOn: needs text, id or point"),
        (HEAD + "- idle: soon\n", "s.yaml:4: idle", "duration"),
        (HEAD + "- idle: 400d\n", "s.yaml:4: idle", "less than"),
        (
            HEAD + "- repeat:\n    times: 2\n    commands:\n      - back\n      - idle: x\n",
            "s.yaml:8: idle",
            "duration",
        ),
        (HEAD + "- tapOn: ${NOPE}\n", "s.yaml:4", "NOPE"),
        (HEAD + "- consent: {scope: everything, decision: accept}\n", "s.yaml:4: consent", "scope"),
        (HEAD + "- permission: perhaps\n", "s.yaml:4: permission", "decision"),
        (HEAD + "- policy: {url: 'file:///etc/passwd'}\n", "s.yaml:4: policy", "http"),
        (HEAD + "- runFlow: ../../secret.yaml\n", "s.yaml:4", "beside"),
        (HEAD + "- runFlow: s.yaml\n", "s.yaml", "deeper"),
        *(
            (HEAD + f"- {step}: gone.yaml}}\n", "s.yaml:4", "no such file beside the scenario: gone.yaml")
            for step in ("policy: {file", "runFlow: {file", "explore: {persons", "explore: {account")
        ),
        (HEAD + "- explore: {account: s.yaml}\n", "s.yaml", "expected one YAML document"),
        (HEAD + "- inputText: {person: shoe}\n", "s.yaml:4: inputText", "no such data; known: email"),
        (HEAD + "- pressKey: any\n", "s.yaml:4: pressKey", "not a key"),
        (HEAD + "- {a: 1, b: 2}\n", "s.yaml:4", "one verb"),
        (HEAD + "[]\n", "s.yaml", "empty"),
        (HEAD + "- permission: {decision: deny, name: INTERNET}\n", "s.yaml:4", "that the system asks about"),
        (HEAD + "- inputText: {text: a, dataType: words}\n", "s.yaml:4", "unknown data type 'words'"),
        (HEAD + '- inputText: "a\\tb"\n', "s.yaml:4", "printable text"),
        (HEAD + '- inputText: "林\\n致远"\n', "s.yaml:4", "printable text"),
        *(
            (HEAD + f"- canary: {{value: abcd, dataType: {word}}}\n", "s.yaml:4", f"did you mean {meant} ")
            for word, meant in (
                ("name", "account_pi"),
                ("ID-card", "form"),
                ("birth_date", "user_profile"),
                ("出生日期", "user_profile"),
            )
        ),
        *(
            (HEAD + f'- consent: {{scope: "{scope}", decision: accept}}\n', "s.yaml:4", "not a scope: policy, ")
            for scope in ("share:", "share: x", "privacy", "sensitive:a b")
        ),
        *(
            (HEAD + f"- policy: {command}\n", "s.yaml:4", "")
            for command in ("{file: ../x}", "{file: /etc/passwd}", "{file: a, url: 'http://a/'}", "{}")
        ),
        (HEAD + "- &a back\n- *a\n", "s.yaml:5", "aliases"),
    ],
)
def test_faults_are_one_line_with_their_place(tmp_path: Path, text: str, place: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load_scenario(write(tmp_path, text))
    assert place in caught.value.where and message in str(caught.value)
    assert "\n" not in str(caught.value) and "致远" not in str(caught.value)


def test_a_link_leads_to_no_file_elsewhere(tmp_path: Path) -> None:
    """What a scenario reads goes into the bundle, and its folder may be a stranger's."""
    (tmp_path / "mine.txt").write_text("my own", "utf-8")
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "policy.txt").symlink_to("../mine.txt")
    (folder / "real.txt").write_text("Privacy policy", "utf-8")
    (folder / "near.txt").symlink_to("real.txt")
    with pytest.raises(InputError, match="beside"):
        load_scenario(write(folder, HEAD + "- policy: {file: policy.txt}\n"))
    load_scenario(write(folder, HEAD + "- policy: {file: near.txt}\n"))


def test_substitution_is_bounded_and_not_repeated(tmp_path: Path) -> None:
    path = write(tmp_path, "appId: a.b\nenv: {A: '${A}${A}'}\n---\n- inputText: ${A}\n")
    assert load_scenario(path).commands[0].args.text == "${A}${A}"  # type: ignore[attr-defined]
    path = write(tmp_path, f"appId: a.b\nenv: {{A: {'x' * 6000}}}\n---\n- inputText: ${{A}}${{A}}\n")
    with pytest.raises(InputError, match="longer"):
        load_scenario(path)


def test_of_the_same_words_a_step_means_what_can_be_tapped() -> None:
    title, button, text = node("确认注销")._replace(clickable=False), node("确认注销", row=1), node("注销须知", row=2)
    nodes = [title, button, text._replace(clickable=False)]
    assert Selector(text="确认注销").find(nodes) is button
    assert Selector(text="确认注销", index=0).find(nodes) is title
    assert Selector(text="确认注销", index=2).find(nodes) is None
    assert Selector(text=".*须知").find(nodes) is nodes[2]
    assert Selector(text="取消").find(nodes) is None


def nothing(run: Any) -> None:
    """Do nothing."""


def undocumented(run: Any) -> None: ...


def test_a_verb_has_one_function() -> None:
    with pytest.raises(InputError, match="there is a verb tapOn already") as said:
        verb("tapOn")(nothing)
    assert said.value.where.endswith("test_model.nothing")


def test_a_verb_says_what_it_does_and_what_a_bare_value_sets() -> None:
    for function, short in ((undocumented, ""), (nothing, "lable")):
        with pytest.raises(InputError, match="the verb shout needs a docstring"):
            verb("shout", short=short)(function)
    assert "shout" not in VERBS
