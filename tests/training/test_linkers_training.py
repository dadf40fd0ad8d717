import pytest
from click.testing import CliRunner

from paperkg.extraction.located import LocatedEntity
from paperkg.extraction.marked import mark
from paperkg.training.linkers import Example, as_found, fit_relations, fit_slots, locate, main, outcomes

TEXT = "BarNet\n\nWe propose BarNet, built on GPT-4. BarNet reaches an accuracy of 95.3% on FooBench."
SENTENCES = [(0, 8), (8, 42), (42, len(TEXT))]
GOLD = {
    "pid": "1",
    "entities": [
        {"name": name, "type": type_, "layer": "named", "relation": relation, "surfaces": [name]}
        for name, type_, relation in (
            ("BarNet", "Model", "introduces"),
            ("GPT-4", "Model", "uses"),
            ("accuracy", "Metric", "evaluates_with"),
            ("FooBench", "Benchmark", "evaluates_on"),
        )
    ],
    "results": [
        {"system": "BarNet", "on": "FooBench", "metric": "accuracy", "value": "95.3%", "kind": "absolute"}
    ],
    "entity_relations": [["BarNet", "based_on", "GPT-4"]],
}


def example(**changes):
    gold = {**GOLD, **changes}
    entities = locate(TEXT, gold["entities"])
    return Example(gold, TEXT, SENTENCES, entities, mark(TEXT, SENTENCES, entities))


def test_annotated_results_are_found_in_the_text():
    assert list(outcomes(example()).values()) == GOLD["results"]


def test_found_entities_take_the_place_of_annotated_ones():
    start = TEXT.index("GPT-4")
    found = [
        LocatedEntity("barnet", "Method", True, "introduces", 0.9, ((0, 6),)),
        LocatedEntity("gpt-4", "Model", True, "uses", 0.9, ((start, start + 5),)),
        LocatedEntity("nothing", "Task", False, "uses", 0.9, ((8, 10),)),
    ]
    assert as_found(example(), found).gold["entity_relations"] == [["barnet", "based_on", "gpt-4"]]
    assert as_found(example(), found[:1]).gold["entity_relations"] == []


def test_models_are_the_same_in_every_fit():
    examples = [example() for _ in range(4)]
    for fit in (fit_slots, fit_relations):
        first, second = fit(examples), fit(examples)
        assert first.rows == second.rows
        assert (first.weights == second.weights).all()


def test_each_gold_file_needs_its_papers(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text("")
    result = CliRunner().invoke(main, ["--gold", str(path), "--gold", str(path), "--papers", str(path)])
    assert result.exit_code == 2
    assert "each --gold needs its --papers" in result.output


@pytest.mark.parametrize("surface", ["", "(", "BarNet"])
def test_surfaces_are_no_patterns(surface):
    annotated = [{**GOLD["entities"][0], "surfaces": [surface]}]
    assert all(TEXT[slice(*span)] == surface for e in locate(TEXT, annotated) for span in e.spans)
