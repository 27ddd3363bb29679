"""What is wrong with a formula that cannot be read, and how it is written here that is written otherwise elsewhere."""

from __future__ import annotations

import ast
import re

__all__ = ["FORMULAS", "HOLDS", "elsehow", "grouped", "of_state", "rewritten", "unread"]

FORMULAS = ("rare", "event", "when", "expression")
"""Keys under which a formula is text."""

HOLDS = "a formula holds numbers, names, + - * / **, comparisons, and, or, not"
_SHARE = "numbers are written without per cent: a share of 50% is 0.5"
_JOINED = "comparisons are joined by and, or, not"
_ELSEHOW: dict[object, str] = {ast.BitXor: "powers are written **", ast.Mod: _SHARE, ast.BitAnd: _JOINED}
_ELSEHOW |= {ast.BitOr: _JOINED}
_DECIMALS = "decimals are written with a point: 0.5"
_GROUPED = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?![\w,])", re.ASCII)
_EQUAL = r"(?<![<>=!])=(?![<>=])"
_ELSEWHERE = {
    r"\d\s*%": _SHARE,
    r"&&|\|\||!(?!=)": _JOINED,
    r"\b(?:AND|And|OR|Or|NOT|Not)\b": "and, or, not are written in lower case",
    _EQUAL: "what is equal is written with ==",
}
"""What is written so elsewhere, and how it is written here."""
_QUOTED = re.compile(r"""([A-Za-z]\w*)\s*(==?|!=)\s*(["'])([A-Za-z]\w*)\3""", re.ASCII)
_STATE = re.compile(
    r"""(?<![\w.])([A-Za-z]\w*)\s*(==?|!=|\bis\s+not\b|\bis\b)\s*(["']?)(?!not\b)([A-Za-z]\w*)\3(?![\w.(])""", re.ASCII
)
_WORDS = re.compile(rf"([A-Za-z]\w*)\s*{_EQUAL}\s*([A-Za-z]\w*)(?![\w.(])", re.ASCII)


def unread(text: str, error: SyntaxError) -> tuple[str, ...]:
    """A sentence on a text that Python cannot read as a formula, and a hint where there is one."""
    if (said := _unclosed(text)) is not None:
        return said
    message = f"this is not arithmetic that can be read{_after(text, error)}"
    if (quoted := _QUOTED.search(text)) is not None:
        return message, of_state(quoted[1], quoted[4], quoted[2] != "!=")
    if (words := _WORDS.search(text)) is not None:
        return message, f"what is equal is written with ==, and a state as {words[1]}.{words[2]}"
    # 20,050 cannot be read for the 0 behind its comma
    thousands = grouped(text) if re.search(r",0\d\d", text) else ""
    hints = [thousands, *(hint for written, hint in _ELSEWHERE.items() if re.search(written, text))]
    return message, *[hint for hint in hints if hint][:1]


def rewritten(text: str) -> str:
    """A text as a formula that can be read: what is said to be a word, or not to be, is compared with it."""

    def of(found: re.Match[str]) -> str:
        return f"{found[1]} {'==' if found[2] in ('=', '==', 'is') else '!='} {found[4]}"

    return re.sub(_EQUAL, "==", _STATE.sub(of, text))


def grouped(text: str) -> str:
    """How the first number with commas between its thousands is written here; empty where there is none."""
    found = _GROUPED.search(text)
    return f"thousands are written {found[0].replace(',', '_')}" if found else ""


def elsehow(node: ast.expr, text: str) -> str:
    """How a part of the formula ``text`` that is none is written here; empty where it is not known what was meant."""
    if isinstance(node, ast.Tuple):
        return grouped(text) or _DECIMALS
    return _ELSEHOW.get(type(getattr(node, "op", node)), "")


def of_state(name: str, state: str, holds: bool) -> str:
    """How it is asked whether a driver is in a state."""
    return f"a state is read by its name: write {'' if holds else 'not '}{name}.{state}"


def _after(text: str, error: SyntaxError) -> str:
    """Where the parser stopped: from which sign, or at the end."""
    if error.lineno != 1 or not error.offset:
        return ""
    rest = text[error.offset - 1 :].strip()
    return f", from {_beginning(rest)!r} on" if rest.isprintable() and rest else ": it breaks off"


def _beginning(text: str) -> str:
    """The first words of a text; no word or number is cut."""
    found = re.match(r".{1,20}(?:(?<=[\w.])[\w.]{0,40})?", text)
    return found[0] if found else text


def _unclosed(text: str) -> tuple[str, str] | None:
    """What is wrong with the brackets of a formula, and what to do; None where each has its other."""
    opened: list[int] = []
    for place, sign in enumerate(text):
        if sign == "(":
            opened.append(place)
        elif sign == ")" and opened:
            opened.pop()
        elif sign == ")":
            return f"there is a ) that no ( opened, after {text[:place][-20:]!r}", "take it out, or open it with ("
    if not opened or not text.isprintable():
        return None
    return f"the bracket at {_beginning(text[opened[-1] :])!r} is not closed", "close it with )"
