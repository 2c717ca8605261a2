"""The form a refusal takes: problem+json for programs, a page for people, a bubble for the chat's script."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.pages import render
from api.problems import Problem, problem_response
from api.texts import page_text
from index.artefact import ArtefactUnusable
from store.errors import StoreUnavailable

_PROGRAMS = ("/api/", "/telegram/", "/metrics", "/healthz", "/readyz")
_BY_STATUS = {401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method"}


def refuse(problem: Problem, request: Request) -> Response:
    """The response that tells this client of the problem."""
    if request.url.path.startswith(_PROGRAMS):
        return problem_response(problem)
    if request.headers.get("hx-request") == "true":
        return render(request, "problem_bubble.html", problem.status, problem.headers, problem=problem)
    return render(request, "problem.html", problem.status, problem.headers, problem=problem)


def add_error_handlers(app: FastAPI) -> None:
    """Every error leaves in one of our forms, none with the data that caused it."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return refuse(error, request)

    @app.exception_handler(ArtefactUnusable)
    async def _no_knowledge(request: Request, _error: Exception) -> Response:
        return refuse(Problem(503, "no_knowledge", {"Retry-After": "30"}), request)

    @app.exception_handler(StoreUnavailable)
    async def _no_database(request: Request, _error: Exception) -> Response:
        return refuse(Problem(503, "no_database", {"Retry-After": "10"}), request)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _validation_problem(error)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        key = _BY_STATUS.get(error.status_code, "malformed" if error.status_code == 400 else "invalid")
        return refuse(Problem(error.status_code, key, error.headers), request)


def _validation_problem(error: RequestValidationError) -> Response:
    details = error.errors()
    kinds = {detail["type"] for detail in details}
    at_body = any(tuple(detail["loc"]) == ("body",) for detail in details)
    if "json_invalid" in kinds or (at_body and kinds <= {"missing", "model_attributes_type", "dict_type"}):
        return problem_response(Problem(422, "malformed"))
    if "empty" in kinds:
        return problem_response(Problem(422, "empty"))
    by_field = {str(detail["loc"][-1]): detail for detail in details}
    text = by_field.get("text")
    if text is not None and text["type"] == "string_too_long":
        return problem_response(Problem(422, "too_long"))
    fields = {name: _say(detail["type"], detail.get("ctx", {})) for name, detail in by_field.items()}
    return problem_response(Problem(422, "invalid"), fields)


def _say(kind: str, context: dict[str, object]) -> str:
    if kind == "string_too_long":
        return page_text("field_too_long", limit=context.get("max_length"))
    keys = {"missing": "field_missing", "extra_forbidden": "field_unknown", "string_type": "field_string"}
    return page_text(keys.get(kind, "field_invalid"))
