"""``python -m handlers`` is the same as ``zhendema``."""

from __future__ import annotations

import sys

from handlers.cli import main

if __name__ == "__main__":
    sys.exit(main())
