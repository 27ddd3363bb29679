"""What an agreement promises, as written in a file: milestones on a clock, a flow, an ending."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pactrisk.drivers.effects import Effect
from pactrisk.numerals import PER_CENT, shown
from pactrisk.quantities import Dur, Duration, Num, Value
from pactrisk.specs import Documented, Label, Labels, Names, Ruled, Wrong

__all__ = ["Agreement", "Ceremony", "Ending", "Flow", "Frailty", "Milestone", "Pace", "Terms"]

NAME = r"^[A-Za-z][A-Za-z0-9_]*$"
PLAIN = "letters a to z, digits and underscores, a letter first"
"""What a name must be, in words."""


class Milestone(Documented):
    """A dated, observable act."""

    title: str = ""
    """name for people"""
    track: Literal["formal", "material"]
    """formal: on paper or at a table; material: a tender, a contract, money, goods, people, a service"""
    after: Names = ()
    """milestones that must be done first, here or as agreement.milestone"""
    duration: Annotated[Duration, Dur("time that it takes once it can begin, as if nothing disturbed it")]
    never: Annotated[Value, Num("chance that it is not pursued at all", least=0, most=1)] = 0.0
    pace: str | None = None
    """pace that it runs on; the agreement's if not given"""
    weight: Annotated[float, Num("share of delivery (material) or weight in ceremony (formal)", least=0)] = 0.0
    earliest: date | None = None
    """day before which it cannot be done"""


class Flow(Documented):
    """What is delivered a year once its milestones stand, against a target above trend."""

    title: str = ""
    """name for people"""
    unit: str
    """unit of what is delivered, a year"""
    target: Annotated[Value, Num("delivered a year, above trend, that counts as the whole promise", above=0)]
    capacity: (
        Annotated[Value, Num("delivered a year when nothing disturbs; the target if not given", least=0)] | None
    ) = None
    after: Names
    """milestones that must stand before it begins"""
    ramp: Annotated[Value, Num("time to grow from nothing to its capacity", "months", least=0)] = 0.0
    variation: Annotated[
        Value,
        Num("standard deviation of the logarithm of what is delivered, from trial to trial", least=0, most=5),
    ] = 0.0
    effects: tuple[Effect, ...] = ()
    """what drivers do to it"""
    weight: (
        Annotated[float, Num("share of delivery; what the material milestones leave if not given", least=0, most=1)]
        | None
    ) = None


class Ending(Documented):
    """A hazard of being denounced, blocked or let lapse."""

    rate: Annotated[Value, Num("hazard of the end, when nothing disturbs", "per year", least=0, most=50)]
    effects: tuple[Effect, ...] = ()
    """what drivers do to the hazard"""


class Ceremony(Documented):
    """Events from its signature on that honour the agreement without delivering it."""

    driver: str
    """the events"""
    weight: Annotated[float, Num("weight of each event in ceremony", least=0)]


class Pace(Documented):
    """How fast work goes against an undisturbed world: the product of its effects."""

    title: str = ""
    """name for people"""
    includes: Names = ()
    """other paces whose effects hold here too; one that is reached in two ways holds once"""
    effects: tuple[Effect, ...] = ()
    """what drivers do to it"""


class Frailty(Documented):
    """A hidden factor that a party or a body puts on all of its paces."""

    title: str = ""
    """name for people"""
    sd: Annotated[Value, Num("standard deviation of the logarithm of the factor; its median is 1", least=0, most=5)]


class Terms(Documented):
    """What templates and agreements share."""

    title: str = ""
    """name for people"""
    form: str = ""
    """memorandum, intergovernmental agreement, contract ..."""
    sector: Label = ""
    """field of cooperation"""
    parties: Labels = ()
    """governments or bodies that signed"""
    stakeholders: Labels = ()
    """who has something at stake"""
    beneficiaries: Labels = ()
    """who gains if it is delivered"""
    depth: Annotated[
        Value,
        Num("how far the promise departs from what the parties would have done anyway", least=0, most=1),
    ] = 1.0
    presence: Annotated[Value, Num("chance that the agreement is in the portfolio at all", least=0, most=1)] = 1.0
    """chance that the agreement is in the portfolio at all; where it is not, what waits for its milestones never is"""
    pace: str | None = None
    """pace that its milestones run on unless they name another"""
    frailty: Annotated[Value, Num("standard deviation of the logarithm of its own hidden factor", least=0, most=5)] = (
        0.0
    )
    frailties: Names = ()
    """shared hidden factors"""
    milestones: Annotated[dict[str, Milestone], Field(max_length=60)] = {}
    """dated, observable acts, by name"""
    flow: Flow | None = None
    """what is delivered a year"""
    ending: Ending | None = None
    """hazard of being denounced, blocked or let lapse"""
    ceremonies: tuple[Ceremony, ...] = ()
    """events that honour it without delivering it"""


class Agreement(Terms, Ruled):
    """One document of the portfolio."""

    id: Annotated[str, Field(pattern=NAME, max_length=60)]
    """name in formulas and addresses: letters a to z, digits and underscores"""
    template: str | None = None
    """template whose terms it takes and overrides"""
    signed: date | None = None
    """day of signature; the scenario's if not given"""

    def wrong(self) -> Iterator[Wrong]:
        """No milestones, nothing that could be delivered, or weights of delivery that do not sum to 1."""
        material = [name for name, m in self.milestones.items() if m.track == "material"]
        weights = (f"milestones.{name}.weight" for name in material)
        rests = ("template", "milestones.*.", "milestones.*.track", "flow.weight", *weights)
        if not self.milestones:
            yield Wrong("an agreement needs at least one milestone", rests)
            return
        if self.flow is None and not material:
            hint = 'one is needed: a milestone with track = "material" and weight = 1, or a flow'
            yield Wrong("it has no material milestone and no flow: there is nothing to deliver", rests, hint=hint)
            return
        shares = [self.milestones[name].weight for name in material]
        if self.flow is not None and self.flow.weight is not None:
            shares.append(self.flow.weight)
        total = sum(shares)
        if self.flow is not None and self.flow.weight is None:
            total = max(total, 1.0)
        if abs(total - 1) > 1e-9:
            message = f"the weights of the material milestones and the flow must sum to 1, not {total:.6g}"
            yield Wrong(message, rests, hint=_summed(shares, total))

    @property
    def name(self) -> str:
        """Title, or the id where there is none."""
        return self.title or self.id

    @property
    def flow_weight(self) -> float:
        """Share of delivery that the flow makes up."""
        if self.flow is None:
            return 0.0
        if self.flow.weight is not None:
            return self.flow.weight
        return 1 - sum(m.weight for m in self.milestones.values() if m.track == "material")

    def tags(self) -> dict[str, tuple[str, ...]]:
        """Its labels by kind of tag."""
        return {
            "sector": (self.sector,) if self.sector else (),
            "party": self.parties,
            "stakeholder": self.stakeholders,
            "beneficiary": self.beneficiaries,
        }


def _summed(shares: list[float], total: float) -> str:
    """How weights come to sum to 1."""
    if abs(total - PER_CENT) < 1e-6:
        written, meant = (", ".join(map(shown, each)) for each in (shares, [x / PER_CENT for x in shares]))
        return f"shares of 1: {written} of 100 {'is' if len(shares) == 1 else 'are'} {meant}"
    off = abs(total - 1)
    if total > 1 and max(shares) < off:
        return "lower them until they do: each is a share of 1"
    return f"{'raise' if total < 1 else 'lower'} one of them by {off:.6g}"
