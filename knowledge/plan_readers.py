"""Reads plan documents (plain text, Markdown, DOCX, PDF) into blocks: headings, paragraphs and table rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import docx
from docx.document import Document as DocxDocument
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from knowledge.import_errors import DataImportError
from knowledge.official_text import LOWER

_JUNK = re.compile(
    r"^(?:trang )?\d{1,3}(?:\s*/\s*\d{1,3})?$|^[-–—_=*~.\s]+$|^!\[.*\]\(.*\)$"
    r"|^độc lập\s*[-–]\s*tự do\s*[-–]\s*hạnh phúc$|^<!--.*-->$",
    re.IGNORECASE,
)
_MOTTO = re.compile(r"cộng h[òo][àa] xã hội chủ nghĩa việt nam", re.IGNORECASE)
_MATHS = {r"\geq": "≥", r"\ge": "≥", r"\leq": "≤", r"\le": "≤", r"\times": "×", r"\%": "%"}
_MARKDOWN_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_BOLD_LINE = re.compile(r"^(\*{1,3}|_{2})(?P<text>[^*]+?)\1\s*[:.]?$")
_BOLD_START = re.compile(
    r"^\*\*(?P<head>(?:[IVX]+|\d+(?:\.\d+)*|[a-zđ])[.)]\s[^*]{3,150}?:?)\*\*\s*:?\s*(?P<rest>\S.*)$"
)
_MARKER = re.compile(r"^(?:[-+*•–]\s*|\(?[a-zđ]\)|\d+(?:\.\d+)*[.)]|[IVX]+\.|#)")
_OPEN_END = re.compile(r"[^.;:!?…/]$")
_CONTINUES = re.compile(rf"^[{LOWER}(≥≤>%]")
_SHORTEST_FULL_LINE = 50
_HEADING_STYLE = re.compile(r"^(?:heading|tiêu đề|title)\s*(\d)?", re.IGNORECASE)


class PlanUnreadableError(DataImportError):
    """A plan document without text that could be read."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph. `rank` tells a heading: 1 is the highest, 0 is none."""

    text: str
    rank: int = 0
    cells: tuple[str, ...] = ()
    """The cells, where the block is the row of a table."""


def read_blocks(path: Path) -> list[Block]:
    """The blocks of a document, junk lines off, text in NFC.

    Raises `PlanUnreadableError` when the file is missing, damaged, of an unknown kind, or has no text.
    """
    readers = {".txt": _text_file, ".md": _text_file, ".docx": _docx_file, ".pdf": _pdf_file}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise PlanUnreadableError(
            f"Không đọc được loại tệp {path.suffix or path.name}: cần .txt, .md, .docx hoặc .pdf."
        )
    if not path.is_file():
        raise PlanUnreadableError(f"Không có tệp {path}.")
    blocks = [block for block in reader(path) if block.text]
    if not blocks:
        raise PlanUnreadableError(f"Tệp {path.name} không có chữ nào.")
    return blocks


def _text_file(path: Path) -> list[Block]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise PlanUnreadableError(f"Tệp {path.name} không phải chữ UTF-8.") from error
    return _joined(_text_block(line) for line in _whole_bold(text.splitlines()))


def _whole_bold(lines: list[str]) -> Iterator[str]:
    """The lines, where bold text runs over several of them as one."""
    waiting = ""
    for line in lines:
        waiting = f"{waiting} {line.strip()}" if waiting else line.replace("****", " ")
        if not line.strip() or waiting.count("**") % 2 == 0:
            yield waiting
            waiting = ""
    yield waiting


def _text_block(line: str) -> Block | None:
    """One line of text or Markdown; None for junk."""
    line = tidy(line)
    if _is_junk(line):
        return None
    if heading := _MARKDOWN_HEADING.match(line):
        return Block(plain(heading[2]), rank=len(heading[1]))
    if bold := _BOLD_LINE.match(line):
        return Block(plain(bold["text"]), rank=6)
    if line.startswith("|") and line.endswith("|"):
        return _row(line.strip("|").split("|"))
    if "\t" in line:
        return _row(line.split("\t"))
    return Block(line)


def _row(cells: Iterable[str]) -> Block | None:
    cleaned = tuple(plain(cell) for cell in cells)
    if all(not cell or set(cell) <= set("-: ") for cell in cleaned):
        return None
    return Block(" | ".join(cell for cell in cleaned if cell), cells=cleaned)


def _joined(blocks: Iterable[Block | None]) -> list[Block]:
    """The blocks, where a page break cut a sentence put together again; bold beginnings made headings."""
    result: list[Block] = []
    for block in blocks:
        if block is None:
            continue
        last = result[-1] if result else None
        if last is not None and _cut(last, block):
            result[-1] = Block(f"{last.text} {block.text}")
        else:
            result.append(block)
    return [piece for block in result for piece in _heads(block)]


def _cut(last: Block, block: Block) -> bool:
    if last.rank or block.rank or last.cells or block.cells or _MARKER.match(block.text):
        return False
    return bool(_OPEN_END.search(last.text) and _CONTINUES.match(block.text))


def _heads(block: Block) -> Iterator[Block]:
    """A paragraph that opens with a bold numbered heading, as heading and paragraph."""
    if not block.rank and not block.cells and (match := _BOLD_START.match(block.text)):
        yield Block(plain(match["head"]), rank=6)
        yield Block(plain(match["rest"]))
    else:
        yield Block(plain(block.text), block.rank, block.cells)


def _docx_file(path: Path) -> list[Block]:
    try:
        document = docx.Document(str(path))
    except (KeyError, ValueError, OSError, BadZipFile, OpcError, PythonDocxError) as error:
        raise PlanUnreadableError(f"Tệp {path.name} không phải tệp Word .docx hợp lệ.") from error
    return [block for block in _docx_blocks(document) if not _is_junk(block.text)]


def _docx_blocks(document: DocxDocument) -> Iterator[Block]:
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            for row in item.rows:
                if block := _row(dict.fromkeys(tidy(cell.text) for cell in row.cells)):
                    yield block
        elif text := plain(tidy(item.text)):
            yield Block(text, rank=_docx_rank(item))


def _docx_rank(paragraph: Paragraph) -> int:
    style = _HEADING_STYLE.match(paragraph.style.name or "") if paragraph.style else None
    if style:
        return int(style[1] or 1)
    runs = [run for run in paragraph.runs if run.text.strip()]
    return 6 if runs and all(run.bold for run in runs) else 0


def _pdf_file(path: Path) -> list[Block]:
    try:
        pages = [page.extract_text() for page in PdfReader(path).pages]
    except (PyPdfError, OSError, ValueError, KeyError) as error:
        raise PlanUnreadableError(f"Tệp {path.name} không phải PDF hợp lệ hoặc có mật khẩu.") from error
    if not any(page.strip() for page in pages):
        raise PlanUnreadableError(
            f"Tệp {path.name} là PDF ảnh quét, không có lớp chữ; hãy nhận dạng chữ (OCR) rồi nhập lại."
        )
    lines = [tidy(line) for page in pages for line in page.splitlines()]
    return _joined(Block(line) for line in _unwrapped([line for line in lines if not _is_junk(line)]))


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines of a page as paragraphs: a line that fills the width goes on in the next one."""
    full = max(_SHORTEST_FULL_LINE, max((len(line) for line in lines), default=0) * 0.75)
    result: list[str] = []
    previous = ""
    for line in lines:
        if (
            len(previous) >= full
            and _OPEN_END.search(previous)
            and not _begins(line)
            and not previous.isupper()
        ):
            result[-1] = f"{result[-1]} {line}"
        else:
            result.append(line)
        previous = line
    return result


def _begins(line: str) -> bool:
    """Whether a line opens a paragraph: with a mark, or all in capitals."""
    return bool(_MARKER.match(line)) or line.isupper()


def tidy(line: str) -> str:
    """The line in NFC with single spaces; tabs stay, they part the cells of a table."""
    line = unicodedata.normalize("NFC", line).replace("\u00a0", " ").replace("\u200b", "")
    for sign, plain_sign in _MATHS.items():
        line = line.replace(sign, plain_sign)
    line = _MOTTO.sub("", line)
    return re.sub(r"[ ]{2,}", " ", re.sub(r"\$\s*([^$]{1,40}?)\s*\$", r"\1", line)).strip()


def plain(text: str) -> str:
    """The text without Markdown's signs."""
    text = re.sub(r"\*{1,3}|(?<!\w)_{1,2}|_{1,2}(?!\w)|`", "", text)
    return " ".join(text.split())


def _is_junk(line: str) -> bool:
    bare = plain(line).rstrip(" \\")
    return not bare or bool(_JUNK.match(bare))
