"""Plans: what a row becomes, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.base import errors, process
from monitor.fleet.cluster import Device, resources, standins
from monitor.fleet.plan import Task, ready
from monitor.scenario import apps
from monitor.scenario.explore import variants

SCENARIO = "appId: com.example.shop\napp: shop-clean\nname: short\n---\n- launchApp: {clearState: true}\n"


def tasks(tmp_path: Path, text: str, name: str = "plan.yaml") -> list[Task]:
    (tmp_path / name).write_text(text, "utf-8")
    with process.Scratch() as scratch:
        return ready(tmp_path / name, scratch).tasks


def test_a_row_becomes_its_repetitions(tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(SCENARIO)
    found = tasks(tmp_path, "sessions:\n- {app: shop, scenario: quickstart, repetitions: 2, category: shopping}\n"
                  "- {scenario: short.yaml, kind: pixel, packs: [cn]}\n")  # fmt: skip
    assert [(task.row, task.repetition, task.kind, task.scenario) for task in found] == [
        (1, 1, "standin", "quickstart"), (1, 2, "standin", "quickstart"), (2, 1, "pixel", ""),
    ]  # fmt: skip
    assert found[0].file.name == "shop.apk" and found[0].declaration.name == "shop.yaml"
    assert found[2].file.name == "shop-clean.apk" and found[2].scenario_file.name == "short.yaml"
    assert len({task.id for task in found}) == 3


def test_csv_says_the_same(tmp_path: Path) -> None:
    table = "app,scenario,repetitions,category,packs,sdks\nshop,quickstart,2,shopping,cn gdpr,example_beacon=3.1\n"
    rows = tasks(tmp_path, table, "plan.csv")
    same = tasks(tmp_path, "sessions:\n- {app: shop, scenario: quickstart, repetitions: 2, category: shopping, "
                 "packs: [cn, gdpr], sdks: {example_beacon: '3.1'}}\n")  # fmt: skip
    assert rows == same


def test_a_session_is_known_by_all_that_decides_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "short.yaml").write_text(SCENARIO)
    (tmp_path / "d.yaml").write_text("app: {package: com.example.shop}\n")
    row = "sessions:\n- {scenario: short.yaml, declaration: d.yaml}\n"
    first = tasks(tmp_path, row)[0].id
    assert tasks(tmp_path, row)[0].id == first == tasks(tmp_path, "name: other\n" + row)[0].id
    (tmp_path / "d.yaml").write_text("app: {package: com.example.shop, type_39: 6}\n")
    other = tasks(tmp_path, row)[0].id
    (tmp_path / "short.yaml").write_text(SCENARIO + "- idle: 1s\n")
    third = tasks(tmp_path, row)[0].id
    monkeypatch.setattr("monitor.fleet.plan.tables_digest", lambda: "of another version")
    assert len({first, other, third, tasks(tmp_path, row)[0].id}) == 4


@pytest.mark.parametrize(
    "row",
    ["{scenario: quickstart, app: ../secret}", "{scenario: quickstart, declaration: '%s/secret'}",
     "{scenario: quickstart, app: link}", "{scenario: ../secret}", "{scenario: declaring.yaml}"],
)  # fmt: skip
def test_a_plan_names_files_of_its_folder_only(tmp_path: Path, row: str) -> None:
    """It may be a stranger's, and what it names goes to the workers."""
    (tmp_path / "secret").write_text(SCENARIO)
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "declaring.yaml").write_text(SCENARIO.replace("name: short", "name: short\ndeclaration: ../secret"))
    text = f"sessions:\n- {row.replace('%s', str(tmp_path))}\n"
    with pytest.raises(errors.InputError, match=r"a file outside the folder of the plan.*--allow-outside"):
        tasks(folder, text)
    with process.Scratch() as scratch:
        assert ready(folder / "plan.yaml", scratch, outside=True).tasks


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sessions: []\n", "sessions"), ("sessions:\n- {app: shop}\n", "scenario"),
        ("sessions:\n- {scenario: quickstart}\n- {scenario: quickstart}\n", "rows 1 and 2 are the same"),
        ("sessions:\n- {scenario: quickstart, repetitions: 0}\n", "repetitions"),
        ("sessions:\n- {scenario: quickstart, app: gone.apk}\n", "row 1: gone.apk: no such file"),
        ("sessions:\n- {scenario: quickstart, declaration: gone.yaml}\n", "no such file"),
        ("sessions:\n- {scenario: no-such}\n", "row 1"),
        ("name: a/b\nsessions:\n- {scenario: quickstart}\n", "not a name"),
        ("name: ..\nsessions:\n- {scenario: quickstart}\n", "not a name"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(errors.InputError) as refused:
        tasks(tmp_path, text)
    assert said in str(refused.value)


def test_a_scenario_travels_alone(tmp_path: Path) -> None:
    (tmp_path / "walk.yaml").write_text(SCENARIO + "- explore: {persons: me.yaml}\n", "utf-8")
    plan = "sessions:\n- {scenario: walk.yaml}\n"
    with pytest.raises(errors.InputError, match=r"row 1: .*no such file beside the scenario: me.yaml"):
        tasks(tmp_path, plan)
    (tmp_path / "me.yaml").write_text("name: Wang\n", "utf-8")
    with pytest.raises(errors.InputError, match=r"row 1: .*me.yaml: files beside a scenario do not go to the workers"):
        tasks(tmp_path, plan)


def test_what_a_worker_offers() -> None:
    devices = [*standins(2, "here"), Device(serial="A", kind="pixel"), Device(serial="B", kind="pixel", aside="broken")]
    assert [device.serial for device in devices[:2]] == ["standin-1@here", "standin-2@here"]
    assert resources(devices) == {"device-standin": 2, "device-pixel": 1}
    assert resources(devices[3:]) == {"device-pixel": 0}


@pytest.mark.parametrize(("called", "wanted"), [("apps", "apps"), ("待测应用 2026.12", "待测应用_2026.12")])
def test_a_folder_of_apps_is_a_plan_that_explores_each(tmp_path: Path, called: str, wanted: str) -> None:
    folder = tmp_path / called
    folder.mkdir()
    with process.Scratch() as scratch:
        with pytest.raises(errors.InputError, match="no app in the folder"):
            ready(folder, scratch)
        for name in ("shop", "shop-clean"):
            apps.bundled_app(name, folder)
        (folder / "notes.txt").write_text("none")
        plan = ready(folder, scratch)
    with process.Scratch() as scratch:
        again = ready(folder, scratch)
    assert plan.name == wanted and [task.id for task in plan.tasks] == [task.id for task in again.tasks]
    named = [(task.file.name, task.scenario_file.name.partition(".")[0]) for task in plan.tasks]
    assert named == [(f"{app}.apk", one) for app in ("shop-clean", "shop") for one in variants.VARIANTS]
    secret = tmp_path / "secret.apk"
    secret.write_bytes((folder / "shop.apk").read_bytes())
    (folder / "zlink.apk").symlink_to(secret)
    with process.Scratch() as scratch, pytest.raises(errors.InputError, match="outside the folder"):
        ready(folder, scratch)
