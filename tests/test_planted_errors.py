"""Errors planted on purpose, and the proofs that catch them.

Each entry rewrites one expression of the package while the test runs, in memory, and calls a proof of this suite:
the proof holds before, and must fail after. An entry whose text is no longer found in the package fails too, so
the list keeps up with the code. A proof that cannot fail is not a proof.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
import sys
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numba
import pytest
from numba.core.dispatcher import Dispatcher

from pactrisk.kernels.compilation import Loop

HERE = Path(__file__).parent


class Planted(NamedTuple):
    """What is wrong, where it is planted, what is rewritten, and the proof that must notice."""

    wrong: str
    where: str
    old: str
    new: str
    proof: str
    args: tuple[Any, ...] = ()


PRICES, REGIME, EVENTS = "drivers/test_prices.py", "drivers/test_regime.py", "drivers/test_events.py"
CONTRACT, WALK, FORMS = "drivers/test_contract.py", "agreements/test_naive_loop.py", "agreements/test_closed_forms.py"
OUTCOMES = "test_outcomes.py"
RARE = "ensemble/test_rare.py:"
REUSE = "ensemble/test_reuse.py:test_a_variant_beside_the_scenario_is_the_variant_alone"
GBM = {"kind": "geometric_brownian", "initial": 100.0, "volatility": 0.3}

ERRORS = [
    # drawing
    Planted(
        "a band bridges what is not known",
        "figures.plane:Plane.band",
        "np.isfinite(low) & np.isfinite(high)",
        "np.isfinite(low) | True",
        "figures/test_plane.py:test_a_band_ends_where_nothing_is_known",
    ),
    Planted(
        "a centred label begins at its place",
        "figures.label:Label.draw",
        "before * renderer",
        "0.0 * renderer",
        "figures/test_plane.py:test_a_label_is_the_text_that_matplotlib_draws",
        ("center", 0),
    ),
    # counting
    Planted(
        "what honours an agreement that is too young to judge is not worked out for those who ask",
        "kernels.outcomes:classes",
        "np.empty(0) if len(symbolic) or at >= 0 else young",
        "young",
        "test_kernels.py:test_a_loop_and_its_twin_agree",
        ("outcomes.classes",),
    ),
    Planted(
        "a trial's square is its value",
        "kernels.tallies:whole",
        "_square_of(values[row])",
        "total[row]",
        "test_kernels.py:test_a_loop_and_its_twin_agree",
        ("tallies.whole",),
    ),
    Planted(
        "steps are counted a date too early",
        "kernels.tallies:spent",
        "inside[one, k - 1]",
        "inside[one, k]",
        "test_kernels.py:test_a_loop_and_its_twin_agree",
        ("tallies.spent",),
    ),
    # conditional Monte Carlo
    Planted(
        "what is not pursued leaves as much to what is",
        "ensemble.integrated:_cases",
        "weight * (1.0 - chance)",
        "weight",
        "ensemble/test_integrated.py:test_a_chance_is_the_sum_over_being_there_and_every_pattern_of_pursuit",
    ),
    Planted(
        "what may not exist is there for sure",
        "ensemble.integrated:chances_given",
        "chances *= exists\n",
        "pass\n",
        "ensemble/test_integrated.py:test_a_chance_is_the_sum_over_being_there_and_every_pattern_of_pursuit",
    ),
    Planted(
        "what is not pursued counts all the same",
        "agreements.progress:weights_without",
        "0.0 if name in idle else ",
        "",
        "ensemble/test_integrated.py:test_a_chance_is_the_sum_over_being_there_and_every_pattern_of_pursuit",
    ),
    Planted(
        "a flow begins without what it waits for",
        "ensemble.integrated:_told_by",
        " and not idle & awaited",
        "",
        "ensemble/test_integrated.py:test_a_chance_is_the_sum_over_being_there_and_every_pattern_of_pursuit",
    ),
    Planted(
        "what has ended is still told by its milestones",
        "ensemble.integrated:_end",
        "chances *= stays\n",
        "pass\n",
        "ensemble/test_integrated.py:test_a_chance_is_the_sum_over_being_there_and_every_pattern_of_pursuit",
    ),
    Planted(
        "what is worked out is quickened by events before the signature",
        "ensemble.integrated:_as_if_pursued",
        "agreement.ceremonies, drawn.signed)",
        "agreement.ceremonies, 0.0)",
        "ensemble/test_integrated.py:test_no_event_before_its_signature_moves_a_chance_that_is_worked_out",
    ),
    Planted(
        "what waits for itself through others is integrated all the same",
        "ensemble.integrated:_returns",
        "here[0] == start[0]",
        "False",
        "ensemble/test_integrated.py:test_what_waits_for_itself_through_others_and_what_has_too_many_sets_is_counted",
    ),
    # checks of files
    Planted(
        "what rests on a wrong key is told as a fault of its own",
        "config.salvaging:Salvage.cleared",
        "and not f.rests_on(self.paths)",
        "",
        "config/test_salvaging.py:test_a_wrong_key_makes_no_other_fault",
        ("first-steps", 1),
    ),
    Planted(
        "a whole table is left out for one wrong key in it",
        "config.salvaging:Salvage._mended",
        "if missing else self._lose(path)",
        "if missing else self._lose(table or path)",
        "config/test_salvaging.py:test_a_wrong_key_hides_no_fault_elsewhere",
    ),
    Planted(
        "a place after an entry that was left out is not put right",
        "config.salvaging:Salvage._at_first",
        "stood[part] if isinstance(part, int) and part < len(stood) else part",
        "part",
        "config/test_salvaging.py:test_a_list_entry_that_is_left_out_moves_no_place",
    ),
    Planted(
        "what could not be read is told again as a fault of its own",
        "config.salvaging:Salvage.fresh",
        "if not self._is_lost(details)] if",
        "] if",
        "config/test_salvaging.py:test_what_could_not_be_read_makes_no_fault",
        ("first-steps", 1),
    ),
    Planted(
        "a table that lost its name is taken for one that is set twice",
        "config.mending:_Mending.mends",
        "slip.repeats and self.unclear",
        "slip.repeats and False",
        "config/test_mending.py:test_slips_are_told_as_far_as_it_is_plain_where_they_end",
    ),
    # rare events
    Planted(
        "the weights are left out of the chance",
        "ensemble.unlikely:store_weighted",
        "part.weights * part.happens)",
        "1.0 * part.happens)",
        RARE + "test_milestones_have_their_closed_forms",
        ("a milestone",),
    ),
    Planted(
        "the weights are left out of ordinary results",
        "ensemble.unlikely:store_weighted",
        '("whole", part.weights)',
        '("whole", np.ones_like(part.weights))',
        RARE + "test_ordinary_results_of_weighted_trials_are_those_of_plain_ones",
    ),
    Planted(
        "the weights are left out of what goes with the event",
        "estimators.weighted:WeightedMoments.from_trials",
        "x, each))\n",
        "x, np.ones_like(each)))\n",
        "estimators/test_weighted.py:test_weighted_shares_and_means_hold_the_truth_as_often_as_they_say",
    ),
    Planted(
        "a draw that is made again counts twice",
        "tilting:Tilted._count",
        "address not in self.uniforms and address not in self.normals",
        "True",
        "test_tilting.py:test_a_draw_that_is_made_again_counts_once",
    ),
    Planted(
        "a trial is weighed by the part that it was drawn in",
        "tilting:Tilted.weights",
        "(shares * np.exp(self._logs)).sum(axis=0)",
        "np.exp(self._logs[-1])",
        "test_tilting.py:test_weighted_means_are_those_of_plain_draws",
    ),
    Planted(
        "the density of a shift lacks its constant",
        "tilts:log_density_shifted",
        " - by * by / 2",
        "",
        "test_tilting.py:test_weighted_means_are_those_of_plain_draws",
    ),
    Planted(
        "a draw that is tilted in a share of the trials is weighed as if in all",
        "tilting:_mixed",
        "tilt.share >= 1.0",
        "True",
        "test_tilting.py:test_weighted_means_are_those_of_plain_draws",
    ),
    Planted(
        "the ways of an event share a pilot",
        "ensemble.pilot:find_tilts",
        "alternatives(rare.event)",
        "[rare.event]",
        RARE + "test_two_ways_that_have_nothing_in_common",
    ),
    Planted(
        "every draw is tilted in all trials",
        "tilts:Law.tilts",
        "shared or Tilt",
        "None or Tilt",
        RARE + "test_milestones_have_their_closed_forms",
        ("any of three milestones",),
    ),
    Planted(
        "the upper limit counts no further event",
        "estimators.weighted:rare_chance",
        "k = (largest if total > 0.0 else most) / trials",
        "k = 1e-12",
        "estimators/test_weighted.py:test_equal_weights_have_garwoods_lower_limit_and_an_upper_one_for_one_more",
        (7,),
    ),
    Planted(
        "every turn draws the same tilted trials",
        "ensemble.rare:tilted_trials",
        "rare.times + turn",
        "rare.times",
        RARE + "test_more_tilted_trials_for_each_plain_one",
    ),
    # the ground
    Planted(
        "blocks share their numbers",
        "streams:Streams.words",
        "self.block",
        "0",
        "test_streams.py:test_a_number_is_a_function_of_seed_address_and_block",
    ),
    Planted(
        "antithetic numbers are alike, not opposite",
        "samplers:Sampler.spread",
        "1.0 - rows[:, 0:pairs:2]",
        "rows[:, 0:pairs:2]",
        "test_samplers.py:test_antithetic_numbers_come_in_pairs",
    ),
    Planted(
        "the trials of one world are spread among themselves",
        "samplers:Sampler.spread",
        "words, self.worlds,",
        "words, count,",
        "test_samplers.py:test_trials_of_a_world_are_independent_and_worlds_are_spread",
        ("latin",),
    ),
    Planted(
        "a world that changes its mind counts for one trial",
        "estimators.means:Evenly.least",
        "np.square(step)",
        "1.0",
        "estimators/test_proportions.py:test_what_worlds_decide_is_covered_however_evenly_they_are_spread",
        (40, 5, 100),
    ),
    Planted(
        "replicates are taken for worlds drawn apart, and narrow nothing",
        "estimators.proportions:effective_size",
        "0.0 if spread else 1.0",
        "1.0",
        "ensemble/test_samplers.py:test_an_interval_is_as_narrow_as_its_replicates_scatter",
        ("latin",),
    ),
    Planted(
        "the seed is left out of the key",
        "streams:_hashed",
        "{seed}\\n{address}",
        "{address}",
        "test_streams.py:test_a_number_is_a_function_of_seed_address_and_block",
    ),
    Planted(
        "zero is drawn",
        "kernels.draws:uniforms_plain",
        " + _HALF",
        "",
        "test_kernels.py:test_a_loop_and_its_twin_agree",
        ("draws.uniforms",),
    ),
    Planted(
        "truncation clips instead of keeping the shape",
        "distributions:Distribution.ppf",
        "u = least + u * (most - least)",
        "pass",
        "test_distributions.py:test_truncation_keeps_the_shape_inside",
        (("normal", {"mean": 5.0, "sd": 3.0}), "norm(5, 3)", 3.0, 9.0),
    ),
    Planted(
        "a larger uniform gives a smaller Weibull",
        "distributions:Distribution.ppf",
        "x = self._ppf(u)",
        "x = self._ppf(1 - u)",
        "test_distributions.py:test_two_quantiles_are_the_plain_law",
    ),
    Planted(
        "what has elapsed is forgotten",
        "survival:left",
        "(1 - u) * _above(law, elapsed)",
        "(1 - u)",
        "test_distributions.py:test_what_is_left_after_some_time",
        ("weibull", {"scale": 12.0, "shape": 2.2}, "weibull_min(2.2, scale=12)", 0.9),
    ),
    Planted(
        "the upper tail is what the lower one leaves of 1",
        "survival:_above",
        "_tail(law, start)",
        "1 - replace(law, low=None, high=None).cdf(np.asarray(start))",
        "test_distributions.py:test_a_constant_hazard_has_no_memory",
        (60.0,),
    ),
    Planted(
        "the upper tail of quantiles is what the lower one leaves of 1",
        "survival:_tail",
        "_mirrored(law).cdf(-x)",
        "1 - replace(law, low=None, high=None).cdf(x)",
        "test_distributions.py:test_what_is_left_of_elicited_quantiles_and_of_what_is_cut",
        (60.0,),
    ),
    Planted(
        "a low above its high is left there",
        "spreads:_in_order",
        "np.sort(np.stack(np.broadcast_arrays(*values)), axis=0)",
        "np.stack(np.broadcast_arrays(*values))",
        "test_quantities.py:test_what_must_rise_is_put_in_order_in_each_world",
        ({"distribution": "uniform", "low": {"p10": 5, "p90": 20}, "high": {"p10": 8, "p90": 30}},),
    ),
    Planted(
        "truths are joined by or when they are added",
        "truths:_one_or_zero",
        "np.asarray(truth, dtype=float)",
        "truth",
        "test_expressions.py:test_truths_can_be_counted",
    ),
    Planted(
        "a quarter is taken for a month",
        "grid:TimeGrid.years",
        "self.step / 12.0",
        "1 / 12.0",
        f"{CONTRACT}:test_paths_are_what_theory_says",
        ("geometric_brownian", 0, "quarterly"),
    ),
    Planted(
        "the later trials of a world have the number of another",
        "kernels.quantiles:spread",
        "= out[:worlds]",
        "= out[:worlds][::-1]",
        f"{PRICES}:test_a_spread_is_one_number_a_world",
    ),
    # drivers
    Planted(
        "leaps go the other way",
        "kernels.prices:leap",
        "many * mean[b, i]",
        "-many * mean[b, i]",
        f"{PRICES}:test_jumps_have_the_moments_of_merton",
        (GBM,),
    ),
    Planted(
        "leaps do not spread with their number",
        "kernels.prices:leap",
        "math.sqrt(many)",
        "many",
        f"{PRICES}:test_jumps_have_the_moments_of_merton",
        (GBM,),
    ),
    Planted(
        "kappa is a month's instead of a year's",
        "drivers.processes.mean_reverting:MeanReverting.simulate",
        "12 * np.log(2)",
        "np.log(2)",
        f"{PRICES}:test_a_gap_halves_in_a_half_life",
    ),
    Planted(
        "the index is as wide in a step as in the long run",
        "drivers.processes.index:Index.simulate",
        " * np.sqrt(1 - np.square(phi))",
        "",
        f"{CONTRACT}:test_paths_are_what_theory_says",
        ("index", 0, "monthly"),
    ),
    Planted(
        "the drift is that of the logarithm",
        "drivers.processes.geometric_brownian:GeometricBrownian.simulate",
        " - np.square(sigma) / 2",
        "",
        f"{PRICES}:test_numbers_are_a_year",
    ),
    Planted(
        "passing and lasting shocks count their covariance once",
        "kernels.prices:two_parts",
        "+ 2.0 * c * a * b",
        "+ c * a * b",
        f"{CONTRACT}:test_paths_are_what_theory_says",
        ("two_factor", 0, "quarterly"),
    ),
    Planted(
        "what lasts does not give way to what passes",
        "kernels.prices:two_parts",
        "- first + drift[k5, i]",
        "+ drift[k5, i]",
        f"{CONTRACT}:test_paths_are_what_theory_says",
        ("two_factor", 0, "monthly"),
    ),
    Planted(
        "a driver's own shock is not reduced by its loadings",
        "kernels.prices:blend",
        "rest[i] * own[k, i]",
        "own[k, i]",
        f"{CONTRACT}:test_paths_are_what_theory_says",
        ("geometric_brownian", 2, "monthly"),
    ),
    Planted(
        "a heavy-tailed factor is not brought to variance one",
        "kernels.prices:heavier",
        " * scale[i]",
        "",
        f"{PRICES}:test_a_heavy_tailed_factor_is_a_student_t_of_variance_one",
        (4.0,),
    ),
    Planted(
        "the state at the end of a step rules it: look-ahead",
        "drivers.process:Setting.in_state",
        "choose(regime.states, here",
        "choose(regime.states[1:], here",
        f"{PRICES}:test_any_number_may_differ_by_state",
    ),
    Planted(
        "a block of the past stands still",
        "drivers.processes.bootstrap:Bootstrap.simulate",
        "(where + 1) % len(past)",
        "where",
        f"{PRICES}:test_bootstrap_draws_every_sequence_with_its_chance",
        (2.5,),
    ),
    Planted(
        "an event excites by four fifths of its branching",
        "kernels.events:excited",
        "branching[i] * decay[i]",
        "0.8 * branching[i] * decay[i]",
        f"{EVENTS}:test_self_exciting_events_are_clusters",
        (0.6, 4.0),
    ),
    Planted(
        "events are seen a step too early",
        "kernels.events:decaying",
        "math.ceil(month / step)",
        "math.floor(month / step)",
        f"{EVENTS}:test_impulses_add_up_and_halve",
    ),
    Planted(
        "two events of one day share a draw",
        "drivers.processes.events:Events._on_days",
        "if seen[entry.date] > 1",
        "if False",
        f"{EVENTS}:test_dated_events_happen_with_their_odds_each_for_itself",
    ),
    Planted(
        "a shock fades by e instead of by half",
        "drivers.shocks:shocked",
        "np.exp2(-",
        "np.exp(-",
        f"{PRICES}:test_a_dated_shock_departs_on_its_day_and_halves",
        (3.0,),
    ),
    Planted(
        "a stay under way starts anew",
        "drivers.stays:Stays.__init__",
        "left(law, level, since) if since.any() else law.ppf(level)",
        "law.ppf(level)",
        f"{REGIME}:test_what_has_elapsed_is_known",
        ({"distribution": "weibull", "scale": 4.0, "shape": 2.0}, "weibull_min(2.0, scale=4.0)", 5.0),
    ),
    Planted(
        "a state forced on the day of signature is seen a step later",
        "kernels.stays:follow",
        "max(math.ceil(now / step), 0.0)",
        "max(math.ceil(now / step), 1.0)",
        f"{REGIME}:test_a_dated_state_begins_on_its_day",
    ),
    Planted(
        "the odds are those of the next grid point: look-ahead",
        "kernels.stays:follow",
        "before = max(point - 1, 0)",
        "before = point",
        f"{REGIME}:test_odds_may_differ_by_another_regime",
    ),
    Planted(
        "a push draws no new stay",
        "kernels.stays:follow",
        "                if not allowed:\n                    continue\n",
        "                if allowed:\n                    states[point, i] += following - now_state\n"
        "                    now_state = following\n                continue\n",
        f"{REGIME}:test_events_push_after_a_delay",
        (2.5, 0.4),
    ),
    Planted(
        "a lag is a step too long",
        "drivers.effects:_looked_at",
        "lag = round(effect.lag / grid.step)",
        "lag = round(effect.lag / grid.step) + 1",
        f"{WALK}:test_every_trial_is_the_walk",
        (1, 0.0),
    ),
    Planted(
        "an average is a step too short",
        "drivers.effects:_looked_at",
        "window = max(round(effect.average / grid.step), 1)",
        "window = max(round(effect.average / grid.step) - 1, 1)",
        f"{WALK}:test_every_trial_is_the_walk",
        (1, 0.0),
    ),
    # agreements
    Planted(
        "the window of ceremony is a step too wide",
        "kernels.progress:ceremony",
        "counts[k - window]",
        "counts[max(k - window - 1, 0)]",
        f"{WALK}:test_every_trial_is_the_walk",
        (1, 0.0),
    ),
    Planted(
        "a ramp grows at once",
        "kernels.progress:_moves",
        "growing * growing",
        "growing * 1.0",
        f"{FORMS}:test_a_ramp_is_integrated",
        (12.0,),
    ),
    Planted(
        "frailty multiplies the time instead of the pace",
        "agreements.following:_Block._takes",
        "takes / factor",
        "takes * factor",
        f"{WALK}:test_every_trial_is_the_walk",
        (1, 0.0),
    ),
    Planted(
        "the end is ignored",
        "kernels.clocks:finish",
        "done <= ended[i]",
        "True",
        f"{FORMS}:test_a_race_between_a_milestone_and_the_end",
    ),
    Planted(
        "the hazard of the end is a month's instead of a year's",
        "agreements.following:_Block._hazard",
        "np.asarray(self.worlds.value(ending.rate)) / 12",
        "np.asarray(self.worlds.value(ending.rate))",
        f"{FORMS}:test_a_race_between_a_milestone_and_the_end",
    ),
    Planted(
        "an agreement signed later runs its hazard from the start",
        "agreements.following:_Block._ended",
        "owed = owed + clock.at",
        "clock.at",
        f"{FORMS}:test_signed_later_begins_later",
    ),
    Planted(
        "what waits for two waits for the earlier",
        "agreements.following:_Block._after",
        "start = np.maximum(start, other)",
        "start = np.minimum(start, other)",
        f"{FORMS}:test_what_waits_for_two_waits_for_the_later",
    ),
    Planted(
        "never is always",
        "agreements.following:_Block._takes",
        "< self.worlds.value(milestone.never)",
        "> self.worlds.value(milestone.never)",
        f"{FORMS}:test_never_is_a_share_of_its_own",
    ),
    Planted(
        "earliest is latest",
        "kernels.clocks:_done",
        "done = max(done, start, earliest)",
        "done = min(max(done, start), earliest)",
        f"{FORMS}:test_earliest_is_a_floor",
    ),
    Planted(
        "presence is drawn a trial",
        "agreements.following:_Block._present",
        'self.worlds.spread(self.worlds.level(f"agreements.{agreement.id}.presence/exists"))',
        'self.streams.uniform(f"agreements.{agreement.id}.presence/exists")',
        f"{FORMS}:test_presence_is_one_draw_a_world",
    ),
    Planted(
        "an absent agreement has a flow",
        "agreements.following:_Block._flow",
        "np.where(self.present[agreement.id], start, np.inf)",
        "start",
        f"{WALK}:test_every_trial_is_the_walk",
        (1, 0.0),
    ),
    # what a variant takes from the scenario
    Planted(
        "a milestone is taken over though its agreement ends at another time",
        "agreements.following:_Block.milestone",
        "signed, ended, earliest, *before)",
        "signed, earliest, *before)",
        REUSE,
        ("hazard", "latin"),
    ),
    Planted(
        "a milestone is taken over though it waits for another",
        "agreements.following:_Block.milestone",
        "earliest, *before)",
        "earliest)",
        REUSE,
        ("after", "plain"),
    ),
    Planted(
        "a clock is taken over though a driver has another path",
        "agreements.paces:Clocks.of",
        "self._effect, *self.paths.of(every), ",
        "self._effect, ",
        REUSE,
        ("a regime that paces read", "plain"),
    ),
    Planted(
        "a number is taken over though its spread is another",
        "worlds:Worlds.value",
        "(value,),",
        "(),",
        REUSE,
        ("a spread's end", "plain"),
    ),
    # outcomes
    Planted(
        "of what a pace includes the last alone counts",
        "agreements.paces:Clocks._speed",
        "found = factor if found is None",
        "found = factor if own is None",
        f"{FORMS}:test_what_a_pace_includes_is_multiplied",
        ([], 12.0),
    ),
    Planted(
        "a pace that is reached in two ways holds twice",
        "agreements.paces:Clocks._speed",
        "if other not in but:",
        "if True:",
        f"{FORMS}:test_a_pace_that_is_reached_in_two_ways_holds_once",
        ("paper",),
    ),
    Planted(
        "what a pace has from another is left out of those that include both, in the other order",
        "agreements.paces:Clocks._speed",
        "but = but.union(reached(other, self._paces))",
        "pass",
        f"{FORMS}:test_a_pace_that_is_reached_in_two_ways_holds_once",
        ("a_paper",),
    ),
    Planted(
        "events honour what is not signed yet",
        "agreements.paces:ceremonial",
        "path.counts if signed <= 0",
        "path.counts if signed <= 99",
        f"{FORMS}:test_events_honour_an_agreement_from_its_signature_on",
    ),
    Planted(
        "all events of the month of signature honour",
        "agreements.paces:_since",
        "counts[point] -= early.sum(axis=0, dtype=np.int16)",
        "pass",
        f"{FORMS}:test_events_honour_an_agreement_from_its_signature_on",
    ),
    Planted(
        "an event has the last word on the day of a shock",
        "drivers.stays:Stays._forced",
        "self._triggered(triggers) + shocks",
        "shocks + self._triggered(triggers)",
        f"{REGIME}:test_a_regime_is_in_the_state_that_a_shock_puts_it_into_whatever_pushes_it_that_day",
        (False,),
    ),
    Planted(
        "what rounding brings is beyond a threshold",
        "drivers.effects:_mark",
        "threshold += (ALIKE if above else -ALIKE) * np.abs(threshold)",
        "pass",
        "drivers/test_effects.py:test_a_price_that_nothing_moves_is_beyond_no_threshold_of_its_own",
    ),
    Planted(
        "formal acts count in delivery",
        "agreements.progress:_weighty",
        "m.track == track",
        'm.track in (track, "formal")',
        f"{OUTCOMES}:test_guard_1_nothing_formal_counts_in_delivery",
    ),
    Planted(
        "a trace of ceremony leaks into delivery",
        "kernels.progress:follow",
        "deepen(row, depth[lo:hi])\n",
        "deepen(row, depth[lo:hi])\n"
        "            for j in range(width if len(events) else 0):\n"
        "                row[j] += 1e-12 * events[k, lo + j]\n",
        f"{OUTCOMES}:test_guard_2_tripling_the_visits_leaves_delivery_identical",
    ),
    Planted(
        "a lag between two steps passes without a remark",
        "lint.rounded:effect_remarks",
        "counts != months",
        "counts == 0.5",
        "test_lint.py:test_times_between_the_steps_are_remarked",
        ("quarter", 1, 2, {"lag": "counts as 0 months", "average": "counts as 3 months"}),
    ),
    Planted(
        "a stay may have outlived its own length",
        "lint.mass:_outlived",
        "lasting(law, drawn(elapsed)) < _NOTHING",
        "lasting(law, drawn(elapsed)) < 0",
        "test_lint.py:test_each_fault_is_found_where_it_is",
        ("stay that has outlived a fixed time",),
    ),
    Planted(
        "a cut may keep nothing",
        "lint.mass:_cut",
        "kept(law) < _NOTHING",
        "kept(law) < 0",
        "test_lint.py:test_each_fault_is_found_where_it_is",
        ("cut that keeps nothing of a duration",),
    ),
    Planted(
        "a presence of 0 is taken for ignorance",
        "scenario:_settled",
        "in (0, 1)",
        "== 1",
        "test_scenario.py:test_a_presence_that_is_settled_is_no_ignorance",
        (0, False),
    ),
    Planted(
        "a quantity may mix formal acts with delivery",
        "lint.portfolio:_mixed",
        "if formal and material:",
        "if formal and not formal:",
        f"{OUTCOMES}:test_guard_5_no_quantity_can_mix_a_formal_act_with_delivery",
    ),
    Planted(
        "sums of weights miss the cut",
        "outcomes:_cuts",
        "rule.substantive - _EDGE",
        "rule.substantive",
        f"{OUTCOMES}:test_sums_of_weights_reach_the_cut_they_were_written_for",
    ),
    Planted(
        "age is counted from the scenario's start",
        "outcomes:_young",
        "months - progress.signed <",
        "months <",
        f"{OUTCOMES}:test_age_is_counted_from_its_own_signature",
    ),
    Planted(
        "what comes of age on a date is ruled out on it",
        "ensemble.settled:never_in",
        "< plan.question.rule.pending",
        "<= plan.question.rule.pending",
        "ensemble/test_settled.py:test_what_is_ruled_out_is_never_drawn",
        ({},),
    ),
    Planted(
        "nothing is ever too early to judge",
        "kernels.outcomes:classes",
        "idle = 3.0 if young[r] > 0 else 5.0",
        "idle = 5.0",
        f"{OUTCOMES}:test_the_rule_is_the_table",
    ),
    Planted(
        "what has ended is judged by what it delivered",
        "kernels.outcomes:_class",
        "found = 6.0 if ended[j] <= month else found",
        "found = found",
        f"{OUTCOMES}:test_the_rule_is_the_table",
    ),
    # who makes the blocks
    Planted(
        "the last task sent is read first",
        "ensemble.executors:in_order",
        "sent.popleft()",
        "sent.pop()",
        "ensemble/test_executors.py:test_blocks_come_in_their_order",
    ),
    Planted(
        "a task is sent for every block at once",
        "ensemble.executors:in_order",
        "islice(waiting, ahead)",
        "waiting",
        "ensemble/test_executors.py:test_no_more_is_made_ahead_than_a_few_tasks",
    ),
]


@functools.cache
def loaded(path: str) -> ModuleType:
    name = "planted_" + path.replace("/", "_").removesuffix(".py")
    spec = importlib.util.spec_from_file_location(name, HERE / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def call(planted: Planted) -> None:
    """The proof, with laws of scipy that are written in words made into laws."""
    from scipy import stats

    path, _, name = planted.proof.partition(":")
    args = [eval(f"stats.{a}", {"stats": stats}) if isinstance(a, str) and "(" in a else a for a in planted.args]
    getattr(loaded(path), name)(*args)


def plant(monkeypatch: pytest.MonkeyPatch, planted: Planted) -> None:
    """Rewrite one function in memory, wherever the package has it."""
    home, _, dotted = planted.where.partition(":")
    owner: Any = importlib.import_module(f"pactrisk.{home}")
    *outer, name = dotted.split(".")
    for word in outer:
        owner = getattr(owner, word)
    original = inspect.getattr_static(owner, name)
    function = source_of(original)
    text = textwrap.dedent(inspect.getsource(function))
    assert text.count(planted.old) == 1, (
        f"{planted.old!r} is not found once in {planted.where}: {text.count(planted.old)}"
    )
    code = compile(
        f"from __future__ import annotations\n{text.replace(planted.old, planted.new)}", planted.where, "exec"
    )
    made: dict[str, Any] = {}
    exec(code, function.__globals__, made)
    monkeypatch.setattr(owner, name, made[name])
    # who has taken the function by its name has it still
    for module in [m for word, m in sys.modules.items() if word.startswith(("pactrisk.", "planted_"))]:
        for word, value in list(vars(module).items()):
            if value is original:
                monkeypatch.setattr(module, word, made[name])
            if isinstance(value, Loop) and value.twin is original:
                monkeypatch.setattr(value, "twin", made[name])
    if isinstance(original, Dispatcher):
        compile_anew(owner, monkeypatch)


def source_of(original: Any) -> Any:
    """The plain function behind a property, a cache or a compiled loop."""
    if isinstance(original, property):
        return original.fget
    if isinstance(original, Loop):
        return original.loop.py_func
    return original.py_func if isinstance(original, Dispatcher) else inspect.unwrap(original)


def compile_anew(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """All loops of a module, so that they take up a part of them that was rewritten."""
    for word, value in list(vars(module).items()):
        home = getattr(source_of(value), "__module__", "") if isinstance(value, Loop | Dispatcher) else ""
        if home != module.__name__:
            continue
        if isinstance(value, Dispatcher):
            monkeypatch.setattr(module, word, numba.jit(**value.targetoptions)(value.py_func))
        else:
            monkeypatch.setattr(value, "loop", numba.njit(nogil=True, error_model="numpy")(value.loop.py_func))


@pytest.mark.parametrize("planted", ERRORS, ids=[planted.wrong for planted in ERRORS])
def test_the_proof_sees_the_error(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    call(planted)
    plant(monkeypatch, planted)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        call(planted)
    monkeypatch.undo()


def test_there_are_errors_enough_and_none_twice() -> None:
    assert len({(planted.where, planted.old, planted.new) for planted in ERRORS}) == len(ERRORS) >= 12
