"""Replies of any shape for property tests, and one like those the engine gives."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from bot.types import Block, Choice, Citation, Reply

NASTY = "aàệĐđ  \n\n.;<>&\"'😀👩‍👩‍👧‍👦e\u0301\u200b…–1"
"""Characters that break naive rendering: markup, lone marks, emoji of two halves and of several parts."""
texts = st.text(alphabet=st.one_of(st.sampled_from(NASTY), st.characters(codec="utf-8")), max_size=300)
long_texts = st.builds(lambda text, times: text * times, texts, st.integers(1, 60))
_ids = st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60)
_blocks = st.builds(
    Block,
    kind=st.sampled_from(["title", "text", "list", "note"]),
    text=st.one_of(texts, long_texts),
    items=st.lists(texts, max_size=8).map(tuple),
)
_urls = st.one_of(
    st.none(), texts, texts.map(lambda text: f"https://vi.example/{text}"), st.just("javascript:alert(1)")
)
_citations = st.builds(
    Citation,
    title=texts,
    section=st.none() | texts,
    url=_urls,
    date=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
replies = st.builds(
    Reply,
    blocks=st.lists(_blocks, max_size=5).map(tuple),
    choices=st.lists(st.builds(Choice, id=_ids, label=texts.filter(bool)), max_size=9).map(tuple),
    citations=st.lists(_citations, max_size=3).map(tuple),
)

BIRTH = Reply(
    blocks=(
        Block(kind="title", text="Đăng ký khai sinh"),
        Block(kind="list", text="Hồ sơ cần có", items=("Tờ khai (1 bản chính)", "Giấy chứng sinh (1 bản chính)")),
        Block(kind="note", text="Dữ liệu ngày 18/07/2026."),
    ),
    choices=(
        Choice(id="a:1.001193:time", label="Thời hạn", code="1.001193"),
        Choice(id="a:1.001193:fee", label="Phí, lệ phí", code="1.001193"),
    ),
    citations=(
        Citation(
            title="Cổng Dịch vụ công quốc gia – thủ tục 1.001193",
            url="https://dichvucong.gov.vn/1?a=1&b=2",
            date=date(2026, 7, 18),
        ),
    ),
)
