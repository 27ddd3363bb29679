"""Findings shaped like a real report: ten agreements, eight classes, sixty months; made from a fixed seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from pactrisk.findings import (
    AreaPanel,
    Column,
    Columns,
    Cut,
    Density,
    DensityPanel,
    Diagram,
    DiagramEdge,
    DiagramNode,
    Fan,
    FanPanel,
    Figure,
    Finding,
    Intervals,
    LinePanel,
    Lines,
    Page,
    StackedArea,
    StackedBars,
    Table,
    ThreeWay,
    ThreeWayRow,
)

AGREEMENTS = (
    "Veterinary and phytosanitary certificates",
    "Defence-technical cooperation",
    "Higher education and student exchange",
    "Mutual recognition of driving licences",
    "Tourism",
    "Culture",
    "Investment promotion between the two chambers of commerce and industry",
    "Digital government",
    "Transport and the Trans-Caspian route",
    "The tenth, not published",
)
CLASSES = ("substantive", "partial", "token", "pending", "symbolic", "dormant", "reversed", "absent")
MONTHS = np.datetime64("2026-02") + np.arange(61, dtype="m8[M]")
DATES = MONTHS.astype("datetime64[D]") + np.timedelta64(26, "D")
HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x.invalid","y")',
    "$\\frac{1}{$ _^ \\undefined",
    "\u202egnp.exe\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "../../../etc/passwd",
    "bell\x07 nul\x00 esc\x1b[31m line\nbreak \ud800 \uffff",
    '"><img src=x onerror=alert(1)>{{ 7*7 }}',
    "-2+3+cmd|' /C calc'!A0",
    "longwordwithoutanyspace" * 12,
    '\u4e2d\u6587 \U0001f600 url(#clip) id="x"',
)


def _random() -> np.random.Generator:
    return np.random.default_rng(20260227)


def class_bars(rows: tuple[str, ...] = AGREEMENTS) -> StackedBars:
    shares = _random().dirichlet([1.2, 1.5, 1.0, 0.02, 3.0, 2.0, 0.4, 0.0001], size=len(rows))
    shares[:, 3] = 0
    shares /= shares.sum(axis=1, keepdims=True)
    half = 1.96 * np.sqrt(shares * (1 - shares) / 2_000)
    return StackedBars(
        name="class-bars",
        title="Chance of each class, by agreement",
        caption="How likely each agreement is to end in each class at the horizon. Ticks at the end of each "
        "segment show its 95% interval.",
        alt="Ten stacked bars, one an agreement, cut into eight classes.",
        rows=rows,
        segments=CLASSES,
        values=shares,
        low=np.clip(shares - half, 0, 1),
        high=np.clip(shares + half, 0, 1),
    )


def three_way(
    names: tuple[str, str] = ("Agreements that are substantive, of ten", "At least three are substantive"),
) -> ThreeWay:
    return ThreeWay(
        name="three-way",
        title="How sure we are",
        caption="Knowledge would help far more than computing: ignorance is many times wider than noise.",
        alt="Two bars with nested intervals.",
        rows=(
            ThreeWayRow(label=names[0], value=2.14, noise=(2.12, 2.16), ignorance=(0.9, 3.8), chance=(0, 5),
                        scale="number", chance_text="most due to: durations of the material milestones"),
            ThreeWayRow(label=names[1], value=0.31, noise=(0.307, 0.313), ignorance=(0.08, 0.62),
                        chance_text="it happens or it does not"),
        ),
    )  # fmt: skip


def intervals(rows: tuple[str, ...] = AGREEMENTS[:6]) -> Intervals:
    middle = _random().normal(0, 0.06, (len(rows), 3))
    return Intervals(
        name="variants", title="Variants against the baseline", caption="Paired differences.",
        alt="Dots with whiskers.", rows=rows, series=("oil crash", "route closed", "settlement in Ukraine"),
        value=middle, low=middle - 0.01, high=middle + 0.01, scale="difference", reference=0.0,
        reference_label="baseline",
    )  # fmt: skip


def conditional(rows: tuple[str, ...] = ("in war", "Brent below 50", "route shut", "all trials")) -> Intervals:
    value = np.array([[0.18], [0.09], [0.0], [np.nan]])
    return Intervals(
        name="conditional", title="What happened under each shock", caption="Chance of substance.",
        alt="Dots with whiskers.", rows=rows, value=value, low=np.array([[0.17], [0.06], [0.0], [np.nan]]),
        high=np.array([[0.19], [0.12], [0.02], [np.nan]]), reference=0.21, reference_label="all trials",
    )  # fmt: skip


def fan(names: tuple[str, ...] = ("Brent", "European gas", "Political will in Astana", "EU alignment rate")) -> Fan:
    rng = _random()
    panels: list[FanPanel | AreaPanel] = []
    for n, name in enumerate(names):
        spread = np.sqrt(np.arange(61) / 12) * rng.uniform(0.1, 0.4)
        z = {0.05: -1.64, 0.25: -0.67, 0.5: 0.0, 0.75: 0.67, 0.95: 1.64}
        bands = {p: 70 / (1 + n) * np.exp(q * spread) for p, q in z.items()}
        level = {"reference": 60.0, "reference_label": "reference"} if n == 0 else {}
        panels.append(FanPanel(title=name, unit="USD/bbl", x=DATES, bands=bands, **level))
    regimes = {"War in Ukraine": ("war", "ceasefire", "escalation", "settlement"), "Oil route": ("open", "shut")}
    for name, states in regimes.items():
        shares = np.exp(-np.outer(np.arange(len(states)) - 1.0, np.linspace(1, -0.5, 61)))
        panels.append(AreaPanel(title=name, x=DATES, series=states, shares=shares / shares.sum(axis=0)))
    return Fan(name="drivers", title="Drivers", caption="Bands hold half and nine tenths of trials.",
               alt="Fan charts.", panels=panels)  # fmt: skip


def areas(names: tuple[str, ...] = AGREEMENTS) -> StackedArea:
    rng = _random()
    panels = []
    for name in names:
        weights = np.exp(np.cumsum(rng.normal(0, 0.12, (len(CLASSES), 61)), axis=1))
        panels.append(AreaPanel(title=name, x=DATES, series=CLASSES, shares=weights / weights.sum(axis=0)))
    return StackedArea(name="classes-by-date", title="Classes by date", caption="When.", alt="Areas.", panels=panels)


def lines(names: tuple[str, ...] = AGREEMENTS) -> Lines:
    rng = _random()
    panels = []
    for n, name in enumerate(names):
        series = ("signed", "joint body formed", "action plan", "tender", "first contract", "goods move")[: 3 + n % 4]
        rate = rng.uniform(0.2, 2.0, (len(series), 1)) / np.arange(1, len(series) + 1)[:, None]
        values = 1 - np.exp(-rate * np.arange(61) / 12)
        panels.append(
            LinePanel(title=name, x=DATES, series=series, values=values, low=values * 0.97, high=values * 1.02)
        )
    return Lines(
        name="milestones", title="When each milestone is reached", caption="When.", alt="Lines.", panels=panels
    )


def columns(labels: tuple[str, ...] = tuple(map(str, range(11)))) -> Columns:
    from scipy.stats import binom

    values = binom.pmf(np.arange(len(labels)), 10, 0.21)
    return Columns(
        name="how-many", title="How many are substantive", caption="Two is likeliest.", alt="Columns.",
        labels=labels, values=values, low=values * 0.95, high=values * 1.05,
        x_title="agreements that are substantive at the horizon", y_title="chance",
    )  # fmt: skip


def density(names: tuple[str, ...] = ("All agreements", "Veterinary", "Culture")) -> Density:
    rng = _random()
    edges = np.linspace(0, 1, 41)
    panels = []
    for name in names:
        mass, _, _ = np.histogram2d(rng.beta(3, 2, 20_000), rng.beta(0.6, 1.8, 20_000), bins=(edges, edges))
        panels.append(
            DensityPanel(title=name, ceremony_edges=edges, delivery_edges=edges, mass=mass,
                         ceremony_cuts=(Cut(0.33, "symbolic"),),
                         delivery_cuts=(Cut(0.1, "token"), Cut(0.33, "partial"), Cut(0.67, "substantive")))
        )  # fmt: skip
    return Density(name="substance-and-ceremony", title="Substance against ceremony",
                   caption="Most mass lies low and to the right.", alt="Shaded squares.", panels=panels)  # fmt: skip


def diagram(names: tuple[str, ...] = AGREEMENTS) -> Diagram:
    drivers = ("Brent", "European gas", "War in Ukraine", "Oil route", "EU pressure", "Leadership in Astana")
    paces = ("works", "trade", "people", "politics")
    nodes = [DiagramNode(f"d{n}", name, "driver", 0) for n, name in enumerate(drivers)]
    nodes += [DiagramNode(f"p{n}", name, "pace", 1) for n, name in enumerate(paces)]
    nodes += [DiagramNode(f"a{n}", name, "agreement", 2) for n, name in enumerate(names)]
    edges = [
        DiagramEdge(f"d{n}", f"p{(n * 7 + k) % 4}", "", (1, -1, 0)[(n + k) % 3]) for n in range(6) for k in range(2)
    ]
    edges += [DiagramEdge(f"p{n * 3 % 4}", f"a{n}", "", 1) for n in range(len(names))]
    return Diagram(name="links", title="What acts on what", caption="Links.", alt="Boxes and curves.",
                   nodes=nodes, edges=edges, layer_titles=("drivers", "paces", "agreements"))  # fmt: skip


def all_figures() -> list[Figure]:
    return [
        class_bars(),
        three_way(),
        intervals(),
        conditional(),
        fan(),
        areas(),
        lines(),
        columns(),
        density(),
        diagram(),
    ]


def hostile_figures() -> list[Figure]:
    """Every kind of figure with every label hostile, captions and titles too."""
    many = HOSTILE
    bars = class_bars(many)
    texts = {"title": many[0], "caption": many[6], "alt": many[5] + many[6]}
    made: list[Figure] = [
        replace(bars, segments=many[:8]),
        three_way((many[2], many[3])),
        replace(intervals(many[:6]), series=many[4:7], reference_label=many[2]),
        conditional(many[:4]),
        fan(many[:4]),
        replace(areas(many), panels=[replace(p, series=many[:8]) for p in areas(many).panels]),
        replace(
            lines(many), panels=[replace(p, series=many[-len(p.series) :], unit=many[3]) for p in lines(many).panels]
        ),
        columns((*many, "x")),
        replace(
            density(many[:3]), panels=[replace(p, delivery_cuts=(Cut(0.5, many[0]),)) for p in density(many).panels]
        ),
        diagram(many),
    ]
    return [replace(figure, **texts) for figure in made]


def class_table(rows: tuple[str, ...] = AGREEMENTS) -> Table:
    bars = class_bars(rows)
    frame = pd.DataFrame({"agreement": rows, "sector": ["agriculture"] * len(rows)})
    for s, name in enumerate(CLASSES):
        frame[name], frame[f"{name}_low"], frame[f"{name}_high"] = bars.values[:, s], bars.low[:, s], bars.high[:, s]  # noqa: PD011
    columns = {"agreement": Column("Agreement"), "sector": Column("Sector")}
    columns |= {c: Column(c.capitalize(), "probability", low=f"{c}_low", high=f"{c}_high") for c in CLASSES}
    return Table("classes", "Chance of each class", frame, columns, caption="At the horizon, with 95% intervals.")


def register(rows: tuple[str, ...] = AGREEMENTS * 5) -> Table:
    frame = pd.DataFrame(
        {
            "key": [f"drivers.d{n}.level" for n in range(len(rows))],
            "meaning": rows,
            "value": np.linspace(-3, 1e5, len(rows)),
            "low": np.linspace(-4, 9e4, len(rows)),
            "high": np.linspace(-2, 1.1e5, len(rows)),
            "delta": np.linspace(-0.1, 0.1, len(rows)),
            "count": np.arange(len(rows)) * 1000,
            "since": pd.to_datetime(["2026-02-27"] * len(rows)),
            "months": np.linspace(0, 60, len(rows)),
            "source": ["EIA daily Brent 1987-2026; half-life depends on the window, hence the spread"] * len(rows),
        }
    )
    columns = {
        "key": Column("Key"),
        "meaning": Column("Meaning"),
        "value": Column("Value", "number", "USD/bbl", "low", "high"),
        "delta": Column("Moves the headline", "difference"),
        "count": Column("Trials", "count"),
        "since": Column("Since", "date"),
        "months": Column("Median wait", "months"),
        "source": Column("Source"),
    }
    return Table("assumptions", "Assumption register", frame, columns)


def page() -> Page:
    """A whole report."""
    bars = class_bars()
    return Page(
        title="Kazakhstan and Serbia: ten memoranda, Astana",
        subtitle="Signed 27 February 2026, seen over 60 months",
        question="100,000 trials of 60 months from 27 February 2026, rule 0.67 / 0.33 / 0.10",
        sentence="About two of the ten agreements (2.1, between 0.9 and 3.8) are likely to become substantive "
        "cooperation by February 2031; the chance that at least three do is 31% (8–62%), unlikely.",
        findings=(
            Finding(
                "headline",
                "The headline",
                "Veterinary certificates lead with 34% (32–36%); culture trails with 4% (3–5%).",
                (class_table(),),
                (three_way(), bars),
            ),
            Finding(
                "substance",
                "Substance against ceremony",
                "Most trials are rich in ceremony and poor in delivery.",
                (),
                (density(),),
                ("Nothing formal counts in delivery.",),
            ),
            Finding(
                "when",
                "When each milestone is reached",
                "Half of the certificates stand by May 2028.",
                (),
                (lines(),),
                section="When",
            ),
            Finding(
                "classes-over-time",
                "Classes by date",
                "What is pending turns symbolic after twelve months.",
                (),
                (areas(),),
                section="When",
            ),
            Finding(
                "portfolio",
                "How many are substantive",
                "Two is the likeliest number.",
                (),
                (columns(),),
                section="The portfolio",
            ),
            Finding(
                "drivers",
                "The drivers",
                "Brent stays between 45 and 110 in nine trials of ten.",
                (),
                (fan(), diagram()),
            ),
            Finding(
                "shocks", "What happened under each shock", "A shut route halves the chance.", (), (conditional(),)
            ),
            Finding("variants", "Variants, side by side", "The route matters most.", (), (intervals(),)),
            Finding("register", "The assumption register", "Every number, with its source.", (register(),)),
        ),
        made={
            "Pactrisk": "0.1.0",
            "Seed": "20260227",
            "Trials": "100,000",
            "Command": "pactrisk run configs/kazakhstan-serbia.toml",
        },
    )
