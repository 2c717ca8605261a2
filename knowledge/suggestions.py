"""The file in which suggestions are laid before an officer, who says of each whether it is accepted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, model_validator

from knowledge.content import read_record
from knowledge.learned import Learned
from knowledge.models import Record, Text

_HEADING = """\
# Gợi ý rút từ những câu bà con đã hỏi. Chưa có gì thay đổi.
# Đồng ý điều nào thì sửa accept của điều đó thành true (sửa cả text cho gọn nếu cần), rồi chạy:
#   banhoi learn --apply TỆP_NÀY
#   banhoi build
# kind: alias       thêm tên gọi cho thủ tục (code)
#       ask         thêm cách hỏi mơ hồ cho nhóm (code); gặp cách hỏi này thì hỏi lại
#       popularity  đổi mức hay được hỏi của thủ tục thành value (5: ngày nào cũng có, 1: hiếm)
#       review      câu trả lời hay bị chê: xem lại thẻ, không có gì để nhận
# evidence: số cuộc trò chuyện (conversations), trong đó chọn khi được hỏi lại (picked), nói lại cách khác (rephrased),
#           hiểu theo nghĩa khác (others); down, up: số lượt chê, khen.
"""
_CODE = re.compile(r"\d{1,2}\.\d{6,7}$")


class Suggestion(Record):
    """One suggestion with the counts that speak for it."""

    kind: Literal["alias", "ask", "popularity", "review"]
    code: Text
    """The procedure's code; of a vague name, the group's id."""
    name: Text
    """What the procedure or the group is called, for the reader."""
    text: Text
    value: int | None = Field(default=None, ge=0, le=5)
    evidence: Mapping[str, int]
    accept: bool = False

    @model_validator(mode="after")
    def _can_be_accepted(self) -> Suggestion:
        if self.kind != "ask" and not _CODE.match(self.code):
            raise ValueError("code phải là mã thủ tục, ví dụ 1.001193")
        if self.kind == "popularity" and self.value is None:
            raise ValueError("popularity cần value từ 0 đến 5")
        if self.kind == "review" and self.accept:
            raise ValueError("review không có gì để nhận: hãy sửa thẻ của thủ tục, rồi để accept: false")
        return self


class Suggestions(Record):
    """A file of suggestions: from which days' questions, and from how many conversations on."""

    since: date | None = None
    until: date
    least: int
    suggestions: tuple[Suggestion, ...]


def read_suggestions(path: Path) -> Suggestions:
    """The file as the officer left it. Raises `ContentError` naming line and field."""
    return read_record(path, Suggestions)


def write_suggestions(path: Path, suggestions: Suggestions) -> None:
    """Writes a new file. Raises `FileExistsError`, since an officer's marks are worth more, and `OSError`."""
    plain = suggestions.model_dump(mode="json", exclude_none=True)
    body = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120)
    with path.open("x", encoding="utf-8") as file:
        file.write(_HEADING + body)


def accepted(suggestions: Iterable[Suggestion]) -> Learned:
    """What the accepted ones of these would teach."""
    aliases, asks = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    popularity: dict[str, int] = {}
    for suggestion in suggestions:
        if not suggestion.accept:
            continue
        if suggestion.kind == "alias":
            aliases[suggestion.code].append(suggestion.text)
        elif suggestion.kind == "ask":
            asks[suggestion.code].append(suggestion.text)
        elif suggestion.value is not None:
            popularity[suggestion.code] = suggestion.value
    return Learned.model_validate({"aliases": aliases, "asks": asks, "popularity": popularity})
