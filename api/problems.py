"""Errors as `application/problem+json` (RFC 9457), in Vietnamese, without the data that caused them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from api.texts import page_text


class Problem(Exception):
    """A request that is refused. `key` names its title and detail in the catalogue."""

    def __init__(self, status: int, key: str, headers: Mapping[str, str] | None = None, **values: object) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.headers = dict(headers or {})
        self.values = values

    @property
    def title(self) -> str:
        """What went wrong, in a few words."""
        return page_text(f"problem_{self.key}")

    @property
    def detail(self) -> str:
        """What the reader can do about it."""
        return page_text(f"problem_{self.key}_detail", **self.values)


class ProblemBody(BaseModel):
    """The form of every error of the REST interface."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "status": 422,
                "title": "Câu hỏi chưa đúng dạng",
                "detail": "Câu hỏi dài quá 4.000 ký tự.",
                "code": "too_long",
            }
        }
    )

    type: str = Field(description="Luôn là about:blank; hãy phân biệt lỗi bằng code.")
    status: int = Field(description="Mã HTTP.")
    title: str = Field(description="Tên lỗi.")
    detail: str = Field(description="Điều cần sửa.")
    code: str = Field(description="Mã lỗi để chương trình phân biệt.")
    fields: dict[str, str] | None = Field(default=None, description="Lỗi của từng trường, nếu có.")


def problem_response(problem: Problem, fields: Mapping[str, str] | None = None) -> JSONResponse:
    """The problem as a response of the REST interface."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "status": problem.status,
        "title": problem.title,
        "detail": problem.detail,
        "code": problem.key,
    }
    if fields:
        body["fields"] = dict(fields)
    return JSONResponse(
        body, status_code=problem.status, headers=problem.headers, media_type="application/problem+json"
    )
