"""Every page against WCAG 2.2 AA: axe-core, keyboard, narrow windows, large text; light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.api.browser_support import DESK, PHONE, served, visiting
from tests.api.site_support import CODE

pytestmark = pytest.mark.slow
PAGES = ["/", "/thu-tuc", "/thu-tuc?q=khai+sinh", f"/thu-tuc/{CODE}", "/tra-loi", "/nguon", "/khong-co"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_on_any_page(browser: Browser, home: str, size: tuple[int, int], scheme: str) -> None:
    with visiting(browser, home, size, scheme=scheme) as visitor:
        for path in PAGES:
            visitor.open(path)
            assert visitor.violations() == "", path
            assert visitor.overflow() <= 0, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "noscript"])
def test_axe_finds_nothing_in_a_conversation(browser: Browser, home: str, scheme: str, script: bool) -> None:
    with visiting(browser, home, PHONE, script=script, scheme=scheme) as visitor:
        visitor.open()
        visitor.ask("khai sinh")
        visitor.page.get_by_role("button", name="Đúng ý").click()
        visitor.page.locator(".vote[aria-pressed=true]").wait_for()
        visitor.ask("nào")
        visitor.ask("từrấtdài" * 40)
        assert visitor.overflow() <= 0
        if script:
            assert visitor.violations() == ""


def test_axe_sees_faults_where_there_are_some(browser: Browser, home: str) -> None:
    """The check itself is checked: a field without label and grey on white are found."""
    with visiting(browser, home) as visitor:
        visitor.open("/nguon")
        visitor.page.evaluate(
            """() => { const i = document.createElement('input'); const p = document.createElement('p');
            p.textContent = 'mờ'; p.style.cssText = 'color:#bbb;background:#fff';
            document.querySelector('.sheet').append(i, p) }"""
        )
        found = visitor.violations()
        assert "label" in found
        assert "color-contrast" in found


def test_without_knowledge_the_page_is_accessible_too(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with served(tmp_path_factory.mktemp("empty"), None) as home, visiting(browser, home, PHONE) as visitor:
        visitor.open()
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Dữ liệu đang được chuẩn bị")
        assert visitor.violations() == ""


def test_the_keyboard_reaches_everything_and_shows_where_it_is(browser: Browser, home: str) -> None:
    with visiting(browser, home) as visitor:
        visitor.open()
        visitor.page.keyboard.press("Tab")
        expect(visitor.page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
        expect(visitor.page.get_by_role("link", name="Đến nội dung chính")).to_be_in_viewport()
        seen = []
        for _ in range(10):
            visitor.page.keyboard.press("Tab")
            seen.append(visitor.page.evaluate("document.activeElement.textContent.trim().slice(0, 12)"))
            outline = visitor.page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
            assert outline >= 2, seen
        assert any(text.startswith("Làm giấy") for text in seen)


def test_the_focused_element_is_not_hidden_by_the_composer(browser: Browser, home: str) -> None:
    """WCAG 2.4.11: what has the focus is not covered entirely by the bar that stays below."""
    with visiting(browser, home, PHONE) as visitor:
        visitor.open()
        visitor.ask("khai sinh")
        for name in ("Xem trọn thủ tục", "Thời hạn"):
            target = visitor.page.get_by_text(name, exact=True)
            target.evaluate("element => (element.closest('a, button')).focus()")
            covered = target.evaluate(
                "e => e.getBoundingClientRect().top >= document.querySelector('.composer').getBoundingClientRect().top"
            )
            assert not covered, name


@pytest.mark.parametrize("path", ["/", f"/thu-tuc/{CODE}", "/nguon"])
def test_targets_are_large_enough_for_old_fingers(browser: Browser, home: str, path: str) -> None:
    with visiting(browser, home, PHONE) as visitor:
        visitor.open(path)
        small = visitor.page.evaluate(
            """() => [...document.querySelectorAll('button, nav a, .rows a')]
            .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 44 && !e.closest('.crumbs'))
            .map(e => e.outerHTML.slice(0, 80))"""
        )
        assert small == []


def test_text_twice_as_large_still_fits(browser: Browser, home: str) -> None:
    """WCAG 1.4.4 and 1.4.10: the reader's own font size is respected and nothing is cut."""
    with visiting(browser, home, (640, 740)) as visitor:
        for path in PAGES:
            visitor.open(path)
            visitor.page.evaluate("document.documentElement.style.setProperty('font-size', '225%')")
            assert visitor.overflow() <= 0, path


def test_the_answer_is_announced(browser: Browser, home: str) -> None:
    with visiting(browser, home) as visitor:
        visitor.open()
        log = visitor.page.get_by_role("log")
        assert log.get_attribute("aria-live") == "polite"
        visitor.ask("khai sinh")
        expect(log).to_contain_text("Bà con hỏi: khai sinh")
