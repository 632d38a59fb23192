from __future__ import annotations

import pytest

from monitor.scenario.explore.fields import kind_of, persons
from monitor.scenario.explore.model import Answer, Control, Reading, look
from monitor.scenario.explore.planner import Planner, Wishes

from .explored import HOME, OUT, Screen, World, node, screen, switch, text
from .screen import APP

NOTICE = "欢迎使用。请阅读并同意《隐私政策》，我们会收集您的设备信息和位置信息。"
ACCEPT, REFUSE, IGNORE = Wishes(), Wishes("refuse", "refuse", "deny"), Wishes("ignore", "ignore", "ignore")


def row(number: int, *words: str) -> Screen:
    """An entry of a list with several texts; its container is what is tapped."""
    box = node(cls="android.view.ViewGroup", row=number)
    return [box, *(text(word, number) for word in words)]


def feed(start: int) -> Screen:
    """A list of goods below a heading: its container, and ten entries."""
    nodes = [
        text("推荐", 0),
        node(cls="androidx.recyclerview.widget.RecyclerView", row=1)._replace(clickable=False, scrollable=True),
    ]
    for number in range(10):
        box, *texts = row(number + 2, f"商品 {chr(0x4E00 + start * 31 + number * 7)}", f"{number + start} 元")
        nodes.append(box._replace(parent=1))
        place = len(nodes) - 1
        nodes += [one._replace(parent=place) for one in texts]
    return nodes


def test_siblings_of_a_template_are_three_controls_and_one_place_however_far_one_scrolls() -> None:
    first, later = look(feed(0), APP, "Main"), look(feed(5), APP, "Main")
    assert first.place.id == later.place.id
    assert len(first.nodes) == 3
    assert [one.bounds for one in first.nodes.values()] == [row(n)[0].bounds for n in (2, 3, 11)]


def test_entries_of_a_menu_are_controls_of_their_own() -> None:
    menu = screen("#我的", "我的订单", "收货地址", "优惠券", "设置", "关于我们", "隐私设置")
    assert [control.label for control in look(menu, APP, "Mine").nodes] == [one.text for one in menu[1:]]


def test_digits_make_no_new_place_and_a_switch_that_is_turned_neither() -> None:
    one = look(screen("#首页", "消息 3", switch("推荐", 4)), APP, "Main")
    two = look(screen("#首页", "消息 12", switch("推荐", 4, on=True)), APP, "Main")
    assert one.place.id == two.place.id


def test_every_control_is_used_once_and_the_walk_ends() -> None:
    world = World(
        {
            HOME: screen("#首页", "附近门店", "设置"), "near": screen("#附近", "第一家", "第二家", "返回"),
            "settings": screen("#设置", "通用", "返回"),
        },
        {(HOME, "附近门店"): "near", (HOME, "设置"): "settings", ("near", "返回"): HOME, ("settings", "返回"): HOME},
    )  # fmt: skip
    planner = world.walk(ACCEPT)
    assert planner.why == "nothing_new"
    assert set(world.tapped) == {"附近门店", "设置", "第一家", "第二家", "通用", "返回"}
    assert {"background", "foreground", "restart"} <= set(world.verbs())
    assert len(planner.atlas.places) == 3


def test_an_endless_feed_ends_ten_steps_after_the_last_place() -> None:
    world = World({HOME: lambda world: feed(world.looks)}, {})
    planner = world.walk(ACCEPT)
    assert planner.why == "nothing_new" and len(planner.atlas.places) == 1
    assert planner.steps < 30


@pytest.mark.parametrize(("wishes", "answer"), [(ACCEPT, "同意"), (REFUSE, "不同意"), (IGNORE, "")])
def test_a_notice_is_answered_as_wished_and_never_otherwise(wishes: Wishes, answer: str) -> None:
    world = World(
        {HOME: screen("#隐私政策", NOTICE, "同意", "不同意", "《隐私政策》"), "text": screen("#隐私政策", "返回"),
         "main": screen("#首页", "搜索")},
        {(HOME, "同意"): "main", (HOME, "不同意"): "main", (HOME, "《隐私政策》"): "text", ("text", "返回"): HOME},
        {"main": HOME},
    )  # fmt: skip
    world.walk(wishes)
    assert [one for one in world.tapped if one.endswith("同意")][:1] == ([answer] if answer else [])
    assert not {"同意", "不同意"} - {answer} & set(world.tapped)
    assert "《隐私政策》" in world.tapped


def test_a_retention_loop_gets_three_answers_at_most() -> None:
    again = screen("#温馨提示", "不同意隐私政策将无法使用，请再次确认是否同意《隐私政策》。", "同意", "不同意")
    world = World(
        {HOME: screen("#隐私政策", NOTICE, "同意", "不同意"), "again": again},
        {(HOME, "不同意"): "again", ("again", "不同意"): HOME}, {"again": HOME},
    )  # fmt: skip
    planner = world.walk(REFUSE)
    assert world.tapped == ["不同意"] * 3 and planner.why


def test_a_second_layer_with_everything_on_is_turned_off_and_never_all_on() -> None:
    purposes = ["个性化广告", "个性化推荐", "统计分析"]
    notice = "我们和合作伙伴处理您的个人信息，请选择是否同意《隐私政策》。"
    choices = [switch(purpose, number + 3, True) for number, purpose in enumerate(purposes)]
    buttons = node("全部开启", row=7), node("确认我的选择", row=8), switch("一键开启所有用途", 9)
    world = World(
        {
            HOME: screen("#隐私政策", notice, "全部同意", "管理选项"), "main": screen("#首页", "搜索"),
            "layer": screen("#隐私偏好设置", "您可以选择我们处理个人信息的目的。", *choices, *buttons),
        },
        {
            (HOME, "全部同意"): "main", (HOME, "管理选项"): "layer",
            ("layer", "全部开启"): "main", ("layer", "确认我的选择"): "main",
        },
    )  # fmt: skip
    world.walk(REFUSE)
    assert not {"全部同意", "全部开启", "一键开启所有用途"} & set(world.tapped)
    sent = world.tapped.index("确认我的选择")
    assert set(purposes) <= set(world.tapped[:sent])
    assert all(world.turned["layer", purpose] is False for purpose in purposes)


def test_a_pop_up_that_comes_by_a_timer_is_closed_and_the_walk_goes_on() -> None:
    labels = [f"栏目{word}" for word in "甲乙丙丁戊己庚辛"]
    world = World(
        {HOME: screen("#首页", *labels), "ad": screen("#限时福利", "立即领取", "关闭")},
        {}, over=lambda world: "ad" if world.looks % 3 == 2 and "关闭" not in world.tapped[-1:] else "",
    )  # fmt: skip
    world.walk(ACCEPT)
    assert set(labels) <= set(world.tapped)


RISKY = """立即支付,提交订单,确认付款,删除全部,注销账号,清空记录,发送,拨打电话,发布动态,
邀请好友,转账,一键求助,退出登录,Pay,Buy now,
Delete my account,Send message,Call support,Publish,Invite friends,Log out,Place order,Kaufen,Supprimer,Eliminar cuenta,
購入する,삭제하기"""


@pytest.mark.parametrize("label", RISKY.replace("\n", "").split(","))
def test_what_cannot_be_undone_is_not_touched_in_any_language(label: str) -> None:
    world = World({HOME: screen("#首页", label, "帮助")}, {})
    planner = world.walk(ACCEPT)
    assert world.tapped == ["帮助"]
    (place,) = planner.atlas.places.values()
    assert list(place.missed.values()) == ["risky"]
    bold = World({HOME: screen("#首页", label, "帮助")}, {})
    bold.walk(ACCEPT._replace(risky=True))
    assert label in bold.tapped


@pytest.mark.parametrize(
    "rid", ["btn_pay", "iv_delete", "send", "call_button", "icon-share", "action_logout", "ic_trash"]
)
def test_a_control_without_words_is_known_by_its_name(rid: str) -> None:
    icon = node("", rid=f"{APP}:id/{rid}", cls="android.widget.ImageButton", row=2)
    world = World({HOME: [text("首页"), icon, node("帮助", row=3)]}, {})
    world.walk(ACCEPT)
    assert world.tapped == ["帮助"]


def test_words_that_only_look_like_it_are_used() -> None:
    harmless = ["附近门店", "Sender guide", "Postcode lookup", "Paytrail museum", "Orderly view"]
    world = World({HOME: screen("#首页", *harmless)}, {})
    world.walk(ACCEPT)
    assert set(world.tapped) == set(harmless)


def test_nothing_is_touched_on_a_screen_that_is_named_for_paying() -> None:
    screens = {HOME: screen("#首页", "下一步", "帮助"), "CheckoutActivity": screen("#商品", "确定", "说明")}
    moves = {(HOME, "下一步"): "CheckoutActivity"}
    world, bold = World(screens, moves), World(screens, moves)
    world.walk(ACCEPT)
    assert set(world.tapped) == {"下一步", "帮助"}
    bold.walk(ACCEPT._replace(risky=True))
    assert {"确定", "说明"} <= set(bold.tapped)


def started(wishes: Wishes) -> list[str]:
    """Activities that are started by intent once nothing else is left."""
    world = World({HOME: screen("#首页", "帮助")}, {})
    world.guide.activities = [f"{APP}.PayActivity", f"{APP}.Help"]
    world.walk(wishes)
    return [deed.args["activity"].rpartition(".")[2] for deed in world.deeds if deed.verb == "startActivity"]


def test_an_activity_that_no_tap_reached_is_started_but_none_that_pays() -> None:
    assert started(ACCEPT) == ["Help"] and started(REFUSE) == []
    assert started(ACCEPT._replace(risky=True)) == ["PayActivity", "Help"]


def test_a_walk_is_limited_to_places_once_one_was_seen_and_to_a_depth() -> None:
    rooms = {f"r{n}": screen(f"#房间{n}", f"门{n}号{'甲乙丙丁戊'[n]}", f"灯{'甲乙丙丁戊'[n]}") for n in range(1, 5)}
    moves = {(HOME, "进入"): "r1"} | {(f"r{n}", f"门{n}号{'甲乙丙丁戊'[n]}"): f"r{n + 1}" for n in range(1, 4)}
    screens = {HOME: screen("#首页", "进入", "帮助"), **rooms}
    world = World(screens, moves)
    world.walk(ACCEPT._replace(only="房间1"))
    assert set(world.tapped) == {"进入", "灯乙", "门1号乙"}
    world = World(screens, moves)
    planner = world.walk(ACCEPT._replace(depth=2))
    assert {"灯乙", "灯丙"} <= set(world.tapped) and not {"灯丁", "灯戊"} & set(world.tapped)
    assert {why for place in planner.atlas.places.values() for why in place.missed.values()} == {"depth"}


@pytest.mark.parametrize(
    ("wishes", "verb", "args"),
    [
        (ACCEPT, "permission", {"decision": "allow"}), (REFUSE, "permission", {"decision": "deny"}),
        (IGNORE, "back", {}), (Wishes(permissions="deny"), "permission", {"decision": "deny"}),
    ],
)  # fmt: skip
def test_the_systems_prompt_is_answered_as_wished_and_after_a_denial_the_app_is_left(
    wishes: Wishes, verb: str, args: dict[str, str]
) -> None:
    world = World({HOME: screen("#首页", "拍照")}, {})
    planner = Planner(wishes, persons())
    deed = planner.next(world.sight()._replace(front="prompt"))
    assert deed is not None and deed.verb == verb and args.items() <= deed.args.items()
    after = planner.next(world.sight())
    assert after is not None and (after.verb == "background") == (args.get("decision") == "deny")


def test_no_way_to_take_back_leads_over_what_closes_the_account() -> None:
    world = World({HOME: screen("#设置", "字体", "注销账号")}, {})
    planner = Planner(Wishes(goal="withdraw"), persons())
    planner._last_part = True
    sight = world.sight()
    closes = next(control for control in sight.seen.nodes if control.label == "注销账号")
    answers = {closes: Answer("cancel_account", (("policy", "withdrawn"),))}
    deeds = [planner.next(sight._replace(reading=Reading(answers=answers))) for _ in range(6)]
    assert closes not in [deed.control for deed in deeds if deed is not None]


BUTTON = Control("Button", "", "好的")


@pytest.mark.parametrize(
    ("wishes", "scope", "state", "why"),
    [
        (ACCEPT, "policy", "granted", ""),
        (ACCEPT, "policy", "denied", "against"),
        (ACCEPT, "personalisation", "withdrawn", "against"),
        (REFUSE, "policy", "granted", "against"),
        (REFUSE, "policy", "denied", ""),
        (REFUSE, "share:x", "granted", "against"),
        (IGNORE, "policy", "granted", "against"),
        (IGNORE, "policy", "denied", "against"),
        (IGNORE, "policy", "withdrawn", "against"),
        (ACCEPT, "policy", "unread", "unread"),
        (REFUSE, "sensitive:location", "unread", "unread"),
        (Wishes("accept", "refuse"), "sensitive:location", "granted", "against"),
        (Wishes("accept", "refuse"), "policy", "granted", ""),
    ],
)
def test_no_tap_that_reads_as_an_answer_against_the_policy(wishes: Wishes, scope: str, state: str, why: str) -> None:
    reading = Reading(("policy",), answers={BUTTON: Answer("accept", ((scope, state),))})
    assert Planner(wishes, persons()).refuses(reading, BUTTON) == why


def test_what_agrees_and_pays_is_not_tapped_and_what_agrees_to_share_is() -> None:
    for label, why in (("同意并支付", "risky"), ("同意分享给合作伙伴", ""), ("Agree and delete my account", "risky")):
        control = Control("Button", "", label)
        reading = Reading(("policy",), answers={control: Answer("accept", (("policy", "granted"),))})
        assert Planner(ACCEPT, persons()).refuses(reading, control) == why


def test_the_same_seed_walks_the_same_way_and_another_another() -> None:
    def walk(seed: int) -> list[str]:
        world = World({HOME: screen("#首页", *(f"栏目{word}" for word in "甲乙丙丁戊己庚辛"))}, {})
        world.walk(ACCEPT._replace(seed=seed))
        return list(world.verbs())

    assert walk(1) == walk(1) and walk(0) == walk(0)
    assert walk(1) != walk(2)


def test_withdrawing_finds_its_way_and_says_when_there_is_none() -> None:
    screens = {
        HOME: screen("#隐私政策", NOTICE, "同意", "不同意"), "main": screen("#首页", "搜索", "我的"),
        "me": screen("#我的", "帮助", "设置"),
        "settings": screen("#设置", "撤回同意", "字体", switch("个性化推荐", 5, on=True)),
        "sure": screen("#撤回同意", "撤回同意后将无法继续使用。", "确认撤回", "取消"),
        "gone": screen("#已撤回", "首页"),
    }  # fmt: skip
    moves = {
        (HOME, "同意"): "main", ("main", "我的"): "me", ("me", "设置"): "settings", ("settings", "撤回同意"): "sure",
        ("sure", "确认撤回"): "gone", ("sure", "取消"): "settings",
    }  # fmt: skip
    world = World(screens, moves, {"main": "main", "me": "main", "settings": "me", "sure": "settings"})
    planner = world.walk(Wishes(goal="withdraw"))
    assert planner.withdrawal == "found" and world.tapped[:1] == ["同意"] and "取消" not in world.tapped
    assert world.tapped.index("撤回同意") < world.tapped.index("确认撤回")
    assert world.turned["settings", "个性化推荐"] is False
    assert {"搜索", "帮助", "字体"} <= set(world.tapped[: world.tapped.index("撤回同意")])  # used first
    screens["settings"] = screen("#设置", "字体")
    none = World(screens, moves, {"main": "main", "me": "main", "settings": "me"})
    assert none.walk(Wishes(goal="withdraw")).withdrawal == "not_found"


@pytest.mark.parametrize(
    ("hint", "kind"),
    [
        ("请输入手机号", "phone"), ("邮箱", "email"), ("身份证号", "identity"), ("请输入姓名", "name"),
        ("搜索商品", "other"), ("验证码", "code"),
    ],
)  # fmt: skip
def test_a_field_gets_what_it_asks_for(hint: str, kind: str) -> None:
    field = node(hint, cls="android.widget.EditText", row=2)
    assert kind_of(field, [text("登记"), field]) == kind
    assert kind_of(field._replace(password=True), [field]) == "password"


def test_a_refusal_that_closes_the_app_is_given_again_at_the_next_start() -> None:
    world = World({HOME: screen("#隐私政策", NOTICE, "同意", "不同意")}, {(HOME, "不同意"): OUT})
    world.walk(REFUSE)
    assert world.tapped == ["不同意"] * 3


@pytest.mark.parametrize("fan", [2, 4])
def test_a_maze_of_sixty_places_is_walked_through(fan: int) -> None:
    def door(number: int) -> str:
        return f"门{number}号{'甲乙丙丁'[number % 4]}"

    def name(number: int) -> str:
        return f"p{number}" if number else HOME

    screens, moves, backs = {}, {}, {}
    for number in range(61):
        below = [one for one in range(fan * number + 1, fan * number + fan + 1) if one <= 60]
        screens[name(number)] = screen(f"#房间{number}", *map(door, below), "看看" + chr(0x4E00 + number))
        moves |= {(name(number), door(one)): name(one) for one in below}
        backs |= dict.fromkeys(map(name, below), name(number))
    world = World(screens, moves, backs)
    planner = world.walk(ACCEPT._replace(steps=400, depth=50))
    assert len(planner.atlas.places) == 61 and planner.steps < 200


@pytest.mark.parametrize(("wishes", "why"), [(ACCEPT, ""), (REFUSE, "against"), (IGNORE, "against")])
def test_no_box_is_ticked_where_something_is_asked_and_refused(wishes: Wishes, why: str) -> None:
    answers = {BUTTON: Answer(turns_on=True)}
    assert Planner(wishes, persons()).refuses(Reading(("policy",), answers=answers), BUTTON) == why
    assert Planner(wishes, persons()).refuses(Reading(strange=True, answers=answers), BUTTON) == why
    assert Planner(wishes, persons()).refuses(Reading(answers=answers), BUTTON) == ""


BANNER = "We value your privacy. We and our 142 partners process personal data such as unique identifiers."


def banner(then: str) -> World:
    """A page with a notice over it that is refused on its second layer only."""
    layer = screen("#Your choices.", switch("Analytics", 2, on=True), switch("Marketing", 3, on=True), "Save choices")
    page = screen("#Recipes", "Sign in", "Settings", BANNER, "Manage options", "Accept all")
    moves = {
        (HOME, "Accept all"): "main", (HOME, "Manage options"): "layer", ("layer", "Save choices"): "main",
        (HOME, "Sign in"): "account",
    }  # fmt: skip
    return World({HOME: page, "layer": layer, "main": screen("#Recipes", "Search"), "account": screen(then)}, moves)


def test_what_agrees_in_clear_words_is_taken_before_what_may() -> None:
    world = banner("#Account.")
    world.walk(ACCEPT)
    answers = [deed.control.label for deed in world.deeds if deed.policy and deed.control]
    assert answers[0] == "Accept all"


def test_what_cannot_be_refused_at_once_is_refused_on_its_second_layer() -> None:
    world = banner("#Account.")
    world.walk(REFUSE)
    answers = [deed.control.label for deed in world.deeds if deed.policy and deed.control]
    assert answers[:4] == ["Manage options", "Analytics", "Marketing", "Save choices"]
    assert "Accept all" not in world.tapped and not any(world.turned.values())


def test_settings_of_the_page_behind_a_notice_are_no_second_layer_of_it() -> None:
    """A banner for optional purposes, whose policy is a button."""
    asks = ("#Your choices", "We use optional analytics and personalised ads to improve the app.")
    page = screen("#Recipes", "Settings", "Search", *asks, "Accept all", "Privacy policy")
    world = World({HOME: page, "settings": screen("#Settings", "About")}, {(HOME, "Settings"): "settings"})
    world.walk(REFUSE)
    assert "Settings" in world.tapped and not [deed.why for deed in world.deeds if deed.policy]


def test_what_is_on_stays_on_where_all_is_accepted() -> None:
    world = World({HOME: screen("#设置", switch("使用统计", 2, on=True), switch("夜间模式", 3), "关于")}, {})
    world.walk(ACCEPT)
    assert "使用统计" not in world.tapped and {"夜间模式", "关于"} <= set(world.tapped)
