"""How a group's record looks in a spreadsheet: Chinese headings and names, times in the group's zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reply.stats import LEVELS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.institutions import Directory
    from bot.reply.knows import Knows
    from bot.service.group_types import ExportRow
    from bot.texts import Texts

_COLUMNS = (
    "export-column-at",
    "export-column-kind",
    "export-column-level",
    "export-column-category",
    "export-column-institution",
    "export-column-admin",
    "export-column-standing",
    "export-column-text",
    "export-column-domains",
    "export-column-numbers",
)
_KINDS = {
    "check": "export-kind-check",
    "report": "export-kind-report",
    "correction": "export-kind-correction",
    "undo": "export-kind-undo",
    "complaint": "export-kind-complaint",
}
_SEPARATOR = " "


class ExportTable:
    """The table of one group. Names that nobody knows any more stay what they are in the record."""

    def __init__(self, texts: Texts, knowledge: Knows, directory: Directory, zone: ZoneInfo) -> None:
        self.header = tuple(texts(key, zone=zone.key) for key in _COLUMNS)
        self._kinds = {kind: texts(key) for kind, key in _KINDS.items()}
        self._levels = {level.value: texts(key) for level, key in LEVELS.items()}
        self._said = {True: texts("export-yes"), False: texts("export-no")}
        self._categories = {key: category.name for key, category in knowledge.categories.items()}
        self._directory, self._zone = directory, zone

    def cells(self, row: ExportRow) -> tuple[str, ...]:
        """The cells of a row."""
        return (
            f"{row.at.astimezone(self._zone):%Y-%m-%d %H:%M:%S}",
            self._kinds.get(row.kind, row.kind),
            self._levels.get(row.level or "", row.level or ""),
            self._categories.get(row.category or "", row.category or ""),
            self._institution(row.institution),
            self._said[row.by_admin],
            self._said[row.standing],
            row.text or "",
            _SEPARATOR.join(row.domains),
            _SEPARATOR.join(row.numbers),
        )

    def _institution(self, key: str | None) -> str:
        if key is None:
            return ""
        return self._directory.get(key).name if key in self._directory else key
