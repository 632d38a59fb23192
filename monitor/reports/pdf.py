"""The inspection report (检测报告) as PDF on A4, typeset by Typst: no office program, fonts embedded.

What the app wrote reaches Typst as data, never as markup.
"""

import importlib.util
import json
import tempfile
from hashlib import sha256
from pathlib import Path

import typst

from monitor.reports import _blocks, _inspection, _story, _view

TITLE = "inspection report as PDF"
_TEMPLATE = Path(__file__).parent / "page" / "inspection.typ"


def render(view: _view.View) -> bytes:
    """The document."""
    about = _inspection.properties(view)
    with tempfile.TemporaryDirectory(prefix="monitor-pdf-") as place:
        root = Path(place)
        data = {
            "title": about.title,
            "header": about.header,
            "author": about.author,
            "keywords": about.keywords,
            "date": [about.made.year, about.made.month, about.made.day],
            "page": view.t("inspection.page", page="{page}", pages="{pages}"),
            "lang": view.lang,
            "blocks": [_plain(block, root) for block in _inspection.inspection(view)],
        }
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8", errors="replace")
        (root / "inspection.typ").write_bytes(_TEMPLATE.read_bytes())
        source = str(root / "inspection.typ")
        made: object = typst.compile(source, root=str(root), font_paths=[str(path) for path in _fonts()])
    assert isinstance(made, bytes)
    return made


def _plain(block: _blocks.Block, root: Path) -> dict[str, object]:
    kind = type(block).__name__.lower()
    if isinstance(block, _blocks.Pictures):
        return {"kind": kind, "pictures": [_placed(picture, root) for picture in block.pictures]}
    if isinstance(block, _blocks.Together):
        return {"kind": kind, "blocks": [_plain(one, root) for one in block.blocks]}
    return {"kind": kind, **block._asdict()}


def _placed(picture: _story.Shot, root: Path) -> dict[str, str]:
    name = f"{sha256(picture.data).hexdigest()}.{'png' if picture.data.startswith(b'\x89PNG') else 'jpg'}"
    (root / name).write_bytes(picture.data)
    return {"file": name, "caption": picture.caption}


def _fonts() -> list[Path]:
    """Location of the Chinese font that comes as a Python package; system fonts are used as well."""
    spec = importlib.util.find_spec("manimgx_fonts_cjk")
    return [Path(spec.origin).parent] if spec and spec.origin else []
