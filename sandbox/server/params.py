"""The parameters of a call, however they came: query, form, JSON or multipart."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile

from sandbox.server.errors import bad_request

if TYPE_CHECKING:
    from starlette.requests import Request


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    data: bytes
    mime_type: str | None


class Params:
    """Typed access to the parameters; a value of the wrong type is the caller's 400."""

    def __init__(self, values: dict[str, Any], files: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.files = files or {}

    @classmethod
    async def of(cls, request: Request) -> Params:
        """Read a request."""
        values: dict[str, Any] = dict(request.query_params)
        files: dict[str, Upload] = {}
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            body = await request.body()
            try:
                given = json.loads(body or b"{}")
            except ValueError:
                raise bad_request("can't parse JSON object") from None
            if not isinstance(given, dict):
                raise bad_request("can't parse JSON object")
            values |= given
        elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
            async with request.form(max_part_size=64 * 2**20) as form:
                for key, value in form.multi_items():
                    if isinstance(value, UploadFile):
                        files[key] = Upload(value.filename or key, await value.read(), value.content_type)
                    else:
                        values[key] = value
        return cls(values, files)

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.values.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def maybe(self, name: str) -> str | None:
        """A string, or None where it is missing or empty."""
        return self.text(name) or None

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number."""
        value = self.values.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise bad_request(f"invalid {name} specified") from None

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A truth value."""
        value = self.values.get(name)
        if value is None:
            return default
        return str(value).lower() in {"true", "yes", "1"}

    def json(self, name: str) -> Any:  # noqa: ANN401 - JSON is anything
        """A JSON value, given as such or as a string; None where it is missing."""
        value = self.values.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                return json.loads(value)
            except ValueError:
                raise bad_request(f"can't parse {name} JSON object") from None
        return value

    def array(self, name: str) -> list[Any] | None:
        """A JSON array; None where it is missing."""
        value = self.json(name)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"can't parse {name}: Array expected")
        return value

    def upload(self, name: str) -> Upload | str | None:
        """A file: its bytes, or the file id or address that was given instead."""
        if name in self.files:
            return self.files[name]
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            attached = self.files.get(value.removeprefix("attach://"))
            if attached is None:
                raise bad_request(f"can't find attached file {value}")
            return attached
        return value if isinstance(value, str) else None
