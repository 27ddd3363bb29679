"""The report in a real browser: what it says, what it does, and that it asks nobody for anything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pactrisk import report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_api.sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=found, args=flags)
        except sync_api.Error:
            pytest.skip("no browser to open the report in")
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(examples: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("browser") / "run"
    made: Path = report.write(folder, examples["page"](), {}, {}, {}, {"a": np.zeros(1)})
    return (made / "index.html").as_uri()


@pytest.fixture(params=["light", "dark"])
def page(browser: Any, address: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme=request.param, reduced_motion="reduce"
    )
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda asks: asked.append(asks.url))
    opened.goto(address)
    yield opened
    assert said == []
    assert {url for url in asked if not url.startswith("data:")} == {address}
    context.close()


def test_the_first_screen_holds_title_sentence_bars_and_classes(page: Any) -> None:
    assert page.title() == "Kazakhstan and Serbia: ten memoranda, Astana"
    assert "31% (8–62%)" in page.locator(".lead").inner_text()
    for name in ("three-way", "class-bars"):
        assert page.locator(f"#figure-{name}").bounding_box()["y"] < 900
    assert page.locator("svg[role=img]").count() == 10
    assert all(page.locator("svg[role=img]").evaluate_all("all => all.map(s => s.ariaLabel.length > 3)"))


def test_contents_lead_to_every_part_by_keyboard(page: Any) -> None:
    links = page.locator("nav a")
    hashes = links.evaluate_all("all => all.map(a => a.getAttribute('href').slice(1))")
    assert len(hashes) == 9
    assert all(page.locator(f"[id='{name}']").count() == 1 for name in hashes)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    links.nth(4).focus()
    page.keyboard.press("Enter")
    assert abs(page.locator("#part-drivers").bounding_box()["y"]) < 60


def test_tables_sort_by_number_and_by_text(page: Any) -> None:
    page.locator("details.long summary").click()
    table = page.locator("#table-assumptions")
    for head, column, number in (("Value (USD/bbl)", 2, True), ("Meaning", 1, False)):
        button = table.get_by_role("button", name=head, exact=True)
        for up in (True, False):
            button.click()
            cells = table.locator(f"tbody td:nth-child({column + 1})")
            keys = cells.evaluate_all("all => all.map(c => c.dataset.key ?? c.textContent)")
            ordered = [float(key) for key in keys] if number else keys
            assert len(ordered) == 50
            assert ordered == sorted(ordered, reverse=not up)
            expected = "ascending" if up else "descending"
            assert table.locator("th").nth(column).get_attribute("aria-sort") == expected


def test_colours_can_be_chosen(page: Any) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    button = page.locator("#looks")
    seen = {}
    for _ in range(3):
        button.click()
        seen[button.inner_text()] = page.evaluate(paper)
    assert seen["Colours: light"] == "rgb(255, 255, 255)"
    assert seen["Colours: dark"] == "rgb(21, 25, 29)"


def test_the_page_never_scrolls_sideways_and_prints_in_full(page: Any) -> None:
    for width in (360, 700, 1100, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("nav").is_visible()


def test_heads_of_columns_can_repeat_on_a_printed_page(page: Any) -> None:
    # a browser repeats no head that holds a form control
    assert page.locator("thead button, thead input, thead select").count() == 0
    page.emulate_media(media="print")
    styles = page.locator("thead").first.evaluate("e => [getComputedStyle(e).display, getComputedStyle(e).breakInside]")
    assert styles == ["table-header-group", "avoid"]


def test_columns_sort_by_keyboard(page: Any) -> None:
    head = page.locator("table.sortable thead th").first
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    page.keyboard.press(" ")
    assert head.get_attribute("aria-sort") == "descending"


def test_what_scrolls_sideways_shows_a_shadow(page: Any) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    for part in (".scroll", ".plate"):
        looks = page.locator(part).first.evaluate("e => getComputedStyle(e).backgroundAttachment")
        assert looks == "local, local, scroll, scroll"


def test_hostile_text_stays_text(browser: Any, examples: dict[str, Any], tmp_path: Path) -> None:
    bad = examples["HOSTILE"]
    from pactrisk import findings as f

    rows = tuple(text.replace("\ud800", "") for text in bad)
    found = f.Finding("x", bad[0], bad[6], (examples["class_table"](rows),), tuple(examples["hostile_figures"]()), bad)
    made = report.write(
        tmp_path / "run", f.Page(bad[6], bad[0], bad[3], bad[0], (found,)), {}, {}, {}, {"a": np.zeros(1)}
    )
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("dialog", lambda dialog: (said.append("dialog"), dialog.dismiss()))
    opened.goto((made / "index.html").as_uri())
    assert opened.locator(".lead").inner_text() == "<script>alert(1)</script>"
    assert opened.locator("script").count() == 1
    assert opened.locator("img").count() == 0
    assert said == []
    opened.close()
