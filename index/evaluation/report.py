"""The table that `banhoi eval` prints."""

from __future__ import annotations

from collections.abc import Mapping

from index.evaluation.score import MEASURES, Figures

TITLES: Mapping[str, str] = {
    "first": "right first",
    "answered": "right first and answered at once",
    "in_three": "right in 3",
    "behaviour": "behaviour",
    "asked_back": "asks back when it should",
    "over_asked": "over-asking",
    "refused": "out of scope",
    "aspects": "aspects exactly right",
    "aspects_covered": "aspects covered",
    "cited": "law cited",
    "linked": "link given",
}


def table(figures: Mapping[str, Figures]) -> str:
    """A Markdown table: a row per measure that the set judges, a column per kind of question."""
    kinds = [kind for kind in ("all", "accented", "unaccented", "follow-up") if kind in figures]
    lines = ["| | " + " | ".join(f"{kind} ({figures[kind].turns})" for kind in kinds) + " |"]
    lines.append("|---" * (len(kinds) + 1) + "|")
    for name in MEASURES:
        if any(name in figures[kind].shares for kind in kinds):
            cells = [_share(figures[kind].shares.get(name)) for kind in kinds]
            lines.append(f"| {TITLES[name]} | {' | '.join(cells)} |")
    if any(figures[kind].mentions[1] for kind in kinds):
        cells = [_share(figures[kind].mentions) for kind in kinds]
        lines.append(f"| must-mention strings | {' | '.join(cells)} |")
    for outcome in sorted({outcome for kind in kinds for outcome in figures[kind].outcomes}):
        cells = [_share((figures[kind].outcomes[outcome], figures[kind].turns)) for kind in kinds]
        lines.append(f"| ended as {outcome} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(value: tuple[int, int] | None) -> str:
    if value is None or value[1] == 0:
        return "–"
    right, judged = value
    return f"{100 * right / judged:.1f} % ({right}/{judged})"
