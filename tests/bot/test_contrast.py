"""Of a contrast only what is meant stays."""

from __future__ import annotations

import pytest

from bot.contrast import meant_words


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("đăng ký thường trú chứ không phải tạm trú", "đăng ký thường trú"),
        ("dang ky thuong tru chu khong phai tam tru", "dang ky thuong tru"),
        ("không phải tạm trú mà là thường trú", "là thường trú"),
        ("không phải, ý tôi hỏi thường trú", "ý tôi hỏi thường trú"),
        ("có phải nộp giấy khai sinh không", "có phải nộp giấy khai sinh không"),
        ("không phải đóng phí đúng không", "không phải đóng phí đúng không"),
        ("", ""),
    ],
)
def test_meant_words(raw: str, meant: str) -> None:
    words = raw.replace(",", "").split()
    keep = meant_words(words, raw)
    assert " ".join(word for word, kept in zip(words, keep, strict=True) if kept) == meant
