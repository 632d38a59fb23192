"""What a typed text is known to hold, and by what."""

import datetime
import re

import pytest

from monitor.knowledge import vocabulary, wordlists
from monitor.scenario.typed import Typed, recognise
from monitor.session.handset import Node

TODAY = datetime.date(2026, 11, 28)
EDIT, TEXT = "android.widget.EditText", "android.widget.TextView"
CARD = "110101199003071233"


def view(text: str, row: int, *, cls: str = TEXT, rid: str = "", x: int = 0, focused: bool = False) -> Node:
    bounds = (x, row * 100, x + 400, row * 100 + 90)
    return Node(text, "", rid, cls, "a.b", bounds, cls == EDIT, False, False, True, False, False, False, focused, -1)


def field(hint: str, row: int = 1, *, rid: str = "", x: int = 0) -> Node:
    return view(hint, row, cls=EDIT, rid=rid, x=x, focused=True)


def known(text: str, *nodes: Node) -> Typed:
    return recognise(text, nodes, TODAY)


@pytest.mark.parametrize(
    ("hint", "text", "kind", "data_type"),
    [
        ("身份证号", "440301", "identity", "form"), ("", CARD, "identity", "form"), ("备注", CARD, "identity", "form"),
        ("", "110101 19900307 1233", "identity", "form"), ("Passport number", "E12345678", "identity", "form"),
        ("真实姓名", "林小满", "name", "account_pi"), ("First name", "Milo", "name", "account_pi"),
        ("出生日期", "1990年3月7日", "birth", "user_profile"), ("Date of birth", "07/03/1990", "birth", "user_profile"),
        ("Year of birth", "1990", "birth", "user_profile"), ("手机号", "13512348801", "phone", "phone_no"),
        ("E-mail address", "milo@example.org", "email", "account_pi"), ("", "milo@example.org", "email", "account_pi"),
        ("收货地址", "幸福路8号", "address", "account_pi"), ("银行卡号", "6222020200112233445", "bank_card", "form"),
        ("Passport number", "C4KJ8L2MT", "identity", "form"), ("Passport no.", "X4RTBPFW4", "identity", "form"),
        ("护照号码", "C4KJ8L2MT", "identity", "form"), ("港澳居民来往内地通行证", "H12345678", "identity", "form"),
        ("Driver’s license number", "WDLABCD45", "identity", "form"),
        ("Social security number", "078-05-1120", "identity", "form"),
        ("National Insurance number", "QQ123456C", "identity", "form"),
        ("请描述症状", "头痛三天", "health", "health"), ("请输入您的姓名", "林小满", "name", "account_pi"),
    ],
)  # fmt: skip
def test_a_typed_text_is_known_by_its_field_or_its_format(hint: str, text: str, kind: str, data_type: str) -> None:
    found = known(text, field(hint))
    assert (found.kind, found.data_type, found.whose) == (kind, data_type, "")


def test_a_data_type_that_is_documented_for_a_word_is_the_one_recognised() -> None:
    kinds = wordlists.table("fields")["kinds"].values()
    for data_type, words in vocabulary.TYPED.items():
        for word in words:
            assert {kind["data_type"] for kind in kinds if re.search(kind["words"], word.lower())} <= {data_type}, word


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        ("订单号", CARD[:-1] + "4"), ("贷款金额（万）", "200"), ("手机验证码", "135123"),
        ("搜索姓名或手机号", "13512348801"),
        ("公司名称", "林氏"), ("小区名字", "幸福里"), ("Project name", "Milo"), ("Pet name", "Milo"),
        ("手机型号", "13512348801"),
        ("出生日期", "待补充"), ("手机号", "无"), ("姓名", "7731"), ("", "where do canaries fly"), ("昵称", "a@b"),
        ("Passport number", "later"), ("Passport number", "not valid before May"), ("护照号码", "无"), ("护照", "B2级"),
        ("游戏通行证", "milo1990"), ("Passport number", "unknown"), ("Booking", "C4KJ8L2MT"),
        ("Promo code", "19900307"), ("小区", "19900307"), ("您的预算", "110101199003"),
    ],
)  # fmt: skip
def test_a_text_that_only_resembles_one_is_other_text(hint: str, text: str) -> None:
    assert known(text, field(hint)) == Typed()


@pytest.mark.parametrize(
    ("hint", "page", "kind"),
    [
        ("描述你想画的内容（提示词）", "", "prompt"), ("Write your prompt", "", "prompt"), ("问问AI", "", "prompt"),
        ("Ask the chatbot anything", "", "prompt"), ("有问题随时问", "我是AI老师，回答由大模型生成", "question"),
        ("Ask your tutor a question", "Your tutor is an AI", "question"),
        ("Ask your tutor a question", "", ""), ("Ask your tutor a question", "Mail your tutor", ""),
        ("Ask the seller a question", "Photos improved by AI", ""), ("安全问题的答案", "AI 老师", ""),
        ("咨询客服，问点什么", "AI 老师", ""), ("Search or ask AI", "AI", ""), ("Leave a comment", "AI tutor", ""),
        ("描述画面，越具体越好", "AI 绘画", "question"), ("How can I help?", "An AI answers", "question"),
        ("Describe the image", "Made by AI", "question"), ("Describe the image", "", ""), ("描述画面", "", ""),
        ("Describe the problem with your order", "AI support", ""), ("描述您遇到的问题", "AI 客服", ""),
        ("Your task", "AI tutor", ""), ("说点什么", "AI 绘画", ""),
    ],
)  # fmt: skip
def test_what_is_asked_of_a_machine_is_a_prompt(hint: str, page: str, kind: str) -> None:
    found = known("How do I bake bread", view(page, 5), field(hint))
    assert (found.kind, found.data_type) == (kind, "prompt" if kind else "")


def test_a_tab_says_of_no_field_that_a_machine_answers_and_a_question_about_a_child_is_no_childs() -> None:
    tab = view("AI", 5)._replace(clickable=True)
    assert known("How do I bake bread", tab, field("Ask your tutor")) == Typed()
    assert known("Why does he cry", field("Ask the AI about your child")).whose == ""


def test_a_field_is_known_by_the_text_beside_it_and_by_its_id() -> None:
    beside = view("姓名", 1), field("请输入", x=410)
    over = view("姓名", 0), field("请输入")
    far = view("姓名", 0), view("预算", 3), field("请输入", 4)
    assert [known("林小满", *nodes).kind for nodes in (beside, over, far)] == ["name", "name", ""]
    assert known("19900307", field("请输入", rid="a.b:id/etBirthDate")).kind == "birth"
    assert known("19900307", view("出生日期", 1), view("", 3, cls=EDIT)) == Typed(), "no field has the focus"


@pytest.mark.parametrize(
    ("label", "text", "page", "whose", "years"),
    [
        ("孩子姓名", "林小满", "", "child", None), ("Child's first name", "Fenna", "", "child", None),
        ("孩子出生日期", "20180314", "", "minor", 8),
        ("Date of birth", "2019-05-17", "Add a child's profile", "minor", 7),
        ("孩子出生日期", "2010-03-14", "", "older", 16), ("Your child's date of birth", "2019-05-17", "", "minor", 7),
        ("家长姓名", "林致远", "填写孩子信息", "", None), ("家长出生日期", "1988-03-14", "填写孩子信息", "", 38),
        ("Date of birth", "1988-03-14", "Add a child's profile", "", 38), ("姓名", "林致远", "填写孩子信息", "", None),
        ("Year of birth", "2014", "Create your account", "", 12),
        ("孩子的监护人姓名", "林致远", "填写孩子信息", "", None),
    ],
)  # fmt: skip
def test_whose_it_is_is_said_by_the_field_and_a_date_of_birth(
    label: str, text: str, page: str, whose: str, years: int | None
) -> None:
    found = known(text, view(page, 5), field(label))
    assert (found.whose, found.years) == (whose, years)


@pytest.mark.parametrize(
    ("title", "hint", "text", "kind"),
    [
        ("新增宠物档案", "既往病史", "慢性胃炎", ""),
        ("新增宠物档案", "出生日期", "2021-03-05", ""),
        ("AI 问诊", "请描述宠物症状，如呕吐", "呕吐黄水两天", ""),
        ("", "毛孩子生日", "2021-03-05", ""),
        ("Add a pet", "Date of birth", "2021-03-05", ""),
        ("Tell us about your dog", "Date of birth", "2021-03-05", ""),
        ("Let's set up your dog profile", "Date of birth", "2021-03-05", ""),
        ("请填写宠物档案信息以便医生了解", "既往病史", "慢性胃炎", ""),
        ("Insure yourself and your family and add a dog to your plan", "Date of birth", "07/03/1990", "birth"),
        ("我的宠物档案在“我的”页", "请描述症状", "头痛三天", "health"),
        ("Insure your family. New: add a dog to your plan!", "Date of birth", "07/03/1990", "birth"),
        ("", "Your dog's symptoms", "limping for two days", ""),
        ("新增宠物档案", "主人生日", "1991-03-05", "birth"),
        ("新增宠物档案", "宠物主人病史", "花粉过敏", "health"),
        ("宠物乐园", "孩子的出生日期", "2018-03-05", "birth"),
        ("宠物乐园", "出生日期", "2018-03-05", "birth"),
        ("", "Date of birth of the dog's owner", "1991-03-05", "birth"),
    ],
)
def test_what_is_typed_of_a_pet_is_nobodys_birth_date_or_illness(title: str, hint: str, text: str, kind: str) -> None:
    assert known(text, view(title, 0, x=1000), field(hint, 4)).kind == kind


@pytest.mark.parametrize(
    ("over", "kind"),
    [
        (["宠物档案", "就诊人信息"], "health"),
        (["就诊人信息", "宠物档案"], ""),
        (["Your pet's profile", "Patient details"], "health"),
        (["新增宠物档案", "基本信息"], ""),
        (["宠物档案", "宠物主人信息"], "health"),
    ],
)
def test_the_nearest_heading_says_whose_form_it_is(over: list[str], kind: str) -> None:
    """One of a pet further up, such as an entry beside others, is of another part."""
    heads = [view(text, number, x=1000) for number, text in enumerate(over)]
    assert known("慢性胃炎", *heads, field("既往病史", 4)).kind == kind


def test_what_stands_under_a_field_is_no_heading_of_it() -> None:
    field_over, field_under = field("Date of birth", 4), field("Date of birth", 6)
    page = view("我的宠物档案", 5)
    assert [known("2021-03-05", page, one).kind for one in (field_over, field_under)] == ["birth", ""]
