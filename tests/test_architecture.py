"""The house keeps its shape: imports go down the floors, nothing below reads the world, names are the field's."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from pactrisk import ensemble

PACKAGE = Path(__file__).parent.parent / "simsrc" / "pactrisk"
FLOORS = {
    "kernels": 0, "samplers": 0, "streams": 0, "grid": 0, "clocks": 0, "distributions": 0, "expressions": 0,
    "quantities": 0, "later": 0, "specs": 0, "spreads": 0, "survival": 0, "reuse": 0, "tilting": 0, "worlds": 0,
    "errors": 0, "magnitude": 0, "children": 0, "numerals": 0, "spelling": 0, "intended": 0,
    "plugged": 0, "alternatives": 0, "miswritten": 0, "tilts": 0, "truths": 0,
    "estimators": 0,
    "drivers": 1,
    "agreements": 2,
    "outcomes": 3,
    "scenario": 4, "cuts": 4, "question": 4, "lint": 4, "register": 4, "ranges": 4, "ensemble": 4, "sizes": 4,
    "arranging": 4, "tables": 4, "titles": 4,
    "findings": 5, "explain": 5,
    "analyses": 6,
    "stopping": 7, "study": 7,
    "config": 8, "figures": 8, "report": 8, "workers": 8, "runs": 8, "readiness": 8, "keeping": 8, "verifying": 8,
    "cluster": 8, "provenance": 8, "manifest": 8, "processors": 8,
    "cli": 9, "__main__": 9, "__init__": 9,
}  # fmt: skip
LONGEST = 300
OUTSIDE = {
    "matplotlib", "os", "pathlib", "time", "random", "secrets", "tempfile", "shutil", "subprocess", "socket", "io",
    "click", "rich", "jinja2", "locale", "tomllib", "urllib", "logging",
}  # fmt: skip
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "misc"}

MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text()) for name, path in MODULES.items()}


def floor(name: str) -> int:
    return FLOORS[name.partition(".")[0]]


def imported(tree: ast.AST, typed: bool = False) -> set[str]:
    """Absolute names that a module imports, with what it takes from them; those for type checking only if ``typed``."""
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if not typed and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        waiting += ast.iter_child_nodes(node)
    return found


def ours(name: str, typed: bool = False) -> set[str]:
    """Modules of the package that a module imports."""
    found = set()
    for target in imported(TREES[name], typed):
        parts = target.split(".")
        while parts[0] == "pactrisk" and len(parts) > 1:
            word = ".".join(parts[1:])
            if word in MODULES:
                found.add(word)
                break
            parts.pop()
    return found - {name}


def test_every_module_has_a_floor() -> None:
    assert {name.partition(".")[0] for name in MODULES} <= set(FLOORS)


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_down(name: str) -> None:
    above = {other for other in ours(name, typed=True) if floor(other) > floor(name)}
    assert not above, f"{name} is on floor {floor(name)} and imports {above}"


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {name: ours(name, typed=True) for name in MODULES if name != "__init__"}
    # a folder's front only gathers what its modules offer
    below = {n: {o for o in others if not n.startswith(f"{o}.")} for n, others in graph.items()}
    assert len(list(TopologicalSorter(below).static_order())) >= len(below)


def test_no_analysis_imports_another() -> None:
    analyses = {name for name in MODULES if name.startswith("analyses.")}
    assert len(analyses) > 3
    for name in analyses:
        assert not ours(name) & analyses, f"{name} imports {ours(name) & analyses}"


def test_no_kind_of_driver_imports_another() -> None:
    kinds = {name for name in MODULES if name.startswith("drivers.processes.")}
    assert len(kinds) > 8
    for name in kinds:
        assert not ours(name) & kinds


BELOW = [name for name in MODULES if floor(name) < 8]


@pytest.mark.parametrize("name", BELOW)
def test_nothing_below_the_edges_reads_the_outside_world(name: str) -> None:
    assert not {target.partition(".")[0] for target in imported(TREES[name])} & OUTSIDE
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("open", "input", "print", "exec", "eval", "__import__"), ast.unparse(node)
        if isinstance(node, ast.Attribute):
            said = ast.unparse(node)
            assert node.attr not in ("now", "today", "utcnow", "environ", "read_csv", "to_csv"), said
            if said.startswith(("np.random.", "numpy.random.")):
                allowed = name == "streams" or said.endswith("Generator")
                assert allowed, f"{name}: all randomness is drawn by streams, not {said}"


def test_only_figures_draw_and_only_the_front_door_speaks() -> None:
    for name, tree in TREES.items():
        taken = {target.partition(".")[0] for target in imported(tree)}
        folder = name.partition(".")[0]
        assert "matplotlib" not in taken or folder == "figures", name
        assert "click" not in taken or folder in ("cli", "__main__"), name
        assert "rich" not in taken or folder == "cli", name
        assert "jinja2" not in taken or folder in ("report", "cli"), name


@pytest.mark.parametrize("name", MODULES)
def test_modules_stay_short_and_bear_names_of_the_field(name: str) -> None:
    lines = MODULES[name].read_text().splitlines()
    assert len(lines) <= LONGEST, f"{name} has {len(lines)} lines"
    assert not set(name.replace("_", ".").split(".")) & FORBIDDEN
    tree = TREES[name]
    assert ast.get_docstring(tree), f"{name} has no docstring"
    assert lines[0].startswith(('"""', 'r"""'))


def loaded_after(code: str) -> set[str]:
    """The libraries, and the modules of our own, that are loaded then."""
    ours = "m if m.startswith('pactrisk.') else m.partition('.')[0]"
    script = f"{code}\nimport sys\nprint(*sorted({{{ours} for m in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60,
        env={"PYTHONPATH": str(PACKAGE.parent), "PATH": "", "COLUMNS": "100"},
    )  # fmt: skip
    return set(done.stdout.splitlines()[-1].split())


HEAVY = {"scipy", "pandas", "matplotlib", "pyarrow", "xlsxwriter"}


def test_importing_the_package_is_light() -> None:
    assert not loaded_after("import pactrisk") & (HEAVY | {"numpy", "pydantic", "click"})


def test_help_is_light() -> None:
    asked = "import sys; from pactrisk.cli import main; sys.argv = ['pactrisk', '--help']"
    loaded = loaded_after(f"{asked}\ntry:\n    main()\nexcept SystemExit:\n    pass")
    assert "click" in loaded
    assert not loaded & HEAVY, loaded & HEAVY


def test_a_check_loads_nothing_that_only_a_run_needs() -> None:
    file = PACKAGE.parent.parent / "configs" / "kazakhstan-serbia.toml"
    asked = f"import sys; from pactrisk.cli import main; sys.argv = ['pactrisk', 'check', {str(file)!r}]"
    loaded = loaded_after(f"{asked}\ntry:\n    main()\nexcept SystemExit:\n    pass")
    assert "pydantic" in loaded
    # of what is right nobody asks what was meant
    assert not loaded & (HEAVY | {"jinja2", "numba", "rapidfuzz"})
    assert "pactrisk.lint" in loaded
    assert not loaded & {"pactrisk.estimators", "pactrisk.ensemble.block", "pactrisk.ensemble.executors"}


def test_the_front_of_the_ensemble_offers_what_it_says() -> None:
    assert sorted(ensemble._HOME) == sorted(ensemble.__all__)
    for name, home in ensemble._HOME.items():
        assert getattr(ensemble, name) is getattr(sys.modules[f"pactrisk.ensemble.{home}"], name)
    with pytest.raises(AttributeError, match="has no attribute 'runs'"):
        _ = ensemble.runs


def test_the_engine_needs_no_tables_and_no_figures() -> None:
    loaded = loaded_after("import pactrisk.ensemble, pactrisk.scenario, pactrisk.question")
    assert not loaded & {"pandas", "matplotlib", "pyarrow", "click", "rich", "jinja2"}
