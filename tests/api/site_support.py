"""A site over a real SQLite file, real knowledge and an engine that answers as told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import httpx
from fastapi import FastAPI

from api.app import create_app
from api.appointments.room import open_booking
from api.catalogue import Catalogue
from api.limiter import Limiter
from api.metrics import Metrics
from api.pipeline import Pipeline
from api.services import Services
from api.settings import Settings, load_settings
from bot.types import Assistant, Block, Candidate, Choice, Citation, Message, Outcome, Reply, State, Turn
from bot.votes import vote_of, voted, with_votes
from index.artefact import ArtefactUnusable
from index.aspects import Aspect
from store.clock import Clock, utc_now
from store.engine import open_engine

HOME = "http://127.0.0.1:8000"
CODE = "1.001193"
NAME = "Đăng ký khai sinh"


class EchoAssistant:
    """Puts the question into every part of its answer; asks back on "nào", breaks on "hỏng"."""

    knowledge_version = "v1"

    def __init__(self) -> None:
        self.asked: list[Message] = []

    def respond(self, state: State, message: Message) -> Turn:
        """One turn."""
        self.asked.append(message)
        vote = vote_of(message.choice or "")
        if vote is not None:
            return voted(vote, state, self.knowledge_version)
        if message.text == "hỏng":
            raise RuntimeError("the engine broke on 0912345678")
        reply = ask_back() if message.text == "nào" else answer(message.text or f"[{message.choice}]")
        asks = message.text == "nào"
        turn = Turn(
            state=state.model_copy(update={"offered": reply.choices}),
            reply=reply,
            outcome=Outcome.ASK_BACK if asks else Outcome.ANSWER,
            procedures=(Candidate(code=CODE, name=NAME, probability=0.93),),
            aspects=() if asks else (Aspect.DOCUMENTS,),
            score=0.93,
            knowledge_version=self.knowledge_version,
        )
        return with_votes(turn, message)


def answer(echo: str) -> Reply:
    """An answer of every kind of block."""
    return Reply(
        blocks=(
            Block(kind="title", text=NAME),
            Block(kind="text", text=f"Bà con hỏi: {echo}"),
            Block(kind="list", text="Hồ sơ cần có", items=("Tờ khai", f"Giấy chứng sinh {echo}"[:200])),
            Block(kind="note", text="Dữ liệu ngày 18/07/2026."),
        ),
        choices=(
            Choice(id=f"a:{CODE}:time", label="Thời hạn", code=CODE),
            Choice(id=f"a:{CODE}:fee", label=f"Phí {echo}"[:60], code=CODE),
        ),
        citations=(
            Citation(
                title=f"Cổng Dịch vụ công quốc gia – thủ tục {CODE}",
                url="https://dichvucong.gov.vn/1",
                date=date(2026, 7, 18),
            ),
        ),
    )


def ask_back() -> Reply:
    """A question with two variants, and sources to fold."""
    return Reply(
        blocks=(Block(kind="text", text="Bà con muốn hỏi việc nào dưới đây?"),),
        choices=(
            Choice(id=f"p:{CODE}", label=NAME, code=CODE),
            Choice(id="p:2.000635", label="Cấp bản sao trích lục hộ tịch", code="2.000635"),
        ),
        citations=(
            Citation(title="Nghị quyết 05-NQ/TU", section="I.2", date=date(2026, 4, 3)),
            Citation(title="Cổng", url="https://dichvucong.gov.vn/2", date=date(2026, 7, 18)),
        ),
    )


def make_services(
    settings: Settings, library: Catalogue | None, assistant: Assistant | None = None, clock: Clock = utc_now
) -> Services:
    """Services over a database of their own. Without `library` there is no knowledge yet."""
    metrics = Metrics()
    database = open_engine(settings.database)

    def catalogue() -> Catalogue:
        if library is None:
            raise ArtefactUnusable("nothing was built")
        return library

    pipeline = Pipeline(database, assistant or EchoAssistant(), metrics=metrics)
    booking = open_booking(settings, clock)
    return Services(database, pipeline, catalogue, metrics, Limiter(settings, metrics), booking, clock=clock)


def settings_in(folder: Path, **changes: str) -> Settings:
    """Settings of a site whose data lie in `folder`."""
    environ = {"BANHOI_DATA_DIR": str(folder)} | {f"BANHOI_{key.upper()}": value for key, value in changes.items()}
    return load_settings(environ)


@asynccontextmanager
async def running(app: FastAPI, base_url: str = HOME) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a started application; it keeps cookies and follows no redirects."""
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 40000))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=base_url) as client,
    ):
        yield client


class Site:
    """One started site and its parts."""

    def __init__(self, settings: Settings, services: Services, app: FastAPI, client: httpx.AsyncClient) -> None:
        self.settings = settings
        self.services = services
        self.app = app
        self.client = client

    def count(self, name: str, **labels: str) -> float:
        """The value of a metric; 0 while it was never counted."""
        return self.services.metrics.registry.get_sample_value(name, labels) or 0.0


@asynccontextmanager
async def open_site(
    folder: Path,
    library: Catalogue | None,
    assistant: Assistant | None = None,
    base_url: str = HOME,
    **changes: str,
) -> AsyncIterator[Site]:
    """A site with these settings, started and stopped."""
    settings = settings_in(folder, **changes)
    services = make_services(settings, library, assistant)
    app = create_app(settings, services)
    async with running(app, base_url) as client:
        yield Site(settings, services, app, client)
