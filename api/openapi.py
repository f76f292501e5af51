"""The OpenAPI document, made from the types of :mod:`api.shapes`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from api.problems import PROBLEM
from api.shapes import Answers, Batch, Check, Forget, Forgotten, Health, Problem
from bot import __version__
from bot.contract import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

_REF = "#/components/schemas/{name}"
_REFUSALS = {
    "400": "The body is no JSON",
    "401": "No key, or not one of ours",
    "408": "The body took too long",
    "413": "The body is too large",
    "415": "The body does not say that it is JSON",
    "422": "The content breaks the rules; `field` says where",
    "429": "Too often; `Retry-After` says in how many seconds again",
    "503": "The database does not answer; try again",
}
_EXAMPLE = "[ICBC] Your e-banking expires today, log in at icbc-gx8.top"


class _Operation(NamedTuple):
    id: str
    summary: str
    takes: type
    gives: type
    example: dict[str, object]


POSTS = {
    "/v1/check": _Operation(
        "check", "Judge one SMS", Check, Answer, {"text": _EXAMPLE, "sender": "10690001234", "id": "m-17"}
    ),
    "/v1/checks": _Operation(
        "checks", "Judge up to 100 SMS; nothing is recorded", Batch, Answers, {"items": [{"text": _EXAMPLE}]}
    ),
    "/v1/forget": _Operation("forget", "Take a user of yours out of the record", Forget, Forgotten, {"user": "u-42"}),
}


@cache
def document() -> Mapping[str, Any]:
    """The document; do not change it."""
    shapes = (Check, Batch, Forget, Answer, Answers, Forgotten, Health, Problem)
    _, schemas = msgspec.json.schema_components(shapes, ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "zhendema",
            "version": __version__,
            "description": "Is this SMS real? The verdict that the chat gives, for other programs.",
            "license": {"name": "MIT"},
        },
        "paths": {
            **{path: {"post": _post(operation)} for path, operation in POSTS.items()},
            "/v1/health": {
                "get": {
                    "operationId": "health",
                    "summary": "Whether texts are judged now",
                    "security": [],
                    "responses": {"200": _response("Yes", Health), "503": _response("No", Problem, PROBLEM)},
                }
            },
            "/v1/openapi.json": {
                "get": {
                    "operationId": "openapi",
                    "summary": "This document",
                    "security": [],
                    "responses": {
                        "200": {
                            "description": "This document",
                            "content": {"application/json": {"schema": {"type": "object"}}},
                        }
                    },
                }
            },
        },
        "security": [{"key": []}],
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _post(operation: _Operation) -> dict[str, Any]:
    content = {"application/json": {"schema": _schema(operation.takes), "example": operation.example}}
    return {
        "operationId": operation.id,
        "summary": operation.summary,
        "requestBody": {"required": True, "content": content},
        "responses": {
            "200": _response("Done", operation.gives),
            **{status: _response(said, Problem, PROBLEM) for status, said in _REFUSALS.items()},
        },
    }


def _schema(shape: type) -> dict[str, str]:
    return {"$ref": _REF.format(name=shape.__name__)}


def _response(said: str, shape: type, kind: str = "application/json") -> dict[str, Any]:
    return {"description": said, "content": {kind: {"schema": _schema(shape)}}}
