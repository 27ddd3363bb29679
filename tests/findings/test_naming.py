"""Slugs name files on any system; plain text holds nothing that acts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pactrisk.findings import is_slug, plain, slug


@given(st.text())
@example("../../etc/passwd")
@example("con")
@example("\u202egnp.exe")
@example("")
def test_any_text_makes_a_slug(text: str) -> None:
    made = slug(text)
    assert is_slug(made)
    assert not set(made) & set('/\\:.*?"<>|\0 ')


@pytest.mark.parametrize(
    "name", ["", "a b", "../a", "a/b", "A", "a.b", "-a", "a--b", "con", "lpt1", "é", "a" * 81, "a\n"]
)
def test_what_could_not_name_a_file_is_no_slug(name: str) -> None:
    assert not is_slug(name)


@pytest.mark.parametrize("name", ["brent", "class-bars", "oil_crash", "10-by-36", "a" * 80])
def test_slugs(name: str) -> None:
    assert is_slug(name)
    assert slug(name.replace("_", "-")) == name.replace("_", "-")


@given(st.text(st.characters()))
@example("a\ud800b\uffff\x85\u2028\u202e\u2066\x00\x1b[31m")
def test_plain_text_can_be_shown_anywhere(text: str) -> None:
    made = plain(text)
    made.encode("utf-8")
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in made)
    assert not any(
        unicodedata.bidirectional(char) in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI")
        for char in made
    )
    assert plain(made) == made


def test_plain_text_keeps_what_is_text() -> None:
    assert plain("a\n b\t c \u05e9\u05dc\u05d5\u05dd <b> \u4e2d") == "a b c \u05e9\u05dc\u05d5\u05dd <b> \u4e2d"
