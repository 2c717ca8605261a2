"""A card over the official record: the card wins, the record fills, and drift is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from knowledge.merge import merge
from knowledge.models import ChannelKind, Fee, FeeStatus, OnlineLevel, Procedure, TimeLimit
from knowledge.official import MISSING_AGENCY

Make = Callable[..., Procedure]

IN_PERSON, ONLINE = {"kind": "in_person"}, {"kind": "online"}
FIXED: dict[str, Any] = {"status": "fixed", "amount": 50_000}
NEWER = {"date": "2026-08-20", "decision": "1/QĐ-BTP"}


def test_the_card_wins_and_the_record_fills(procedure: Make) -> None:
    official = procedure(
        agency="UBND cấp xã", steps=["Dài dòng."], result=["Giấy"], online="full", level=["commune"]
    )
    card = procedure(title="Làm giấy", steps=["Nộp."], aliases=["xin giấy"], popularity=5)
    served = merge(official, card)
    assert (served.title, served.steps, served.aliases, served.popularity) == (
        "Làm giấy",
        ("Nộp.",),
        ("xin giấy",),
        5,
    )
    assert (served.agency, served.result, served.online) == ("UBND cấp xã", ("Giấy",), OnlineLevel.FULL)
    assert served.source == card.source


def test_a_card_alone_says_what_it_says(procedure: Make) -> None:
    card = procedure(title="Làm giấy", fees=[FIXED], time_limits=[{"value": 3}], channels=[IN_PERSON])
    assert merge(procedure(), card) == card


def test_notes_on_the_official_papers_go_with_them(procedure: Make) -> None:
    official = procedure(dossier=[{"name": "Tờ khai"}], dossier_notes=["Bản chụp rõ nét"])
    assert merge(official, procedure()).dossier_notes == ("Bản chụp rõ nét",)
    assert merge(official, procedure(dossier=[{"name": "Đơn"}])).dossier_notes == ()


def test_a_card_that_knows_no_fee_takes_the_records(procedure: Make) -> None:
    served = merge(procedure(fees=[FIXED]), procedure(fees=[{"status": "unknown"}]))
    assert served.fees == (Fee(status=FeeStatus.FIXED, amount=50_000),)


def test_fees_by_channel_survive_under_the_cards_channels(procedure: Make) -> None:
    official = procedure(
        channels=[
            {**IN_PERSON, "fees": [FIXED], "time_limits": [{"value": 3}]},
            {**ONLINE, "fees": [{"status": "free"}], "time_limits": [{"value": 1}]},
            {"kind": "post", "fees": [{"status": "unknown"}]},
        ]
    )
    served = merge(official, procedure(channels=[IN_PERSON, ONLINE]))
    assert served.fees == (
        Fee(status=FeeStatus.FIXED, amount=50_000, channel=ChannelKind.IN_PERSON),
        Fee(status=FeeStatus.FREE, channel=ChannelKind.ONLINE),
    )
    assert served.time_limits == (TimeLimit(value=3), TimeLimit(value=1))
    assert all(not channel.fees for channel in served.channels)


def test_the_cards_fees_replace_those_of_the_records_channels(procedure: Make) -> None:
    official = procedure(channels=[{**IN_PERSON, "fees": [FIXED], "time_limits": [{"value": 9}]}])
    served = merge(official, procedure(fees=[{"status": "free"}]))
    assert [fee.status for fee in served.fees] == [FeeStatus.FREE]
    assert served.channels[0].fees == ()
    assert served.channels[0].time_limits == (TimeLimit(value=9),)


def test_a_card_whose_channels_tell_their_fees_takes_no_others(procedure: Make) -> None:
    served = merge(procedure(fees=[FIXED]), procedure(channels=[{**ONLINE, "fees": [{"status": "free"}]}]))
    assert served.fees == ()


def test_warnings_of_the_record_stay_unless_the_card_fills_the_gap_or_has_its_own(procedure: Make) -> None:
    official = procedure(warnings=[MISSING_AGENCY, "Còn nhắc cấp huyện."])
    assert merge(official, procedure()).warnings == (MISSING_AGENCY, "Còn nhắc cấp huyện.")
    assert merge(official, procedure(agency="UBND xã")).warnings == ("Còn nhắc cấp huyện.",)
    assert merge(official, procedure(warnings=["Của thẻ."])).warnings == ("Của thẻ.",)


def test_a_newer_record_with_the_same_facts_is_no_drift(procedure: Make) -> None:
    facts: dict[str, Any] = {"fees": [FIXED], "time_limits": [{"value": 3}]}
    assert merge(procedure(**facts, source=NEWER), procedure(**facts)).warnings == ()


def test_a_newer_record_with_other_facts_is_told(procedure: Make) -> None:
    official = procedure(
        name="Tên mới",
        fees=[{**FIXED, "amount": 60_000}],
        time_limits=[{"value": 5}],
        source={"date": "2026-08-20", "decision": "2/QĐ-BTP"},
    )
    (warning,) = merge(official, procedure(fees=[FIXED], time_limits=[{"value": 3}])).warnings
    assert warning == (
        "Nội dung này soạn theo dữ liệu ngày 18/07/2026; dữ liệu ngày 20/08/2026 đã thay đổi"
        " tên thủ tục, thời hạn, lệ phí, quyết định công bố. Hãy hỏi lại nơi nộp."
    )


def test_an_older_record_is_no_drift(procedure: Make) -> None:
    official = procedure(time_limits=[{"value": 5}])
    assert merge(official, procedure(time_limits=[{"value": 3}], source=NEWER)).warnings == ()


def test_silence_is_no_drift(procedure: Make) -> None:
    official = procedure(
        fees=[{"status": "unknown"}], time_limits=[{"value": 1, "unit": "unknown"}], source=NEWER
    )
    assert merge(official, procedure(fees=[FIXED], time_limits=[{"value": 3}])).warnings == ()
