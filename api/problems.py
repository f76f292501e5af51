"""Saying what is wrong with a request, as problem+json."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from api.shapes import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

PROBLEM = "application/problem+json"
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""Those that Python names differently from version to version."""
_PLACE = re.compile(r" - at `\$(.*)`$", re.DOTALL)
_NAMED = re.compile(r"(?:required|unknown) field `(.*)`$", re.DOTALL)


class ProblemError(Exception):
    """A request that is refused."""

    def __init__(
        self, status: int, detail: str, *, field: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.headers = headers

    def response(self) -> Response:
        """The answer that says so."""
        body = Problem(
            title=_TITLES.get(self.status) or HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
            field=self.field,
        )
        return Response(msgspec.json.encode(body), self.status, self.headers, PROBLEM)


def too_much(seconds: int, whose: str) -> ProblemError:
    """More was asked than may be; ``seconds`` later it may."""
    return ProblemError(429, f"{whose} asks too often: wait {seconds} s", headers={"Retry-After": str(seconds)})


def invalid(error: msgspec.ValidationError) -> ProblemError:
    """A body whose content breaks the rules; the message of msgspec names types and lengths, never a value."""
    said = str(error)
    place = _PLACE.search(said)
    path = place[1] if place else ""
    detail = said[: place.start()] if place else said
    if named := _NAMED.search(detail):
        path += f".{named[1]}"
    return ProblemError(422, detail, field=path.removeprefix(".") or None)
