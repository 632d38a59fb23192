"""What a control does, by the words on it."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from monitor.analysis.consent.drawn import drawn
from monitor.analysis.consent.words import one_pattern, pattern, plain
from monitor.wordlists import derived, table

_TITLE = re.compile(r"《[^》]*》|<[^>]*>|https?://\S*")
_KEPT = re.compile(
    r"(?:不|别|勿|取消|放弃)(?:要|想)?(?:撤回|撤销|注销)|(?:不|别|勿)(?:要|想)?(?:停止|解除|收回|关闭|删除|终止)"
    r"|(?:撤回|取り消)(?:しない|さない|しません|しないで)|(?:削除|退会)しない|철회하지|취소하지 않|(?:삭제|탈퇴)하지 않"
    r"|\b(?:don't|do not|not|cancel) (?:withdraw|revoke|take|delete|close)"
    r"|\bnicht (?:widerrufen|zurück|löschen|schließen)"
    r"|\bne (?:pas )?(?:retirer|révoquer|supprimer|fermer)|\bno (?:retirar|revocar|eliminar|borrar|cerrar)"
)
#: Negations of other languages, which count beside a word of agreement. One of something else (without an account, not
#: shown again) says nothing of it.
_YES_ABROAD = r"(?:zustimm|akzept|einwillig|einverst|erlaub|zulass|accept|autoris|consent|permet|permit|acept|autoriz)"
_NOT_ABROAD = re.compile(
    r"\bnicht\b(?! (?:mehr|wieder|erneut|nochmal))|\bpas\b(?! (?:de|besoin)\b)"
    rf"|\b(?:keine?[mnrs]?|ohne|sans|sin|aucune?) (?:[^\W\d]+ ){{0,2}}{_YES_ABROAD}"
    rf"|\b(?:n'|ne )(?:pas )?{_YES_ABROAD}|{_YES_ABROAD}\w* (?:keine?[mnrs]?|aucune?)\b"
    r"|\bno (?:acept|permit|autori|consient|estoy)"
    r"|ない|ません|せず|않|못|없이|(?<![\uac00-\ud7a3])안(?![\uac00-\ud7a3내])"
)
_NO_FRENCH = re.compile(r"\bn'(?:accept|autoris|consen)\w* (?:pas|aucune?|rien)\b")
#: Agrees to what could be left out.
_MORE = re.compile(r"\b(?:accept|allow|agree|enable|consent)\b.*\b(?:non-?essential|unnecessary|optional)")
_LESS = re.compile(r"\b(?:not|no|never|only|just|except|but|without|reject|refuse|decline|deny|disable|don't|dont)\b")
#: Agrees, and then leaves: 同意并退出, "Accept & exit".
_THEN_LEAVES = re.compile(
    r"(.+?) ?(?:并且?|且|后|,|&|\+|\b(?:and|then|und|et|y)\b|して|하고) ?"
    r"(?:退出|离开|关闭|\b(?:exit|quit|leave|close|beenden|verlassen|quitter|salir)\b|終了|종료|나가기).*"
)
#: An order to show or change something: "Manage consent" agrees to nothing, "Learn how to opt out" refuses nothing. Not
#: where another order follows.
_LEADS_ON = re.compile(
    r"(?:(?:manage|review|customi[sz]e|edit|change|adjust|set|configure|personali[sz]e|tailor|fine-tune|show|view|see)"
    r"(?: [\w']+){0,3} (?:choices?|consents?|cookies?|settings?|preferences|options|purposes|privacy|partners|vendors)"
    r"|learn how)\b(?!.*(?:&|,|\b(?:and|then|or)\b))"
)
#: A document or a list (of what is collected, of who is given it), or several, by their names alone: an entry that
#: shows them.
_DOCUMENTS = re.compile(
    r"(?:(?:用户|会员|平台|服务|使用|隐私|个人信息|儿童|保护|法律|版权|知识产权|社区|交易|软件|许可|开源|及|与|和|、|相关|的)*"
    r"(?:协议|规则|政策|条款|声明|须知|规范|公约|指引|证照|资质|执照|许可证))+"
    r"|(?:(?:our|the|user|community|platform|legal|privacy|content|cookie|open|source|software|of|and|&|terms|conditions"
    r"|rules|policies|service|notices|licen[cs]e) )*"
    r"(?:terms|conditions|rules|guidelines|polic(?:y|ies)|notices?|licen[cs]es|of (?:use|service)|legal information)"
    r"|(?:已|第?三方|sdk|个人|敏感|信息|数据|收集|使用|共享|委托|处理|接入|对外|提供|应用|权限|申请|情况|及|与|和|的)+"
    r"(?:清单|目录|列表|名单|说明)"
    r"|(?:(?:our|the|third-party|personal|sdks?|data|information|sharing|collection|permissions?) )+lists?"
    r"|list of (?:our |the )?(?:third-party )?"
    r"(?:sdks|partners|third parties|(?:personal )?(?:data|information)(?: we collect| collected| shared)?)"
)
#: Goes elsewhere by its first word; and says that somebody has read something, and agrees here.
_GOES = re.compile(r"去|前往|返回|go to\b")
_HAS_READ = re.compile(r"已经?[^,。并]{0,4}(?:阅|读|看|查)|(?:我|本人)[^,。]{0,4}(?:阅读|同意)|\bi\b|\bi've\b|\bhave\b")
#: What is said of one thing: 无需登录 of 无需登录，同意并继续 says nothing of the agreement.
_CLAUSE = re.compile(r"[,;|·]| [-–—] ")
#: A countdown, punctuation and symbols.
_SECONDARY = re.compile(r"\d+ ?(?:s\b|秒)?|[\W_]")


@derived
@cache
def _negated() -> re.Pattern[str]:
    words = table("consent_words")
    zh = "|".join(re.escape(w) for w in words["negation_of"] if not w.isascii())
    en = "|".join(re.escape(w) for w in words["negation_of"] if w.isascii())
    no = "|".join(map(re.escape, words["negation"]))
    return re.compile(
        rf"(?:{no})(?:再|能|想|会|要)?(?:{zh})|\b(?:not|don't|dont|never|cannot|can't)\b[a-z ]*\b(?:{en})"
    )


class Label(NamedTuple):
    """What a control does: ``accept, reject, withdraw, cancel_account`` or empty; ``clear`` or not."""

    meaning: str
    clear: bool


@derived
@lru_cache(4096)
def label(text: str) -> Label:
    """The meaning of a control's label. A negated agreement is a refusal."""
    words = plain(text)
    if not words or pattern("neutral").search(words) or _whole("leads", words) or sends(text) or drawn(text):
        return Label("", False)
    if _LEADS_ON.match(words) and not starts(text):
        return Label("", False)
    if _KEPT.search(words):
        return Label("reject", False)
    for meant in ("withdraw", "cancel_account"):
        if pattern(meant).search(words):
            return Label(meant, meant == "withdraw" or bool(pattern("at_once").search(words)))
    if _MORE.search(words) and not _LESS.search(words):
        return Label("accept", True)
    if (then := _THEN_LEAVES.fullmatch(words)) and label(then[1]) == ("accept", True):
        return Label("accept", True)
    if _negated().search(words) or _NO_FRENCH.search(words) or pattern("reject", "clear").search(words):
        return Label("reject", True)
    if any(pattern("put_off").search(clause) for clause in _CLAUSE.split(words)):
        return Label("reject", False)
    if pattern("accept", "clear").search(words):
        return Label("reject" if _NOT_ABROAD.search(words) else "accept", True)
    if pattern("layer").search(words) and not starts(text):
        return Label("", False)
    on = pattern("leaves_on").search(words)
    if on and on.end() == len(words.rstrip(" .!")) and not re.search(r"\bnot\b|n't\b", words):
        return Label("accept", False)
    for meant in ("reject", "accept"):
        if pattern(meant, "ambiguous").search(words):
            return Label(meant, False)
    return Label("accept" if starts(text) else "", False)


def starts(text: str) -> bool:
    """Whether a control starts a function of the device by its name: "Open camera"."""
    return bool(pattern("functions").fullmatch(plain(text)))


@derived
@lru_cache(1024)
def goes_to_agree(text: str, refused: bool) -> bool:
    """Whether a control only goes to where one agrees, if a notice comes up then (去同意). One that may as well agree
    itself (阅读并同意) goes there only after a refusal (``refused``): on the notice, it agrees."""
    words = plain(text)
    if not pattern("goes_to_agree").search(words) or _HAS_READ.search(words):
        return False
    return refused or bool(_GOES.match(words)) or label(text) != ("accept", True)


@derived
@lru_cache(1024)
def undoing(text: str) -> str:
    """What a control answers where a window asks whether to take something back: ``yes``, ``verb`` (yes, in the verb of
    the question: 继续撤销, "Yes, take it back"), ``no`` or empty. What its words mean elsewhere does not count."""
    words = plain(text)
    if _KEPT.search(words) or pattern("keeps").search(words):
        return "no"
    if pattern("undo").search(words):
        return "verb"
    begun = pattern("affirms").match(words)
    return "yes" if begun or any(pattern(name).search(words) for name in ("undoes", "at_once")) else ""


@derived
@cache
def _closing() -> re.Pattern[str]:
    """Longer words first: 稍后 would leave 再说 of 稍后再说."""
    return one_pattern(sorted(table("consent_words")["closes"], key=len, reverse=True))


@derived
@lru_cache(4096)
def closes(text: str) -> bool:
    """Whether a whole label only refuses or closes something. What says more (返回商家) may request something."""
    return label(text).meaning == "reject" and not _SECONDARY.sub("", _closing().sub("", plain(text)))


def _whole(kind: str, words: str) -> bool:
    """Whether a label is one of the ``kind`` and nothing more, punctuation and arrows aside."""
    return bool(pattern(kind).fullmatch(words.strip(" .。…>›»→!！:：")))


@derived
@lru_cache(4096)
def sends(text: str) -> bool:
    """Whether a control sends off what the boxes of its window say."""
    words = plain(text)
    return _whole("sends", words) or bool(pattern("saves").search(words))


@derived
@lru_cache(4096)
def names_documents(text: str) -> bool:
    """Whether a control only names documents, which it shows: 服务协议与规则, "Terms and conditions"."""
    return bool(_DOCUMENTS.fullmatch(plain(text)))


@derived
@lru_cache(4096)
def idle(text: str) -> bool:
    """Whether a control decides nothing by its words: it signs out, goes back, shows a text or selects a language."""
    words = plain(text)
    if _whole("leads", words) or pattern("neutral").search(words) or pattern("idle").search(words) or drawn(text):
        return True
    if _TITLE.fullmatch(words):
        return True
    leads = _LEADS_ON.match(words) or pattern("layer").search(words)
    return not label(text).meaning and not sends(text) and bool(leads)
