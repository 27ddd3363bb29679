"""Which draws to tilt for a rare event, and how strongly: found by a small run of its own.

The cross-entropy method by levels (Rubinstein and Kroese 2004, The Cross-Entropy Method): of each block of a sample the
trials that come nearest to the event are taken, at least a tenth, and each draw is tilted towards its mean among those,
with weights undone; then again from a sample so tilted, until the event itself is frequent. Only draws whose mean is
beyond noise are tilted, and each by less the nearer to noise it is, or hundreds of small tilts would scatter the
weights and teach nothing; a draw that is far out in some of the nearest only is tilted in a share of the trials. Of the
tilts so found those are kept under which a sample saw the most of the event, counted by its effective size.

An event that can come about in several ways (its formula says ``or``) has a pilot for each of them: what is nearest to
one hides the others, and a way that no tilt leads to would be seen so seldom that the interval knows nothing of it.
Half of the tilted trials are shared evenly between the ways, the others by how often each comes about.

The pilot is a function of the plan and its seed: a run that goes on, or is made again, finds the same tilts. It keeps
sums and no trials.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from pactrisk.alternatives import alternatives
from pactrisk.ensemble.nearness import nearer
from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.rare import Weighted, to_headline, weighted_block
from pactrisk.errors import Asked, stop_if, unasked
from pactrisk.estimators.weighted import effective
from pactrisk.expressions import Expression
from pactrisk.streams import PILOT
from pactrisk.tilting import Direction
from pactrisk.tilts import LEVELS, NORMALS, Tilt

__all__ = ["aimed", "find_tilts"]

Array = npt.NDArray[np.float64]

_BLOCKS, _ROUNDS = 10, 6
_NEAREST = 0.1
_ENOUGH = 100.0


def aimed(plan: Plan, asked: Asked = unasked) -> Plan:
    """The plan with the tilts for its rare event, where it asks for one.

    Raises
    ------
    KeyboardInterrupt : where the run is asked to stop meanwhile; it holds the number of the signal.
    """
    if plan.question.rare is None or plan.tilts is not None:
        return plan
    # what is too large is looked for, and named, where it comes about
    with np.errstate(all="ignore"):
        return replace(plan, tilts=find_tilts(plan, asked))


def find_tilts(plan: Plan, asked: Asked = unasked) -> tuple[Direction, ...]:
    """The tilts of each way to the event; none where it is frequent as it is, or nothing leads to it."""
    rare = plan.question.rare
    assert rare is not None
    short = to_headline(plan)
    begun = [_Sample(Expression(way)) for way in alternatives(rare.event)]
    _look(short, begun, 0, [], asked)
    found: list[tuple[dict[str, Tilt], float]] = []
    for sample in begun:
        one = _towards(short, sample, asked)
        # a way that nothing leads to sooner is drawn plainly, and no less often for the others
        if (one[0] or one[1]) and one not in found:
            found.append(one)
    if not any(tilts for tilts, _ in found):
        return ()
    total, even = sum(chance for _, chance in found), 1.0 / len(found)
    return tuple(Direction((even + (chance / total if total else even)) / 2, tilts) for tilts, chance in found)


def _look(plan: Plan, samples: list[_Sample], turn: int, directions: list[Direction], asked: Asked) -> None:
    """Let samples take up the blocks of a turn."""
    first = PILOT + turn * _BLOCKS
    for number in range(first, first + _BLOCKS):
        stop_if(asked)
        part = weighted_block(plan, number, directions)
        for sample in samples:
            sample.look_at(plan, part)


def _towards(plan: Plan, sample: _Sample, asked: Asked) -> tuple[dict[str, Tilt], float]:
    """The tilts of an event that comes about in one way, and its chance as far as a pilot sees it.

    ``sample`` is that of the first turn, which is drawn plainly.
    """
    tilts: dict[str, Tilt] = {}
    best, most, chance, arrived = tilts, -1.0, 0.0, False
    for turn in range(1, _ROUNDS + 1):
        if sample.event.effective > most:
            best, most, chance = tilts, sample.event.effective, sample.event.total / sample.trials
        if arrived or sample.near.effective < _ENOUGH or turn == _ROUNDS:
            break
        arrived = sample.seen >= _NEAREST * sample.trials
        tilts = sample.tilts()
        if not tilts:
            break
        sample = _Sample(sample.way)
        _look(plan, [sample], turn, [Direction(1.0, tilts)], asked)
    return best, chance


@dataclass
class _Weights:
    """Sums of weights and of their squares."""

    total: float = 0.0
    square: float = 0.0

    def take(self, weights: Array) -> None:
        self.total += float(weights.sum())
        self.square += float((weights * weights).sum())

    @property
    def effective(self) -> float:
        return float(effective(self.total, self.square))


@dataclass
class _Sample:
    """What is kept of a sample: of the trials in which the event happens, and of those that come nearest to it."""

    way: Expression
    trials: int = 0
    seen: int = 0
    event: _Weights = field(default_factory=_Weights)
    near: _Weights = field(default_factory=_Weights)
    uniforms: dict[str, Array] = field(default_factory=dict)
    normals: dict[str, Array] = field(default_factory=dict)

    def look_at(self, plan: Plan, part: Weighted) -> None:
        """Take up one block."""
        # a way that is open for what it reads (the logarithm of a loss) is settled by another
        value = np.asarray(self.way.evaluate(part.read.__getitem__), dtype=float)
        happens = np.broadcast_to(np.isfinite(value) & (value != 0), part.weights.shape)
        self.trials += len(happens)
        self.seen += int(happens.sum())
        self.event.take(part.weights[happens])
        near = self._nearest(plan, part, happens)
        weights = part.weights[near]
        self.near.take(weights)
        drawn = (LEVELS, self.uniforms, part.streams.uniforms), (NORMALS, self.normals, part.streams.normals)
        for law, sums, numbers in drawn:
            for address, each in numbers.items():
                some = law.sums(each[near], weights)
                sums[address] = sums[address] + some if address in sums else some

    def tilts(self) -> dict[str, Tilt]:
        """The tilt of each draw to what it is among the nearest, where that is beyond noise."""
        found: dict[str, Tilt] = {}
        for law, sums in ((LEVELS, self.uniforms), (NORMALS, self.normals)):
            names = sorted(sums)
            every = law.tilts(np.array([sums[name] for name in names]), self.near.effective) if names else []
            found |= {name: tilt for name, tilt in zip(names, every, strict=True) if tilt is not None}
        return found

    def _nearest(self, plan: Plan, part: Weighted, happens: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
        """The tenth of a block that is nearest to the event; all trials in which it happens, if these are more."""
        # by degrees some that miss seem to hold, and are told apart by how far they do
        margin = self.way.margin(nearer(plan, part).__getitem__, beyond=True)
        margin = np.nan_to_num(np.broadcast_to(margin, happens.shape), nan=-np.inf)
        margin = np.where(happens, np.inf, margin)
        return np.flatnonzero(margin >= np.sort(margin)[int((1.0 - _NEAREST) * len(margin))])
