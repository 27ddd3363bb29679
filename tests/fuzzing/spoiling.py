"""Ways to spoil tables, text and bytes of TOML files, each by a seeded generator of random numbers."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

__all__ = ["at", "places", "spoil_bytes", "spoil_tables", "spoil_text"]

Path = tuple[Any, ...]
_MANY = 3_000
"""Tables of more places than this are big enough."""

NUMBERS: list[Any] = [
    *(
        -9,
        -1,
        0,
        1,
        2,
        1e-300,
        5e-324,
        1e300,
        -1e300,
        1.7976931348623157e308,
        10**15,
        2**31,
        2**63 - 1,
        2**63,
        -(2**63),
    ),
    *(10**30, 10**400, float("nan"), float("inf"), float("-inf"), -0.0, 0.5, 1 - 1e-16, 1 + 1e-12, True, False),
]
TEXTS = [
    *("", " ", "x" * 3000, "ж" * 70000, "../../etc/passwd", "/dev/zero", "/dev/stdin", "/", ".", "..", "~", "a/../b"),
    *(
        "<script>alert(1)</script>",
        "[red]x[/red]",
        "{{ 7*7 }}",
        "%s%n",
        "\\",
        '"',
        "'",
        "a\nb",
        "a\tb",
        "\r",
        "\b",
        "\x7f",
    ),
    *(
        "\u202e",
        "\u200f",
        "\u2028",
        "\u0085",
        "\ufeff",
        "\x00",
        "\x1b[31m",
        "٣",
        "３",
        "Ⅻ",
        "é",
        "e\u0301",
        "💥",
        "\U0010ffff",
    ),
    *("no_such_name", "war.hot", "hot", "__import__('os')", "nan", "inf", "None", "True", "lambda", "class", "id#2"),
    *("60 months", "0 months", "9999 years", "-3 months", "٦٠ months", "60months", "2026-02-27", "1,5", "1e3", "0x10"),
]
DATES: list[Any] = [
    *(date(1, 1, 1), date(1900, 1, 1), date(9999, 12, 31), date(2026, 2, 28), date(2028, 2, 29), time(12, 0)),
    *(datetime(2026, 2, 27, 1, 2, 3), datetime(9999, 12, 31, 23, 59, 59)),
]
SPREADS: list[Any] = [
    *({"p10": 3, "p90": 1}, {"p10": 1}, {"p00": 1, "p99": 2}, {"p50": 1, "p051": 2}, {"p10": 1, "p90": 1}),
    *(
        {"distribution": "weibul"},
        {"value": "ten"},
        {"value": {"value": 1}},
        {"distribution": "normal", "mean": 1, "sd": -1},
    ),
    {"distribution": "normal", "mean": 0, "sd": 1e308, "min": 0, "max": 1},
    *({"distribution": "beta", "a": 1e-9, "b": 1e9}, {"distribution": "gamma", "shape": 1e-8, "scale": 1e9}),
    *({"distribution": "uniform", "low": 1, "high": 1}, {"distribution": "triangular", "low": 0, "mode": 9, "high": 1}),
    *({"p10": {"p10": 1, "p90": 2}, "p90": {"p10": 2, "p90": 9}}, {"p01": 1e-9, "p99": 1e9}, {"value": 1, "p10": 2}),
    {"distribution": "lognormal", "median": 6, "sigma": {"p10": 0.1, "p90": 5}},
    {"distribution": "exponential", "mean": {"p10": 1e-6, "p90": 1e6}, "max": 3},
]
LISTS: list[Any] = [
    [],
    {},
    [[[]]],
    ["a", 1],
    [{}],
    [{"id": "x"}] * 2,
    {"": ""},
    {"a.b": {"c": 1}},
    [None][:0],
    [0.5] * 3,
]
WORDS = ["+", "-", "*", "/", "**", "<", "==", "and", "or", "not", "(", ")", ",", ".", "min(", "where(", "exp(", "1e999"]
WORDS += [
    "9" * 400,
    "x",
    "0",
    "1",
    "%",
    "//",
    "@",
    "if",
    "else",
    "[",
    "]",
    "lambda: 0",
    "'a'",
    "True",
    "=",
    ":=",
    "~",
    "٣",
    "j",
]
UNITS = ["USD", "per year", "%", "t/year", "", "мес", "\u202eUSD", "$^2", "_x", "{", "\\alpha", "1" * 300]


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every path in the tables."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from places(inner, (*path, key))


def at(value: Any, path: Path) -> Any:
    """What stands at a path."""
    for step in path:
        value = value[step]
    return value


def spoil_tables(tables: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The tables with one to four things wrong, mostly one."""
    tables = _apart(tables)
    for _ in range(rng.choice([1, 1, 1, 2, 2, 4])):
        every = list(places(tables))
        if 0 < len(every) < _MANY:
            rng.choice(_TABLES)(tables, every, rng)
            tables = _apart(tables)
    return tables


def _apart(value: Any) -> Any:
    """A copy in which no two places share a table: what is done to one must not be done to the other."""
    if isinstance(value, dict):
        return {key: _apart(inner) for key, inner in value.items()}
    return [_apart(inner) for inner in value] if isinstance(value, list) else value


def _where(tables: Any, every: list[Path], rng: random.Random, wanted: Callable[[Any], bool]) -> tuple[Any, Any] | None:
    """A holder and a key in it of which the value is wanted."""
    for path in rng.sample(every, min(len(every), 200)):
        if wanted(at(tables, path)):
            return at(tables, path[:-1]), path[-1]
    return None


def _any(_: Any) -> bool:
    return True


def _lost(tables: Any, every: list[Path], rng: random.Random) -> None:
    path = rng.choice(every)
    del at(tables, path[:-1])[path[-1]]


def _renamed(tables: Any, every: list[Path], rng: random.Random) -> None:
    found = [p for p in every if isinstance(p[-1], str)]
    path = rng.choice(found)
    holder, word = at(tables, path[:-1]), path[-1]
    place = rng.randrange(len(word) + 1)
    misspelt = word[:place] + rng.choice("xyz_. \"'é\u202e\x01") + word[place + 1 :]
    new = rng.choice([misspelt, misspelt, rng.choice(found)[-1], rng.choice(TEXTS)[:500], word.upper()])
    if rng.random() < 0.2:
        # the key keeps its value, and another bears it too
        holder[new] = copy.deepcopy(holder[word])
    else:
        holder[new] = holder.pop(word)


def _doubled(tables: Any, every: list[Path], rng: random.Random) -> None:
    found = _where(tables, every, rng, lambda x: isinstance(x, list) and len(x) > 0)
    if found:
        entries = found[0][found[1]]
        entries.insert(rng.randrange(len(entries) + 1), copy.deepcopy(rng.choice(entries)))


def _of_another_sort(tables: Any, every: list[Path], rng: random.Random) -> None:
    path = rng.choice(every)
    new = rng.choice(
        [rng.choice(NUMBERS), rng.choice(TEXTS), rng.choice(DATES), rng.choice(SPREADS), rng.choice(LISTS)]
    )
    at(tables, path[:-1])[path[-1]] = copy.deepcopy(new)


def _number(tables: Any, every: list[Path], rng: random.Random) -> None:
    found = _where(tables, every, rng, lambda x: type(x) in (int, float))
    if found:
        holder, key = found
        x = holder[key]
        scaled = x * rng.choice([0, 1e-6, 0.1, 0.5, 0.9, 1.1, 1.5, 2, 3, 40, 1e4, -1])
        holder[key] = copy.deepcopy(
            rng.choice([scaled, scaled, scaled, rng.choice(NUMBERS), rng.choice(SPREADS), str(x)])
        )


def _text(tables: Any, every: list[Path], rng: random.Random) -> None:
    found = _where(tables, every, rng, lambda x: isinstance(x, str))
    if found:
        holder, key = found
        unit = rng.choice(UNITS) if key == "unit" else ""
        holder[key] = unit or rng.choice(
            [*TEXTS, holder[key] * 2, holder[key][:-1], holder[key] + rng.choice(TEXTS)[:900]]
        )


def _cross_wired(tables: Any, every: list[Path], rng: random.Random) -> None:
    """A name where another name stands: of another driver, state, agreement, milestone or key."""
    found = _where(tables, every, rng, lambda x: isinstance(x, str) and len(x) < 40)
    if found:
        words = [p[-1] for p in every if isinstance(p[-1], str)] + [
            x for p in every if isinstance(x := at(tables, p), str)
        ]
        holder, key = found
        holder[key] = rng.choice([rng.choice(words), f"{rng.choice(words)[:60]}.{rng.choice(words)[:60]}", holder[key]])


def _swapped(tables: Any, every: list[Path], rng: random.Random) -> None:
    one, other = rng.choice(every), rng.choice(every)
    if one[: len(other)] != other and other[: len(one)] != one:
        first, second = at(tables, one), at(tables, other)
        at(tables, one[:-1])[one[-1]], at(tables, other[:-1])[other[-1]] = second, first


def _moved(tables: Any, every: list[Path], rng: random.Random) -> None:
    """A table copied to where it does not belong."""
    found = _where(tables, every, rng, lambda x: isinstance(x, dict))
    holder = at(tables, rng.choice(every)[:-1])
    if found and isinstance(holder, dict):
        holder[rng.choice([str(found[1]), "copy", rng.choice(TEXTS)[:100]])] = copy.deepcopy(found[0][found[1]])


def _dated(tables: Any, every: list[Path], rng: random.Random) -> None:
    found = _where(tables, every, rng, lambda x: isinstance(x, date))
    if found:
        found[0][found[1]] = rng.choice([*DATES, str(found[0][found[1]]), 20260227])


def _formula(tables: Any, every: list[Path], rng: random.Random) -> None:
    found = [p for p in every if p[-1] in ("expression", "when") and isinstance(at(tables, p), str)]
    if not found:
        return
    path = rng.choice(found)
    parts = re.findall(r"[A-Za-z_][\w.]*|[\d.]+|\S", at(tables, path)) or ["x"]
    names = [word for p in every if isinstance(word := p[-1], str)][:200]
    for _ in range(rng.randint(1, 4)):
        place, word = rng.randrange(len(parts)), rng.choice([*WORDS, *WORDS, rng.choice(names)])
        parts[place : place + rng.randrange(2)] = [word]
        parts = parts or ["("]
    wrapped = rng.choice(
        ["{}"] * 8 + ["(" * 300 + "{}" + ")" * 300, "-" * 1500 + "{}", "{}" + "+1" * 700, "not " * 400 + "{}"]
    )
    at(tables, path[:-1])[path[-1]] = wrapped.format(" ".join(parts))


def _deep(tables: Any, every: list[Path], rng: random.Random) -> None:
    value: Any = rng.choice([1, "x", []])
    tabled = rng.random() < 0.5
    for _ in range(rng.choice([3, 20, 60, 66, 100])):
        value = {"a": value} if tabled else [value]
    path = rng.choice(every)
    at(tables, path[:-1])[path[-1]] = value


def _huge(tables: Any, every: list[Path], rng: random.Random) -> None:
    many = rng.choice([300, 3000, 20000])
    path = rng.choice(every)
    own = copy.deepcopy(at(tables, path))
    new: list[Any] = [
        [0] * many,
        ["x"] * many,
        {f"k{i}": i for i in range(many)},
        [{} for _ in range(many)],
        "y" * (10 * many),
    ]
    size = len(str(own))
    if size * many < 400_000:
        new += [[own] * many, {f"k{i}": own for i in range(many)}] * 2
    at(tables, path[:-1])[path[-1]] = rng.choice(new)


def _crowded(tables: Any, every: list[Path], rng: random.Random) -> None:
    """Many more entries of a sort that is there: drivers, agreements, states, effects, variants."""
    found = _where(tables, every, rng, lambda x: isinstance(x, dict | list) and len(x) > 1)
    if not found:
        return
    entries = found[0][found[1]]
    many = rng.choice([30, 300, 1500])
    if len(str(entries)) / len(entries) * many > 300_000:
        many = 30
    if isinstance(entries, dict):
        word = rng.choice(list(entries))
        entries |= {f"{word}_{i}": copy.deepcopy(entries[word]) for i in range(many)}
    else:
        own = rng.choice(entries)
        named = isinstance(own, dict) and "id" in own
        entries += [{**own, "id": f"{own['id']}_{i}"} if named else copy.deepcopy(own) for i in range(many)]


def _extended(tables: Any, _: list[Path], rng: random.Random) -> None:
    """Another file: itself, the other one, one that is not there, a trick with a path."""
    names = [
        "main",
        "base",
        "main.toml",
        "./main",
        "../scenarios/base.toml",
        "../configs/main.toml",
        "base ",
        "loop",
        "again",
    ]
    word = "scenario" if "scenario" in tables else "extends"
    tables[word] = rng.choice([*names, *names, *TEXTS, rng.choice(NUMBERS), rng.choice(LISTS)])


def _edited(tables: Any, every: list[Path], rng: random.Random) -> None:
    """Edits of variants, and what an extension removes."""
    keys = [
        "drivers",
        "agreements",
        "paces",
        "oil",
        "0",
        "level",
        "states",
        "x",
        "-1",
        "",
        "set",
        "kind",
        "id",
        "signed",
        "remove",
    ]
    keys += [str(p[-1]) for p in every][:300]
    dotted = ".".join(rng.choice(keys) for _ in range(rng.randint(1, 5)))
    value = rng.choice(
        [rng.choice(NUMBERS), rng.choice(TEXTS), rng.choice(SPREADS), rng.choice(LISTS), rng.choice(DATES)]
    )
    if "scenario" in tables and isinstance(tables.setdefault("variants", {}), dict):
        tables["variants"][rng.choice(["new", "new", "x y", ""])] = {"set": {dotted: copy.deepcopy(value)}}
    else:
        tables["remove"] = rng.choice([[dotted], [dotted, value], dotted, [dotted] * 2])


_TABLES = [
    *(
        _lost,
        _renamed,
        _doubled,
        _of_another_sort,
        _number,
        _number,
        _number,
        _number,
        _number,
        _text,
        _cross_wired,
        _cross_wired,
        _swapped,
        _moved,
    ),
    *(_dated, _formula, _formula, _deep, _huge, _crowded, _extended, _edited),
]

_BITS = [
    "[",
    "]]",
    "[[",
    "=",
    '"',
    "'''",
    '"""',
    "\n",
    "{",
    "}",
    "#",
    "-",
    "e9",
    ".",
    ",",
    "\t",
    "\r",
    "\\u0000",
    "\\ud800",
]
_BITS += [
    "inf",
    "nan",
    "0x",
    "1__0",
    "+",
    "true",
    "1979-05-27T07:32:00Z",
    "2026-02-30",
    "٣",
    "\u2028",
    "\ufeff",
    "a.b.c = 1\n",
]
_BITS += [
    "[" * 500,
    "a." * 500 + "a = 1\n",
    "{a=" * 100,
    "9" * 5000,
    "0." + "3" * 5000,
    "1e" + "9" * 400,
    '"' + "\\" * 99,
    "[a]\n[a]\n",
]


def spoil_text(text: str, rng: random.Random) -> str:
    """The file with characters and lines cut, doubled, swapped or put in."""
    for _ in range(rng.choice([1, 1, 2, 3])):
        place = rng.randrange(len(text) + 1)
        what = rng.randrange(9)
        lines = text.split("\n")
        here, there = rng.randrange(len(lines)), rng.randrange(len(lines))
        if what == 0:
            text = text[:place] + text[place + rng.randint(1, 30) :]
        elif what == 1:
            text = text[:place] + text[place : place + rng.randint(1, 300)] + text[place:]
        elif what == 2:
            text = text[:place] + rng.choice(_BITS) + text[place:]
        elif what == 3:
            lines[here], lines[there] = lines[there], lines[here]
        elif what == 4:
            lines[here:here] = lines[there : there + rng.randint(1, 12)]
        elif what == 5:
            del lines[here : here + rng.randint(1, 6)]
        elif what == 6:
            digits = str.maketrans("0123456789", rng.choice(["٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "¹²³⁴⁵⁶⁷⁸⁹⁰"]))
            lines[here] = lines[here].translate(digits)
        elif what == 7:
            lines[here] = re.sub(r"= *(.*)", lambda found: f"= {rng.choice(_BITS)}{found[1]}", lines[here], count=1)
        else:
            text = text.replace(rng.choice("=[]{}\"',."), rng.choice(["", " ", "=", "\u00a0", "“"]), rng.randint(1, 3))
        if 3 <= what <= 7:
            text = "\n".join(lines)
    return text


def spoil_bytes(content: bytes, rng: random.Random) -> bytes:
    """Bits flipped, ends cut, other encodings, noise."""
    what = rng.randrange(11)
    spoilt = bytearray(content)
    if what <= 2:
        for _ in range(rng.choice([1, 1, 3, 20])):
            place = rng.randrange(len(spoilt))
            spoilt[place] ^= 1 << rng.randrange(8)
    elif what == 3:
        del spoilt[rng.randrange(len(spoilt)) :]
    elif what == 4:
        place = rng.randrange(len(spoilt))
        spoilt[place:place] = rng.randbytes(rng.choice([1, 4, 400]))
    elif what == 5:
        return rng.randbytes(rng.choice([0, 1, 7, 1000, 60_000]))
    elif what == 6:
        return content.decode().encode(rng.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp037"]), "replace")
    elif what == 7:
        return content.replace(b"\n", rng.choice([b"\r\n", b"\r", b"\n\r", b"\x0b", b"\x00", b" "]))
    elif what == 8:
        return rng.choice([b"", b"\xef\xbb\xbf", b"\n" * 3000, b"#" * 9000, b"x=1" + b" " * 200_000, b"[" * 50_000])
    elif what == 9:
        many = rng.choice([2000, 40_000])
        return content + rng.choice(
            [b"x = [" + b"1," * many + b"]", b"[[agreements]]\n" * many, b"[a.b]\n" * many, b"\nk='''" + b"z" * many]
        )
    else:
        place = rng.randrange(len(spoilt))
        spoilt[place:place] = spoilt[rng.randrange(len(spoilt)) :][: rng.choice([10, 1000])]
    return bytes(spoilt)
