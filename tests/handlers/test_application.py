from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handlers.desk import App
    from sandbox.server import User

pytest_plugins = ["talk_fixtures"]


async def test_nothing_is_kept_of_who_wrote(app: App, wang: User) -> None:
    await wang.ask("您好，请问您是张先生吗？您的快递已到，请到楼下驿站领取，取件码见短信。")
    assert app._chat_ids_to_be_updated_in_persistence == set()
    assert app._user_ids_to_be_updated_in_persistence == set()
    assert not app.chat_data
    assert not app.user_data
