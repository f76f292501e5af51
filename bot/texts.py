"""The sentences that people read: Fluent messages in ``data/texts/<language>/*.ftl``.

No sentence stands in code. A key that does not exist, or an argument that a message wants and does not get,
is a :class:`~bot.errors.DataError`: tests find it before a reader does.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Self

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import ast

from bot.errors import DataError
from bot.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DEFAULT_LANGUAGE = "zh-Hans"


class Texts:
    """All messages of one language; ``texts("key", name=value)`` gives the sentence."""

    def __init__(self, language: str, sources: dict[str, str]) -> None:
        self.language = language
        # Isolation marks are for mixing right-to-left names in; here they would only be invisible clutter.
        self._bundle = FluentBundle([language], use_isolating=False)
        self._keys: set[str] = set()
        self._whole: dict[str, str] = {}
        for name, source in sources.items():
            self._add(name, source)

    @classmethod
    def load(cls, language: str = DEFAULT_LANGUAGE, root: Path = DATA / "texts") -> Self:
        """Read every file of a language."""
        files: Sequence[Path] = sorted((root / language).glob("*.ftl"))
        if not files:
            raise DataError(f"data/texts/{language}: no .ftl file; add the language or choose another")
        return cls(language, {file.name: file.read_text(encoding="utf-8") for file in files})

    @property
    def keys(self) -> frozenset[str]:
        """Every key of this language."""
        return frozenset(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __call__(self, key: str, /, **args: str | int) -> str:
        """Return a message filled in."""
        if not args:
            # The label of a button is asked for with every reply.
            return self._whole.get(key) or self._whole.setdefault(key, self._filled(key, args))
        return self._filled(key, args)

    def _filled(self, key: str, args: dict[str, str | int]) -> str:
        message = self._bundle.get_message(key) if key in self._keys else None
        if message is None or message.value is None:
            raise DataError(f"data/texts/{self.language}: no message {key!r}; add it")
        text, errors = self._bundle.format_pattern(message.value, args)
        if errors:
            raise DataError(f"data/texts/{self.language}: message {key!r}: {errors[0]}")
        return str(text)

    def _add(self, name: str, source: str) -> None:
        resource = FluentResource(source)
        for entry in resource.body:
            if isinstance(entry, ast.Junk):
                line = source.count("\n", 0, entry.span.start) + 1 if entry.span else 0
                raise DataError(f"data/texts/{self.language}/{name}:{line}: not Fluent: {(entry.content or '')[:40]!r}")
            if isinstance(entry, ast.Message):
                if entry.id.name in self._keys:
                    raise DataError(f"data/texts/{self.language}/{name}: {entry.id.name} is defined twice")
                self._keys.add(entry.id.name)
        self._bundle.add_resource(resource)


@cache
def language_names(root: Path = DATA / "texts") -> dict[str, str]:
    """Return the languages there are (folders of ``data/texts``) and what each calls itself."""
    found = sorted(folder.name for folder in root.iterdir() if any(folder.glob("*.ftl")))
    return {language: Texts.load(language, root)("language-name") for language in found}
