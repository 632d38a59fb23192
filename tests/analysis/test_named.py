"""What the words of a switch or a consent name: scopes and data types, and what only sounds alike."""

from __future__ import annotations

import pytest

from monitor.analysis.consent.named import ANALYTICS, switched, topics_named, types_named, without_lists
from monitor.analysis.consent.text import pattern, plain

#: Scope and how clearly it is named (other: the switch's own words are its scope) to names of switches.
SWITCHES = {
    ("ai_training", True): [
        "允许用孩子的作品和描述训练AI模型", "允许使用我的内容训练AI模型", "AI训练", "允许用我的作品训练AI",
        "允许用于模型训练", "将我的内容用于模型优化", "用我的对话训练 AI", "允許使用我的內容訓練AI模型",
        "参与大模型训练", "授权用于训练人工智能", "Use my chats for training of AI",
        "Use my drawings to train AI", "Allow AI training", "Help improve our models",
        "拿我的练习录音训练发音纠错模型", "參與訓練識字小助手的人工智慧模型",
        "Let my photos train the plate-reader model", "把我的朗诵拿去训练评分引擎",
    ],
    (ANALYTICS, True): [
        "Help us improve (usage statistics)", "Share usage data", "Analytics", "statistics",
        "Usage measurement", "Measure how I use the app", "Medir el uso de la app", "Nutzungsverhalten analysieren",
        "使用情况统计", "允许匿名统计", "使用情況統計", "允许收集使用数据", "诊断与使用数据", "使用习惯分析",
        "Nutzungsstatistiken senden", "Statistiques d’utilisation", "Mesure d'audience", "Estadísticas de uso",
        "利用状況の分析に協力", "アクセス解析", "사용 데이터 공유", "Anonyme Nutzungsdaten senden",
    ],
    (ANALYTICS, False): [
        "Help us improve the app", "体验数据上报", "用户体验改进计划", "使用者體驗改進計劃，幫助我們改進",
        "Helfen Sie uns, die App zu verbessern", "加入用户体验改进计划", "共享诊断与使用情况",
        "Améliorer l'application", "Ayúdanos a mejorar", "改善に協力する", "서비스 개선에 참여",
    ],
    ("personalisation", True): [
        "Interessenbezogene Werbung", "Publicité ciblée", "Anuncios basados en mis intereses", "Tailored offers",
        "广告个性化", "程序化推荐", "Personalised ads and analytics",
    ],
    ("other", True): [
        "AI训练营", "AI 训练营提醒", "训练计划", "用于训练计划提醒", "训练AI课程", "力量训练", "模型训练师课程",
        "Training plan", "Train tickets", "Model trains", "训练您的专属音色模型", "体能训练和人体模型",
        "Book a train with our AI", "Train your own model",
        "运动统计", "流量使用统计", "性能模式", "Show statistics", "Battery usage", "诊断报告",
        "Dark mode", "步数提醒", "Measure how far I run", "Schlaf messen", "Match notifications", "夜间模式",
        "Wi-Fi only", "个性化主题", "Automatische Updates", "Notifications", "通知", "알림",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "scope", "clear"), [(name, *told) for told, names in SWITCHES.items() for name in names]
)
def test_which_scope_a_switch_stands_for_and_how_clearly(name: str, scope: str, clear: bool) -> None:
    assert switched(name) == (name if scope == "other" else scope, clear)


@pytest.mark.parametrize(
    ("text", "types"),
    [
        (
            "接下来要填写的姓名、身份证号、手机号和病情描述属于敏感个人信息",
            {"account_pi", "form", "phone_no", "health"},
        ),
        ("收集孩子的昵称、出生日期", {"account_pi", "form"}),
        ("我們將收集您的真實姓名和郵箱", {"account_pi", "form"}),
        ("我们收集您的账号、昵称", {"account_pi"}),
        ("We collect your child's name and date of birth", {"account_pi", "form"}),
        ("We process your email address", {"account_pi"}),
        ("修改昵称", set()),
        ("您填写的是未成年人的姓名和出生日期，属于敏感个人信息，仅用于本次测评", {"account_pi", "form"}),
        ("经您单独同意，我们向甲公司（联系方式 dpo@example.com）提供您的设备标识", set()),
        ("同意后收集Android ID；位置、手机号仅在使用相应功能时另行征求您的意见", {"android_id"}),
        ("We collect your Android ID. For your location we will ask you when you open the map.", {"android_id"}),
        ("现就位置信息单独征求您的同意", {"location"}),
        ("填写收货地址", set()),
        ("同意后可随时注销账号", set()),
        ("We collect the name of the device's carrier", set()),
    ],
)
def test_data_types_by_their_words(text: str, types: set[str]) -> None:
    """What is typed in is named in every form: its words count only where data is collected."""
    assert types_named(text) == types


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("请阅读《晴窗第三方信息共享清单》。", False),
        ("请阅读第三方SDK及个人信息共享清单。", False),
        ("See the list of third parties and our third-party data sharing list.", False),
        ("我们会与第三方共享您的已安装应用列表。", True),
        ("我们会向第三方提供您的通讯录名单。", True),
        ("《将您的个人信息提供给第三方并用于广告推送的清单》", True),
        ("We share data with a partner, such as any third party ad network list.", True),
    ],
)
def test_the_name_of_a_list_shares_nothing_and_a_sentence_that_ends_in_one_does(text: str, shared: bool) -> None:
    assert ("share" in topics_named(without_lists(plain(text)))) is shared


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("《活着》、《许三观卖血记》", ""),
        ("《晴天》《七里香》等", ""),
        ("曲目:《二泉映月》、《赛马》", ""),
        ("请阅读:《一起的规矩》、《借书的道理》", "请阅读:《一起的规矩》、《借书的道理》"),
        ("《用户协议》、《隐私政策》", "《用户协议》、《隐私政策》"),
        ("《我们的约定》《读者公约》", "《我们的约定》《读者公约》"),
        ("《活着》", "《活着》"),
        ("请先看《家》、《春》", "请先看《家》、《春》"),
    ],
)
def test_a_line_of_titles_of_works_names_no_document(text: str, left: str) -> None:
    assert pattern("works").sub("", text) == left
