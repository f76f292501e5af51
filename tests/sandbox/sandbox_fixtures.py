"""The fixtures of these tests, as a plugin: a second ``conftest`` would be one module name too many for mypy."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sandbox_driving import AnyApplication, Api, make_application, polling

from sandbox.server import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as server:
        yield server


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Api]:
    async with httpx.AsyncClient(trust_env=False, timeout=10, verify=False) as client:
        yield Api(sandbox, client)


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[AnyApplication]:
    async with polling(make_application(sandbox)) as application:
        yield application
