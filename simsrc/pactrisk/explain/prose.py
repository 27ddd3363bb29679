"""Documentation of the specs as plain text: docstrings without markup, formulas without TeX."""

from __future__ import annotations

import re
from functools import cache

from pactrisk.specs import docstring

__all__ = ["documentation", "plain_formula", "summary"]

_SIGNS = {
    "alpha": "α",
    "beta": "β",
    "chi": "χ",
    "Delta": "Δ",
    "ell": "l",
    "epsilon": "ε",
    "varepsilon": "ε",
    "infty": "∞",
    "int": "∫",
    "kappa": "κ",
    "lambda": "λ",
    "le": "≤",
    "ge": "≥",
    "ln": "ln ",
    "mu": "μ",
    "phi": "φ",
    "Phi": "Φ",
    "pi": "π",
    "prod": "Π",
    "rho": "ρ",
    "sigma": "σ",
    "sum": "Σ",
    "tau": "τ",
    "xi": "ξ",
    "quad": " ",
    "qquad": " ",
    "sim": "~",
    "times": "×",
    "cdot": "·",
}
_SUBSCRIPT = re.compile(r"_\{([^{}]*)\}")
_SUPERSCRIPT = re.compile(r"\^\{([^{}]*)\}")
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")
_ROOT = re.compile(r"\\sqrt\{([^{}]*)\}")
_TEXT = re.compile(r"\\(?:text|mathrm|operatorname)\{([^{}]*)\}")
_WORD = re.compile(r"\\([A-Za-z]+)")


def plain_formula(tex: str) -> str:
    """A formula in TeX as plain text: ``\\frac{a}{b}`` becomes ``(a)/(b)``, Greek letters stand as such."""
    text = re.sub(r"\\(?:big|Big|bigl|bigr|Bigl|Bigr|left|right)(?![a-z])", "", tex)
    text = text.replace(r"\_", "_").replace(r"\,", " ").replace(r"\;", " ").replace(r"\\", " ").replace("&", "")
    before = None
    while text != before:
        before = text
        for pattern, plain in (
            (_TEXT, r"\1"),
            (_SUBSCRIPT, r"_\1"),
            (_SUPERSCRIPT, r"^(\1)"),
            (_FRACTION, r"(\1)/(\2)"),
            (_ROOT, r"√(\1)"),
        ):
            text = pattern.sub(plain, text)
    text = _WORD.sub(lambda m: _SIGNS.get(m[1], m[1]), text)
    return re.sub(r"\s+", " ", text.replace("{", "").replace("}", "")).strip()


@cache
def documentation(spec: type) -> tuple[str, ...]:
    """The paragraphs of a spec's docstring; a formula is a paragraph of its own."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", docstring(spec)):
        if block.startswith(".. math::"):
            found.append(plain_formula(block.removeprefix(".. math::")))
        elif block:
            found.append(_plain(block))
    return tuple(found)


def summary(spec: type) -> str:
    """The first paragraph of a spec's docstring."""
    return next(iter(documentation(spec)), "")


def _plain(block: str) -> str:
    text = re.sub(r":math:`([^`]*)`", lambda m: plain_formula(m[1]), block)
    text = re.sub(r":[a-z]+:`~?([^`]*)`", r"\1", text).replace("``", "")
    return re.sub(r"\s+", " ", text)
