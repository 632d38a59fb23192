"""Which values are somebody's name, although they are too short to be recognised anywhere."""

import re
from functools import cache
from typing import Final

from monitor.base.paths import package_data
from monitor.knowledge.wordlists import table

#: Types of value that can be a person's name, and the shortest text that is taken for one. Words of consent are not: to
#: hide them would hide what the user was asked.
_NAMED: Final = frozenset("contacts call_log account_pi accounts user_profile form".split())
_NO_NAME: Final = "同意|拒绝|允许|取消|确定|隐私|权限|信息|人脸|识别|定位|位置|手机|身份|照片|账号|登录"
_NAME: Final = re.compile(rf"(?!.*(?:{_NO_NAME}))[\u3400-\u9fff·]{{3,7}}")
#: Types of what is typed into a form, and a name in Chinese there, which no place, company or address ends like. Names
#: in an address book are often those of companies, which apps send of their own.
_ENTERED: Final = frozenset({"account_pi", "form"})
_ENTERED_NAME: Final = re.compile(
    rf"(?!.*(?:{_NO_NAME}|公司|银行|移动|联通|电信))[\u3400-\u9fff]{{2,4}}(?<![省市区县镇乡村路街号楼])"
)
#: One given name in Latin letters, as it is written: five could be the start of anything.
_ENTERED_LATIN: Final = re.compile(r"[A-Z][a-z]{5,30}")
#: Texts of our own, from which a word like 通讯录 is known not to be somebody's name.
_ORDINARY: Final = (package_data("text") / "zh.yaml", package_data("analysis") / "tables" / "consent_words.yaml")
_LATIN: Final = (package_data("text") / "en.yaml", _ORDINARY[1])


@cache
def _ordinary() -> str:
    return "\n".join(path.read_text("utf-8") for path in _ORDINARY)


@cache
def _ordinary_latin() -> frozenset[str]:
    words = "\n".join(path.read_text("utf-8") for path in _LATIN).casefold()
    return frozenset([*re.findall("[a-z]{6,}", words), *table("fields")["no_name"].split()])


def is_name(data_type: str, value: str) -> bool:
    """Whether a value too short to be searched for in traffic is a name that must not appear in anything public."""
    return data_type in _NAMED and bool(_NAME.fullmatch(value)) and value not in _ordinary()


def is_entered_name(data_type: str, value: str) -> bool:
    """Whether it is a name that was entered, in Chinese or a rare word in Latin letters, of which a field that holds
    just that is no coincidence."""
    if data_type not in _ENTERED:
        return False
    if _ENTERED_LATIN.fullmatch(value):
        return value.casefold() not in _ordinary_latin()
    return bool(_ENTERED_NAME.fullmatch(value)) and value not in _ordinary()
