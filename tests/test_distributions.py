"""Distributions by their inverse, against scipy.stats and against the quantiles they were elicited by."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pactrisk.distributions import FAMILIES, Distribution
from pactrisk.survival import TAILS, kept, lasting, left

Array = npt.NDArray[np.float64]

U = np.concatenate([[1e-12, 1e-6], np.linspace(0.001, 0.999, 499), [1 - 1e-6, 1 - 1e-12]])

# parameters, and the same law as scipy names it
TWINS: dict[str, list[tuple[dict[str, float], Any]]] = {
    "fixed": [],
    "uniform": [({"low": -2.0, "high": 5.0}, stats.uniform(-2, 7))],
    "triangular": [
        ({"low": 1.0, "mode": 2.0, "high": 7.0}, stats.triang(1 / 6, 1, 6)),
        ({"low": 1.0, "mode": 1.0, "high": 7.0}, stats.triang(0, 1, 6)),
        ({"low": 1.0, "mode": 7.0, "high": 7.0}, stats.triang(1, 1, 6)),
    ],
    "normal": [({"mean": -1.0, "sd": 2.5}, stats.norm(-1, 2.5))],
    "lognormal": [({"median": 9.0, "sigma": 0.7}, stats.lognorm(0.7, scale=9))],
    "exponential": [({"mean": 14.0}, stats.expon(scale=14))],
    "weibull": [
        ({"scale": 12.0, "shape": 0.7}, stats.weibull_min(0.7, scale=12)),
        ({"scale": 12.0, "shape": 2.2}, stats.weibull_min(2.2, scale=12)),
    ],
    "gamma": [
        ({"shape": 0.5, "scale": 6.0}, stats.gamma(0.5, scale=6)),
        ({"shape": 3.0, "scale": 2.0}, stats.gamma(3, scale=2)),
    ],
    "log_logistic": [
        ({"median": 6.0, "shape": 2.5}, stats.fisk(2.5, scale=6)),
        ({"median": 6.0, "shape": 0.8}, stats.fisk(0.8, scale=6)),
    ],
    "beta": [({"a": 2.0, "b": 6.0}, stats.beta(2, 6)), ({"a": 0.5, "b": 0.5}, stats.beta(0.5, 0.5))],
}
PAIRS = [(family, parameters, twin) for family, twins in TWINS.items() for parameters, twin in twins]


def twin_mean(twin: Any) -> float:
    # scipy says nan for a mean that is infinite
    mean = float(twin.mean())
    return math.inf if math.isnan(mean) else mean


def test_every_family_has_a_twin() -> None:
    assert set(TWINS) == set(FAMILIES) == set(TAILS), "add a twin and a tail for every family"


@pytest.mark.parametrize(("family", "parameters", "twin"), PAIRS)
def test_a_family_is_its_twin(family: str, parameters: dict[str, float], twin: Any) -> None:
    law = Distribution(family, parameters)
    # scipy loses the digits of the outermost level of its log-logistic
    levels = U[:-1] if family == "log_logistic" else U
    np.testing.assert_allclose(law.ppf(levels), twin.ppf(levels), rtol=1e-8, atol=1e-12)
    x = twin.ppf(U)
    wide = np.concatenate([[twin.support()[0] - 1.0, -5.0, 0.0], x, x * 1.5 + 1])
    np.testing.assert_allclose(law.cdf(wide), twin.cdf(wide), rtol=1e-8, atol=1e-11)
    np.testing.assert_allclose(law.cdf(law.ppf(U)), U, rtol=1e-7, atol=1e-10)
    mean = float(np.asarray(FAMILIES[family].mean(parameters)))
    assert mean == pytest.approx(twin_mean(twin), rel=1e-12)
    low, high = FAMILIES[family].support
    assert low <= twin.support()[0]
    assert twin.support()[1] <= high


@pytest.mark.parametrize(("family", "parameters", "twin"), [p for p in PAIRS if p[0] != "log_logistic"])
def test_a_tail_is_that_of_its_twin(family: str, parameters: dict[str, float], twin: Any) -> None:
    sf, isf = TAILS[family]
    q = np.concatenate([10.0 ** -np.arange(1.0, 15), np.linspace(0.01, 0.99, 99)])
    np.testing.assert_allclose(isf(q, parameters), twin.isf(q), rtol=1e-8, atol=1e-12)
    x = np.concatenate([[-9.0, 0.0], twin.isf(q[q > 1e-6]), [1e4]])
    np.testing.assert_allclose(sf(x, parameters), twin.sf(x), rtol=1e-7, atol=1e-14)


@pytest.mark.parametrize(("family", "parameters", "twin"), PAIRS)
def test_parameters_may_be_one_a_trial(family: str, parameters: dict[str, float], twin: Any) -> None:
    several = {name: np.array([value, value, value]) for name, value in parameters.items()}
    u = np.array([0.1, 0.5, 0.95])
    np.testing.assert_allclose(Distribution(family, several).ppf(u), twin.ppf(u), rtol=1e-9)
    np.testing.assert_allclose(FAMILIES[family].mean(several), np.full(3, twin_mean(twin)))


def test_fixed_is_always_the_same() -> None:
    law = Distribution("fixed", {"value": 3.0})
    assert (law.ppf(U) == 3.0).all()
    assert law.cdf(np.array([2.9, 3.0, 3.1])).tolist() == [0.0, 1.0, 1.0]
    assert FAMILIES["fixed"].mean({"value": 3.0}) == 3.0


BOUNDS = {"none": (-math.inf, math.inf), "low": (0.0, math.inf), "high": (-math.inf, 1.0), "both": (0.0, 1.0)}


@pytest.mark.parametrize("scale", BOUNDS)
@pytest.mark.parametrize("levels", [(10, 90), (10, 50, 90), (5, 25, 50, 75, 95), (50, 90), (1, 99)])
def test_elicited_quantiles_are_met(scale: str, levels: tuple[int, ...]) -> None:
    values = np.array([0.05, 0.3, 0.35, 0.7, 0.92])[: len(levels)]
    named = {f"p{level:02d}": float(value) for level, value in zip(levels, values, strict=True)}
    law = Distribution("quantiles", dict(reversed(named.items())), bounds=BOUNDS[scale])
    np.testing.assert_allclose(law.ppf(np.array(levels) / 100), values, rtol=1e-12)
    np.testing.assert_allclose(law.cdf(values), np.array(levels) / 100, rtol=1e-12)
    x = law.ppf(U)
    assert (np.diff(x) >= 0).all()
    inside = (x > BOUNDS[scale][0] + 1e-9) & (x < BOUNDS[scale][1] - 1e-9)
    np.testing.assert_allclose(law.cdf(x[inside]), U[inside], rtol=1e-5, atol=1e-9)
    low, high = BOUNDS[scale]
    assert (x >= low).all()
    assert (x <= high).all()
    beyond = np.array([low - 1 if math.isfinite(low) else -1e9, high + 1 if math.isfinite(high) else 1e9])
    assert law.cdf(beyond).tolist() == [0.0, 1.0]


def test_two_quantiles_are_the_plain_law() -> None:
    z = stats.norm.ppf(0.9)
    normal = Distribution("quantiles", {"p10": 2.0, "p90": 6.0})
    np.testing.assert_allclose(normal.ppf(U), stats.norm(4, 2 / z).ppf(U), rtol=1e-12, atol=1e-11)
    lognormal = Distribution("quantiles", {"p10": 2.0, "p90": 8.0}, bounds=(0.0, math.inf))
    np.testing.assert_allclose(lognormal.ppf(U), stats.lognorm(math.log(2) / z, scale=4).ppf(U), rtol=1e-11)
    logit = Distribution("quantiles", {"p10": 0.2, "p90": 0.8}, bounds=(0.0, 1.0))
    truth = 1 / (1 + np.exp(-math.log(4) / z * stats.norm.ppf(U)))
    np.testing.assert_allclose(logit.ppf(U), truth, rtol=1e-12)
    shifted = Distribution("quantiles", {"p10": 12.0, "p90": 18.0}, bounds=(10.0, math.inf))
    np.testing.assert_allclose(shifted.ppf(U) - 10, stats.lognorm(math.log(2) / z, scale=4).ppf(U), rtol=1e-11)
    mirrored = Distribution("quantiles", {"p10": -8.0, "p90": -2.0}, bounds=(-math.inf, 0.0))
    np.testing.assert_allclose(mirrored.ppf(U), -lognormal.ppf(1 - U), rtol=1e-3)
    np.testing.assert_allclose(mirrored.ppf(U[5:-5]), -lognormal.ppf(1 - U[5:-5]), rtol=1e-9)


def test_three_quantiles_are_split_at_the_middle_and_go_on_along_the_outer_halves() -> None:
    law = Distribution("quantiles", {"p10": 2.0, "p50": 5.0, "p90": 20.0}, bounds=(0.0, math.inf))
    z90 = stats.norm.ppf(0.9)
    below = stats.lognorm(math.log(5 / 2) / z90, scale=5).ppf(U)
    above = stats.lognorm(math.log(20 / 5) / z90, scale=5).ppf(U)
    np.testing.assert_allclose(law.ppf(U), np.where(U < 0.5, below, above), rtol=1e-11)


def test_quantiles_that_cross_in_a_world_are_put_in_order() -> None:
    crossed = {"p10": np.array([2.0, 9.0]), "p90": np.array([8.0, 3.0])}
    law = Distribution("quantiles", crossed, bounds=(0.0, math.inf))
    np.testing.assert_allclose(law.ppf(np.array([0.1, 0.1])), [2.0, 3.0])
    np.testing.assert_allclose(law.ppf(np.array([0.9, 0.9])), [8.0, 9.0])


@pytest.mark.parametrize(("low", "high"), [(3.0, None), (None, 9.0), (3.0, 9.0), (-4.0, 9.0), (3.0, 1e9)])
@pytest.mark.parametrize(
    ("law", "twin"),
    [
        (("lognormal", {"median": 6.0, "sigma": 0.6}), stats.lognorm(0.6, scale=6)),
        (("normal", {"mean": 5.0, "sd": 3.0}), stats.norm(5, 3)),
        (("quantiles", {"p10": 2.0, "p90": 8.0}), stats.lognorm(math.log(2) / stats.norm.ppf(0.9), scale=4)),
    ],
)
def test_truncation_keeps_the_shape_inside(
    law: tuple[str, dict[str, float]], twin: Any, low: float | None, high: float | None
) -> None:
    bounds = (0.0, math.inf) if law[0] == "quantiles" else (-math.inf, math.inf)
    cut = Distribution(*law, low, high, bounds)
    least = -math.inf if low is None else low
    most = math.inf if high is None else high
    x = cut.ppf(U)
    np.testing.assert_allclose(x, twin.ppf(twin.cdf(least) + U * (twin.cdf(most) - twin.cdf(least))), rtol=1e-7)
    assert (x >= least).all()
    assert (x <= most).all()
    inside = np.linspace(max(least, 0.5), min(most, 20.0), 50)
    truth = (twin.cdf(inside) - twin.cdf(least)) / (twin.cdf(most) - twin.cdf(least))
    np.testing.assert_allclose(cut.cdf(inside), truth, atol=1e-12)
    np.testing.assert_allclose(cut.cdf(x[2:-2]), U[2:-2], rtol=1e-7)
    if low is not None:
        assert cut.cdf(np.array(low - 1.0)) == 0
    if high is not None:
        assert cut.cdf(np.array(high + 1.0)) == 1


def test_truncation_beyond_the_bounds_changes_nothing() -> None:
    law = Distribution("quantiles", {"p10": 0.1, "p90": 0.5}, bounds=(0.0, 1.0))
    cut = Distribution("quantiles", {"p10": 0.1, "p90": 0.5}, -1.0, 1.5, (0.0, 1.0))
    np.testing.assert_array_equal(cut.ppf(U), law.ppf(U))


@pytest.mark.parametrize(("family", "parameters", "twin"), [p for p in PAIRS if p[2].support()[0] >= 0])
@pytest.mark.parametrize("part", [0.2, 0.9])
def test_what_is_left_after_some_time(family: str, parameters: dict[str, float], twin: Any, part: float) -> None:
    elapsed = float(twin.ppf(part))
    law = Distribution(family, parameters)
    u = U[2:-2]
    truth = twin.ppf(part + u * (1 - part)) - elapsed
    np.testing.assert_allclose(left(law, u, elapsed), truth, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(left(law, u, np.full(u.shape, elapsed)), truth, rtol=1e-6, atol=1e-9)
    if family == "exponential":
        np.testing.assert_allclose(left(law, u, elapsed), law.ppf(u), rtol=1e-9)
    np.testing.assert_allclose(left(law, u, 0.0), law.ppf(u), rtol=1e-9)


def test_what_is_left_of_a_fixed_time() -> None:
    law = Distribution("fixed", {"value": 5.0})
    assert (left(law, U, 2.0) == 3.0).all()
    assert (left(law, U, 7.0) == 0.0).all()


LASTING = [p for p in PAIRS if p[2].support()[0] >= 0 and p[0] != "beta"]


@pytest.mark.parametrize(("family", "parameters", "twin"), LASTING)
@pytest.mark.parametrize("rare", [1e-9, 1e-20])
def test_what_is_left_where_hardly_any_last(family: str, parameters: dict[str, float], twin: Any, rare: float) -> None:
    """Long after most have ended the cdf is 1 to the last digit, and yet there is a law of what is left."""
    elapsed = float(twin.isf(rare))
    law, u = Distribution(family, parameters), U[2:-2]
    width = float(twin.support()[1]) if family in ("uniform", "triangular") else elapsed
    truth = np.maximum(twin.isf((1 - u) * rare) - elapsed, 0.0)
    np.testing.assert_allclose(left(law, u, elapsed), truth, rtol=1e-6, atol=1e-11 * width)
    if family not in ("uniform", "triangular"):
        assert (np.diff(left(law, u, elapsed)) > 0).all()
        assert float(lasting(law, elapsed)) == pytest.approx(rare, rel=1e-6)


@pytest.mark.parametrize("elapsed", [0.5, 60.0, 400.0])
def test_a_constant_hazard_has_no_memory(elapsed: float) -> None:
    law = Distribution("exponential", {"mean": 1.0})
    np.testing.assert_allclose(left(law, U, elapsed), law.ppf(U), rtol=1e-9, atol=1e-12)
    assert (left(law, U, 5000.0) == 0.0).all()


@pytest.mark.parametrize("elapsed", [3.0, 60.0])
def test_what_is_left_of_elicited_quantiles_and_of_what_is_cut(elapsed: float) -> None:
    twin, u = stats.lognorm(math.log(2) / stats.norm.ppf(0.9), scale=4), U[2:-2]
    named, bounds = {"p10": 2.0, "p50": 4.0, "p90": 8.0}, (0.0, math.inf)
    law = Distribution("quantiles", named, bounds=bounds)
    for long in (elapsed, 400.0):
        np.testing.assert_allclose(left(law, u, long), twin.isf((1 - u) * twin.sf(long)) - long, rtol=1e-6)
    cut = Distribution("quantiles", named, 5.0, 90.0, bounds)
    start = max(elapsed, 5.0)
    truth = twin.isf(twin.sf(90) + (1 - u) * (twin.sf(start) - twin.sf(90))) - elapsed
    np.testing.assert_allclose(left(cut, u, elapsed), truth, rtol=1e-6)
    np.testing.assert_allclose(left(cut, u, np.full(u.shape, elapsed)), truth, rtol=1e-6)
    whole = twin.sf(5) - twin.sf(90)
    assert float(kept(cut)) == pytest.approx(whole, rel=1e-9)
    assert float(lasting(cut, elapsed)) == pytest.approx((twin.sf(start) - twin.sf(90)) / whole, rel=1e-6)
    assert (left(cut, u, 95.0) == 0.0).all()


def test_a_fixed_time_is_kept_whole_or_not_at_all() -> None:
    for low, high, share in ((None, None, 1), (5.0, 9.0, 1), (1.0, 5.0, 1), (6.0, 9.0, 0), (None, 4.0, 0)):
        assert float(kept(Distribution("fixed", {"value": 5.0}, low, high))) == share


LAWS = st.one_of(
    st.sampled_from([Distribution(family, parameters) for family, parameters, _ in PAIRS]),
    st.builds(
        lambda low, high, bounds: Distribution(
            "quantiles", {"p10": low, "p50": (low + high) / 2, "p90": high}, bounds=bounds
        ),
        st.floats(0.01, 0.4),
        st.floats(0.5, 0.99),
        st.sampled_from(list(BOUNDS.values())),
    ),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(law=LAWS, u=st.tuples(st.floats(1e-15, 1 - 1e-15), st.floats(1e-15, 1 - 1e-15)))
def test_a_larger_uniform_gives_a_larger_value(law: Distribution, u: tuple[float, float]) -> None:
    small, large = law.ppf(np.array(sorted(u)))
    assert small <= large
    assert math.isfinite(small)
    assert math.isfinite(large)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    medians=st.tuples(st.floats(0.1, 90), st.floats(0.1, 90)),
    ratio=st.floats(1.1, 9),
    u=st.floats(1e-6, 1 - 1e-6),
)
def test_a_longer_duration_is_longer_at_every_level(medians: tuple[float, float], ratio: float, u: float) -> None:
    def duration(median: float) -> Distribution:
        named = {"p10": median / ratio, "p50": median, "p90": median * ratio}
        return Distribution("quantiles", named, bounds=(0.0, math.inf))

    short, long = (duration(m).ppf(np.array([u]))[0] for m in sorted(medians))
    assert short <= long * (1 + 1e-12)
