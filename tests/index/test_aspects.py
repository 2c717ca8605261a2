"""Which aspects a message asks for, and which of its words are left to name the matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import given

import index.aspects
from index.aspects import Aspect, find_aspects, matter
from index.library import Library
from index.query import Query
from index.restore import Restorer
from index.text import fold, tokens
from tests.index.support import SMALL_RESTORER, any_message
from tests.index.support import query as asked

Table = Mapping[str, Mapping[str, Sequence[str]]]
TABLE: Table = yaml.safe_load(
    (Path(index.aspects.__file__).parent / "data" / "aspects.yaml").read_text(encoding="utf-8")
)
OWN: Mapping[str, Sequence[str]] = yaml.safe_load(
    (Path(__file__).parent / "sentences" / "aspects.yaml").read_text(encoding="utf-8")
)
"""Questions of our own with the matter in their midst, by the aspect they ask for."""
GAPPED = [aspect for aspect, kinds in TABLE.items() if "gaps" in kinds]
STRONG = [(aspect, text) for aspect, kinds in TABLE.items() for text in kinds.get("ask", ())]
LEAST = 0.75
"""Share of our own questions that any good table reads rightly; the frames are rules of thumb."""
LEAST_UNACCENTED = 0.7


def found(text: str, restorer: Restorer = SMALL_RESTORER) -> tuple[Aspect, ...]:
    return find_aspects(asked(text, restorer)).aspects


def left(query: Query, keep: Sequence[bool]) -> str:
    return " ".join(word for word, kept in zip(query.words, keep, strict=True) if kept)


def test_every_table_is_about_an_aspect() -> None:
    assert {Aspect(name) for name in TABLE} == set(Aspect)


@pytest.mark.parametrize(("aspect", "text"), STRONG)
def test_every_phrase_asks_for_its_aspect_and_names_no_matter(aspect: str, text: str) -> None:
    query = asked(f"xyz {text} xyz")
    told = find_aspects(query)
    assert told.aspects == (Aspect(aspect),)
    assert left(query, told.keep) == "xyz xyz"


def test_no_phrase_stands_under_two_aspects() -> None:
    strengths = ("ask", "mention", "how", "weak")
    listed = [" ".join(tokens(text)) for kinds in TABLE.values() for name in strengths for text in kinds.get(name, ())]
    assert [text for text, count in Counter(listed).items() if count > 1] == []


@pytest.mark.parametrize("aspect", [*GAPPED, "validity"])
def test_there_are_enough_sentences_for_every_frame(aspect: str) -> None:
    assert len(set(OWN[aspect])) == len(OWN[aspect])
    assert len(OWN[aspect]) >= (40 if aspect in GAPPED else 25)


def right(aspect: str, text: str, library: Library) -> bool:
    """Whether the aspect is read from a question; how long a paper holds may count as result or as time."""
    wanted = {Aspect.RESULT, Aspect.TIME} if aspect == "validity" else {Aspect(aspect)}
    return bool(wanted & set(find_aspects(library.analyse(text)).aspects))


@pytest.mark.parametrize("aspect", list(OWN))
def test_questions_with_the_matter_in_their_midst(shipped_library: Library, aspect: str) -> None:
    missed = [text for text in OWN[aspect] if not right(aspect, text, shipped_library)]
    assert len(missed) <= (1 - LEAST) * len(OWN[aspect]), missed


def test_most_of_them_are_read_without_diacritics_too(shipped_library: Library) -> None:
    texts = [(aspect, text) for aspect, texts in OWN.items() for text in texts]
    missed = [text for aspect, text in texts if not right(aspect, fold(text), shipped_library)]
    assert len(missed) <= (1 - LEAST_UNACCENTED) * len(texts), missed


@pytest.mark.parametrize("aspect", GAPPED)
def test_a_frame_takes_nothing_off_the_question(shipped_library: Library, aspect: str) -> None:
    queries = [shipped_library.analyse(text) for text in OWN[aspect]]
    framed = [query for query in queries if all(find_aspects(query).keep) and find_aspects(query).aspects]
    assert framed
    assert all(matter(query).content == query.content for query in framed)


@pytest.mark.parametrize(
    "text",
    ["đăng ký kết hôn", "mẹ tôi bán cá ngoài chợ", "xin nhập hộ khẩu cho vợ", "chào cán bộ", "con tôi mới sinh"],
)
def test_a_matter_alone_asks_for_nothing(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("đăng ký kết hôn mất bao lâu và lệ phí bao nhiêu", (Aspect.TIME, Aspect.FEE)),
        ("nộp ở đâu, cần giấy tờ gì", (Aspect.PLACE, Aspect.DOCUMENTS)),
        ("hồ sơ nộp ở đâu", (Aspect.PLACE,)),
        ("lệ phí thế nào, thì làm sao", (Aspect.FEE,)),
        ("hồ sơ, thì làm sao", (Aspect.DOCUMENTS,)),
        ("cần giấy tờ gì, có được không", (Aspect.DOCUMENTS,)),
        ("lệ phí lệ phí bao nhiêu", (Aspect.FEE,)),
    ],
)
def test_of_all_that_is_found_the_strongest_counts(text: str, aspects: tuple[Aspect, ...]) -> None:
    assert found(text) == aspects


def test_asked_in_general_it_is_said_to_be_so() -> None:
    general, plain = find_aspects(asked("khai sinh thì làm sao")), find_aspects(asked("khai sinh cần giấy tờ gì"))
    assert (general.aspects, general.general) == ((Aspect.DOCUMENTS,), True)
    assert (plain.aspects, plain.general) == ((Aspect.DOCUMENTS,), False)


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("làm khai sinh ở mô", Aspect.PLACE),
        ("mần khai sinh ở mô", Aspect.PLACE),
        ("khai sinh cần giấy tờ chi", Aspect.DOCUMENTS),
        ("khai sinh thì mần răng", Aspect.DOCUMENTS),
        ("khai sinh lệ phí răng", Aspect.FEE),
        ("khai sinh nộp chỗ mô", Aspect.PLACE),
    ],
)
def test_the_dialect_of_the_centre_asks_the_same(text: str, aspect: Aspect) -> None:
    assert found(text) == (aspect,)


def test_the_matter_is_what_is_left() -> None:
    assert matter(asked("làm giấy khai sinh cần giấy tờ gì")).content == ("làm", "giấy", "khai", "sinh")


def test_a_mention_is_given_back_where_nothing_else_is_left() -> None:
    query = asked("lệ phí")
    assert matter(query).content == query.content
    told = find_aspects(query)
    assert (left(query, told.keep), left(query, told.keep_mentions)) == ("", "lệ phí")


@given(any_message)
def test_whatever_is_asked_keeps_its_words_together(text: str) -> None:
    query = asked(text)
    told = find_aspects(query)
    assert len(told.keep) == len(told.keep_mentions) == len(query.words)
    assert all(mention or not kept for kept, mention in zip(told.keep, told.keep_mentions, strict=True))
    assert len(set(told.aspects)) == len(told.aspects)
    kept = matter(query)
    assert bool(kept.content) == bool(query.content)
    assert set(kept.content) <= set(query.words)
