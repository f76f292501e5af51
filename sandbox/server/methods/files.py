"""getFile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.server import wire
from sandbox.server.errors import bad_request
from sandbox.server.methods import method

if TYPE_CHECKING:
    from sandbox.server.params import Params
    from sandbox.server.state import State

DOWNLOAD_LIMIT = 20 * 2**20


@method("getFile")
async def get_file(state: State, params: Params) -> dict[str, Any]:
    """Where to download a file."""
    file_id = params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = state.files.get(file_id)
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.data) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return wire.file(stored)
