from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.text.urls import find_urls, is_hub_host, normalize_url, replace_mirrors
from timing import seconds


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "at https://github.com/layumi/ 3D-Magic-Mirror .",
            [("https://github.com/layumi/ 3D-Magic-Mirror", "https://github.com/layumi/3D-Magic-Mirror")],
        ),
        (
            "page:https://causal-verse.github.io/, Dataset:https://hf.samuelbohl.com/CausalVerse.",
            [
                ("https://causal-verse.github.io/", "https://causal-verse.github.io/"),
                ("https://hf.samuelbohl.com/CausalVerse", "https://huggingface.co/CausalVerse"),
            ],
        ),
        ("see https://a.org/b.git.", [("https://a.org/b.git", "https://a.org/b.git")]),
        ("see https://github.com/a/b.git.", [("https://github.com/a/b.git", "https://github.com/a/b")]),
        ("visit http://trustai.one.", [("http://trustai.one", "http://trustai.one")]),
        ("hosted on www.causaltime.cc.", [("www.causaltime.cc", "https://www.causaltime.cc")]),
        ("(https://a.org/x_(y)).", [("https://a.org/x_(y)", "https://a.org/x_(y)")]),
        ("code (https://a.org/x).", [("https://a.org/x", "https://a.org/x")]),
        (
            r"https://github.com/a/fm_sam}{https://github.com/a/fm\_sam.",
            [
                ("https://github.com/a/fm_sam", "https://github.com/a/fm_sam"),
                (r"https://github.com/a/fm\_sam", "https://github.com/a/fm_sam"),
            ],
        ),
        ("at https: //github.com/a/b.", [("https: //github.com/a/b", "https://github.com/a/b")]),
        ("https://github. com/a/b.", [("https://github. com/a/b", "https://github.com/a/b")]),
        (
            "https://github.com/ some/repo.",
            [("https://github.com/ some/repo", "https://github.com/some/repo")],
        ),
        ("https://github.com/a/ soon.", [("https://github.com/a/", "https://github.com/a")]),
        ("https://github.com/a/ and more.", [("https://github.com/a/", "https://github.com/a")]),
        ("https://a.github.io/ Code.", [("https://a.github.io/", "https://a.github.io/")]),
        ("athttps://github.com/a/b", [("https://github.com/a/b", "https://github.com/a/b")]),
        ("github.com/x/y is ours", [("github.com/x/y", "https://github.com/x/y")]),
        ("at x-y.github.io.", [("x-y.github.io", "https://x-y.github.io")]),
        (
            "https://a.org/https://b.org/",
            [("https://a.org/", "https://a.org/"), ("https://b.org/", "https://b.org/")],
        ),
        ("me@github.com/x, a@b.github.io, version 1.2/3, e.g. this.", []),
        ("https://", []),
        ("https://user:word@evil.org/", []),
        ("https://[::1]/x", []),
        ("javascript:alert(1)", []),
    ],
)
def test_finds(text: str, found: list[tuple[str, str]]) -> None:
    urls = list(find_urls(text))
    assert [(u.written, u.normalized) for u in urls] == found
    assert all(text[u.start : u.end] == u.written for u in urls)


@pytest.mark.parametrize(
    ("host", "hub"),
    [
        ("huggingface.co", True),
        ("hf.co", True),
        ("hf-mirror.com", True),
        ("hf-mirror.lnex.dev", True),
        ("hf.samuelbohl.com", True),
        ("huggingface-proxy.example.org", True),
        ("HF-Mirror.Example.ORG", True),
        ("hf.space", False),
        ("someone.hf.space", False),
        ("hf.github.io", False),
        ("huggingface.github.io", False),
        ("hfl-rc.com", False),
        ("shelf.example.com", False),
        ("github.com", False),
        ("", False),
    ],
)
def test_knows_mirrors_by_rule(host: str, hub: bool) -> None:
    assert is_hub_host(host) is hub


def test_replaces_mirrors_in_a_text() -> None:
    text = "Dataset:https://hf-mirror.lnex.dev/a and hf.co/b, not x@hf.example.org"
    assert (
        replace_mirrors(text) == "Dataset:https://huggingface.co/a and huggingface.co/b, not x@hf.example.org"
    )


@pytest.mark.parametrize(
    ("written", "normalized"),
    [
        ("HTTPS://GitHub.com/A/B/", "https://github.com/A/B"),
        ("http://x.org/100%", "http://x.org/100%25"),
        ("http://x.org/a%20b?q=1#z", "http://x.org/a%20b?q=1#z"),
        ("http://x.org/\u00e9", "http://x.org/%C3%A9"),
        ("http://x.org/\ud800", None),
        ("http://x.org:8080/", "http://x.org:8080/"),
        ("ftp://x.org/", None),
        ("http://localhost/", None),
        ("", None),
        ("http://x.org/" + "a" * 2_000, None),
    ],
)
def test_normalizes(written: str, normalized: str | None) -> None:
    assert normalize_url(written) == normalized


PARTS = [
    "http",
    "s",
    ":",
    "//",
    "/",
    ".",
    "github.com",
    "hf.",
    "a",
    "-",
    " ",
    "\\_",
    "(",
    ")",
    "{",
    "%",
    "\n",
    "é",
    "www.",
]


@pytest.mark.parametrize(
    ("written", "normalized"),
    [
        ("GITHUB.COM/./", "https://github.com"),
        ("https://github.com/a/b.git/.git", "https://github.com/a/b"),
        ("https://github.com/a/b,.git", "https://github.com/a/b"),
        ("https://a.com/x.#", "https://a.com/x"),
    ],
)
def test_what_one_sign_at_the_end_hides_goes_too(written: str, normalized: str) -> None:
    assert normalize_url(written) == normalized == normalize_url(normalized)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PARTS), max_size=30).map("".join)))
def test_what_it_finds_is_safe_to_write(text: str) -> None:
    last = 0
    for url in find_urls(text):
        assert last <= url.start < url.end
        last = url.end
        assert text[url.start : url.end] == url.written
        assert url.normalized.startswith(("http://", "https://"))
        assert url.normalized.isascii()
        assert not set(url.normalized) & set(' "<>\\^`{|}\n\t')
        assert normalize_url(url.normalized) == url.normalized


@pytest.mark.parametrize(
    "attack",
    [
        "https://a.b/ ",
        "https://a.b/(",
        "http",
        "www.",
        "a.",
        "a-",
        "x.github.io ",
        "github.com/",
        "hf.",
        "https: //",
        ")",
        ".",
        "https://github.com/a/ b",
    ],
)
def test_is_linear(attack: str) -> None:
    text = (attack * 100_000)[:100_000]
    assert seconds(lambda: (list(find_urls(text)), replace_mirrors(text), normalize_url(text))) < 1.0
