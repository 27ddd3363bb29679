"""The command line as a person types it."""

from __future__ import annotations

import html
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import tomli_w

from small_world import data

ROOT = Path(__file__).parent.parent.parent


def typed(*words: str, at: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What ``pactrisk WORDS`` prints and returns in the folder ``at``."""
    env = {**os.environ, "COLUMNS": "100", **environment}
    command = [sys.executable, "-W", "error", "-m", "pactrisk", *words]
    return subprocess.run(command, cwd=at, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a scenario and a config."""
    for name in ("scenarios", "configs"):
        (tmp_path / name).mkdir()
    (tmp_path / "scenarios" / "small.toml").write_text(tomli_w.dumps(data()), encoding="utf-8")
    config = 'scenario = "small"\nhorizon = 36\nheadline = 24\ntrials = 2000\nseed = 7\n'
    config += '[variants.dear]\nset = { "drivers.oil.level" = 120 }\n'
    (tmp_path / "configs" / "small.toml").write_text(config, encoding="utf-8")
    return tmp_path


def test_run_writes_a_report_and_says_where(desk: Path) -> None:
    done = typed("run", "configs/small.toml", at=desk)
    assert done.returncode == 0, done.stderr
    folder = desk / "reports" / "small"
    assert str(folder / "index.html") in done.stdout.replace("\n", "")
    assert "By February 2028 we expect" in done.stdout
    for id_ in ("grain", "rail", "science"):
        assert id_ in done.stdout
    assert {p.name for p in folder.iterdir()} == {
        "index.html", "results.json", "manifest.json", "store.npz", "tables.xlsx", "figures", "tables", "inputs",
    }  # fmt: skip
    assert "\x1b[" not in done.stdout + done.stderr
    assert "%" not in done.stderr


@pytest.mark.parametrize(
    ("chapters", "told"),
    [
        (["portfolio"], "Of 3 agreements, "),
        (["certainty"], "the expected number of agreements in substantive cooperation"),
        (["rare"], "number >= 3 in February 2028 "),
        (["tags"], "no chapter that analyses names has anything to tell of this world"),
    ],
)
def test_a_run_without_the_headline_tells_its_first_chapter(chapters: list[str], told: str, desk: Path) -> None:
    tables = data()
    for agreement in tables["agreements"]:
        del agreement["sector"]
    (desk / "scenarios" / "small.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    edits = [f"--set=analyses={json.dumps(chapters)}", *(["--set=rare=number >= 3"] if chapters == ["rare"] else [])]
    done = typed("run", "configs/small.toml", "--trials=400", *edits, at=desk)
    assert done.returncode == 0, done.stderr
    assert " ".join(done.stdout.split()).count(told) == 1


def test_no_word_at_all_prints_the_help(tmp_path: Path) -> None:
    bare, asked = typed(at=tmp_path), typed("--help", at=tmp_path)
    assert (bare.returncode, bare.stdout, bare.stderr) == (0, asked.stdout, "")
    assert "Commands:\n  run " in bare.stdout


def test_run_json_is_the_results_file_and_nothing_else(desk: Path) -> None:
    done = typed("run", "small", "--json", "--quiet", at=desk)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (desk / "reports/small/results.json").read_text(encoding="utf-8")
    assert json.loads(done.stdout)["trials"] == 2000
    assert done.stderr == ""


def test_options_change_what_they_name(desk: Path) -> None:
    words = ("--trials", "4000", "--seed", "9", "--set", "drivers.oil.level=45", "--out", "elsewhere", "--quiet")
    done = typed("run", "configs/small.toml", *words, at=desk)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    manifest = json.loads((desk / "elsewhere/manifest.json").read_text(encoding="utf-8"))
    assert (manifest["trials"], manifest["seed"]) == (4000, 9)
    assert manifest["edits"] == ["drivers.oil.level=45", "trials=4000", "seed=9"]
    assert not (desk / "reports").exists()


@pytest.mark.parametrize(
    ("precision", "trials", "said"),
    [
        ("0.3", "12000", "stopped there: the precision asked for is reached"),
        ("0.3", "2000", "the precision asked for is reached"),
        ("0.0001", "2000", "the precision asked for is not reached: agreements 0."),
    ],
)
def test_a_run_says_what_became_of_its_precision(desk: Path, precision: str, trials: str, said: str) -> None:
    done = typed("run", "small", "--precision", precision, "--trials", trials, at=desk)
    (line,) = [line for line in done.stdout.splitlines() if "precision" in line]
    assert line.startswith(said)


def test_a_run_can_be_repeated_from_its_folder_alone(desk: Path, tmp_path: Path) -> None:
    """By the command that its page prints, edits, trials, seed and awkward values among them."""
    edits = ("--set", "drivers.oil.level={ p10 = 40, p90 = 60 }", "--set", 'title="It\'s dear & odd"')
    assert typed("run", "small", "-q", "--seed", "9", "--trials", "1000", *edits, at=desk).returncode == 0
    folder = desk / "reports/small"
    page = html.unescape((folder / "index.html").read_text(encoding="utf-8"))
    found = re.search(r"To repeat it, in its folder</bdi></dt><dd><bdi>(.*?)</bdi>", page, re.DOTALL)
    assert found
    command = shlex.split(found[1])
    as_typed = re.search(r"Command</bdi></dt><dd><bdi>(.*?)</bdi>", page, re.DOTALL)
    assert as_typed
    assert shlex.split(as_typed[1])[1:] == ["run", "small", "-q", "--seed", "9", "--trials", "1000", *edits]
    kept = tmp_path / "kept"
    shutil.copytree(folder, kept)
    shutil.rmtree(desk / "scenarios")
    assert command[0] == "pactrisk"
    done = typed(*command[1:], "-q", at=kept)
    assert done.returncode == 0, done.stderr
    assert (kept.parent / "again/results.json").read_bytes() == (folder / "results.json").read_bytes()


def test_report_draws_the_same_again_without_simulating(desk: Path) -> None:
    assert typed("run", "small", "-q", at=desk).returncode == 0
    folder = desk / "reports/small"
    before = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    (folder / "index.html").unlink()
    done = typed("report", "reports/small", at=desk)
    assert done.returncode == 0, done.stderr
    after = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert before == after


def test_every_problem_at_once_with_file_line_and_hint(desk: Path) -> None:
    path = desk / "scenarios/small.toml"
    tables = data()
    tables["drivers"]["oil"]["half_life"] = -9
    tables["drivers"]["gas"]["volatilty"] = 0.3
    tables["paces"]["works"]["effects"][0]["driver"] = "wra"
    path.write_text(tomli_w.dumps(tables), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    done = typed("run", "configs/small.toml", at=desk)
    assert done.returncode == 2
    assert not (desk / "reports").exists()
    line = next(n for n, text in enumerate(lines, 1) if text.startswith("half_life = -9"))
    assert f"scenarios/small.toml:{line}  drivers.oil.half_life" in done.stderr
    assert "must be above 0, not -9" in done.stderr
    assert "time for a gap to the level to halve, in months" in done.stderr
    assert "drivers.gas.volatilty" in done.stderr
    assert "did you mean" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_finds_what_run_would(desk: Path) -> None:
    assert typed("check", "configs/small.toml", at=desk).returncode == 0
    assert typed("check", "scenarios/small.toml", at=desk).returncode == 0
    strict = typed("check", "scenarios/small.toml", "--strict", at=desk)
    assert strict.returncode == 2
    assert "has no source" in strict.stderr
    # what is odd is told beside what has no source
    edited = typed("check", "scenarios/small.toml", "--strict", "--set", "paces.idle={}", at=desk)
    assert "has no source" in edited.stderr
    assert "paces.idle" in edited.stderr


def test_check_tells_a_program_too(desk: Path) -> None:
    fine = typed("check", "configs/small.toml", "--json", at=desk)
    assert fine.returncode == 0
    assert json.loads(fine.stdout)["fine"] is True
    edits = ("--set", "drivers.oil.half_life=-9", "--set", "headline=99months")
    wrong = typed("check", "configs/small.toml", "--json", *edits, at=desk)
    assert wrong.returncode == 2
    told = json.loads(wrong.stdout)
    assert told["fine"] is False
    assert {problem["path"] for problem in told["problems"]} >= {"drivers.oil.half_life"}
    assert all(problem["file"] and problem["message"] for problem in told["problems"])


def test_a_pipe_gets_whole_lines(desk: Path) -> None:
    path = desk / "scenarios/small.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[drivers.nobody]\nkind = 'indx'\n", encoding="utf-8")
    done = typed("check", "configs/small.toml", at=desk, COLUMNS="40")
    assert "  must be one of bootstrap, events, formula, geometric_brownian, index," in done.stderr


def test_words_and_scenarios_by_name_are_explained(desk: Path) -> None:
    assert "keys of a scenario" in typed("explain", at=desk).stdout
    assert "Agreements" in typed("explain", "small", at=desk).stdout
    # a pipe gets no spaces for a width that nobody sees
    assert not re.search(r" $", typed("explain", "precision", at=desk).stdout, re.MULTILINE)
    for words, said in (
        (("configs/small.toml",), "this is a config, not a scenario\n  give its scenario: scenarios/small.toml"),
        (("headline", "--in", "configs/small.toml"), "this is a config, not a scenario"),
        (("half_life", "--as", "dot"), "tells a scenario"),
    ):
        refused = typed("explain", *words, at=desk)
        assert refused.returncode == 2
        assert said in refused.stderr
        # whoever only asks wants nothing run or written
        assert refused.stderr.endswith("\n1 problem\n")


def test_a_variant_that_changes_nothing_and_a_quoted_date_are_told(desk: Path) -> None:
    config = desk / "configs/small.toml"
    config.write_text(config.read_text(encoding="utf-8") + "\n[variants.same]\n", encoding="utf-8")
    done = typed("check", "small", at=desk)
    assert "variants.same" in done.stdout
    assert "remark: changes nothing" in done.stdout
    quoted = typed("check", "small", "--set", 'signed="2026-02-27"', at=desk)
    assert quoted.returncode == 2
    assert "must be a date" in quoted.stderr
    config.write_text(config.read_text(encoding="utf-8").replace("oil.level", "oil.lvel"), encoding="utf-8")
    typo = typed("check", "small", at=desk)
    assert "variants.dear.set.drivers.oil.lvel" in typo.stderr
    # what is only odd is told beside what is wrong
    assert "remark: changes nothing" in typo.stderr
    assert typo.stderr.rstrip().endswith("1 problem; nothing was run or written")
    assert typed("check", "small", "--strict", at=desk).stderr.rstrip().endswith("problems; nothing was run or written")
    both = json.loads(typed("check", "small", "--json", at=desk).stdout)
    assert len(both["problems"]) == 1
    assert "variants.same" in [remark["path"] for remark in both["remarks"]]
    (desk / "configs/empty.toml").touch()
    assert "is empty" in typed("check", "configs/empty.toml", at=desk).stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("runn", "x"), "did you mean run?"),
        (("run", "configs/smal.toml"), "did you mean"),
        (("run", "scenarios/small.toml"), "this is a scenario, not a config"),
        (("run", "small", "--trials", "0"), "must be a whole number from 1 to 1,000,000,000, not '0'"),
        (("run", "small", "--trials", "20.000"), "from 1 to 1,000,000,000, not '20.000': write 20_000"),
        (("run", "small", "--trials", "2,000,000,000"), "from 1 to 1,000,000,000, not '2,000,000,000' "),
        (("run", "small", "--precision", "-1"), "--precision   must be a number above 0 and below 0.5, not '-1'"),
        (("run", "small", "--precision", "abc"), "must be a number above 0 and below 0.5, not 'abc'"),
        (("run", "small", "--precision", "nan"), "must be a number above 0 and below 0.5, not 'nan'"),
        (("run", "small", "--precision", "5"), "--precision   must be a number above 0 and below 0.5, not '5'"),
        (("run", "small", "--executor", "dask"), "--executor   dask needs the address of a scheduler"),
        (("run", "small", "--executor", "alone", "--workers", "4"), "--workers   the executor alone is one process"),
        (("run", "small", "--trials", "9", "--set", "trials=8"), "trials   is given by --trials too"),
        (("run", "small", "--set", "drivers.oli.level=3"), "did you mean"),
        (("run", "small", "--set", "nonsense"), "--set"),
        (("run", "small", "--trails", "5"), "did you mean --trials?"),
        (("explain", "x", "--as", "dit"), "must be one of words, diagram"),
        (("explain", "brent"), "a name of a scenario needs its file: pactrisk explain brent --in scenarios/"),
        (("explain", "half_lif"), "did you mean half_life?"),
        (("explain", ""), "WHAT   is empty   pactrisk explain, without a word, lists every word"),
        (("explain", "substantive", "cooperation"), 'put it in quotes: pactrisk explain "substantive cooperation"'),
        (("explain", "not", "in", "the", "portfolio"), 'pactrisk explain "not in the portfolio"'),
        (("new", "my", "own", "case"), "write it as one word: pactrisk new my-own-case"),
        (("new", "../my", "case"), "pactrisk new --help says what it takes"),
        (("check", "configs/small.toml", "configs/other.toml"), "pactrisk check --help says what it takes"),
        (("explain", "p01 to p88"), "did you mean p01 to p99?"),
        (("report", "nothere"), "there is no such folder"),
        (("report", "scenarios"), "is not a report of Pactrisk"),
        (("explain", "no_such_key_at_all"), "no_such_key_at_all"),
        (("new", "../escape"), "a name has letters"),
    ],
)
def test_what_is_typed_wrong_is_answered_plainly(desk: Path, words: tuple[str, ...], said: str) -> None:
    done = typed(*words, at=desk)
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_a_file_with_a_space_in_its_name_goes_in_quotes(desk: Path) -> None:
    (desk / "configs/small.toml").rename(desk / "configs/my small.toml")
    done = typed("check", "configs/my", "small.toml", at=desk)
    assert 'put it in quotes: pactrisk check "configs/my small.toml"' in done.stderr
    assert typed("check", "configs/my small.toml", at=desk).returncode == 0


def test_a_run_that_fails_says_which_driver_and_when(desk: Path) -> None:
    tables = data()
    tables["drivers"]["stress"]["expression"] = "1 / (fair - fair)"
    (desk / "scenarios/small.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    done = typed("run", "small", at=desk)
    assert done.returncode == 1
    assert "drivers.stress" in done.stderr
    assert "2026-02-27" in done.stderr
    assert not (desk / "reports").exists()


def test_a_folder_that_is_not_ours_is_left_alone(desk: Path) -> None:
    (desk / "reports/small").mkdir(parents=True)
    (desk / "reports/small/thesis.txt").write_text("mine")
    done = typed("run", "small", at=desk)
    assert done.returncode == 2
    assert [p.name for p in (desk / "reports/small").iterdir()] == ["thesis.txt"]


def test_new_begins_a_pair_that_runs_and_is_never_overwritten(tmp_path: Path) -> None:
    assert typed("new", "my-case", "--title", 'A "case" of ours', at=tmp_path).returncode == 0
    assert typed("check", "scenarios/my-case.toml", "--strict", at=tmp_path).returncode == 0
    begun = tomllib.loads((tmp_path / "scenarios/my-case.toml").read_text(encoding="utf-8"))
    assert "contract" in begun["templates"]
    assert "contract" in {agreement.get("template") for agreement in begun["agreements"]}
    assert typed("run", "my-case", "--trials", "2000", "-q", at=tmp_path).returncode == 0
    before = (tmp_path / "scenarios/my-case.toml").read_bytes()
    again = typed("new", "my-case", at=tmp_path)
    assert again.returncode == 2
    assert "exists already" in again.stderr
    assert (tmp_path / "scenarios/my-case.toml").read_bytes() == before


def test_help_version_completion_and_schema(tmp_path: Path) -> None:
    help_ = typed("--help", at=tmp_path)
    assert help_.returncode == 0
    for word in ("run", "check", "explain", "report", "schema", "new"):
        assert f"  {word} " in help_.stdout
        assert "Example" in typed(word, "--help", at=tmp_path).stdout
    assert typed("--version", at=tmp_path).stdout.startswith("pactrisk, version ")
    assert "_PACTRISK_COMPLETE" in typed("completion", "bash", at=tmp_path).stdout
    assert json.loads(typed("schema", "scenario", at=tmp_path).stdout)["title"] == "Pactrisk scenario"


def test_a_terminal_sees_colour_unless_it_asks_not_to(desk: Path) -> None:
    def on_terminal(**environment: str) -> str:
        leader, follower = pty.openpty()
        env = {**os.environ, "TERM": "xterm-256color", **environment}
        command = [sys.executable, "-m", "pactrisk", "check", "scenarios/small.toml", "--strict"]
        with subprocess.Popen(command, cwd=desk, env=env, stdout=follower, stderr=follower) as process:
            os.close(follower)
            seen = b""
            while True:
                try:
                    more = os.read(leader, 65536)
                except OSError:
                    break
                if not more:
                    break
                seen += more
            process.wait()
        os.close(leader)
        return seen.decode(errors="replace")

    assert "\x1b[31m" in on_terminal()
    assert "\x1b[31m" not in on_terminal(NO_COLOR="1")
