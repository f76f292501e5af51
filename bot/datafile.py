"""Reads TOML data files, with errors that name the file and the place."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from bot.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


def read_toml(path: Path) -> dict[str, Any]:
    """The TOML file at ``path``.

    Raises:
        DataError: It cannot be read or is no TOML; the message names file and line.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        why = error.strerror or "unreadable"
        raise DataError(f"{path.name}: cannot be read ({why}); it belongs to the package, install it again") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name}: not valid TOML: {error}; mend that line") from None
    except RecursionError:
        raise DataError(f"{path.name}: brackets nested too deeply; write it flatter") from None
