"""Which scope a switch stands for, by its words in each language, and how clearly they say so."""

from __future__ import annotations

import pytest

from monitor.analysis.consent.named import ANALYTICS, switched

CLEAR = [
    "Help us improve (usage statistics)", "Share usage data", "Analytics", "statistics",
    "Usage measurement", "Measure how I use the app", "Medir el uso de la app", "Nutzungsverhalten analysieren",
    "使用情况统计", "允许匿名统计", "使用情況統計", "允许收集使用数据", "诊断与使用数据", "使用习惯分析",
    "Nutzungsstatistiken senden", "Statistiques d’utilisation", "Mesure d'audience", "Estadísticas de uso",
    "利用状況の分析に協力",
    "アクセス解析", "사용 데이터 공유",
]  # fmt: skip
PERHAPS = [
    "Help us improve the app", "体验数据上报", "用户体验改进计划", "使用者體驗改進計劃，幫助我們改進",
    "Helfen Sie uns, die App zu verbessern",
    "Améliorer l'application", "Ayúdanos a mejorar", "改善に協力する", "서비스 개선에 참여",
]  # fmt: skip
OTHER = [
    "Dark mode",
    "步数提醒",
    "Measure how far I run",
    "Schlaf messen",
    "Match notifications",
    "夜间模式",
    "Wi-Fi only",
    "个性化主题",
    "Automatische Updates",
    "Notifications",
    "通知",
    "알림",
]


@pytest.mark.parametrize(("name", "told"), [*((name, True) for name in CLEAR), *((name, False) for name in PERHAPS)])
def test_a_switch_for_statistics(name: str, told: bool) -> None:
    assert switched(name) == (ANALYTICS, told)


@pytest.mark.parametrize("name", OTHER)
def test_a_switch_for_something_else_has_no_scope(name: str) -> None:
    assert switched(name) == (name, True)


@pytest.mark.parametrize(
    "name",
    [
        "Interessenbezogene Werbung",
        "Publicité ciblée",
        "Anuncios basados en mis intereses",
        "Tailored offers",
        "广告个性化",
        "程序化推荐",
    ],
)
def test_a_switch_for_personalisation(name: str) -> None:
    assert switched(name) == ("personalisation", True)


def test_personalisation_comes_first() -> None:
    assert switched("Personalised ads and analytics") == ("personalisation", True)
