"""Do the package and the notebook give the same probabilities?

They share no random number and no line that simulates, so their probabilities of each class of each agreement at the
headline may differ by chance, and by what the notebook rounds to months. Neither is chosen by eye:

- chance: the standard errors of both, over worlds, times the normal quantile at which one comparison of all would
  fail by chance once in 10,000, and five trials for what is too rare to be normal;
- rounding: nothing in the notebook is moved by more than a month, so a probability is moved by no more than it
  changes in the package between the headline and the month before or after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

import notebook
from pactrisk.ensemble import Plan, moments, run
from pactrisk.outcomes import CLASSES
from pactrisk.scenario import Scenario

Array = npt.NDArray[np.float64]
FALSE_ALARM = 1e-4


@dataclass(frozen=True)
class Comparison:
    """Probabilities at the headline, shape (agreement, class), and how far apart they may be."""

    package: Array
    notebook: Array
    error: Array
    rounding: Array
    trials: int

    @property
    def allowed(self) -> Array:
        z = -special.ndtri(FALSE_ALARM / 2 / self.package.size)
        return np.asarray(z * self.error + self.rounding + 5 / self.trials)

    @property
    def same(self) -> bool:
        return bool((np.abs(self.package - self.notebook) <= self.allowed).all())

    def worst(self, scenario: Scenario) -> str:
        """The comparison that is nearest to its limit, or furthest beyond it."""
        used = np.abs(self.package - self.notebook) / self.allowed
        i, c = (int(x) for x in np.unravel_index(int(used.argmax()), used.shape))
        return (
            f"{scenario.ids[i]} {CLASSES[c]}: {self.package[i, c]:.4f} and {self.notebook[i, c]:.4f}, "
            f"{used[i, c]:.0%} of the difference allowed"
        )


def compare(plan: Plan, trials: int, seed: int = 1, other: Scenario | None = None) -> Comparison:
    """Both with so many trials; the notebook simulates ``other`` if it is given."""
    question = plan.question.model_copy(update={"trials": trials})
    asked = replace(plan, question=question, variants={})
    found = moments(run(asked, {}, 1), "classes", asked)
    plain = notebook.run(
        other or plan.scenario,
        question.rule,
        asked.grid.steps,
        asked.headline,
        asked.trials,
        asked.trials_per_world,
        seed,
    )
    share = found.total / found.trials
    h, m = asked.headline, asked.trials_per_world
    near = share[:, max(h - 1, 0) : h + 2]
    # what is independent: worlds, or replicates of several
    worlds = found.total[:, h] / found.worlds, found.square[:, h] / found.worlds
    package_variance = (worlds[1] - worlds[0] ** 2) / found.trials_per_world**2 / found.worlds
    notebook_variance = plain.by_world.var(axis=-1).T / m**2 / plain.by_world.shape[-1]
    return Comparison(
        share[:, h],
        plain.classes[:, h] / plain.trials,
        np.sqrt(package_variance + notebook_variance),
        np.abs(near - share[:, h : h + 1]).max(axis=1),
        asked.trials,
    )
