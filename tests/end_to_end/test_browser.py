"""The report of a real run, opened and used in a real browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pactrisk
from end_to_end.desk import QUESTION, lay_out, tagged

pytestmark = pytest.mark.browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

CONTRASTS = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = (top, under, opacity) => {
    const a = top[3] / 255 * opacity;
    return [0, 1, 2].map((i) => a * top[i] + (1 - a) * under[i]).concat(255);
  };
  const luminance = (c) => {
    const linear = (x) => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = c.slice(0, 3).map((x) => linear(x / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [x, y] = [luminance(one), luminance(other)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const paper = (element) => {
    const behind = [];
    for (let e = element; e; e = e.parentElement) behind.push(rgba(getComputedStyle(e).backgroundColor));
    return behind.reverse().reduce((under, top) => over(top, under, 1), [255, 255, 255, 255]);
  };
  const found = [];
  const seen = new Set(["SCRIPT", "STYLE", "TITLE"]);
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join("").trim();
    if (!text || seen.has(element.tagName) || element.closest("svg") || !element.checkVisibility()) continue;
    found.push([text.slice(0, 40), ratio(rgba(getComputedStyle(element).color), paper(element))]);
  }
  for (const drawing of document.querySelectorAll("svg")) {
    const shapes = [];
    for (const element of drawing.querySelectorAll("path, rect, use, text")) {
      if (element.closest("defs, clipPath, pattern") || !element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      const opacity = Number(style.opacity);
      if (element.tagName !== "text") {
        if (element.isPointInFill && style.fill !== "none" && opacity > 0) shapes.push([element, style, opacity]);
        continue;
      }
      const box = element.getBoundingClientRect();
      if (!box.width) continue;
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      let under = paper(drawing);
      for (const [shape, look, share] of shapes) {
        const point = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
        // a pattern is drawn over a plain fill of its own
        if (look.fill.startsWith("url") || !shape.isPointInFill(point)) continue;
        under = over(rgba(look.fill), under, share * Number(look.fillOpacity));
      }
      const ink = over(rgba(style.fill), under, opacity * Number(style.fillOpacity));
      found.push([element.textContent.slice(0, 40), ratio(ink, under)]);
    }
  }
  return found;
}
"""
"""Every visible text with its contrast to what lies under its middle (WCAG 2.1, relative luminance)."""

UNSORTED = """
() => {
  const wrong = [];
  for (const table of document.querySelectorAll("table.sortable")) {
    const before = table.tBodies[0].rows.length;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const number = !["text", "date"].includes(head.className);
      const apart = (a, b) => number ? (Number(a) > Number(b)) - (Number(a) < Number(b)) : a.localeCompare(b);
      for (const up of [true, false]) {
        head.querySelector("[role=button]").click();
        const cells = [...table.tBodies[0].rows].map((row) => row.cells[column]);
        const keys = cells.map((cell) => cell.dataset.key ?? cell.textContent);
        const told = keys.filter((key) => key !== "");
        const faults = {
          order: told.some((key, i) => i > 0 && (up ? 1 : -1) * apart(told[i - 1], key) > 0),
          blank: keys.slice(told.length).some((key) => key !== ""),
          number: number && told.some((key) => Number.isNaN(Number(key))),
          lost: keys.length !== before,
          aria: head.getAttribute("aria-sort") !== (up ? "ascending" : "descending"),
        };
        for (const [fault, is] of Object.entries(faults)) if (is) wrong.push([table.id, head.textContent, up, fault]);
      }
    });
  }
  return wrong;
}
"""
"""Clicks every head of every table twice; what does not sort as it says: blanks last, numbers as numbers."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of the small world, with a variant, a condition, quantities and all kinds of tags."""
    desk = tmp_path_factory.mktemp("desk")
    return pactrisk.run(lay_out(desk, tagged(), QUESTION), workers=1).save(desk / "report")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_api.sync_playwright() as playwright:
        if found is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip(f"none of {', '.join(BROWSERS)} is installed, nor playwright's own Chromium")
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module", params=["light", "dark"])
def page(browser: Any, folder: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The report in a window of 1280 by 800, once for those who like it light and once for those who like it dark."""
    address = (folder / "index.html").as_uri()
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme=request.param, reduced_motion="reduce"
    )
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda asks: asked.append(asks.url))
    opened.goto(address)
    yield opened
    assert said == [], "the page complained, or spoke"
    assert [url for url in asked if not url.startswith("data:")] == [address], "the page asked for something"
    context.close()


def test_the_headline_is_that_of_the_results(page: Any, folder: Path) -> None:
    results = json.loads((folder / "results.json").read_text("utf-8"))
    assert page.locator(".lead").inner_text() == results["findings"]["headline"]["sentence"]
    assert page.locator("h1").inner_text() == results["title"]
    # what was run is what is shown: every finding of the results has its place, and every table its rows
    for name, found in results["findings"].items():
        assert page.locator(f"[id='{name}']").count() == 1
        for table, rows in found["tables"].items():
            shown = page.locator(f"[id='table-{table}'] tbody tr").count()
            assert shown == len(rows) or shown >= 60, table
    for name in ("variants", "conditions", "quantities", "tags"):
        assert name in results["findings"]


def test_every_entry_of_the_contents_leads_to_its_part(page: Any) -> None:
    links = page.locator("nav a")
    assert links.count() >= 12
    for place in range(links.count()):
        links.nth(place).click()
        target = page.locator(f"[id='{links.nth(place).get_attribute('href')[1:]}']")
        box = target.bounding_box()
        end = page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2")
        assert -2 <= box["y"] <= 60 or end, links.nth(place).inner_text()


def test_every_link_leads_to_a_file_of_the_folder(page: Any, folder: Path) -> None:
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(links) > 50
    for link in links:
        assert link.startswith("#") or (folder / link).is_file(), link


def test_all_that_is_folded_opens_and_closes(page: Any) -> None:
    page.evaluate("for (const fold of document.querySelectorAll('details.long')) fold.open = false")
    folds = page.locator("details.long")
    assert folds.count() > 5
    for place in range(folds.count()):
        fold = folds.nth(place)
        fold.locator("summary").click()
        assert fold.locator("table").is_visible()
        fold.locator("summary").click()
        assert not fold.locator("table").is_visible()


def test_every_column_of_every_table_sorts_and_loses_no_row(page: Any) -> None:
    assert page.evaluate(UNSORTED) == []


def test_nothing_overflows_the_window(page: Any) -> None:
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    wide = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
          .filter((e) => !e.closest(".plate, .scroll, .skip") && e.getBoundingClientRect().right > innerWidth + 1)
          .map((e) => e.tagName + " " + e.textContent.slice(0, 40))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_the_first_table_and_the_headline_number_are_seen_without_scrolling(page: Any) -> None:
    # a table that holds many intervals has them below their numbers
    fits = "e => e.scrollWidth <= e.clientWidth"
    assert page.locator(".scroll", has=page.locator("#table-agreements")).evaluate(fits)
    assert "wide" in page.locator("#table-agreements").get_attribute("class")
    page.set_viewport_size({"width": 390, "height": 800})
    try:
        for name in ("Agreements in substantive cooperation: ", "Chance that at least one is: "):
            box = page.locator("#figure-three-way text").filter(has_text=name).bounding_box()
            assert box["x"] + box["width"] < 390, name
    finally:
        page.set_viewport_size({"width": 1280, "height": 800})


def test_every_drawing_has_words_for_those_who_cannot_see_it(page: Any) -> None:
    drawings = page.locator("svg").evaluate_all("all => all.map(s => [s.getAttribute('role'), s.ariaLabel])")
    assert len(drawings) > 15
    assert all(role == "img" and len(label) > 10 for role, label in drawings)
    assert page.locator("img:not([alt])").count() == 0
    named = page.locator("button, a, summary").evaluate_all("all => all.filter(e => !e.textContent.trim()).length")
    assert named == 0


def test_all_text_stands_out_whichever_colours_are_chosen(page: Any) -> None:
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    button = page.locator("#looks")
    papers = []
    for look in ("auto", "light", "dark"):
        assert button.inner_text() == f"Colours: {look}"
        papers.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        found = page.evaluate(CONTRASTS)
        assert len(found) > 1000
        # WCAG 2.1, success criterion 1.4.3: 4.5 to 1
        assert {text: round(ratio, 2) for text, ratio in found if ratio < 4.5} == {}
        button.click()
    assert papers[1] != papers[2]
    assert papers[0] in papers[1:]


def test_print_shows_the_findings_and_not_the_controls(page: Any) -> None:
    page.emulate_media(media="print")
    try:
        assert not page.locator("nav").is_visible()
        assert not page.locator("#looks").is_visible()
        assert page.locator(".lead").is_visible()
        assert page.locator("#figure-classes svg").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    finally:
        page.emulate_media(media="screen")


def test_the_page_is_small_and_whole(folder: Path) -> None:
    text = (folder / "index.html").read_bytes()
    assert 100_000 < len(text) < 5_000_000
    assert text.rstrip().endswith(b"</html>")
