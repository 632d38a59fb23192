"""A report cites the packs of clauses that it was made with, and no other law."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from monitor.assess.evaluate import reanalyse
from monitor.assess.opened import Opened
from monitor.assess.render import render_bundle
from tests.documents import pdf_pages

FOREIGN = {
    "cn": r"e-?privacy|GDPR|EDPB|电子隐私|COPPA|Google Play",
    "gdpr": r"shenzhen|深圳|PIPL|Protection Law of the PRC|个人信息保护法|COPPA|Google Play|GB/T",
}
OWN = {"cn": "Personal Information Protection Law of the PRC", "gdpr": "General Data Protection Regulation"}


def text(form: str, data: bytes) -> str:
    if form == "pdf":
        return "\n".join(pdf_pages(data))
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    return re.sub(r"data:image/[^\"]*", "", data.decode())


@pytest.fixture(scope="module", params=list(OWN))
def assessed(request: pytest.FixtureRequest, v1: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    bundle = tmp_path_factory.mktemp(request.param) / "bundle"
    shutil.copytree(v1, bundle)
    assert reanalyse(bundle, (request.param,)).assessment.findings
    return request.param, bundle


@pytest.mark.parametrize("form", ["html", "json", "markdown", "sarif", "junit", "csv", "xlsx", "pdf"])
def test_no_other_law_is_in_any_format(assessed: tuple[str, Path], form: str) -> None:
    pack, bundle = assessed
    found = text(form, render_bundle(form, bundle, "en"))
    assert re.findall(f".{{0,30}}(?:{FOREIGN[pack]}).{{0,30}}", found, re.I) == []
    if form == "pdf":  # the Word report is made of the same blocks
        for words in ("under the GDPR", "Controller", "Legal basis (declared)", "supervisory authority", "processor"):
            assert (words in " ".join(found.split())) == (pack == "gdpr"), words
    if pack == "gdpr":
        assert re.findall(r".{0,30}personal information.{0,30}", found, re.I) == []
        assert ": 13(1)" not in found  # a legal basis in the numbers of another law
    if form != "junit":  # which names clauses of failures only
        assert " ".join(OWN[pack].split()) in " ".join(found.split())


def test_the_packs_are_attested_and_found_again(assessed: tuple[str, Path]) -> None:
    pack, bundle = assessed
    assert Opened(bundle).session.packs == [] and Opened.of_results(bundle).session.packs == [pack]


def test_the_guideline_is_of_its_pack_alone(assessed: tuple[str, Path]) -> None:
    pack, bundle = assessed
    lines = [json.loads(line)["line"] for line in (bundle / "coverage.jsonl").read_bytes().splitlines()]
    items = json.loads(render_bundle("json", bundle, "en"))["guideline"]
    assert (lines.count("item"), len(items)) == ((15, 15) if pack == "cn" else (0, 0))
