"""Writes src/paperkg/doctor/shipped.tsv: the weights and tables of the package with their hashes."""

from __future__ import annotations

import hashlib
import sys

from paperkg.doctor.installation import shipped_files


def shipped() -> str:
    """The text of the table."""
    return "".join(
        f"{name}\t{hashlib.sha256(file.read_bytes()).hexdigest()}\n" for name, file in shipped_files()
    )


if __name__ == "__main__":
    sys.stdout.write(shipped())
