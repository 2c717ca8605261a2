"""Pages to read, error pages, static files and the headers on all of them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
import yaml

from api import texts
from api.assets import AssetMissing, _installed, assets
from api.catalogue import Catalogue
from api.headers import CONTENT_POLICY
from index.aspects import Aspect
from tests.api.site_support import CODE, Site, open_site

PAGES = ["/", "/thu-tuc", "/thu-tuc?q=khai+sinh", f"/thu-tuc/{CODE}", "/tra-loi", "/nguon"]


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_says_its_language_and_has_one_heading(site: Site, path: str) -> None:
    response = await site.client.get(path)
    assert response.status_code == 200
    assert '<html lang="vi">' in response.text
    assert response.text.count("<h1") == 1
    assert 'href="#main"' in response.text
    assert "style=" not in response.text
    assert "onclick" not in response.text


async def test_a_procedures_page_shows_its_whole_record(site: Site, catalogue: Catalogue) -> None:
    page = (await site.client.get(f"/thu-tuc/{CODE}")).text
    procedure = catalogue.knowledge.procedure(CODE)
    assert procedure is not None
    for paper in procedure.dossier:
        assert paper.name.rstrip(".;") in page
    for heading in ("Hồ sơ cần có", "Thời hạn giải quyết", "Phí, lệ phí", "Căn cứ pháp lý", "Nguồn và ngày"):
        assert heading in page
    assert f"{procedure.source.as_of:%d/%m/%Y}" in page
    assert 'aria-current="page"' in page


async def test_every_procedure_has_a_page(site: Site, catalogue: Catalogue) -> None:
    for code in catalogue.knowledge.codes():
        assert (await site.client.get(f"/thu-tuc/{code}")).status_code == 200, code


async def test_the_search_page_finds_and_says_when_not(site: Site) -> None:
    found = (await site.client.get("/thu-tuc", params={"q": CODE})).text
    nothing = (await site.client.get("/thu-tuc", params={"q": "😀"})).text
    assert f'href="/thu-tuc/{CODE}"' in found
    assert "Không tìm thấy thủ tục nào" in nothing


async def test_hostile_search_words_stay_words(site: Site) -> None:
    page = (await site.client.get("/thu-tuc", params={"q": '"><script>alert(1)</script>'})).text
    assert "<script>alert" not in page


async def test_the_sources_page_names_plans_dates_and_version(site: Site, catalogue: Catalogue) -> None:
    page = (await site.client.get("/nguon")).text
    for plan in catalogue.knowledge.plans.values():
        assert plan.short in page
    assert f"{len(catalogue.knowledge.codes())} thủ tục" in page
    assert catalogue.version in page


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/khong-co", 404, "Không có trang này"),
        ("/thu-tuc/9.999999", 404, "Không có thủ tục này"),
        ("/static/../settings.py", 404, "Không có trang này"),
        ("/static/none.css", 404, "Không có trang này"),
        ("/hoi", 405, "Cách gọi không đúng"),
    ],
)
async def test_errors_are_pages_in_vietnamese(site: Site, path: str, status: int, words: str) -> None:
    response = await site.client.get(path)
    assert response.status_code == status
    assert words in response.text
    assert "Về trang hỏi đáp" in response.text


@pytest.mark.parametrize("path", ["/", "/thu-tuc", f"/thu-tuc/{CODE}", "/nguon"])
async def test_without_knowledge_every_page_says_so(tmp_path: Path, path: str) -> None:
    async with open_site(tmp_path, None) as site:
        response = await site.client.get(path)
    assert response.status_code == 503
    assert "Dữ liệu đang được chuẩn bị" in response.text


async def test_an_unexpected_error_becomes_a_page_without_details(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_arguments: object, **_values: object) -> None:
        raise ZeroDivisionError("0912345678")

    monkeypatch.setattr("api.browse.sections", breaks)
    response = await site.client.get(f"/thu-tuc/{CODE}")
    assert response.status_code == 500
    assert "Có lỗi ở máy chủ" in response.text
    assert "ZeroDivision" not in response.text
    assert response.headers["content-security-policy"] == CONTENT_POLICY
    assert site.count("banhoi_http_requests_total", method="GET", route="/thu-tuc/{code}", status="500") == 1


@pytest.mark.parametrize(
    "path", [*PAGES, "/khong-co", "/healthz", "/metrics", "/api/v1/procedures", "/static/banhoi.css"]
)
async def test_every_response_carries_the_security_headers(site: Site, path: str) -> None:
    headers = (await site.client.get(path)).headers
    assert headers["content-security-policy"] == CONTENT_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    assert headers["cache-control"]
    assert "strict-transport-security" not in headers


def test_the_policy_allows_no_inline_code() -> None:
    assert "unsafe" not in CONTENT_POLICY
    assert "default-src 'none'" in CONTENT_POLICY
    assert "data:" not in CONTENT_POLICY


async def test_static_files_are_cached_by_content_and_compressed(site: Site) -> None:
    for name, asset in assets().items():
        response = await site.client.get(asset.url)
        assert response.status_code == 200, name
        assert response.content == asset.content
        assert response.headers["content-encoding"] == "gzip"
        assert "immutable" in response.headers["cache-control"]
        assert "immutable" not in (await site.client.get(f"/static/{name}?v=old")).headers["cache-control"]
        assert gzip.decompress(asset.compressed) == asset.content


async def test_a_known_file_is_not_sent_again(site: Site) -> None:
    url = assets()["banhoi.css"].url
    etag = (await site.client.get(url)).headers["etag"]
    assert (await site.client.get(url, headers={"If-None-Match": etag})).status_code == 304


async def test_a_client_without_compression_gets_the_plain_file(site: Site) -> None:
    response = await site.client.get(assets()["banhoi.js"].url, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in response.headers


def test_the_style_sheet_names_the_fonts_by_their_content() -> None:
    css = assets()["banhoi.css"].content.decode()
    assert assets()["BeVietnamPro-Regular.ttf"].url in css
    assert 'url("/static/BeVietnamPro-Regular.ttf")' not in css


def test_a_package_that_lacks_its_file_is_named() -> None:
    with pytest.raises(AssetMissing, match="no_such_package"):
        _installed("no_such_package", "x.js")


@pytest.mark.parametrize(
    ("name", "composed"),
    [
        ("pages", ("api_4", "api_5", "example_", "level_", "sources_rule_", "promise_")),
        ("staff", ("role_", "may_")),
    ],
)
def test_every_text_is_used_and_none_is_empty(name: str, composed: tuple[str, ...]) -> None:
    """A sentence nobody reads any more is found here."""
    room = Path(texts.__file__).parent
    catalogue = yaml.safe_load((room / "data" / f"{name}.vi.yaml").read_text("utf-8"))
    files = [*room.rglob("*.py"), *room.glob("templates/**/*.*")]
    source = "\n".join(path.read_text("utf-8") for path in files)
    names = {key: key.removeprefix("problem_").removesuffix("_detail") for key in catalogue}
    unused = [
        key
        for key, name in names.items()
        if not re.search(rf"[\"']{name}[\"']", source) and not key.startswith(composed) and key not in list(Aspect)
    ]
    assert unused == []
    assert all(str(value).strip() for value in catalogue.values())
