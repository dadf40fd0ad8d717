"""What of a processor decides how the network's sums are rounded; run as a script it prints the line that is committed.

The committed graph is equal byte for byte on processors with the same instructions. On others the last digits of the
network's scores may differ, and with them an edge that stood on the threshold.
"""

from __future__ import annotations

import platform
from pathlib import Path

KNOWN = Path(__file__).with_name("golden_processor.txt")
_DECISIVE = (
    "fma",
    "avx2",
    "avx_vnni",
    "avx512f",
    "avx512bw",
    "avx512vl",
    "avx512_vnni",
    "amx_int8",
    "asimddp",
    "i8mm",
    "sve",
)


def instructions() -> str:
    """The machine's architecture and those of its instructions for vectors that matter."""
    info = Path("/proc/cpuinfo")
    text = info.read_text("utf-8") if info.exists() else ""
    line = next((x for x in text.splitlines() if x.lower().startswith(("flags", "features"))), "")
    have = set(line.split())
    return " ".join([platform.machine(), *(name for name in _DECISIVE if name in have)])


def is_the_committed_one() -> bool:
    """Whether the committed graph was built on a processor of this kind."""
    return instructions() == KNOWN.read_text("utf-8").strip()


if __name__ == "__main__":
    print(instructions())
