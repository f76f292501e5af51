"""Where the data files are.

Found relative to this package, since a top-level ``data`` can be shadowed by another one on ``sys.path``.
"""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
