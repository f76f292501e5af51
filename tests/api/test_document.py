"""schemathesis against the running API: whatever the document allows is answered as it says, all else is refused."""

from __future__ import annotations

import asyncio
import re
import sys
from typing import TYPE_CHECKING

from api_driving import KEY, serving
from web_driving import HOST

from api.keys import Allowance

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,positive_data_acceptance,missing_required_header,"
    "unsupported_method,ignored_auth"
)
SEED, EXAMPLES = "20261124", "6"


async def _examined(tmp_path: Path, knowledge: Knowledge) -> tuple[int | None, str]:
    """The status and what was said."""
    async with serving(tmp_path, knowledge, Allowance(per_second=1e9, burst=10**9)) as api:
        url = f"http://{HOST}:{api.port}/v1/openapi.json"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()",
            "run", url, "--header", f"Authorization: Bearer {KEY}", "--checks", CHECKS,
            "--seed", SEED, "--max-examples", EXAMPLES, "--phases", "examples,coverage,fuzzing", "--no-color",
            cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_the_api_keeps_to_its_document(tmp_path: Path, knowledge: Knowledge) -> None:
    status, report = await _examined(tmp_path, knowledge)
    if "Network Error" in report:
        # What is refused unread is refused before its body came: a busy machine may then see the connection cut.
        status, report = await _examined(tmp_path, knowledge)
    assert status == 0, report
    counted = re.search(r"(\d+) generated, (\d+) passed", report)
    assert counted, report
    assert counted[1] == counted[2]
    assert int(counted[1]) > 100
