"""A policy says what its reader sees: nothing that is there for the monitor only, and nothing less for what a page
does with its text."""

from __future__ import annotations

import pytest

from monitor.content.html_text import read_document
from monitor.content.policy_text import TACIT, examine
from monitor.content.sdk_table import read_sdks
from tests.content.test_policy_text import read

SAID = "您可以撤回同意"
SCRIPT = "<script>open()</script>"
GONE = [
    '<div style="font-size:0">{}</div>', '<p style="color: red; FONT-SIZE: 0px !important">{}</p>',
    '<span style="color:transparent">{}</span>', '<p style="position:absolute;left:-9999px">{}</p>',
    '<p style="text-indent: -10000px;">{}</p>', "<style>.x, p.y{{color:red;font-size:0}}</style><b class='a x'>{}</b>",
    "<style>#x{{text-indent:-9999px}}</style><div id=x>{}</div>",
    "<style>/* a * b */ i{{font-size:0}}</style><i>{}</i>",
    "<p>隐私<STYLE type=a>/**/i{{font-size:0}}</style><i>{}</i>",
    '<p style="font-size:0">a<br>{}</p>',
    '<div style="font-size:0"/>{}</div>',
    '<div style="font-size:0"><textarea></div></textarea>{}</div>',
    '<div style="font-size:0"><iframe></div></iframe>{}</div>',
    '<div style="font-size:0"><noscript></div></noscript>{}</div>',
    '<div style="/**/font-size:.0px">{}</div>',
    '<div style="font-size:1px">{}</div>',
    '<div style="font:0/0 a">{}</div>',
    '<div style="font-size:0"><div>a</div>{}</div>', '<div style="font-size:0"></span></p></body></html>{}',
    '<div style="font-size:0"><table><tr><td></div>{}</td></tr></table>',
    '<ul><li style="font-size:0">a<ul><li>{}</ul>',
    '<div style="font-size:0"><p style="font-size:1em">{}</p></div>',
    '<link rel="stylesheet" href="a.css"><div style="font-size:0">{}</div>',
    "<svg><svg><svg></svg></svg>{}</svg>", "<template>{}</template>",
]  # fmt: skip
SHUT = [
    "<div hidden>{}</div>", '<p style="display: none">{}</p>', '<div style="visibility:hidden">{}</div>',
    '<div style="opacity:0">{}</div>', '<div style="max-height:0;overflow:hidden">{}</div>',
    "<style>.x{{display:none}}</style><div class=x>{}</div>",
]  # fmt: skip
SEEN = [
    '<p style="font-size:0.9em">{}</p>', '<p style="font: 400 14px/20px a">{}</p>', '<p style="font-size:.8rem">{}</p>',
    '<p style="font: 14px/0 a">{}</p>', '<p style="font-size:12px">{}</p>', '<svg><path/></svg><p>{}</p>',
    "<a name=x/>{}", '<p style="opacity:0.5">{}</p>', '<p style="left:-10px">{}</p>',
    '<p style="font-size:0">a<p>{}', '<ul><li style="font-size:0">a<li>{}</ul>', '<p style="color:#ffffff">{}</p>',
    '<div style="font-size:0"><p>a</div>{}', "<style>@media print{{.x{{display:none}}}}</style><p class=x>{}</p>",
    "<style>.x{{display:none}} .on.x{{display:block}}</style><p class='x on'>{}</p>",
    "<table><tr><td style='font-size:0'>a<td>{}</table>", '<img style="display:none"><p>{}</p>',
    '<style>.x .y{{font-size:0}}</style><p class="y">{}</p>', "<p>{}</p><div hidden>",
    "<head><title>a</title><p>{}</p>", '<div style="font-size:0"><span style="font-size:14px">{}</span></div>',
    '<div style="color:transparent"><b style="color:#333">{}</b></div>', "<style>.x{{font-size:0}}</style><p>{}</p>",
    '<link rel="stylesheet" href="a.css"><div style="font-size:0"><span class=y>{}</span></div>',
    "<style>.x{{font-size:0}} .x span{{font-size:14px}}</style><div class=x><span>{}</span></div>",
    '<h2 style="background-clip:text;color:transparent">{}</h2>',
]  # fmt: skip


def text(page: str) -> str:
    return read_document(f"<html><body>{page}").text


@pytest.mark.parametrize("page", GONE)
@pytest.mark.parametrize("script", ["", SCRIPT])
def test_what_nobody_sees_is_not_said(page: str, script: str) -> None:
    assert SAID not in text(script + page.format(SAID))


@pytest.mark.parametrize("page", SHUT)
def test_what_is_shut_counts_where_something_may_open_it(page: str) -> None:
    """Many policies fold their sections: that is no omission."""
    page = page.format(SAID)
    assert SAID not in text(page)
    for opens in (SCRIPT, "<a onclick='show()'>", "<details>", "<style>#a:checked ~ div{display:block}</style>"):
        assert SAID in text(opens + page)


@pytest.mark.parametrize("page", SEEN)
def test_what_is_seen_is_said(page: str) -> None:
    assert SAID in text(page.format(SAID))


def test_a_hidden_policy_lacks_what_a_reader_does_not_find() -> None:
    good = read("good_zh.html")
    bare = examine(read("bad_zh.html")).missing
    stuffed = read("bad_zh.html").replace("</body>", f'<div style="font-size:0">{good}</div></body>')
    assert good.count("<body") == 1 and "</body>" in read("bad_zh.html")
    assert examine(stuffed).missing == bare != []
    assert examine(stuffed).sdks == []


def test_a_library_that_only_the_monitor_would_read_is_not_listed() -> None:
    rows = '<tr style="font-size:0"><td>Hidden SDK<td>Acme</tr><tr><td>Seen SDK<td>Acme</tr>'
    found = read_sdks(f"<html><table><tr><th>SDK名称<th>公司名称</tr>{rows}</table>").sdks
    assert [one["name"] for one in found] == ["Seen SDK"]


def test_hosts_that_everybody_has_make_nobody_a_recipient() -> None:
    hosts = "com.cn, co.uk, github.io, api.a.com.cn, github.com"
    table = f"| SDK | Company | Domain |\n|---|---|---|\n| A SDK | A Ltd | {hosts} |\n"
    assert read_sdks(table).sdks[0].get("hosts") == ["api.a.com.cn", "github.com"]


@pytest.mark.parametrize("mark", ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u200d", "&shy;", "&#8203;"])
def test_characters_without_a_shape_change_no_word(mark: str) -> None:
    """Neither to hide a clause nor by a word processor's breaks."""
    clause = "如您继续使用，即视为同意修改后的政策"
    assert TACIT in examine(clause).sections
    assert TACIT in examine(f"<html><p>{mark.join(clause)}").sections
    good = read("good_zh.html")
    assert examine(good.replace("保存期限", f"保存{mark}期限")).missing == []


PIECES = [
    "<div>", "<li>", "<td>", "<style>", "<p><div>", "<div style='font-size:0'>", "<li></x>", "<ul><li><td>", "</div>",
    "<style>{</style>", "<style>/*", "<style>@a{", "<svg>", "<b></p>", "<noscript>", "<title>", "<table>a<b>",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_a_page_of_one_piece_is_read_in_time(piece: str) -> None:
    """Lexbor alone takes a minute for so many open elements."""
    read_document("<html>" + piece * (600_000 // len(piece)))
