"""Turns the lines of a plan document into statements: targets with their figure, tasks with who and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from knowledge.models import Statement, StatementKind
from knowledge.official_text import UPPER, without_marks
from knowledge.plan_outline import PREFACE, Line, Outline

_UNITS = (
    r"điểm|tài khoản|thôn|xã|phường|mô hình|dịch vụ|thủ tục|hồ sơ|doanh nghiệp|người|hộ|tổ|ứng dụng|cơ sở"
    r"|trường|sản phẩm|tỷ đồng|triệu đồng|cán bộ|nhóm|lớp|nền tảng|hệ thống|giường"
)
_SIGN = r"(?:(?:≥|≤|>|<|trên|dưới|tối thiểu|ít nhất|tối đa|hơn|khoảng|từ)\s*){0,2}"
_FIGURE = re.compile(
    rf"{_SIGN}(?<![\d/.,-])\d[\d.,]*\s*(?:%|(?:{_UNITS})\b)(?:\s*(?:trở lên|đến \d[\d.,]*\s*%))?"
    r"|[≥≤]\s*\d[\d.,]*|\btop \d+\b|\bcấp độ \d\b",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"đạt|phấn đấu|tối thiểu|ít nhất|≥|≤|tỷ lệ|tỉ lệ|trên|trở lên|giảm|tăng|hoàn thành|bố trí|được|100\s*%"
    r"|top \d",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"năm \d{4} (?:ước )?đạt|đã đạt|ước đạt|hiện (?:nay )?(?:đạt|có)|so với năm \d{4} đã", re.IGNORECASE
)
_PAST_SECTION = re.compile(
    r"kết quả|thực trạng|tình hình|đánh giá chung|tồn tại|đã hoàn thành", re.IGNORECASE
)
_PERIOD = re.compile(
    r"giai đoạn \d{4}\s*[-–]\s*\d{4}|(?:đến )?(?:cuối |hết )?năm \d{4}|\d{4}\s*[-–]\s*\d{4}", re.IGNORECASE
)
_DUTY = re.compile(
    r"^[-+*•–\s]*(?:"
    r"(?P<lead>(?:đơn vị|cơ quan)(?: chịu trách nhiệm)? chủ trì(?: thực hiện)?|chủ trì)"
    r"|(?P<coordinating>(?:đơn vị|cơ quan) phối hợp(?: thực hiện)?|phối hợp)"
    r"|(?P<deadline>(?:thời gian|thời hạn|tiến độ)(?: thực hiện| hoàn thành)?)"
    r")\s*:\s*(?P<value>\S.*)$",
    re.IGNORECASE,
)
_LEADS = re.compile(
    rf"^(?P<lead>[{UPPER}][^.;:]{{3,90}}?) chủ trì,? (?:phối hợp|tham mưu|tiếp tục|hướng dẫn|thực hiện)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b20\d\d\b")
_ITEM = re.compile(r"^(?:[a-zđ]\)|\d+(?:\.\d+)*[.)])\s")
_SENTENCE_BREAK = re.compile(rf"(?:(?<=[^\W\d][^\W\d])|(?<=%))\. (?=[{UPPER}]|\d{{1,3}}\s*%)")
_TAIL = re.compile(
    r"(?:[\s:,;–-]+|\b(?:đạt|được|là|từ|trên|phấn đấu|tối thiểu|ít nhất|đảm bảo|bảo đảm|mức|có)\b)+$",
    re.IGNORECASE,
)
_AIM_SECTION = re.compile(r"mục tiêu|chỉ tiêu", re.IGNORECASE)
_CHANGE = re.compile(r"\b((?:cắt )?giảm|tăng|rút ngắn|nâng)(?: thêm| tối thiểu| ít nhất)?$", re.IGNORECASE)
_LONGEST_SUBJECT = 200
_LONGEST_LABEL = 100
_SHORTEST = 3


@dataclass(slots=True)
class _Draft:
    line: Line
    text: str
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    deadline: str | None = None
    labels: tuple[str, ...] = ()


@dataclass(slots=True)
class _Drafts:
    """Statements while they are read; duties belong to all of the group before them."""

    all: list[_Draft] = field(default_factory=list)
    group: int = 0
    assigned: bool = False
    labels: tuple[str, ...] = ()


def read_statements(outline: Outline) -> list[Statement]:
    """The statements of a document, numbered within their section."""
    counts: dict[str, int] = {}
    result = []
    for draft in _drafts(outline):
        for fields in _kinds(draft):
            section = draft.line.section
            counts[section] = counts.get(section, 0) + 1
            result.append(Statement(id=f"{section}-{counts[section]}", section=section, **fields))
    return result


def _drafts(outline: Outline) -> list[_Draft]:
    drafts = _Drafts()
    section = PREFACE
    for line, following in zip_longest(outline.lines, outline.lines[1:]):
        if line.section != section:
            section, drafts.group, drafts.assigned = line.section, len(drafts.all), False
        if not line.cells:
            drafts.labels = ()
        if duty := _DUTY.match(line.text):
            _assign(drafts, line, duty)
        elif not drafts.labels and _is_header(line, following):
            drafts.labels = line.cells
        elif not _announces(line, following):
            _append(drafts, line)
    return drafts.all


def _append(drafts: _Drafts, line: Line) -> None:
    if drafts.assigned or _ITEM.match(line.text):
        drafts.group, drafts.assigned = len(drafts.all), False
    text = without_marks(line.text)
    if len(text) >= _SHORTEST:
        drafts.all.append(_Draft(line, text, labels=drafts.labels))


def _is_header(line: Line, following: Line | None) -> bool:
    """Whether a row names the columns of the rows below it."""
    if not line.cells or following is None or len(line.cells) != len(following.cells):
        return False
    return not any(re.search(r"\d", _YEAR.sub("", cell)) for cell in line.cells)


def _announces(line: Line, following: Line | None) -> bool:
    """Whether a short line only introduces those below it, such as "- Về chính quyền số:"."""
    short = line.text.endswith(":") and len(line.text) <= _LONGEST_LABEL and not _ITEM.match(line.text)
    return short and following is not None and following.section == line.section


def _assign(drafts: _Drafts, line: Line, duty: re.Match[str]) -> None:
    """Give who or when to the statements of the group; to the heading itself where the group is empty."""
    if len(drafts.all) == drafts.group:
        drafts.all.append(_Draft(line, line.path[-1] if line.path else "Nhiệm vụ"))
    drafts.assigned = True
    value = duty["value"].rstrip(" .;")
    names = tuple(name.strip() for name in value.split(";") if name.strip())
    for draft in drafts.all[drafts.group :]:
        if duty["lead"]:
            draft.lead += names
        elif duty["coordinating"]:
            draft.coordinating += names
        else:
            draft.deadline = value


def _kinds(draft: _Draft) -> Iterator[dict[str, object]]:
    """The statement or statements of a draft."""
    lead = draft.lead or _named_lead(draft)
    if lead or draft.coordinating or draft.deadline:
        yield {
            "kind": StatementKind.TASK,
            "text": draft.text,
            "lead": lead,
            "coordinating": draft.coordinating,
            "deadline": draft.deadline,
        }
    elif draft.line.cells:
        yield _from_row(draft)
    else:
        yield from _from_text(draft)


def _named_lead(draft: _Draft) -> tuple[str, ...]:
    """Who leads, where the sentence says so ("Sở Nội vụ chủ trì, phối hợp …") or stands under its heading."""
    if found := _LEADS.match(draft.text):
        return (found["lead"].removeprefix("Giao "),)
    heading = draft.line.path[-1:] if draft.text.lower().startswith("chủ trì") else ()
    return tuple(heading)


def _from_text(draft: _Draft) -> Iterator[dict[str, object]]:
    """Sentences with a target apart, the text between them together."""
    other: list[str] = []
    for sentence in _SENTENCE_BREAK.split(draft.text):
        target = None if _is_past(draft.line, sentence) else _target(sentence, draft.line.path)
        if target is None:
            other.append(sentence)
            continue
        if other:
            yield {"kind": StatementKind.OTHER, "text": ". ".join(other)}
            other = []
        yield target
    if other:
        yield {"kind": StatementKind.OTHER, "text": ". ".join(other)}


def _is_past(line: Line, sentence: str) -> bool:
    """Whether a figure tells what has been reached, not what is aimed at."""
    past_section = any(_PAST_SECTION.search(heading) for heading in line.path)
    return past_section or bool(_PAST.search(sentence))


def _target(sentence: str, path: Sequence[str]) -> dict[str, object] | None:
    figures = list(_FIGURE.finditer(sentence))
    aimed = _AIM.search(sentence) or any(_AIM_SECTION.search(heading) for heading in path)
    if not figures or not aimed:
        return None
    return {
        "kind": StatementKind.TARGET,
        "text": sentence,
        "subject": _subject(sentence, figures[0]),
        "value": "; ".join(figure[0].strip(" ,;.") for figure in figures),
        "period": _period([*path, sentence]),
    }


def _subject(sentence: str, figure: re.Match[str]) -> str:
    """The indicator: what stands before its figure, or behind it where the sentence opens with it."""
    before = _TAIL.sub("", sentence[: figure.start()]).strip()
    after = re.split(r"[;(.]\s*", sentence[figure.end() :].strip(" ,"), maxsplit=1)[0].strip(" ,")
    if after and (change := _CHANGE.search(before)):
        return f"{change[0]} {after}"[:_LONGEST_SUBJECT]
    if len(before.split()) >= _SHORTEST:
        return before[-_LONGEST_SUBJECT:]
    return (after or before or sentence)[:_LONGEST_SUBJECT]


def _from_row(draft: _Draft) -> dict[str, object]:
    """The row of a table: a target where its last cell is a figure and another cell says of what."""
    cells = [cell for cell in draft.line.cells if cell]
    words = [cell for cell in cells if len(re.findall(r"[^\W\d_]", cell)) >= _SHORTEST]
    text = _row_text(draft, cells)
    is_figure = bool(cells) and bool(re.match(r"^\D{0,12}\d[\d.,]*\s*%?$", cells[-1]))
    if not words or not is_figure or len(cells) < _SHORTEST or _is_past(draft.line, ""):
        return {"kind": StatementKind.OTHER, "text": text}
    percent = "%" in cells and "%" not in cells[-1]
    return {
        "kind": StatementKind.TARGET,
        "text": text,
        "subject": max(words[:2], key=len)[:_LONGEST_SUBJECT],
        "value": f"{cells[-1]}%" if percent else cells[-1],
        "period": _period(draft.line.path),
    }


def _row_text(draft: _Draft, cells: Sequence[str]) -> str:
    if len(draft.labels) == len(draft.line.cells):
        pairs = zip(draft.labels, draft.line.cells, strict=True)
        return "; ".join(f"{label}: {cell}" if label else cell for label, cell in pairs if cell)
    return " – ".join(cells)


def _period(texts: Sequence[str]) -> str | None:
    """The period that the nearest text names."""
    for text in reversed(texts):
        if found := _PERIOD.search(text):
            return " ".join(found[0].split()).replace("–", "-")
    return None
