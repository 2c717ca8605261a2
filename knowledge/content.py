"""Reads the content files under `knowledge/content/`; an error names file, line and field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from knowledge.models import Elsewhere, Faq, Group, Office, Plan, Procedure, Record

CONTENT_DIR = Path(__file__).parent / "content"
"""The content the product ships."""

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a content file; `line` counts from 1, 0 when the whole file is meant."""

    path: Path
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"


class ContentError(Exception):
    """Content that does not hold together. `problems` lists every fault, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(slots=True)
class Content:
    """Everything read from one content folder, each kind by its id."""

    procedures: dict[str, Procedure] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    faqs: dict[str, Faq] = field(default_factory=dict)
    elsewhere: dict[str, Elsewhere] = field(default_factory=dict)
    files: dict[tuple[str, str], Path] = field(default_factory=dict)
    """The file of each record, by the record's kind (the name of its mapping above) and id."""


def load_content(folder: Path = CONTENT_DIR) -> Content:
    """Read and check a whole content folder.

    Raises `ContentError` with every fault found in any file.
    """
    content, problems = Content(), list[Problem]()
    if not folder.is_dir():
        raise ContentError([Problem(folder, 0, "", "không có thư mục này")])
    for path in _yaml_files(folder / "procedures"):
        _add(content, "procedures", _read(path, Procedure, problems), path, problems)
    for path in _yaml_files(folder / "groups"):
        _add(content, "groups", _read_list(path, Group, problems), path, problems)
    for path in _yaml_files(folder / "plans"):
        _add(content, "plans", _read(path, Plan, problems), path, problems)
    for path in _yaml_files(folder / "faqs"):
        _add(content, "faqs", _read_list(path, Faq, problems), path, problems)
    for path in _existing(folder / "offices.yaml"):
        _add(content, "offices", _read_list(path, Office, problems), path, problems)
    for path in _yaml_files(folder / "elsewhere"):
        _add(content, "elsewhere", _read_list(path, Elsewhere, problems), path, problems)
    if problems:
        raise ContentError(problems)
    return content


def read_record(path: Path, model: type[R]) -> R:
    """The one record that a file of the operator's holds. Raises `ContentError` with every fault."""
    problems = list[Problem]()
    if not path.is_file():
        raise ContentError([Problem(path, 0, "", "không có tệp này")])
    found = _read(path, model, problems)
    if problems:
        raise ContentError(problems)
    return found[0]


def _yaml_files(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.yaml"))


def _existing(path: Path) -> Iterator[Path]:
    if path.exists():
        yield path


def _add(content: Content, kind: str, records: Iterable[Record], path: Path, problems: list[Problem]) -> None:
    key = "code" if kind == "procedures" else "id"
    into: dict[str, Record] = getattr(content, kind)
    for record in records:
        ident = getattr(record, key)
        if ident in into:
            problems.append(Problem(path, 0, key, f"{ident} đã có trong {content.files[kind, ident]}"))
        into[ident] = record
        content.files[kind, ident] = path


def _read(path: Path, model: type[R], problems: list[Problem]) -> list[R]:
    """The one record that a file holds, or nothing and a problem."""
    return _validated(path, model, model, problems)


def _read_list(path: Path, model: type[R], problems: list[Problem]) -> list[R]:
    """The list of records that a file holds, or nothing and a problem."""
    return _validated(path, list[model], model, problems)  # type: ignore[valid-type]


def _validated(path: Path, shape: Any, model: type[R], problems: list[Problem]) -> list[R]:
    try:
        text = path.read_text(encoding="utf-8")
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except UnicodeDecodeError as error:
        problems.append(Problem(path, 0, "", f"không phải chữ UTF-8 ({error.reason})"))
        return []
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.append(Problem(path, line, "", f"không phải YAML hợp lệ: {error.problem or error.context}"))
        return []
    except yaml.YAMLError as error:
        problems.append(Problem(path, 0, "", f"không phải YAML hợp lệ: {error}"))
        return []
    try:
        value = TypeAdapter(shape).validate_python(data)
    except ValidationError as error:
        root = yaml.compose(text, Loader=_Loader)
        for fault in error.errors(include_url=False):
            loc = fault["loc"]
            problems.append(Problem(path, _line_of(root, loc), _field_name(loc), _message(fault)))
        return []
    return [value] if isinstance(value, model) else list(value)


_MESSAGES = {
    "missing": "thiếu",
    "extra_forbidden": "không có trường này",
    "enum": "phải là một trong: {expected}",
    "literal_error": "phải là một trong: {expected}",
    "string_type": "phải là chữ; số và ngày thì đặt trong dấu nháy",
    "string_too_short": "không được để trống",
    "string_pattern_mismatch": "không đúng mẫu {pattern}",
    "tuple_type": "phải là một danh sách",
    "list_type": "phải là một danh sách",
    "model_type": "phải là các cặp “trường: giá trị”",
    "int_parsing": "phải là số nguyên",
    "int_type": "phải là số nguyên",
    "bool_parsing": "phải là true hoặc false",
    "bool_type": "phải là true hoặc false",
    "less_than_equal": "nhiều nhất là {le}",
    "greater_than_equal": "ít nhất là {ge}",
    "greater_than": "phải lớn hơn {gt}",
    "too_short": "cần ít nhất {min_length} mục",
    "too_long": "nhiều nhất {max_length} mục",
    "value_error": "{error}",
}
"""What pydantic's kinds of fault mean, for those an editor can make."""


def _message(fault: ErrorDetails) -> str:
    """The fault in Vietnamese; in pydantic's own words where it is a rare one."""
    template = _MESSAGES.get(fault["type"])
    return template.format(**fault.get("ctx", {})) if template else fault["msg"]


class _Loader(yaml.CSafeLoader):
    """PyYAML's safe loader that does not let a key stand twice in one mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping; raises for a doubled key, naming its line."""
        seen = set[str]()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"khóa “{key.value}” có hai lần", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _line_of(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """The line, from 1, of the deepest part of `loc` that the file holds."""
    line = node.start_mark.line + 1 if node else 1
    for part in loc:
        found = _child(node, part)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node | None, part: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((k.start_mark.line + 1, v) for k, v in node.value if k.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None


def _field_name(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc)
