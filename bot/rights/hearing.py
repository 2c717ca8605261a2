"""Hears whether somebody asks for the data of the conversation: by a command, or by a sentence that says nothing else.

The whole message has to be such a sentence. "Xóa đăng ký thường trú", "xóa án tích" and "xóa thông tin trên VNeID" are
questions about procedures, and a message that also asks something is answered as a question.
"""

from __future__ import annotations

import re
from enum import StrEnum

from index.text import fold

_LONGEST = 120
_WHO = "(?:toi|toui|tui|em|minh|mk|con|chau|bac|chu|co|anh|chi|ong|ba|tao|t)"
_LEAD = rf"(?:(?:da|thua|ad|admin|bot|ban|{_WHO}|hay|vui long|lam on|giup|nho|xin|cho|muon|can|yeu cau|de nghi|duoc) )*"
_TAIL = rf"(?: (?:di|nhe|nha|a|ngay|giup|gium|ho|voi|cho|{_WHO}|o day|tai day|duoc khong|khong|het|vay|the|roi))*"
_MINE = rf"(?:cua|ve|lien quan den) {_WHO}"
_ALL = "(?: (?:bo|het|sach|di|giup|gium|cho|toi|em|minh|toan bo|tat ca|moi|cac|nhung|luon))*"
_CHAT = "(?:cuoc|doan|lich su|noi dung|tin nhan)(?: (?:tro chuyen|tro truyen|chat|hoi dap|tin nhan))+"
_DELETE = re.compile(
    rf"{_LEAD}(?:xoa|huy|go){_ALL} "
    rf"(?:(?:du lieu|data)(?: ca nhan)?(?: {_MINE})?|thong tin(?: ca nhan)? {_MINE}|{_CHAT}(?: nay)?(?: {_MINE})?)"
    rf"{_TAIL}"
)
_SHOW = re.compile(
    rf"{_LEAD}(?:(?:xem|coi|biet|kiem tra)(?: lai)? )?(?:cac |nhung )?(?:du lieu|data)(?: ca nhan)? {_MINE}{_TAIL}"
    rf"|{_LEAD}(?:(?:he thong|may|trang nay|o day) )?(?:(?:dang|da|co) )*(?:luu giu|luu tru|thu thap|luu|giu) "
    rf"(?:(?:lai|nhung|cac|du lieu|thong tin|data) )*(?:gi|nhung gi|nao) {_MINE}{_TAIL}"
)
_COMMANDS = {"xoadulieu": "delete", "dulieucuatoi": "show"}
_YES = frozenset({"xoa", "xoa het", "xoa di", "dong y", "dong y xoa", "co", "ok xoa", "chac chan", "u xoa"})
_NO = frozenset({"khong", "khong xoa", "thoi", "thoi khong xoa", "dung xoa", "khoi", "khong xoa nua"})


class Wanted(StrEnum):
    """What is asked for."""

    SHOW = "show"
    DELETE = "delete"


def wanted(text: str) -> Wanted | None:
    """What a message asks for; None for everything else."""
    if len(text) > _LONGEST:
        return None
    command = text.strip().split("@")[0].removeprefix("/").lower().replace("_", "")
    if command in _COMMANDS:
        return Wanted(_COMMANDS[command])
    said = _plain(text)
    if _DELETE.fullmatch(said):
        return Wanted.DELETE
    return Wanted.SHOW if _SHOW.fullmatch(said) else None


def agrees(text: str) -> bool | None:
    """Whether a message says yes or no to "shall it be deleted?"; None when it says neither."""
    said = re.sub(r"(?: (?:a|nhe|nha|di))+$", "", _plain(text))
    return True if said in _YES else False if said in _NO else None


def _plain(text: str) -> str:
    """In small letters, without diacritics and signs."""
    return " ".join(re.findall(r"[a-z0-9/]+", fold(text.lower())))
