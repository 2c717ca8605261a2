"""Reads what a message means to a report: whether it begins one, what it is about, and short answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from bot.cues import Cues, find_cues
from index.aspects import Asked, Aspect
from index.query import Query
from index.text import fold

_DATA = Path(__file__).parent / "data"
CUES_FILE = _DATA / "cues.yaml"
LONGEST_WHAT = 1000
LONGEST_PLACE = 200
_FEWEST = 2
"""Words that a matter has at least."""
_PARTICLE = re.compile(r"(?: (?:a|ah|nhe|nha|di|vay|luon|giup|ho|voi|ban|ad|em|oi|dau|nua))+$")
_BEFORE = (
    "da|thua|alo|chao|xin|ad|admin|bot|ban|oi|cho|toi|toui|tui|em|minh|mk|con|chau|bac|chu|co|anh|chi|ong|ba|nha|nguoi|dan"
    "|muon|can|duoc|gui|lam|nho|giup|hay|1|mot|cai|so"
)
_SAY = "phan anh|kien nghi|gop y|khieu nai|to giac|bao cao|bao|pakn|de nghi"
_AFTER = "ve|viec|la|rang|tinh trang|chuyen|mot|1|vu|nhu sau"
_LEAD = re.compile(
    rf"(?:(?:{_BEFORE})[ ,.:!]+)*(?:{_SAY})(?:[ ,]+(?:{_SAY}|va))*(?![^\W_])"
    rf"(?:[ ,:.\-–]+(?:{_AFTER})(?![^\W_]))*[ ,:.\-–!]*"
)
"""No alternative is the beginning of two others together: it takes time proportional to the text."""
_CONTACT = re.compile(
    r"[ ,.;:–-]*"
    r"(?:(?:gọi|goi|liên hệ|lien he|lh|sđt|sdt|đt|dt|số|so|tên|ten|là|la|tôi|toi|em|mình|minh|cho|qua)[ ,.:]+)*"
    r"\[(?:họ tên|số điện thoại)\][ ,.;:–-]*",
    re.IGNORECASE,
)
"""What redaction left of name and phone, with the words that announce them."""
_CORRECTING = "sua|doi|chinh|nham|sai|ghi|noi lai"
_PART = "noi dung|noi|cho|dia diem|dia chi|vi tri|xa|phuong|so dien thoai|sdt|so|ten|lien lac|lien he|viec goi"
_EDIT = re.compile(
    rf"(?:(?:toi|tui|em|xin|muon|can|de) )*(?:{_CORRECTING})(?: (?:lai|cai|phan))* (?P<part>{_PART})"
    r"(?: (?:la|thanh|sang|lai))*(?![^\W_])[ ,:]*"
)
_PARTS = {"noi dung": "what"} | dict.fromkeys(("noi", "cho", "dia diem", "dia chi", "vi tri", "xa", "phuong"), "place")
_BARE = frozenset({"phan anh", "pakn", "gop y", "kien nghi", "phan anh kien nghi", "phan anh gop y"})
"""Messages of one word that begin a report: the button's label in other channels' menus."""
_CENTRE = re.compile(
    r"(?:ở |o )?(?:trung tâm|trung tam) (?:phục vụ |phuc vu )?(?:hành chính|hanh chinh)(?: công| cong)?", re.IGNORECASE
)
_COMMANDS = frozenset({"/phananh", "/pakn", "phananh"})
_LOOKING = re.compile(
    r"(?:(?:cho|toi|tui|em|xin|muon|xem|coi|kiem tra|tra cuu|danh sach|cac|nhung) )*"
    r"phan anh (?:da gui )?cua (?:toi|tui|em|minh|con|chau)(?: .{0,20})?"
)


@cache
def _answers() -> Mapping[str, frozenset[str]]:
    loaded: dict[str, list[str]] = yaml.safe_load((_DATA / "answers.yaml").read_text("utf-8"))
    return {name: frozenset(map(str, phrases)) for name, phrases in loaded.items()}


def answers(text: str, name: str) -> bool:
    """Whether the whole message is one of the short answers of this name."""
    said = plain(text)
    return said in _answers()[name] or _PARTICLE.sub("", said) in _answers()[name]


def plain(text: str) -> str:
    """In small letters, without diacritics and signs."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text.lower())))


def asks_for_own(text: str) -> bool:
    """Whether the message asks for the reports of this conversation: "phản ánh của tôi đến đâu rồi"."""
    return _LOOKING.fullmatch(plain(text)) is not None


def is_command(text: str) -> bool:
    """Whether it is the command of a messenger that begins a report."""
    return text.strip().split("@")[0].lower().replace("_", "") in _COMMANDS


def report_cues(query: Query) -> Cues:
    """What of the message speaks of a public problem."""
    return find_cues(query, CUES_FILE)


def is_said(query: Query, cues: Cues, asked: Asked) -> bool:
    """Whether the message says that it is a report: "tôi muốn phản ánh …", "báo đèn đường hỏng"."""
    if is_command(query.text) or plain(query.text) in _BARE:
        return True
    if is_formal(cues) or (("procedural" in cues or _asks(asked)) and "problems" not in cues):
        return False
    told = "problems" in cues and "verbs" in cues and cues.starts["verbs"] <= cues.starts["problems"]
    return "says" in cues or told


def is_problem(cues: Cues, asked: Asked) -> bool:
    """Whether the message only tells of a public problem, so that a report may be offered."""
    tells = not _asks(asked) or asked.aspects == (Aspect.TIME,)  # "hỏng mấy tháng nay"
    return "problems" in cues and "procedural" not in cues and not is_formal(cues) and tells


def is_formal(cues: Cues) -> bool:
    """Whether it speaks of a complaint or denunciation by law."""
    return "formal" in cues


def is_question(asked: Asked, cues: Cues) -> bool:
    """Whether a message in the middle of a report asks about a procedure instead."""
    about_papers = bool(asked.aspects) and "procedural" in cues
    return (_asks(asked) or about_papers) and "problems" not in cues


def matter_in(text: str) -> str:
    """What a report is about, without "tôi muốn phản ánh về"; "" where nothing is left that tells anything."""
    line = one_line(text)
    folded = fold(line.lower())
    lead = _LEAD.match(folded) if len(folded) == len(line) else None
    rest = _CONTACT.sub("", (line[lead.end() :] if lead else line)[:LONGEST_WHAT])
    words = [word for word in plain(rest).split() if word not in ("a", "nhe", "ad", "voi", "nha", "cai", "nay")]
    if is_command(text) or len(words) < _FEWEST:
        return ""
    return rest


def edited(text: str) -> tuple[str, str] | None:
    """Which part of the report is to be corrected, and what is said of it at once: ("place", "ở Cam Lộ")."""
    line = one_line(text)
    folded = fold(line.lower())
    found = _EDIT.match(folded) if len(folded) == len(line) else None
    return (_PARTS.get(found["part"], "contact"), line[found.end() :]) if found else None


def without_centres(text: str) -> str:
    """The text without the name of the centres themselves, which holds what communes are called, too."""
    return _CENTRE.sub(" ", text)


def one_line(text: str) -> str:
    """With single spaces, composed: as it is kept and shown."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _asks(asked: Asked) -> bool:
    return bool(asked.aspects) and not asked.general and not all(asked.keep_mentions)
