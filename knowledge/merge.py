"""Lays our card over the official record of the same code: the card wins, the record fills the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge.models import Channel, Fee, FeeStatus, OnlineLevel, Procedure, TimeLimit, Unit
from knowledge.official import MISSING_AGENCY, MISSING_LEVEL

_OURS = {"code", "source", "warnings", "fees", "time_limits", "channels", "dossier_notes"}
"""Fields with a rule of their own."""


def merge(official: Procedure, card: Procedure) -> Procedure:
    """The procedure as served.

    The card's source stays, since its words and its date are what an answer cites. Where the official record
    is newer and its facts are no longer the card's, a warning says in what.
    """
    fields: dict[str, Any] = {
        name: _first_set(getattr(card, name), getattr(official, name))
        for name in Procedure.model_fields
        if name not in _OURS
    }
    return Procedure(
        **fields,
        code=card.code,
        **_duties(official, card),
        dossier_notes=card.dossier_notes if card.dossier else official.dossier_notes,
        warnings=_warnings(official, card),
        source=card.source,
    )


def _first_set(card: Any, official: Any) -> Any:
    """The card's value unless it is empty or says that nothing is known."""
    empty = card is None or card == () or card == 0 or card is OnlineLevel.UNKNOWN
    return official if empty else card


def _duties(official: Procedure, card: Procedure) -> dict[str, Any]:
    """Fees, time limits and channels: these three only make sense together."""
    fees = card.fees if _telling(card.fees) else ()
    limits = card.time_limits
    if card.channels:
        channels = card.channels
        fees = fees or _all_fees(official, card) or card.fees
        limits = limits or _all_limits(official, card)
    else:
        channels = tuple(
            channel.model_copy(
                update={
                    "fees": () if fees else channel.fees,
                    "time_limits": () if limits else channel.time_limits,
                }
            )
            for channel in official.channels
        )
        fees = fees or official.fees or card.fees
        limits = limits or official.time_limits
    return {"fees": fees, "time_limits": limits, "channels": channels}


def _telling(fees: Sequence[Fee]) -> bool:
    return any(fee.status is not FeeStatus.UNKNOWN or fee.text for fee in fees)


def _all_fees(official: Procedure, card: Procedure) -> tuple[Fee, ...]:
    """The official fees in one list, each with its channel; none where the card's channels tell their own."""
    if any(channel.fees for channel in card.channels):
        return ()
    own = [fee.model_copy(update={"channel": c.kind}) for c in _shared(official, card) for fee in c.fees]
    return (*official.fees, *own)


def _all_limits(official: Procedure, card: Procedure) -> tuple[TimeLimit, ...]:
    """The official time limits in one list, each once."""
    if any(channel.time_limits for channel in card.channels):
        return ()
    own = [limit for channel in _shared(official, card) for limit in channel.time_limits]
    return tuple(dict.fromkeys((*official.time_limits, *own)))


def _shared(official: Procedure, card: Procedure) -> list[Channel]:
    kinds = {channel.kind for channel in card.channels}
    return [channel for channel in official.channels if channel.kind in kinds]


def _warnings(official: Procedure, card: Procedure) -> tuple[str, ...]:
    filled = {
        *([MISSING_AGENCY] if card.agency else []),
        *([MISSING_LEVEL] if card.level else []),
    }
    warnings = card.warnings or tuple(text for text in official.warnings if text not in filled)
    return (*warnings, *_drift(official, card))


def _drift(official: Procedure, card: Procedure) -> list[str]:
    """What the newer official record says otherwise than the card."""
    if official.source.as_of <= card.source.as_of:
        return []
    differing = [
        name
        for name, differs in (
            ("tên thủ tục", official.name.casefold() != card.name.casefold()),
            ("thời hạn", _differ(_limits(official), _limits(card))),
            ("lệ phí", _differ(_amounts(official), _amounts(card))),
            ("quyết định công bố", _decision_changed(official, card)),
        )
        if differs
    ]
    if not differing:
        return []
    return [
        f"Nội dung này soạn theo dữ liệu ngày {card.source.as_of:%d/%m/%Y}; dữ liệu ngày"
        f" {official.source.as_of:%d/%m/%Y} đã thay đổi {', '.join(differing)}. Hãy hỏi lại nơi nộp."
    ]


def _differ(official: set[Any], card: set[Any]) -> bool:
    """Whether the card states what the record no longer does; silence on either side is no difference."""
    return bool(official and card and not card <= official)


def _limits(procedure: Procedure) -> set[tuple[float, Unit]]:
    limits = [*procedure.time_limits, *(limit for c in procedure.channels for limit in c.time_limits)]
    return {(limit.value, limit.unit) for limit in limits if limit.value and limit.unit is not Unit.UNKNOWN}


def _amounts(procedure: Procedure) -> set[int]:
    fees = [*procedure.fees, *(fee for channel in procedure.channels for fee in channel.fees)]
    return {fee.amount for fee in fees if fee.amount is not None}


def _decision_changed(official: Procedure, card: Procedure) -> bool:
    new, old = official.source.decision, card.source.decision
    return bool(new and old and new != old)
