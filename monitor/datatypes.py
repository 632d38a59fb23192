"""Data types by the words that people use for what they hold: for hints and for the reference."""

from __future__ import annotations

from typing import Final

from monitor.errors import nearest
from monitor.events import DATA_TYPES, NOT_PERSONAL

#: What a test person types in, by data type.
TYPED: Final[dict[str, tuple[str, ...]]] = {
    "account_pi": ("name", "real name", "nickname", "user name", "e-mail", "account", "姓名", "昵称", "账号", "邮箱"),
    "phone_no": ("phone", "phone number", "mobile", "手机号", "电话"),
    "form": (
        "ID card", "passport", "bank card", "birth date", "birthday", "address", "illness", "symptoms",
        "身份证", "银行卡", "出生日期", "生日", "地址", "病情",
    ),
    "health": ("medical record", "heart rate", "weight", "病历", "心率"),
    "user_profile": ("age", "gender", "interests", "年龄", "性别", "兴趣"),
    "location": ("position", "GPS", "位置"),
    "prompt": ("question to an assistant", "提示词"),
    "ui_input": ("other text", "其他文字"),
}  # fmt: skip


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
