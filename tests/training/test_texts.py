"""The texts of annotated papers are found by arXiv id or by the annotation's own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from click.testing import CliRunner

from paperkg.training.texts import main


def test_texts_come_in_the_order_of_the_annotation(tmp_path: Path) -> None:
    gold, plain, packed, out = (tmp_path / n for n in ("gold.jsonl", "a.jsonl", "b.jsonl.gz", "out.jsonl"))
    gold.write_text('{"pid": "T1", "arxiv": "2501.00001"}\n{"pid": "2501.00002"}\n{"pid": "gone"}\n')
    plain.write_text('{"id": "2501.00002", "title": "B", "abstract": "b\\n c"}\n{"id": "other"}\n')
    packed.write_bytes(gzip.compress(b'{"id": "2501.00001", "title": "A", "abstract": "a"}\n'))
    done = CliRunner().invoke(main, [str(gold), str(plain), str(packed), "--out", str(out)])
    assert done.output == "2 of 3 papers written, 1 not found\n"
    assert [json.loads(line) for line in out.read_text().splitlines()] == [
        {"id": "T1", "title": "A", "abstract": "a"},
        {"id": "2501.00002", "title": "B", "abstract": "b c"},
    ]
