"""What the dashboards call communes, procedures and groups of questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.texts import figures_text
from feed.counting import UNKNOWN
from knowledge.database import KnowledgeBase
from store.feed_tables import clusters
from store.tables import questions

_LONGEST = 90
_GROUP = "c:"


@dataclass(frozen=True, slots=True)
class Names:
    """Names from the knowledge in force; without one, ids stand in their place."""

    knowledge: KnowledgeBase | None
    groups: Mapping[str, str]
    """The typical question of a group by its topic, redacted as the log holds it."""

    def commune(self, office_id: str) -> str:
        """A commune by the id of its centre; what has none is not known."""
        if office_id == UNKNOWN:
            return figures_text("commune_unknown")
        office = self.knowledge.offices.get(office_id) if self.knowledge else None
        return (office.commune or figures_text("province")) if office else office_id

    def topic(self, topic: str) -> str:
        """A procedure's title, or a group's typical question."""
        kind, _, ident = topic.partition(":")
        if kind + ":" == _GROUP:
            return self.groups.get(topic) or figures_text("topic_group", number=ident)
        procedure = self.knowledge.procedure(ident) if self.knowledge else None
        return procedure.display_name if procedure else ident


async def group_names(connection: AsyncConnection, topics: Collection[str]) -> dict[str, str]:
    """The typical question of each group among the topics, shortened."""
    ids = [int(topic.removeprefix(_GROUP)) for topic in topics if topic.startswith(_GROUP)]
    typical = select(clusters.c.id, questions.c.text).join(questions, questions.c.id == clusters.c.typical_question_id)
    rows = await connection.execute(typical.where(clusters.c.id.in_(ids)))
    return {f"{_GROUP}{row.id}": figures_text("topic_quoted", text=_short(row.text)) for row in rows}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
