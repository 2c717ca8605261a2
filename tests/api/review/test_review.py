"""The screens of the review: who sees what, each step from its form, nothing lost, nothing run that a citizen typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from api.review.reading import NAMES
from api.staff.access import Role
from feed.codes import new_code
from store.engine import write
from store.feed_tables import answers, case_notes, label_corrections
from store.report_tables import reports
from tests.api.review.support import BASE, HOSTILE, ReviewSite, alert, fields
from tests.api.staff.support import OFFICE, OTHER
from tests.feed.review_support import NOW

ONE = f"{BASE}/viec/HD-000001"


async def test_the_list_shows_cases_with_their_badges(review: ReviewSite) -> None:
    await review.desk.case("Trạm bơm hư rồi", urgent=True, flags=["danger"], due_at=NOW - timedelta(hours=2))
    await review.desk.case("Làm hộ chiếu ở mô", "b", due_at=NOW + timedelta(hours=1))
    page = (await (await review.officer()).get(BASE)).text
    for shown in ("Trạm bơm hư rồi", "Khẩn: Nguy hiểm", "Quá hạn từ 23/11", "Đến hạn hôm nay", "2 người hỏi"):
        assert shown in page
    assert page.index("Trạm bơm") < page.index("hộ chiếu")


async def test_filters_stand_in_the_address_and_come_back_in_the_form(review: ReviewSite) -> None:
    await review.desk.case("đất đai", kind="complaint")
    await review.desk.case("hộ tịch", status="answered")
    browser = await review.officer()
    page = (await browser.get(f"{BASE}?loai=complaint&trang-thai=tat-ca&tim=đất")).text
    assert "đất đai" in page
    assert "hộ tịch" not in page
    assert '<option value="complaint" selected>' in page
    assert "Đang lọc" in page
    for odd in ("trang-thai=lạ", "han=x", "nguoi=abc", "sau=1.2", "sau=9.9.9", "tim=%00", f"xa={'x' * 5000}"):
        assert (await browser.get(f"{BASE}?{odd}")).status_code == 200


async def test_next_page(review: ReviewSite) -> None:
    for number in range(43):
        await review.desk.case(f"câu {number:02}", due_at=NOW + timedelta(days=1, minutes=number))
    browser = await review.officer()
    first = (await browser.get(BASE)).text
    link = first.split('?sau=')[1].split('"')[0]
    second = (await browser.get(f"{BASE}?sau={link}")).text
    assert "câu 39" in first
    assert "câu 40" not in first
    assert [f"câu {number}" in second for number in (39, 40, 42)] == [False, True, True]


async def test_an_officer_of_a_commune_sees_and_drafts_for_it_alone(review: ReviewSite) -> None:
    await review.desk.case("của xã mình", commune_id=OFFICE)
    await review.desk.case("của xã khác", commune_id=OTHER)
    await review.desk.case("chưa rõ xã")
    manager = await review.officer("hoa", Role.OFFICE_MANAGER)
    page = (await manager.get(f"{BASE}?xa={OTHER}")).text
    assert "của xã mình" in page
    assert "của xã khác" not in page
    assert "chưa rõ xã" not in page
    assert (await manager.get(f"{BASE}/nhip")).json()["open"] == 1
    assert (await manager.get(ONE)).status_code == 200
    for code in ("HD-000002", "HD-000003"):
        assert (await manager.get(f"{BASE}/viec/{code}")).status_code == 403
        assert (await manager.post(f"{BASE}/viec/{code}/trinh", **fields())).status_code == 403
    assert (await manager.post(f"{ONE}/trinh", **fields())).status_code == 303
    assert (await manager.post(f"{ONE}/duyet", **{"phien-ban": "1"})).status_code == 403
    assert "Duyệt và gửi" not in (await manager.get(ONE)).text


async def test_a_leader_looks_and_changes_nothing(review: ReviewSite) -> None:
    await review.desk.case("câu hỏi")
    leader = await review.officer("chu", Role.LEADER)
    page = (await leader.get(ONE)).text
    assert "câu hỏi" in page
    assert "Tài khoản này chỉ xem." in page
    assert 'action="/can-bo/hoi-dap' not in page


async def test_the_pulse_changes_when_a_case_comes_in(review: ReviewSite) -> None:
    browser = await review.officer()
    before = (await browser.get(f"{BASE}/nhip")).json()
    await review.desk.case("khẩn", urgent=True)
    after = (await browser.get(f"{BASE}/nhip")).json()
    assert (before["last"], before["urgent"]) == (0, 0)
    assert (after["last"], after["urgent"], after["new"]) == (1, 1, 1)


async def test_from_question_to_published_answer_and_back(review: ReviewSite) -> None:
    await review.desk.case("Trạm bơm hư báo ai")
    lan, binh = await review.officer("lan"), await review.officer("binh")
    assert (await lan.post(f"{ONE}/nhap", **fields(tra_loi="Bà con"))).headers["location"] == f"{ONE}?xong=nhap"
    page = (await lan.get(ONE)).text
    assert "Quyết định 12/2026/QĐ-UBND" in page
    assert (await lan.post(f"{ONE}/trinh", **fields(phien_ban="1"))).status_code == 303
    own = (await lan.get(ONE)).text
    assert "cần cán bộ khác duyệt" in own
    assert "Duyệt và gửi</button>" not in own
    refused = await lan.post(f"{ONE}/duyet", **{"phien-ban": "2"})
    assert "Người soạn không tự duyệt" in alert(refused)
    assert (await binh.post(f"{ONE}/duyet", **{"phien-ban": "2"})).status_code == 303
    page = (await binh.get(f"{ONE}?xong=duyet")).text
    for shown in ("Đã duyệt và gửi câu trả lời", "Đang công khai đến thứ ba 23/11/2027", "báo 1 người"):
        assert shown in page
    assert (await binh.post(f"{ONE}/go", **{"phien-ban": "3", "ly-do": "đổi quy định"})).status_code == 303
    again = {"phien-ban": "4", "cau-hoi": "Báo ai khi trạm bơm hỏng?", "het-han": "2027-01-01"}
    assert (await binh.post(f"{ONE}/cong-khai", **again)).status_code == 303
    assert (await binh.post(f"{ONE}/thu-hoi", **{"phien-ban": "5", "ly-do": "sai số"})).status_code == 303
    page = (await binh.get(ONE)).text
    assert "sai số" in page
    assert (await review.desk.row(1)).status == "assigned"


async def test_every_other_step_from_its_form(review: ReviewSite) -> None:
    await review.desk.case("câu hỏi")
    browser, binh = await review.officer(), await review.desk.officer("binh")
    deeds: list[tuple[str, dict[str, str]]] = [
        ("giao", {"co-quan": "Sở Xây dựng", "can-bo": str(binh.account_id)}),
        ("han", {"han": "2026-12-01", "ly-do": "chờ Sở"}),
        ("nhan", {"loai": "complaint", "cam-xuc": "negative", "co": "danger", "xa": OFFICE}),
        ("dong", {"ly-do": "trùng"}),
        ("mo-lai", {"ly-do": "bà con hỏi lại"}),
    ]
    for version, (rest, values) in enumerate(deeds):
        done = await browser.post(f"{ONE}/{rest}", **values, **{"phien-ban": str(version)})
        assert done.headers["location"] == f"{ONE}?xong={rest}", rest
    assert (await browser.post(f"{ONE}/ghi-chu", **{"ghi-chu": "đã gọi xã"})).status_code == 303
    row = await review.desk.row(1)
    assert (row.agency, row.assignee_id, row.kind, row.urgent, row.commune_id, row.status) == (
        "Sở Xây dựng", binh.account_id, "complaint", True, OFFICE, "assigned"
    )  # fmt: skip
    assert len(await review.desk.rows(label_corrections)) == len(await review.desk.rows(case_notes)) == 1
    page = (await browser.get(ONE)).text
    for line in ("Giao việc", "Đổi thời hạn", "Sửa phân loại", "Đóng, không trả lời", "Mở lại", "đã gọi xã"):
        assert line in page


async def test_whom_to_call_back_is_shown_on_demand_and_that_is_on_record(review: ReviewSite) -> None:
    case_id = await review.desk.case("đường sụt", origin="report", lead_question_id=None)
    async with write(review.desk.engine) as connection:
        row = {
            "case_id": case_id, "conversation_id": 1, "what": "đường sụt lún", "place": "thôn Thủy Ba",
            "call_back": True, "contact_name": "Trần Văn Bảy", "contact_phone": "0987 654 321",
            "told_status": "new", "created_at": NOW,
        }  # fmt: skip
        await connection.execute(reports.insert().values(**row))
    leader, lan = await review.officer("chu", Role.LEADER), await review.officer("lan")
    for browser in (leader, lan):
        page = (await browser.get(ONE)).text
        assert "đường sụt lún" in page
        assert "thôn Thủy Ba" in page
        assert "0987 654 321" not in page
    assert (await leader.post(f"{ONE}/lien-he")).status_code == 403
    assert "0987 654 321" in (await lan.post(f"{ONE}/lien-he")).text
    assert await review.desk.audited(case_id) == ["report_contact_seen"]


async def test_a_stale_form_loses_nothing_that_was_typed(review: ReviewSite) -> None:
    await review.desk.case("câu hỏi")
    lan, binh = await review.officer("lan"), await review.officer("binh")
    await binh.post(f"{ONE}/giao", **{"phien-ban": "0", "co-quan": "Sở Y tế"})
    page = await lan.post(f"{ONE}/trinh", **fields(tra_loi="Một câu dài đã gõ.", nguon_1="Nguồn thứ hai"))
    assert page.status_code == 409
    assert "Người khác vừa thay đổi" in alert(page)
    assert "Một câu dài đã gõ." in page.text
    assert "Nguồn thứ hai" in page.text
    assert await review.desk.rows(answers) == []
    assert 'name="phien-ban" value="1"' in page.text


async def test_personal_data_is_shown_and_must_be_confirmed(review: ReviewSite) -> None:
    await review.desk.case("câu hỏi")
    lan, binh = await review.officer("lan"), await review.officer("binh")
    typed = fields(tra_loi="Bà con gọi chị Nguyễn Thị Hoa 0912 345 678.")
    page = await lan.post(f"{ONE}/trinh", **typed)
    assert page.status_code == 422
    assert "Có 2 chỗ giống thông tin cá nhân" in alert(page)
    assert 'name="xac-nhan" value="0912 345 678"' in page.text
    sure = {"xac-nhan": ["0912 345 678", "Nguyễn Thị Hoa"]}
    done = await lan.client.post(
        f"{ONE}/trinh", data=typed | sure | {"csrf": await lan.csrf()}, headers=lan.origin()
    )
    assert done.status_code == 303
    assert 'name="xac-nhan"' in (await binh.get(ONE)).text
    assert "giống thông tin cá nhân" in alert(await binh.post(f"{ONE}/duyet", **{"phien-ban": "1"}))


async def test_an_admin_approves_alone_with_a_reason(review: ReviewSite) -> None:
    await review.desk.case("câu hỏi")
    admin = await review.officer("quan", Role.ADMIN)
    await admin.post(f"{ONE}/trinh", **fields())
    assert "Lý do tự duyệt" in (await admin.get(ONE)).text
    assert alert(await admin.post(f"{ONE}/duyet", **{"phien-ban": "1"})) == "Hãy ghi lý do."
    assert (await admin.post(f"{ONE}/duyet", **{"phien-ban": "1", "ly-do": "bão"})).status_code == 303


async def test_many_at_once(review: ReviewSite) -> None:
    for text in ("một", "hai", "ba"):
        await review.desk.case(text)
    browser = await review.officer()

    async def send(ticks: list[str], **values: str) -> str:
        data: dict[str, Any] = {"csrf": await browser.csrf(), "viec": ticks}
        data |= {name.replace("_", "-"): value for name, value in values.items()}
        answer = await browser.client.post(f"{BASE}/hang-loat?loai=question", data=data, headers=browser.origin())
        return answer.headers.get("location") or alert(answer)

    assert await send([], lam="giao") == "Hãy chọn ít nhất một việc trong danh sách."
    assert await send(["1.0"], lam="dong") == "Hãy ghi lý do."
    assert await send(["1.0"], lam="giao") == "Hãy chọn cơ quan hoặc cán bộ nhận việc."
    sent = await send(["1.0", "2.0", "3.9", "x.y", "9.0"], lam="giao", co_quan="Sở Y tế")
    assert sent == f"{BASE}?loai=question&xong=hang-loat&lam=2&con=2"
    page = (await browser.get(sent)).text
    assert "Đã làm 2 việc. Còn 2 việc giữ nguyên" in page


async def test_templates_are_kept_and_put_into_an_answer(review: ReviewSite) -> None:
    await review.desk.case("câu hỏi")
    browser = await review.officer()
    new = {"ten": "Cảm ơn", "noi-dung": "Cảm ơn bà con đã hỏi."}
    assert (await browser.post(f"{BASE}/mau", **new)).status_code == 303
    assert alert(await browser.post(f"{BASE}/mau", **new)) == "Đã có mẫu mang tên này."
    await browser.post(f"{BASE}/mau/1", ten="Cảm ơn lắm", **{"noi-dung": "Cảm ơn bà con nhiều."})
    done = await browser.post(f"{ONE}/nhap", **fields(chen="mau-1"))
    assert done.headers["location"] == f"{ONE}?xong=chen"
    (answer,) = await review.desk.rows(answers)
    assert answer.text == "Bà con báo Ủy ban nhân dân xã.\n\nCảm ơn bà con nhiều."
    for odd in ("mau-9", "mau-x", "goi-y-0", "goi-y-²", "lạ"):
        assert (await browser.post(f"{ONE}/nhap", **fields(chen=odd, phien_ban="1"))).status_code in (303, 409)
    assert (await browser.post(f"{BASE}/mau/1/xoa")).headers["location"] == f"{BASE}/mau?xong=mau-xoa"
    assert (await browser.post(f"{BASE}/mau/²/xoa")).status_code == 409


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_nothing_that_a_citizen_or_officer_typed_is_run(review: ReviewSite, hostile: str) -> None:
    clean = hostile.replace("\0", "")
    case_id = await review.desk.case(clean, "b", agency=clean, field=clean, channel="web", commune_id=clean)
    browser = await review.officer()
    await browser.post(f"{BASE}/mau", ten=hostile, **{"noi-dung": hostile})
    await browser.post(f"{ONE}/ghi-chu", **{"ghi-chu": hostile})
    typed = fields(cau_hoi=hostile, tra_loi=hostile, co_quan=hostile, nguon_0=hostile, nguon_0_muc=hostile)
    pages = [await browser.get(BASE), await browser.get(f"{BASE}?{urlencode(dict.fromkeys(NAMES, hostile))}")]
    pages.append(await browser.post(f"{ONE}/trinh", **typed | {"phien-ban": "7"}))
    await browser.post(f"{ONE}/trinh", **typed)
    pages += [await browser.get(ONE), await browser.get(f"{BASE}/mau")]
    await browser.post(f"{ONE}/tra-lai", **{"phien-ban": "1", "ly-do": hostile})
    pages += [await browser.get(ONE)]
    for page in pages:
        assert page.status_code in (200, 409, 422)
        for run in ("<script>alert", "<img src=x", "<svg onload", "<b>đậm", 'href="javascript:', "49 49"):
            assert run not in page.text, page.url
    assert (await review.desk.row(case_id)).version == 2


async def test_a_source_that_is_no_page_of_the_web_is_refused(review: ReviewSite) -> None:
    await review.desk.case("câu hỏi")
    browser = await review.officer()
    page = await browser.post(f"{ONE}/trinh", **fields(nguon_0_url="javascript:alert(1)"))
    assert "phải bắt đầu bằng https://" in alert(page)


async def test_forms_without_token_are_refused_and_unknown_cases_are_not_found(review: ReviewSite) -> None:
    await review.desk.case("câu hỏi")
    browser = await review.officer()
    for rest in ("giao", "trinh", "duyet", "thu-hoi", "dong"):
        assert (await browser.post(f"{ONE}/{rest}", "sai", **fields())).status_code == 403
    for rest in ("", "/giao", "/trinh"):
        path = f"{BASE}/viec/{new_code('HD') if rest else '%00'}{rest}"
        assert (await (browser.get(path) if not rest else browser.post(path, **fields()))).status_code == 404
    assert (await browser.post(f"{ONE}/nhan", **{"phien-ban": "0", "loai": "lạ"})).status_code == 400
