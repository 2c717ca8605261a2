# ruff: noqa: F811 - fixtures are imported by name
"""Labels of messages: taken at the door, kept in the log, gone from the inbox; a broken labeller breaks no turn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from api.labelling import Labelling
from api.metrics import Metrics
from api.pipeline import Pipeline
from feed import questions
from feed.labels import Classifier, load_classifier
from feed.labels.types import Labels
from feed.questions import Question
from index.artefact import ArtefactUnusable
from index.library import Library
from store import inbox
from store.engine import read, write
from store.erasure import erase
from store.tables import inbox as inbox_table
from tests.api.pipeline_support import START, FakeAssistant, FakeClock, incoming, rows
from tests.store.databases import backend, database_url, engine, postgres, sqlite_template  # noqa: F401

ANGRY = "Cán bộ xã Lộc Ninh hách dịch quá, hành dân đi lại năm lần bảy lượt vẫn chưa xong!"


class Broken(Classifier):
    """A classifier whose every answer is an error."""

    def __init__(self) -> None:
        """Needs no model."""

    def label(self, text: str) -> Labels:
        raise ZeroDivisionError(text)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def pipeline(engine: AsyncEngine, library: Library, metrics: Metrics) -> Pipeline:
    return Pipeline(engine, FakeAssistant(), FakeClock(), labelling=Labelling(lambda: library, metrics))


async def _logged(engine: AsyncEngine) -> Question:
    async with read(engine) as connection:
        return (await questions.latest(connection, 1))[0].question


async def test_the_log_holds_labels_place_and_field(pipeline: Pipeline, engine: AsyncEngine, library: Library) -> None:
    await pipeline.ask(incoming(ANGRY, channel="web"))
    question = await _logged(engine)
    assert (question.kind, question.sentiment, question.flags) == ("complaint", "negative", ())
    assert question.labelled_by == load_classifier().version
    assert question.kind_confidence is not None
    assert 0 < question.kind_confidence <= 1
    procedure = library.knowledge.procedure("1.001193")
    assert question.field == (procedure.field if procedure else None)
    assert "Xã Lộc Ninh" in library.knowledge.offices[question.commune_id or ""].former_names


async def test_labels_wait_in_the_inbox_and_leave_it_with_the_turn(pipeline: Pipeline, engine: AsyncEngine) -> None:
    receipt = await pipeline.receive(incoming("con em muon chet, cuu em voi"))
    ((waiting,),) = await rows(engine, inbox_table, "labels")
    assert "self_harm" in waiting["flags"]
    await pipeline.handle(receipt.inbox_id)
    assert await rows(engine, inbox_table, "labels") == [(None,)]
    assert "self_harm" in ((await _logged(engine)).flags or ())


async def test_what_redaction_takes_out_is_seen_before(pipeline: Pipeline, engine: AsyncEngine) -> None:
    await pipeline.ask(incoming("nhà tôi ở số 12 đường Lê Duẩn, xã Lộc Ninh, đường ngập hết", channel="web"))
    question = await _logged(engine)
    assert question.commune_id is not None


async def test_labels_that_wait_go_when_the_citizen_deletes_everything(
    pipeline: Pipeline, engine: AsyncEngine
) -> None:
    await pipeline.receive(incoming(ANGRY, 1))
    later = await pipeline.receive(incoming("/xoadulieu", 2))
    async with write(engine) as connection:
        message = await inbox.load(connection, later.inbox_id)
        assert message is not None
        assert message.conversation_id is not None
        await erase(connection, message.conversation_id, message.id, START)
    assert await rows(engine, inbox_table, "labels") == [(None,), (None,)]


@pytest.mark.parametrize("text", ["/start", "  /xoadulieu", "   "])
async def test_commands_and_empty_messages_say_nothing(pipeline: Pipeline, engine: AsyncEngine, text: str) -> None:
    await pipeline.ask(incoming(text, channel="web"))
    question = await _logged(engine)
    assert (question.kind, question.flags, question.labelled_by) == (None, None, None)


async def test_taps_get_no_labels_but_the_field(pipeline: Pipeline, engine: AsyncEngine) -> None:
    await pipeline.ask(replace(incoming("", channel="web"), choice="proc:1.001193"))
    question = await _logged(engine)
    assert (question.kind, question.labelled_by) == (None, None)


async def test_a_broken_classifier_breaks_no_turn(
    engine: AsyncEngine, library: Library, metrics: Metrics
) -> None:
    labelling = Labelling(lambda: library, metrics, Broken())
    pipeline = Pipeline(engine, FakeAssistant(), FakeClock(), labelling=labelling)
    with capture_logs() as logs:
        answered = await pipeline.ask(incoming(ANGRY, channel="web"))
    assert answered.turn.reply.text.endswith(ANGRY)
    question = await _logged(engine)
    assert question.kind is None
    assert question.commune_id is not None
    assert metrics.registry.get_sample_value("banhoi_labels_failed_total", {"part": "labels"}) == 1
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["labelling_failed"]


async def test_without_knowledge_there_are_labels_but_no_place(engine: AsyncEngine, metrics: Metrics) -> None:
    def none_yet() -> Library:
        raise ArtefactUnusable("nowhere")

    pipeline = Pipeline(engine, FakeAssistant(), FakeClock(), labelling=Labelling(none_yet, metrics))
    await pipeline.ask(incoming(ANGRY, channel="web"))
    question = await _logged(engine)
    assert (question.kind, question.commune_id, question.field) == ("complaint", None, None)
    assert metrics.registry.get_sample_value("banhoi_labels_failed_total", {"part": "place"}) is None


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("con nguoi chet trong so thi xoa the nao", False),
        ("may cau ca dao ve lua nuoc", False),
        ("tui khong muon song nua, chi muon uong thuoc sau tu tu cho xong", True),
    ],
)
async def test_a_citizen_is_answered_by_sure_flags_only(text: str, sure: bool) -> None:
    assert bool(load_classifier().label(text).sure) is sure
