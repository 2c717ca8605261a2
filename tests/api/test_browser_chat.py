"""The web chat in a real browser: with and without JavaScript, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.api.browser_support import DESK, PHONE, Visitor, visiting
from tests.api.site_support import CODE

pytestmark = pytest.mark.slow
HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>"\'{{7*7}}'


@pytest.fixture(params=[(PHONE, True), (PHONE, False), (DESK, True), (DESK, False)],
                ids=["phone", "phone-noscript", "desk", "desk-noscript"])  # fmt: skip
def visitor(request: pytest.FixtureRequest, browser: Browser, home: str) -> Iterator[Visitor]:
    size, script = request.param
    with visiting(browser, home, size, script=script) as opened:
        yield opened


@pytest.fixture
def scripted(browser: Browser, home: str) -> Iterator[Visitor]:
    with visiting(browser, home) as opened:
        yield opened


def test_a_citizen_asks_and_is_answered(visitor: Visitor) -> None:
    visitor.open()
    visitor.ask("làm giấy khai sinh")
    visitor.ask("câu thứ hai")
    assert visitor.said() == ["làm giấy khai sinh", "câu thứ hai"]
    turns = visitor.page.locator(".turn")
    expect(turns.nth(1)).to_contain_text("Bà con hỏi: câu thứ hai")
    expect(visitor.page.get_by_label("Câu hỏi của bà con")).to_have_value("")
    visitor.page.reload()
    assert visitor.said() == ["làm giấy khai sinh", "câu thứ hai"]
    assert visitor.overflow() <= 0
    assert visitor.complaints == []


def test_an_example_and_a_choice_are_one_tap_each(visitor: Visitor) -> None:
    visitor.open()
    visitor.page.get_by_role("button", name="Chứng thực bản sao").click()
    expect(visitor.page.locator(".turn")).to_have_count(1)
    visitor.page.get_by_role("button", name="Thời hạn", exact=True).click()
    expect(visitor.page.locator(".turn")).to_have_count(2)
    assert visitor.said()[1] == "Thời hạn"
    expect(visitor.page.locator(".turn").nth(1)).to_contain_text(f"[a:{CODE}:time]")


def test_a_vote_is_one_tap_and_may_be_changed(visitor: Visitor) -> None:
    visitor.open()
    visitor.ask("khai sinh")
    up = visitor.page.get_by_role("button", name="Đúng ý")
    down = visitor.page.get_by_role("button", name="Chưa đúng")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    down.click()
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(up).to_have_attribute("aria-pressed", "false")
    assert visitor.said() == ["khai sinh"]
    assert visitor.overflow() <= 0
    assert visitor.complaints == []


def test_variants_are_numbered_and_lead_on(visitor: Visitor) -> None:
    visitor.open()
    visitor.ask("nào")
    buttons = visitor.page.locator(".choices--ask button")
    assert [text.split("\n")[0].strip()[0] for text in buttons.all_inner_texts()] == ["1", "2"]
    buttons.nth(1).click()
    expect(visitor.page.locator(".turn")).to_have_count(2)
    assert visitor.said()[1] == "Cấp bản sao trích lục hộ tịch"


def test_a_new_conversation_starts_empty(visitor: Visitor) -> None:
    visitor.open()
    visitor.ask("khai sinh")
    visitor.page.get_by_role("button", name="Cuộc trò chuyện mới").click()
    expect(visitor.page.get_by_role("heading", name="Bà con cần hỏi việc gì?")).to_be_visible()
    assert visitor.said() == []


def test_hostile_text_runs_nowhere(visitor: Visitor) -> None:
    visitor.open()
    visitor.ask(HOSTILE)
    assert visitor.said() == [HOSTILE]
    assert visitor.page.locator("#transcript img, #transcript script").count() == 0
    visitor.page.reload()
    assert visitor.said() == [HOSTILE]
    assert visitor.complaints == []


def test_a_procedures_page_leads_into_the_chat(visitor: Visitor) -> None:
    visitor.open(f"/thu-tuc/{CODE}")
    visitor.page.get_by_role("button", name="Hỏi về thủ tục này").click()
    visitor.page.wait_for_url("**/#m*")
    expect(visitor.page.locator(".turn")).to_contain_text(f"[p:{CODE}]")


def test_enter_sends_and_shift_enter_starts_a_line(scripted: Visitor) -> None:
    scripted.open()
    box = scripted.page.get_by_label("Câu hỏi của bà con")
    box.fill("dòng một")
    box.press("Shift+Enter")
    box.press_sequentially("dòng hai")
    box.press("Enter")
    scripted.page.locator(".turn .bot").wait_for()
    assert scripted.said() == ["dòng một\ndòng hai"]
    expect(box).to_be_focused()


def test_enter_while_composing_does_not_send(scripted: Visitor) -> None:
    """A Vietnamese input method ends a word with Enter."""
    scripted.open()
    scripted.page.get_by_label("Câu hỏi của bà con").fill("khai sinh")
    scripted.page.evaluate(
        """document.getElementById('text').dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"""
    )
    scripted.ask("câu thật")
    assert scripted.said() == ["câu thật"]


def test_an_impatient_citizen_asks_once(scripted: Visitor) -> None:
    scripted.open()
    scripted.page.get_by_label("Câu hỏi của bà con").fill("khai sinh")
    scripted.page.evaluate("const b = document.querySelector('.send'); for (let i = 0; i < 5; i++) b.click();")
    scripted.page.locator(".turn .bot").wait_for()
    scripted.page.reload()
    assert scripted.said() == ["khai sinh"]


def test_a_lost_connection_keeps_the_question(scripted: Visitor) -> None:
    scripted.open()
    scripted.context.set_offline(True)
    box = scripted.page.get_by_label("Câu hỏi của bà con")
    box.fill("khai sinh")
    scripted.page.get_by_role("button", name="Gửi").click()
    expect(scripted.page.get_by_role("alert").filter(has_text="Chưa gửi được")).to_be_visible()
    expect(box).to_have_value("khai sinh")
    scripted.context.set_offline(False)
    scripted.page.get_by_role("button", name="Gửi").click()
    scripted.page.locator(".turn .bot").wait_for()
    assert scripted.said() == ["khai sinh"]


def test_the_newest_question_is_brought_into_view(browser: Browser, home: str) -> None:
    with visiting(browser, home, PHONE) as visitor:
        visitor.open()
        for number in range(4):
            visitor.ask(f"câu số {number}")
        expect(visitor.page.locator(".turn").last.locator(".said")).to_be_in_viewport()


@pytest.mark.parametrize(
    "attack",
    [
        "const s = document.createElement('script'); s.textContent = 'window.hit = 1'; document.body.append(s)",
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit = 1\">')",
        "const s = document.createElement('script'); s.src = 'https://evil.example/x.js'; document.body.append(s)",
        "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')",
    ],
)
def test_the_content_policy_really_blocks(scripted: Visitor, attack: str) -> None:
    scripted.open()
    scripted.page.evaluate(
        """() => { window.blocked = new Promise(
            done => addEventListener('securitypolicyviolation', done, {once: true})) }"""
    )
    scripted.page.evaluate(f"() => {{ {attack} }}")
    scripted.page.evaluate("window.blocked.then(() => true)")
    assert scripted.page.evaluate("window.hit") is None


def test_no_page_may_frame_the_chat(scripted: Visitor) -> None:
    response = scripted.page.goto(scripted.home)
    assert response is not None
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
