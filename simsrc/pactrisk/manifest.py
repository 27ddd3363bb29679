"""What a run says of how it was made: its manifest, and what the page tells of it."""

from __future__ import annotations

import hashlib
import math
import platform
import shlex
import sys
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pydantic import BaseModel, ValidationError

from pactrisk import __version__
from pactrisk.config import Loaded
from pactrisk.numerals import counted
from pactrisk.provenance import rounding
from pactrisk.question import MOST_TRIALS
from pactrisk.report.archive import digest_of
from pactrisk.stopping import half_widths
from pactrisk.study import Result
from pactrisk.tilting import Direction
from pactrisk.workers import WHO, without

__all__ = ["drawn_with", "made_with", "missed_precision", "record_of", "told", "unlike_inputs", "unsaid", "versions"]

_LIBRARIES = ("numpy", "scipy", "numba", "pandas", "matplotlib", "pydantic")
_DRAWING = ("jinja2", "markupsafe", "pillow", "pyarrow", "xlsxwriter")

_MARGIN = 1.2
"""More trials than a width asks for that is only estimated, and moves as trials are added. Without it a quarter of
those who follow miss again; with it next to none, and who is there before stops at a look."""


def made_with() -> dict[str, str]:
    """Versions, platform and rounding, as far as they can move a last digit."""
    return {"pactrisk": __version__, **versions(), "platform": _platform(), "rounding": rounding()}


def drawn_with() -> dict[str, str]:
    """Versions of what moves no number and may move a byte of a file."""
    return {"python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION, **_versions_of(_DRAWING)}


def record_of(
    loaded: Loaded, result: Result, command: Sequence[str], seconds: float, compiling: float = 0.0
) -> dict[str, Any]:
    """What the manifest says of a run that took so many ``seconds``, some of them for ``compiling`` the engine."""
    plan = result.study.plan
    return {
        "config": f"configs/{loaded.name}.toml",
        "edits": without(loaded.edits, WHO),
        "command": ["pactrisk", *command] if command else [],
        "seed": plan.question.seed,
        "trials": plan.trials,
        "worlds": plan.worlds,
        "trials_per_world": plan.trials_per_world,
        "sampler": plan.question.sampler,
        "blocks": plan.blocks,
        **_reached(loaded, result),
        **({} if plan.tilts is None else {"tilts": _directions(plan.tilts)}),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine_seconds": round(seconds, 3),
        **({"compiling_seconds": round(compiling, 3)} if compiling else {}),
        "versions": {"pactrisk": __version__, "python": platform.python_version(), **versions()},
        "drawn_with": drawn_with(),
        "platform": _platform(),
        "rounding": rounding(),
        "inputs": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(loaded.inputs.items())},
        "sums": digest_of(result.store()),
    }


def _platform() -> str:
    return f"{sys.platform} {platform.machine()}"


class _Asked(BaseModel):
    half_width: float
    trials_asked_for: int | None = None
    reached: dict[str, float | None]


class _Part(BaseModel):
    trials_asked_for: int


class _Record(BaseModel):
    """What a record holds at least, of what it is read for."""

    config: str
    edits: list[str]
    command: list[str]
    seed: int
    trials: int
    worlds: int
    trials_per_world: int
    precision: _Asked | None = None
    partial: _Part | None = None
    finished: str
    engine_seconds: float
    compiling_seconds: float = 0.0
    versions: dict[str, str]
    drawn_with: dict[str, str] = {}
    platform: str
    rounding: str = ""
    inputs: dict[str, str]


def unsaid(record: Mapping[str, Any]) -> list[str]:
    """Words that a record lacks, or says otherwise than a run does."""
    try:
        _Record.model_validate(record, strict=True)
    except ValidationError as error:
        return sorted({str(wrong["loc"][0]) for wrong in error.errors()})
    return []


def unlike_inputs(record: Mapping[str, Any], inputs: Mapping[str, bytes]) -> tuple[list[str], list[str]]:
    """Of the files that a run was made from, those that are gone from its ``inputs``, and those that were changed."""
    kept = {hashlib.sha256(content).hexdigest() for content in inputs.values()}
    other = [name for name, digest in record.get("inputs", {}).items() if digest not in kept]
    return [name for name in other if name not in inputs], [name for name in other if name in inputs]


def _reached(loaded: Loaded, result: Result) -> dict[str, Any]:
    """The precision asked for, of how many trials at most, and how near the run came to it."""
    asked = result.study.plan.question.precision
    if asked is None:
        return {}
    widths = {word: float(f"{x:.3g}") for word, x in half_widths(result.study.plan, result.sums).items()}
    return {"precision": {"half_width": asked.half_width, "trials_asked_for": loaded.plan.trials, "reached": widths}}


def versions() -> dict[str, str]:
    """Versions of the libraries that can move a last digit."""
    return _versions_of(_LIBRARIES)


def _versions_of(names: Sequence[str]) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def missed_precision(record: Mapping[str, Any]) -> str:
    """What is not as narrow as was asked for, with how narrow it is and how many trials it would take; empty where all
    is."""
    precision = record.get("precision")
    if precision is None:
        return ""
    wide = {word: width for word, width in _widths(precision).items() if width > precision["half_width"]}
    if not wide:
        return ""
    told = ", ".join(f"{word} {width:.3g}" for word, width in wide.items())
    # widths fall with the square root of the trials; a power that is too large would be an error, a product is infinite
    times = max(wide.values()) / precision["half_width"]
    needed = record["trials"] * times * times
    if needed > MOST_TRIALS:
        return f"{told}; no run has as many trials as it would take"
    needed *= _MARGIN
    step = 10 ** max(math.floor(math.log10(needed)) - 1, 0)
    return f"{told}; about {min(math.ceil(needed / step) * step, MOST_TRIALS):,} --trials would do"


def _widths(precision: Mapping[str, Any]) -> dict[str, float]:
    """The half widths that a run reached; one that has no ends is written as nothing."""
    return {word: math.inf if width is None else width for word, width in precision["reached"].items()}


def _precision(record: Mapping[str, Any]) -> str:
    """What was asked for in a sentence, and whether the run stopped at it or ended without it."""
    precision = record.get("precision")
    if precision is None:
        return ""
    asked = f"Intervals of a half width of at most {precision['half_width']:g} were asked for"
    made = record["trials"]
    most = precision.get("trials_asked_for", made)
    if missed := missed_precision(record):
        return f"{asked}; the run ended after its {counted(made, 'trial')} without reaching that: {missed}."
    reached = ", ".join(f"{word} {width:.3g}" for word, width in _widths(precision).items())
    if made < most:
        return f"{asked}, and the run stopped there, after {made:,} of at most {most:,} trials: {reached}."
    return f"{asked}, and reached after {counted(made, 'trial')}, where the run ended: {reached}."


def _partial(partial: Mapping[str, Any] | None) -> str:
    return "" if partial is None else f"{partial['trials_asked_for']:,} trials were asked for"


def _directions(tilts: Sequence[Direction]) -> list[dict[str, Any]]:
    return [
        {"share": share, "tilts": {address: tilt._asdict() for address, tilt in sorted(tilts.items())}}
        for share, tilts in tilts
    ]


def _compiling(record: Mapping[str, Any]) -> str:
    """Which part of the engine's time goes for compiling, where any does: the next run is that much quicker."""
    seconds = record.get("compiling_seconds")
    return f", of which {seconds:.1f} s went into compiling it" if seconds else ""


def told(record: Mapping[str, Any]) -> dict[str, str]:
    """A record as the page tells it, label to value."""
    if not record:
        return {}
    # without its edits the same files give other numbers, silently
    edits = [word for edit in record["edits"] for word in ("--set", edit)]
    made = {
        "Seed": str(record["seed"]),
        "Trials": f"{record['trials']:,} in {record['worlds']:,} worlds of {record['trials_per_world']}",
        "Partial": _partial(record.get("partial")),
        "Precision": _precision(record),
        "Engine time": f"{record['engine_seconds']:.1f} s{_compiling(record)}",
        "Finished": record["finished"],
        "Versions": ", ".join(f"{name} {number}" for name, number in sorted(record["versions"].items())),
        "Platform": record["platform"],
        "Command": shlex.join(record["command"]),
        "Edits": ", ".join(record["edits"]),
        "To repeat it, in its folder": shlex.join(
            ["pactrisk", "run", f"inputs/{record['config']}", *edits, "--out", "../again"]
        ),
    }
    made |= {f"Input {name}": f"SHA-256 {digest}" for name, digest in sorted(record["inputs"].items())}
    return {label: text for label, text in made.items() if text}
