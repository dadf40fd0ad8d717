"""`python -m paperkg` is the command `paperkg`."""

from __future__ import annotations

from paperkg.cli import main

if __name__ == "__main__":
    main()
