"""A scenario whose every human text was written to be run by somebody: all of it comes out as text."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from html.parser import HTMLParser
from importlib import resources
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import pactrisk
from end_to_end.desk import QUESTION, contents, lay_out, tagged, typed
from pactrisk.cli import main
from pactrisk.errors import InputError
from pactrisk.runs import redraw

HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x.invalid","y")',
    "@SUM(1)",
    "+1",
    "-2+3+cmd|' /C calc'!A0",
    "\u202egnp.exe\u202c \u2066\u05e9\u05dc\u05d5\u05dd\u2069",
    "\"; DROP TABLE agreements; --'",
    "{{7*7}}{% for x in y %}${7*7}#{7*7}",
    "$\\frac{1}{0} _^ \\undefined$ 5% & ~ #1",
    "../../../etc/passwd",
    "bell\x07 escape\x1b[31m\x1b]0;owned\x07 back\x08 line\nfeed\r tab\t next\x85 csi\x9b31m",
    "w" * 500,
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467 \u4e2d\u6587 a\u0301\u0302",
    "</style><img src=x onerror=alert(2)></title></svg>",
    "javascript:alert(3)",
    "[red]markup[/red] [link=http://x.invalid]y[/link] [/]",
    '" onmouseover=alert(4) x=\'" url(http://x.invalid/y) &lt;b&gt; ]]>',
    "\t=1+1",
)
LISTS = ("parties", "stakeholders", "beneficiaries")
TEXTS = {"title", "unit", "source", "note", "summary", "form", "sector", *LISTS}
WORDS = ("flow", "drivers", "factors", "paces", "frailties", "templates", "quantities", "milestones", "states")
LINK = re.compile(r"^(?:#[\w-]+|figures/[\w-]+\.(?:svg|png)|tables/[\w-]+\.(?:csv|parquet)|tables\.xlsx)$")


def spoilt() -> tuple[dict[str, Any], dict[str, Any]]:
    """The small world and its question; each place for words holds the next hostile text, titles all of them."""
    turn = count()

    def text() -> str:
        return HOSTILE[next(turn) % len(HOSTILE)]

    def papers(table: dict[str, Any], *words: str) -> None:
        table.update({word: text() for word in (*words, "source", "note")})

    tables = tagged()
    tables |= {"title": " ".join(HOSTILE), "summary": "".join(reversed(HOSTILE))}
    tables["sources"] = dict(zip(HOSTILE, reversed(HOSTILE), strict=True))
    for name, driver in tables["drivers"].items():
        papers(driver, "title", *(() if driver["kind"] == "regime" else ("unit",)))
        driver["level" if name == "oil" else "note"] = (
            {"p10": 55, "p90": 85, "source": text()} if name == "oil" else text()
        )
    for state in tables["drivers"]["war"]["states"].values():
        papers(state)
    for kind in ("factors", "paces", "frailties"):
        for table in tables[kind].values():
            papers(table, "title")
    for effect in tables["paces"]["works"]["effects"]:
        papers(effect)
    papers(tables["quantities"]["carried"], "title", "unit")
    papers(tables["shocks"][0])
    template = tables["templates"]["memorandum"]
    papers(template["ending"])
    for milestone in template["milestones"].values():
        papers(milestone, "title")
    # enough documents for each text to be in a title, and to begin a sector, a party, a stakeholder or a beneficiary
    half = len(HOSTILE) // 2
    tables["agreements"] += [
        {"id": f"more{n}", "template": "memorandum", "milestones": {"contract": {"weight": 1.0}}}
        for n in range(half - len(tables["agreements"]))
    ]
    for place, agreement in enumerate(tables["agreements"]):
        others = [HOSTILE[(place + shift) % len(HOSTILE)] for shift in (half, 0, half, 0, half)]
        agreement |= dict(zip(("sector", "form", *LISTS), others, strict=True))
        agreement |= {"title": f"{HOSTILE[place]} {HOSTILE[place + half]}", "parties": [others[2], "Northland"]}
        papers(agreement)
    tables["agreements"][0]["flow"] |= {"unit": HOSTILE[0], "title": HOSTILE[1], "source": HOSTILE[10]}
    variants = {
        f"v{n}": {"title": title, "note": HOSTILE[-n], "set": {"drivers.oil.level": 40 + 5 * n}}
        for n, title in enumerate(HOSTILE[:2])
    }
    conditions = {f"c{n}": {"title": title, "when": f"oil > {50 + 2 * n}"} for n, title in enumerate(HOSTILE[::2])}
    cuts = {f"k{n}": {"title": title, "substantive": 0.5 + n / 50} for n, title in enumerate(HOSTILE[:4])}
    question = QUESTION | {
        "horizon": 24,
        "title": " ".join(reversed(HOSTILE)),
        "variants": variants,
        "conditions": conditions,
    }
    return tables, question | {"cuts": cuts}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the spoilt world was run from the command line."""
    at = tmp_path_factory.mktemp("hostile") / "desk"
    lay_out(at, *spoilt())
    return at


@pytest.fixture(scope="module")
def printed(desk: Path) -> str:
    """What the run printed into a pipe."""
    done = typed("run", "configs/small.toml", at=desk, environment={"COLUMNS": "100"})
    assert done.returncode == 0, done.stderr
    return (done.stdout + done.stderr).decode()


@pytest.fixture(scope="module")
def folder(desk: Path, printed: str) -> Path:
    """The folder of that run."""
    assert printed
    return desk / "reports" / "small"


class Reader(HTMLParser):
    """Every tag with its attributes, and the text inside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self.text: list[str] = []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open in self.inside:
            self.inside[self._open].append(data)
        else:
            self.text.append(data)


def acting(text: str) -> set[str]:
    """Characters that do something rather than being read: control characters and direction overrides."""
    overrides = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
    return {c for c in text if unicodedata.category(c) == "Cc" and c != "\n"} | overrides & set(text)


def test_every_place_for_words_was_spoilt() -> None:
    """The test tests itself: all the words of the scenario's and the question's specs are used, each text a title."""
    tables, question = spoilt()
    found: dict[str, list[Any]] = {}

    def walk(value: Any) -> None:
        for word, inner in value.items() if isinstance(value, dict) else ():
            if isinstance(inner, str):
                found.setdefault(word, []).append(inner)
            walk(inner)
        for inner in value if isinstance(value, list) else ():
            walk(inner)

    walk([tables, question])
    for word in TEXTS - {"parties"}:
        assert set(found[word]) & set(HOSTILE) or word == "summary", word
    titles = [agreement["title"] for agreement in tables["agreements"]]
    assert all(any(text in title for title in titles) for text in HOSTILE)
    assert set(found["sector"]) | set(found["stakeholders"]) >= set(HOSTILE)


def test_the_page_holds_our_script_and_style_and_nothing_that_acts(folder: Path) -> None:
    text = (folder / "index.html").read_text("utf-8")
    page = Reader(text)
    tags = [tag for tag, _ in page.tags]
    assert tags.count("script") == tags.count("style") == 1
    ours = resources.files("pactrisk.report").joinpath("templates", "behaviour.js").read_text("utf-8")
    assert "".join(page.inside["script"]).strip() == ours.strip()
    assert "alert" not in "".join(page.inside["style"])
    assert not {"iframe", "object", "embed", "form", "img", "base", "foreignobject", "animate", "set"} & set(tags)
    assert [tag for tag, attributes in page.tags if tag == "link" and attributes.get("rel") != "icon"] == []
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        for name in ("href", "xlink:href", "src", "action", "data", "formaction", "poster", "srcset"):
            value = attributes.get(name)
            inner = tag in ("use", "image", "link")
            assert value is None or LINK.match(value) or (inner and value.startswith(("#", "data:"))), (tag, value)
        for name in ("style", "fill", "stroke", "clip-path", "mask"):
            assert not re.search(r"url\((?!#)|http|javascript", attributes.get(name) or "")
        assert "x.invalid" not in str(attributes) or set(attributes) & {"aria-label"}
    assert len(text.encode()) < 5_000_000


def test_the_page_shows_every_text_as_it_is_written(folder: Path) -> None:
    text = (folder / "index.html").read_text("utf-8")
    shown = " ".join(Reader(text).text)
    assert acting(text) == set()
    for sign in (
        "<script>alert(1)</script>",
        '=HYPERLINK("http://x.invalid","y")',
        "{{7*7}}{% for x in y %}",
        "$\\frac{1}{0} _^ \\undefined$",
        "../../../etc/passwd",
        "</style><img src=x onerror=alert(2)>",
        "javascript:alert(3)",
        "[red]markup[/red]",
        "w" * 500,
        "\U0001f600",
        "\u05e9\u05dc\u05d5\u05dd",
    ):
        assert sign in shown, sign
    assert "49" not in re.findall(r"\b\d+\b(?=\{%)", shown)


def test_the_drawings_are_inert(folder: Path) -> None:
    for path in (folder / "figures").glob("*.svg"):
        drawing = Reader(path.read_text("utf-8"))
        assert acting(path.read_text("utf-8")) == set()
        assert not {"script", "style", "foreignobject", "a", "img"} & {tag for tag, _ in drawing.tags}
        for _, attributes in drawing.tags:
            assert not [name for name in attributes if name.startswith("on")]
            link = attributes.get("xlink:href") or attributes.get("href") or "#"
            assert link.startswith(("#", "data:image/png"))


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def csv_cells(folder: Path) -> Iterator[tuple[str, str]]:
    for path in (folder / "tables").glob("*.csv"):
        text = path.read_bytes().decode("utf-8")
        for row in csv.reader(io.StringIO(text, newline="")):
            yield from ((path.name, cell) for cell in row)


def test_no_cell_of_a_csv_starts_a_formula(folder: Path) -> None:
    found = list(csv_cells(folder))
    assert not [x for x in found if x[1].startswith(("=", "+", "-", "@", "\t", "\r")) and not is_number(x[1])]
    assert not [x for x in found if acting(x[1]) or "\n" in x[1]]
    texts = {cell for _, cell in found}
    assert texts >= {'\'=HYPERLINK("http://x.invalid","y")', "'@SUM(1)", "'+1", "'=1+1"}
    assert any(float(cell) < 0 for _, cell in found if is_number(cell)), "numbers stay numbers"


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert len(book.sheetnames) > 25
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in found} <= {"s", "n", "b", "d"}
    assert not [cell for cell in found if cell.hyperlink]
    texts = {str(cell.value) for cell in found if cell.data_type == "s"}
    assert {'=HYPERLINK("http://x.invalid","y")', "@SUM(1)", "+1"} <= texts
    assert not set().union(*map(acting, texts))
    assert not book.defined_names or all("_FilterDatabase" in name for name in book.defined_names)


def test_parquet_keeps_the_texts(folder: Path) -> None:
    frames = [pd.read_parquet(path) for path in sorted((folder / "tables").glob("*.parquet"))]
    assert len(frames) > 25
    texts = {x for frame in frames for name in frame for x in frame[name] if isinstance(x, str)}
    assert {'=HYPERLINK("http://x.invalid","y")', "@SUM(1)", "+1", "<script>alert(1)</script>"} <= texts
    assert not set().union(*map(acting, texts))


def test_results_hold_the_title_to_the_letter(folder: Path) -> None:
    raw = (folder / "results.json").read_text("utf-8")
    results = json.loads(raw)
    assert results["title"] == spoilt()[0]["title"]
    assert acting(raw) == set(), "whoever prints the file is safe too"
    assert tomllib.loads((folder / "inputs/scenarios/small.toml").read_text("utf-8")) == spoilt()[0]


def test_files_have_plain_names_and_lie_in_their_folder(desk: Path, folder: Path) -> None:
    assert sorted(p.name for p in desk.parent.iterdir()) == ["desk"]
    assert sorted(p.name for p in desk.iterdir()) == ["configs", "reports", "scenarios"]
    assert [p.name for p in (desk / "reports").iterdir()] == ["small"]
    for name in contents(folder):
        assert re.fullmatch(r"(?:[a-z]+/)*[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z]+", name), name
    assert not [path for path in folder.rglob("*") if path.is_symlink()]


def on_terminal(at: Path, *words: str) -> str:
    """What a person sees of a command, on a terminal that asked for no colour."""
    leader, follower = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "NO_COLOR": "1", "COLUMNS": "100"}
    command = [sys.executable, "-m", "pactrisk", *words]
    with subprocess.Popen(command, cwd=at, env=env, stdout=follower, stderr=follower, stdin=follower) as process:
        os.close(follower)
        seen = b""
        while True:
            try:
                more = os.read(leader, 65536)
            except OSError:
                break
            if not more:
                break
            seen += more
        process.wait()
    os.close(leader)
    return seen.decode(errors="strict").replace("\r\n", "\n")


def said(*words: str) -> tuple[int, str]:
    """What a command returns and prints, in this process and folder."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["pactrisk", *words])
        with pytest.raises(SystemExit) as stopped:
            main()
    assert isinstance(stopped.value.code, int)
    return stopped.value.code, out.getvalue() + err.getvalue()


def test_nothing_printed_moves_the_cursor_or_the_title(
    desk: Path, printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk)
    assert acting(printed) == set()
    assert "<script>alert(1)</script>" in printed
    assert "[red]markup[/red]" in printed
    for words in (
        ("check", "configs/small.toml"),
        ("check", "scenarios/small.toml", "--strict"),
        ("explain", "scenarios/small.toml"),
        ("explain", "scenarios/small.toml", "--as", "diagram"),
        ("explain", "scenarios/small.toml", "--as", "mermaid"),
        ("explain", "scenarios/small.toml", "--as", "dot"),
        ("explain", "drivers.oil.level", "--in", "scenarios/small.toml"),
    ):
        code, text = said(*words)
        assert code == (2 if "--strict" in words else 0), (words, text)
        assert len(text) > 20
        assert acting(text) == set(), words
    # bold is the only thing that a terminal without colours may see
    seen = re.sub(r"\x1b\[[0-9;]*m", "", on_terminal(desk, "explain", "scenarios/small.toml"))
    assert acting(seen) == set()


NAMES = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x.invalid","y")',
    "../../etc/passwd",
    "x\x1b[31m\u202e",
    "",
    "__class__",
    "x" * 200,
)


def named(kind: str, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The small world with one more thing of a kind, called ``name``."""
    tables, question = tagged(), {**QUESTION}
    places: dict[str, tuple[dict[str, Any], Any]] = {
        "a driver": (tables["drivers"], tables["drivers"]["gold"]),
        "a factor": (tables["factors"], {}),
        "a pace": (tables["paces"], tables["paces"]["works"]),
        "a frailty": (tables["frailties"], {"sd": 0.1}),
        "a template": (tables["templates"], tables["templates"]["memorandum"]),
        "a quantity": (tables["quantities"], tables["quantities"]["carried"]),
        "a state": (tables["drivers"]["war"]["states"], {}),
        "a milestone": (
            tables["templates"]["memorandum"]["milestones"],
            {"track": "formal", "after": "signing", "duration": 3},
        ),
    }
    if kind in places:
        place, value = places[kind]
        place[name] = value
    elif kind == "an agreement":
        tables["agreements"].append({**tables["agreements"][2], "id": name})
    elif kind == "an analysis":
        question["analyses"] = [name]
    elif kind == "a scenario":
        question["scenario"] = name
    else:
        word = {"a variant": "variants", "a condition": "conditions"}[kind]
        question[word] = {name: next(iter(QUESTION[word].values()))}
    return tables, question


KINDS = (
    "a driver",
    "a factor",
    "a pace",
    "a frailty",
    "a template",
    "a quantity",
    "a state",
    "a milestone",
    "an agreement",
    "a variant",
    "a condition",
    "an analysis",
    "a scenario",
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_names_things_is_refused_in_plain_words(kind: str, tmp_path: Path) -> None:
    pactrisk.load(lay_out(tmp_path, *named("a driver", "plain_name")))
    for name in NAMES:
        config = lay_out(tmp_path, *named(kind, name))
        with pytest.raises(InputError) as caught:
            pactrisk.load(config)
        for problem in caught.value.problems:
            assert problem.place is not None
            assert problem.place.file.endswith("small.toml")
            assert problem.message
            assert acting(problem.message + problem.hint) == set()
            assert len(problem.message) < 400


@pytest.mark.parametrize("kind", ["a driver", "a state", "a milestone", "a variant"])
def test_a_refusal_is_shown_without_its_control_characters(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, *named(kind, "x\x1b[31m\u202e"))
    monkeypatch.chdir(tmp_path)
    code, text = said("check", "configs/small.toml")
    assert code == 2
    assert "small.toml:" in text
    assert acting(text) == set()


def test_a_run_of_oddly_named_files_can_be_repeated_and_drawn_again(tmp_path: Path) -> None:
    """File names that all systems allow: people do write & and a blank in them, and decomposed accents."""
    odd = "Kazakhstan & Serbia's 1st (=50%), e\u0301t\u00e9 ~ #2 [a]"
    config = lay_out(tmp_path, tagged(), QUESTION | {"scenario": odd, "analyses": ["headline"]}, name=odd)
    made = pactrisk.run(config, workers=1).save(tmp_path / "out")
    assert redraw(made, tmp_path / "again")
    stored = made / "inputs" / json.loads((made / "manifest.json").read_text("utf-8"))["config"]
    again = pactrisk.run(stored, workers=1).save(tmp_path / "repeated")
    assert (again / "results.json").read_bytes() == (made / "results.json").read_bytes()
    assert np.array_equal(*(np.load(f / "store.npz")["groups/total"] for f in (made, again)))
