"""What goes in and out of the REST interface, with examples; `banhoi ask --json` prints the same."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.texts import page_text
from bot.types import Outcome, Turn
from index.aspects import Aspect

LONGEST_TEXT = 4000
_EXAMPLES: dict[str, Any] = {
    "first": {
        "summary": page_text("api_example_first"),
        "value": {"text": "lam giay khai sinh cho con can nhung giay to gi"},
    },
    "next": {
        "summary": page_text("api_example_next"),
        "value": {"text": "lệ phí bao nhiêu?", "conversation_id": "q1n5Zr0mYt8mJc2vXw7k9A"},
    },
    "choice": {
        "summary": page_text("api_example_choice"),
        "value": {"choice": "a:1.001193:time", "conversation_id": "q1n5Zr0mYt8mJc2vXw7k9A"},
    },
}
ASK_EXAMPLES = _EXAMPLES


class AskRequest(BaseModel):
    """One message of a citizen: words, or a choice that was tapped."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)] = Field(
        default="", description="Lời của người dân, tối đa 4.000 ký tự, có dấu hay không dấu."
    )
    conversation_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")] | None = Field(
        default=None, description="Mã máy chủ đã cấp ở câu trước; bỏ trống để bắt đầu cuộc mới."
    )
    choice: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,60}$")] | None = Field(
        default=None, description="id của lựa chọn được bấm, thay cho text."
    )

    @model_validator(mode="after")
    def _says_something(self) -> AskRequest:
        if not self.text.strip() and self.choice is None:
            raise PydanticCustomError("empty", "empty")
        return self


class ProcedureGuess(BaseModel):
    """A procedure with the probability that it is the one meant."""

    code: str = Field(examples=["1.001193"])
    name: str = Field(examples=["Đăng ký khai sinh"])
    probability: float = Field(ge=0, le=1, examples=[0.97])


class ChoiceOut(BaseModel):
    """Something that may be tapped next."""

    id: str = Field(examples=["a:1.001193:time"])
    label: str = Field(examples=["Thời hạn"])
    code: str | None = Field(default=None, examples=["1.001193"])


class CitationOut(BaseModel):
    """Where the answer comes from, and as of when."""

    title: str = Field(examples=["Cổng Dịch vụ công quốc gia – thủ tục 1.001193"])
    section: str | None = None
    url: str | None = None
    date: date


class LinkOut(BaseModel):
    """Something to open, such as the ticket of an appointment."""

    label: str = Field(examples=["Mở phiếu hẹn có mã QR"])
    url: str


class AskResponse(BaseModel):
    """The answer to one message."""

    conversation_id: str
    outcome: Outcome
    procedures: list[ProcedureGuess]
    aspects: list[Aspect]
    text: str
    choices: list[ChoiceOut]
    citations: list[CitationOut]
    links: list[LinkOut]
    knowledge_version: str
    latency_ms: float

    @classmethod
    def of(cls, conversation_id: str, turn: Turn, latency_ms: float) -> AskResponse:
        """The response that says what the turn says."""
        return cls(
            conversation_id=conversation_id,
            outcome=turn.outcome,
            procedures=[ProcedureGuess(**item.model_dump()) for item in turn.procedures],
            aspects=list(turn.aspects),
            text=turn.reply.text,
            choices=[ChoiceOut(**item.model_dump()) for item in turn.reply.choices],
            citations=[CitationOut(**item.model_dump()) for item in turn.reply.citations],
            links=[LinkOut(**item.model_dump()) for item in turn.reply.links],
            knowledge_version=turn.knowledge_version,
            latency_ms=round(latency_ms, 1),
        )


class ProcedureHits(BaseModel):
    """Procedures found, best first."""

    query: str
    procedures: list[ProcedureGuess]
    knowledge_version: str
