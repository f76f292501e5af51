"""The time zones that a group can choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot import zones
from bot.errors import DataError
from bot.period import DEFAULT_ZONE
from bot.texts import Texts

if TYPE_CHECKING:
    from pathlib import Path

MOST = 20
"""So many fit on a page of buttons that an old reader can take in."""


def test_all_have_a_name_to_read_and_fit_a_page() -> None:
    texts = Texts.load()
    named = [texts(zone.key) for zone in zones.offered()]
    assert len(set(named)) == len(named)
    assert 12 <= len(named) <= MOST
    assert [key for key in texts.keys if key.startswith("zone-") and zones.of_id(key[5:]) is None] == []


def test_the_default_is_offered_first() -> None:
    assert zones.offered()[0].name == DEFAULT_ZONE


def test_finding() -> None:
    zone = zones.of_name("Asia/Taipei")
    assert zone is not None
    assert zones.of_id(zone.id) is zone
    assert zones.of_id("mars") is zones.of_name("Asia/Mars") is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no zone"),
        ('[[zone]]\nid = "Peking!"\nname = "Asia/Shanghai"', "no id"),
        ('[[zone]]\nid = "mars"\nname = "Asia/Mars"', "no time zone"),
        ('[[zone]]\nid = "up"\nname = "../../etc/passwd"', "no time zone"),
        ('[[zone]]\nid = "aa"\nname = "Asia/Tokyo"\n[[zone]]\nid = "bb"\nname = "Asia/Tokyo"', "twice"),
    ],
)
def test_a_broken_file_says_what_mends_it(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "zones.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        zones.load(file)
