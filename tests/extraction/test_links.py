from __future__ import annotations

import pytest

from paperkg.extraction.links import find_links
from paperkg.model import Paper


def links(abstract: str, title: str = "A title") -> list[tuple[str, str]]:
    return [(link.url, link.kind) for link in find_links(Paper("p", title, abstract))]


@pytest.mark.parametrize(
    ("abstract", "kind"),
    [
        ("Our code is available at https://github.com/a/b.", "code"),
        ("Code and data are available at https://github.com/a/b.", "code"),
        ("The dataset is available at https://github.com/a/b.", "data"),
        ("The project page is https://github.com/a/b.", "project"),
        ("Project page with code: https://github.com/a/b.", "code"),
        ("Our data is at https://huggingface.co/datasets/a/b.", "data"),
        ("The benchmark is released at https://hf.co/a.", "data"),
        ("Models: https://hf-mirror.com/a/b", "code"),
        ("Try it: https://huggingface.co/spaces/a/b", "demo"),
        ("Watch the video at https://youtu.be/abc.", "demo"),
        ("A demo of X is available at https://x.com/.", "demo"),
        ("Project page: https://a.github.io/b.", "project"),
        ("Code, data and demo are on our website https://a.github.io.", "project"),
        ("Our source code is available at https://a.github.io/b.", "code"),
        ("Code and data are available at a.github.io.", "project"),
        ("The dataset is at https://zenodo.org/record/1.", "data"),
        ("The code is at https://zenodo.org/record/1.", "code"),
        ("Data: https://doi.org/10.5281/zenodo.1", "data"),
        ("The dataset is here. See https://a.org for more.", "project"),
    ],
)
def test_kinds(abstract: str, kind: str) -> None:
    assert [k for _, k in links(abstract)] == [kind]


@pytest.mark.parametrize(
    "abstract",
    [
        "We follow https://arxiv.org/abs/2401.00001.",
        "See https://doi.org/10.1145/123 and https://openreview.net/forum?id=x.",
        "Under https://creativecommons.org/licenses/by/4.0/.",
        "Upvote https://huggingface.co/papers/2401.00001.",
        "We use GitHub (https://github.com/).",
        "No address at all.",
        "",
    ],
)
def test_literature_is_no_link(abstract: str) -> None:
    assert links(abstract) == []


def test_keeps_the_written_form_and_its_place() -> None:
    paper = Paper("p", "T", "Code: https://github.com/layumi/ 3D-Magic-Mirror .")
    (link,) = find_links(paper)
    assert link.url == "https://github.com/layumi/ 3D-Magic-Mirror"
    assert link.normalized == "https://github.com/layumi/3D-Magic-Mirror"
    assert paper.abstract[link.mention.start : link.mention.end] == link.url == link.mention.text


def test_names_one_address_once_and_looks_into_the_title() -> None:
    found = links("Code: https://github.com/a/b. Again: github.com/a/b/.", "See a.github.io")
    assert found == [("a.github.io", "project"), ("https://github.com/a/b", "code")]
