"""Data types by the words that people use for what they hold (for hints and for the reference), and which values say
nothing about a person."""

import re
from typing import Final

from monitor.errors import nearest
from monitor.events import DATA_TYPES, NOT_PERSONAL

#: What a test person types in, by data type.
TYPED: Final[dict[str, tuple[str, ...]]] = {
    "account_pi": (
        "name", "real name", "nickname", "user name", "e-mail", "account", "address",
        "姓名", "昵称", "账号", "邮箱", "地址",
    ),
    "phone_no": ("phone", "phone number", "mobile", "手机号", "电话"),
    "form": (
        "ID card", "passport", "bank card", "身份证", "护照", "银行卡",
    ),
    "health": ("medical record", "illness", "symptoms", "heart rate", "weight", "病历", "病情", "症状", "心率"),
    "user_profile": (
        "age", "birth date", "birthday", "gender", "interests", "年龄", "出生日期", "生日", "性别", "兴趣",
    ),
    "location": ("position", "GPS", "位置"),
    "prompt": ("question to an assistant", "提示词"),
    "ui_input": ("other text", "其他文字"),
}  # fmt: skip


#: Packages of the platform and of its vendors, by the beginning of their names: no user chose them.
_SYSTEM: Final = re.compile(
    r"android\Z|com\.(?:android|qualcomm|qti|mediatek|lineageos|miui|coloros|oplus|heytap|bbk|vivo|iqoo|meizu|flyme|hihonor"
    r"|sec\.android|samsung\.android|samsung\.accessory|xiaomi\.(?:xmsf|market|account|mipicks|micloud)"
    r"|huawei\.(?:hwid|hms|appmarket|android|systemmanager)|transsion|oneplus|google\.ar\.core)(?:\..+)?"
    r"|com\.google\.android\.(?:gms|gsf|webview|trichromelibrary|tts|packageinstaller|permissioncontroller"
    r"|ext|overlay|networkstack|modulemetadata|providers|configupdater|partnersetup|setupwizard|feedback|apps\.restore"
    r"|syncadapters|inputmethod|marvin|projection|cellbroadcast\w*|captiveportallogin|documentsui|onetimeinitializer"
    r"|adservices\w*|healthconnect\w*|as|backuptransport|printservice|soundpicker)(?:\..+)?"
)


def of_system(package: str) -> bool:
    """Whether a package is of the platform or of a phone's vendor: that it is installed says nothing about the user."""
    return bool(_SYSTEM.fullmatch(package))


def _key(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "").replace(" ", "")


_MEANT: Final = {_key(word): name for name, words in TYPED.items() for word in words}


def checked_data_type(value: str) -> str:
    """The ID if it is one. Raises ``ValueError`` with the one that was probably meant, else those about a person."""
    if value in DATA_TYPES:
        return value
    meant = _MEANT.get(_key(value))
    if meant:
        hint = f"did you mean {meant} ({', '.join(word for word in TYPED[meant] if word.isascii())})?"
    else:
        hint = nearest(value, DATA_TYPES - NOT_PERSONAL | {"prompt", "ui_input"})
    raise ValueError(f"unknown data type {value[:40]!r}: {hint}")
