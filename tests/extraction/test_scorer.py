import io

import numpy as np
import pytest

from paperkg.extraction import scorer
from paperkg.extraction.decide import CLASSES
from paperkg.extraction.scorer import Scorer, dump_scorer, load_scorer, softmax
from paperkg.model import RELATIONS


def make(rows=None):
    weights = np.array([[1.0, -1.0], [0.5, 0.0]], np.float32)
    return Scorer(("a", "b"), rows or {"f": 0, "g": 1}, weights, np.array([0.0, 0.5]))


def test_unknown_and_repeated_features_do_not_count():
    assert make().logits(["f", "f", "x"]).tolist() == [1.0, -0.5]


def test_probabilities_sum_to_one():
    assert make().probabilities(["f", "g"]).sum() == pytest.approx(1)
    assert softmax(np.array([1000.0, 0.0])).tolist() == [1.0, 0.0]


def test_a_model_comes_back_from_its_bytes(monkeypatch):
    data = dump_scorer(make())
    assert data == dump_scorer(make())

    class Folder:
        def joinpath(self, *parts):
            return self

        def read_bytes(self):
            return data

    monkeypatch.setattr(scorer.resources, "files", lambda package: Folder())
    back = load_scorer("x")
    assert back.classes == ("a", "b")
    assert back.logits(["f", "g"]) == pytest.approx(make().logits(["f", "g"]), abs=0.02)
    assert io.BytesIO(data).read(2) == b"PK"


def test_line_breaks_in_feature_names_are_refused():
    with pytest.raises(ValueError, match="line break"):
        dump_scorer(make({"f\n": 0, "g": 1}))


def test_the_shipped_models_have_the_classes_that_the_code_expects():
    assert load_scorer("entities").classes == CLASSES
    assert load_scorer("roles").classes == RELATIONS
