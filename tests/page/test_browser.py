"""Pages in a real browser: silent, asking nothing of a network, and no wider than a phone."""

import numpy as np
import pytest

from pellucid.insight.findings import Diagnosis, Finding
from pellucid.page import Listing, Page, Plot, Section, Table, write_page
from pellucid.report import data_summary
from pellucid.report.evaluation import ClassAnswers, Evaluation, NumberAnswers
from pellucid.report.run_report import RunReport
from pellucid.training.heat_map import HeatMap, draw_heat_map
from pellucid.training.history import History

from .browser import CHROMIUM, Browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

NAME = "<script>document.title='taken over'</script><img src=http://localhost/x>" + "m" * 60


@pytest.fixture(scope="module")
def browser():
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Write a page with every section, its names long and hostile."""
    rng = np.random.default_rng(7)
    history = History({"epochs": 3, NAME: NAME})
    for epoch in range(3):
        history.append(epoch, {"loss": 1 / (epoch + 1), "val_loss": 1.0, NAME: 0.5})
    share = rng.random((40, 1))
    told = RunReport(
        NAME,
        history,
        Diagnosis((Finding(NAME, "warning", NAME, {NAME: 1.0}, layer=NAME, step=3),)),
        None,
        Evaluation(
            NAME,
            {NAME: {NAME: 0.5}},
            [
                ClassAnswers(np.arange(40) % 2, np.hstack([1 - share, share]), ["no", NAME]),
                NumberAnswers(rng.random(40), rng.random(40), NAME),
            ],
        ),
        data_summary.data_section({NAME: rng.random((9, 2))}, {NAME: np.arange(9)}, [NAME, NAME]),
        NAME * 3,
    )
    made = told.page()
    shown = HeatMap(NAME, [NAME, "b"], [1, 2], rng.random((2, 2)))
    more = Section(
        "More", [Plot(draw_heat_map(shown), NAME), Table(NAME, [NAME] * 9, [[NAME] * 9])]
    )
    sections = [*made.sections, more, Section("Code", [Listing(NAME)])]
    path = tmp_path_factory.mktemp("page") / "report.html"
    return write_page(path, Page(made.title, made.verdict, sections))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_is_silent_alone_and_no_wider_than_its_window(browser, page, width, dark):
    browser.requests.clear()
    browser.messages.clear()
    browser.open(page, width, dark=dark)
    assert browser.ask("document.documentElement.scrollWidth") <= width
    assert browser.ask("[...document.images].every(one => one.complete && one.naturalWidth)")
    asked = [one for one in browser.requests if not one.startswith("data:")]
    assert asked == [page.resolve().as_uri()]
    assert browser.messages == []
    assert browser.ask("document.title") == NAME


def test_no_letter_is_smaller_than_a_phone_can_show(browser, page):
    browser.open(page, 390)
    words = "[...document.querySelectorAll('body *')]"
    sizes = f"{words}.map(one => parseFloat(getComputedStyle(one).fontSize))"
    assert browser.ask(f"Math.min(...{sizes})") >= 12
    # Letters in pictures have 8.5 to 11 points, 96/72 of a pixel each at full size.
    shrunk = "[...document.images].map(one => one.clientWidth / one.naturalWidth)"
    assert browser.ask(f"Math.min(...{shrunk})") * 8.5 * 96 / 72 >= 9.5


def test_the_browser_notices_what_it_is_asked_to_notice(browser, tmp_path):
    path = tmp_path / "bad.html"
    image = (tmp_path / "absent.png").as_uri()
    path.write_text(
        f"<script>console.log('heard')</script><img src='{image}'><p style='width:999px'>w"
    )
    browser.requests.clear()
    browser.messages.clear()
    browser.open(path, 390)
    assert browser.ask("document.documentElement.scrollWidth") > 390
    assert image in browser.requests
    assert any(one.get("type") == "log" for one in browser.messages)
