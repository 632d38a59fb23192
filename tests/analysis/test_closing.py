"""What a window on closing an account says: conditions, time, and data that stays, in each language."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from monitor.analysis.consent.tracker import read_consent
from monitor.analysis.rules.facts.rgt import cancels_account, closing_keeps, closing_slow, odd_demand
from monitor.events import Window

#: Text, and of what it speaks: d(emand), s(low), k(ept).
SAID = [
    ("注销账号：上传手持身份证照片，预计45个工作日审核，您的信息将继续保留", "dsk"),
    ("注销账号：无需上传身份证照片，15个工作日内处理完毕并删除", ""),
    ("注销账号：注册满 180 天方可注销", "d"),
    ("注销账号：注销后30天内可恢复，期满后处理您的数据", ""),
    ("注销账号：申请将于10月30日处理", ""),
    ("註銷帳號：須郵寄紙質申請，二十個工作日內審核", "ds"),
    ("注销账号：依法须保存的交易记录将继续保留三年", ""),
    ("Delete your account? We process the request within 30 days.", ""),
    ("Delete your account? We process the request within 120 days.", "s"),
    ("Delete your account? It may take up to 3 months.", "s"),
    ("Delete your account? You can restore it within 60 days, then we complete the request.", ""),
    ("Delete your account? Your messages will be kept.", "k"),
    ("Delete your account? Invoices will be kept as tax law requires.", ""),
    ("To delete your account, send a utility bill. A fee of 15 EUR applies.", "d"),
    ("Delete your account? There is no fee and no signed letter.", ""),
    ("We can't delete your account without a notarised letter.", "d"),
    ("Konto löschen: Bitte per Post beantragen. Die Bearbeitung dauert 3 Monate.", "ds"),
    ("Konto löschen: Ihre Daten werden sofort gelöscht.", ""),
    ("Supprimer votre compte : joignez un justificatif de domicile. Le traitement prend 90 jours.", "ds"),
    ("Eliminar su cuenta: envíe copia de su DNI. La solicitud tarda 12 semanas.", "ds"),
    ("退会には手数料がかかります。処理には3か月かかり、投稿は削除されません。", "dsk"),
    ("退会すると、すべてのデータが直ちに削除されます。", ""),
    ("계정 삭제: 신분증 사본이 필요합니다. 처리에 3개월이 걸립니다.", "ds"),
    ("계정 삭제: 모든 데이터가 즉시 삭제됩니다.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "speaks"), SAID)
def test_what_closing_an_account_takes(text: str, speaks: str) -> None:
    base: dict[str, Any] = {"t": 1, "err": 0, "seq": 1, "src": "hooks:1", "app": "a"}
    shown = Window(**base, window_kind="dialog", action="shown", window=1, texts=[text])
    context: Any = SimpleNamespace(consent=read_consent([shown]))
    assert cancels_account(shown, context)
    told = {"d": odd_demand(shown), "s": closing_slow(shown), "k": closing_keeps(shown)}
    assert "".join(name for name, holds in told.items() if holds) == speaks
