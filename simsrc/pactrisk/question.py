"""A config: how we ask. Scenario, horizon, trials, seed, variants, the rule, conditions. No fact about the world."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from pactrisk.cuts import UNASKED, Cuts, unfallen_together
from pactrisk.expressions import Expression
from pactrisk.grid import TimeGrid, months_between
from pactrisk.outcomes import Rule
from pactrisk.quantities import Num
from pactrisk.samplers import REPLICATES, Kind
from pactrisk.specs import NAMES, Documented, Names, Ruled, Spec, Wrong
from pactrisk.streams import BLOCK

__all__ = ["NUMBER", "Condition", "Precision", "Question", "Rare", "Variant"]

Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]


def _span(raw: object) -> object:
    """``"60 months"``, ``"5 years"``, a date or a number of months."""
    if isinstance(raw, str):
        match = re.fullmatch(r"\s*(\d{1,4})\s*(months?|quarters?|years?)\s*", raw)
        if not match:
            raise ValueError('must be like "60 months", "5 years", a number of months or a date', *_unquoted(raw))
        factor = {"m": 1, "q": 3, "y": 12}[match[2][0]]
        return int(match[1]) * factor
    if isinstance(raw, bool) or not isinstance(raw, int | date):
        raise ValueError('must be like "60 months", "5 years", a number of months or a date')
    return raw


def _unquoted(text: str) -> list[str]:
    """What to do about a date or a number of months that is written as text; nothing about other text."""
    with suppress(ValueError):
        return [f"without quotes: {date.fromisoformat(text.strip())}"]
    return [f"without quotes: {text.strip()}"] if re.fullmatch(r"\s*[1-9]\d{0,2}\s*", text) else []


Span = Annotated[
    int | date,
    BeforeValidator(_span),
    Field(json_schema_extra={"anyOf": [{"type": "string"}, {"type": "integer"}], "examples": ["60 months", "5 years"]}),
]


def _arithmetic(text: str) -> str:
    Expression(text)
    return text


def _address(text: str) -> str:
    if not re.fullmatch(r"(tcp|tls)://[^\s/]{1,255}:\d{1,5}", text):
        raise ValueError("must be an address such as tcp://10.0.0.5:8786")
    return text


class Variant(Documented):
    """The same scenario with named edits, or another scenario that extends it."""

    title: str = ""
    """name for people"""
    scenario: str | None = None
    """scenario file instead of the config's"""
    set: dict[str, Any] = {}
    """edits: dotted keys of the scenario and their new values; a table or list replaces all that stood there"""
    note: str = ""
    """why this variant"""


class Condition(Spec):
    """A shock to look back on: the trials in which something held for long enough."""

    title: str = ""
    """name for people"""
    when: Annotated[str, AfterValidator(_arithmetic)]
    """a comparison over drivers, such as brent < 50 or ukraine.war"""
    months: Annotated[float, Num("how long, in all, it must hold before the headline date", "months", above=0)] = 1.0


MOST_TRIALS = 1_000_000_000
"""The most trials that a run may have."""
_HALF_WIDTH = "half the width of an interval, in the unit of what is named: 0.002 of a chance is 0.2 points"
_OF = (
    "what must be so narrow at the headline date: agreements (the chance of substantive cooperation of each), number "
    "(of agreements in it), variants (how much each changes that number), conditions (the chance of each agreement "
    "under each that is ever seen), rare (the chance of the rare event); one agreement, variant, condition or quantity "
    "by name; a class of one agreement (rail.symbolic); one agreement under a variant (peace.rail: how much that "
    "changes its chance) or under a condition (cheap_oil.rail)"
)


class Precision(Spec):
    """How narrow intervals must be before a run may stop."""

    half_width: Annotated[float, Field(gt=0, lt=1000, description=_HALF_WIDTH)]
    of: Annotated[Names, Field(min_length=1, description=_OF)] = ("agreements",)


def _precision(raw: object) -> object:
    """``0.002`` for ``{ half_width = 0.002 }``."""
    return raw if isinstance(raw, dict | Precision) or raw is None else {"half_width": raw}


Narrow = Annotated[
    Precision,
    BeforeValidator(_precision),
    WithJsonSchema(
        {
            "description": "how narrow intervals must be before a run may stop; a number is the half width of a chance",
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0},
                {
                    "type": "object",
                    "properties": {
                        "half_width": {"type": "number", "exclusiveMinimum": 0, "description": _HALF_WIDTH},
                        "of": {"description": _OF, **NAMES},
                    },
                    "required": ["half_width"],
                    "additionalProperties": False,
                },
            ],
        }
    ),
]


NUMBER = "number"
"""What a rare event calls the number of agreements in substantive cooperation."""
_EVENT = "the rare event: a comparison of what is true at the headline date, such as number >= 9"
_TIMES = "tilted trials for each plain one"


class Rare(Spec):
    """A rare event, whose chance is found with trials that are drawn where it lies."""

    title: str = ""
    """name for people"""
    event: Annotated[str, AfterValidator(_arithmetic), Field(description=_EVENT)]
    times: Annotated[int, Field(ge=1, le=1000, strict=True, description=_TIMES)] = 1


def _rare(raw: object) -> object:
    """``"number >= 9"`` for ``{ event = "number >= 9" }``."""
    if not isinstance(raw, str | dict | Rare | None):
        raise ValueError('must be an event in quotes, such as "number >= 9"')
    return {"event": raw} if isinstance(raw, str) else raw


Unlikely = Annotated[
    Rare,
    BeforeValidator(_rare),
    WithJsonSchema(
        {
            "description": "a rare event at the headline date whose chance is wanted; a text is the event",
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {
                        "title": {"type": "string", "description": "name for people"},
                        "event": {"type": "string", "description": _EVENT},
                        "times": {"type": "integer", "minimum": 1, "maximum": 1000, "description": _TIMES},
                    },
                    "required": ["event"],
                    "additionalProperties": False,
                },
            ],
        }
    ),
]


class Question(Ruled):
    """What is asked of a scenario."""

    title: str = ""
    """name for people; the scenario's if not given"""
    scenario: str
    """scenario file, by name (in scenarios/) or by path from the config"""
    horizon: Span = 60
    """how far to simulate: "60 months", "5 years" or a date"""
    headline: Span | None = None
    """date of the headline numbers; the horizon if not given"""
    step: Literal["month", "quarter"] = "month"
    """distance between the grid points"""
    trials: Annotated[int, Field(ge=1, le=MOST_TRIALS, strict=True)] = 20_000
    """simulated histories; the most of them where a precision is asked for"""
    precision: Narrow | None = None
    """stop as soon as intervals are this narrow"""
    rare: Unlikely | None = None
    """a rare event at the headline date whose chance is wanted, such as "number >= 9"; tilted trials find it"""
    trials_per_world: Annotated[int, Field(ge=1, le=BLOCK, strict=True)] = 5
    """histories under each draw of the assumptions; a divisor of 2000, and of 200 where a sampler is not plain"""
    sampler: Kind = "latin"
    """how random numbers are spread: plain, antithetic, latin (Latin hypercube) or sobol. All are without bias; the
    others need fewer trials for the same interval"""
    conditional_monte_carlo: Annotated[bool, Field(strict=True)] = False
    """whether chances at the headline are worked out given the rest of each trial, where whether agreements exist,
    whether milestones are pursued and whether agreements end has a closed form; counted if false"""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1, strict=True)] = 1
    """start of all randomness"""
    level: Annotated[float, Num("confidence level of the intervals", above=0.5, most=0.999999)] = 0.95
    rule: Rule = Rule()
    """cuts between the classes"""
    cuts: Annotated[dict[Slug, Cuts], Field(max_length=20)] = UNASKED
    """other cuts at which the headline is told again; a looser and a stricter set of them if none is given"""
    variants: Annotated[dict[Slug, Variant], Field(max_length=50)] = {}
    """worlds to set beside the scenario"""
    conditions: Annotated[dict[Slug, Condition], Field(max_length=100)] = {}
    """shocks to look back on; each state of each regime if none is given"""
    analyses: Names = ()
    """chapters of the report, of headline, density, when, portfolio, together, drivers, rare, conditions, variants,
    tags, quantities, cuts, register, diagram, certainty, method and those of your own; all if none is given"""
    workers: Annotated[int, Field(ge=0, le=1024, strict=True)] = 0
    """processes or threads; as many as there are processors if 0. Never moves a number"""
    executor: Literal["processes", "threads", "alone", "dask"] = "processes"
    """who makes the blocks of trials: processes or threads of this machine, this process alone, or the workers of a
    Dask scheduler. Never moves a number"""
    scheduler: Annotated[str, AfterValidator(_address)] | None = None
    """address of the Dask scheduler, such as tcp://10.0.0.5:8786"""
    batch: Annotated[int, Field(ge=0, le=100, strict=True)] = 0
    """blocks that a worker is given at once; chosen if 0. Never moves a number"""

    def wrong(self) -> Iterator[Wrong]:
        """Worlds that blocks would cut in two."""
        whole = BLOCK if self.sampler == "plain" else BLOCK // REPLICATES
        if whole % self.trials_per_world:
            divisors = [d for d in range(1, whole + 1) if whole % d == 0]
            nearest = min(divisors, key=lambda d: abs(d - self.trials_per_world))
            given = "" if self.sampler == "plain" else f" where the sampler is {self.sampler}"
            message = f"must divide {whole}{given}; the nearest that does is {nearest}"
            yield Wrong(message, ("sampler",), ("trials_per_world",))
        yield from unfallen_together(self.rule, self.cuts)

    def months(self, span: int | date, signed: date) -> float:
        """A span in months from the signature."""
        return months_between(signed, span) if isinstance(span, date) else float(span)

    def grid(self, signed: date) -> TimeGrid:
        """The grid from signature to horizon."""
        step = 1 if self.step == "month" else 3
        return TimeGrid(signed, int(self.months(self.horizon, signed) // step), step)

    def headline_point(self, signed: date) -> int:
        """The grid point of the headline."""
        grid = self.grid(signed)
        return grid.steps if self.headline is None else grid.at(self.months(self.headline, signed))
