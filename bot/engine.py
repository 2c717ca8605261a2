"""The conversation engine: a pure function of state and message, the same on every channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot import replies
from bot.appointments.offices import OfficeFinder, OfficeFinders
from bot.appointments.requests import Result
from bot.choosing import code_of_choice, resolve_offered
from bot.composer import Composer, FieldComposer
from bot.context import Situation
from bot.contrast import meant_words
from bot.cues import Cues, find_cues
from bot.decide import Decision, Kind, decide
from bot.further import further_matters, with_matters, with_merged
from bot.guard import Guard
from bot.matter import matter_of
from bot.plan_turn import Planned, PlanTurn
from bot.published import Shelf, Shelves, in_place_of, nothing
from bot.reports.requests import ReportResult
from bot.rights.requests import DataResult
from bot.threads import Threads
from bot.types import Candidate, Message, Outcome, RecordKind, RecordRef, Reply, State, Topic, Turn, history
from bot.votes import with_votes
from index.aspects import Asked, Aspect, find_aspects
from index.library import Library
from index.query import Query
from index.text import procedure_codes

FORGET_AFTER = timedelta(hours=2)
"""A conversation untouched for so long starts anew."""
_DEFAULT_ASPECTS = (Aspect.DOCUMENTS,)
"""What somebody who only names a matter wants to know first; the answer is a summary that has it."""
_Extras = Callable[[str, Reply, tuple[RecordRef, ...]], tuple[Reply, tuple[RecordRef, ...]]]
_SOCIAL = ("greeting", "thanks", "goodbye", "who")


class Engine:
    """Answers messages from a library. `library` is asked anew for each turn, so a new build takes effect at once."""

    def __init__(
        self,
        library: Callable[[], Library],
        hotline: str | None = None,
        composer: Composer | None = None,
        published: Shelves = nothing,
    ) -> None:
        """`published` is asked anew for each turn, too: the answers of officials that are in force now."""
        self._library = library
        self._published = published
        self._hotline = hotline
        self._composer = composer or FieldComposer()
        self._guard = Guard(hotline)
        self._offices = OfficeFinders()

    @property
    def knowledge_version(self) -> str:
        """Version of the knowledge that the next turn will answer from."""
        return self._library().version

    def respond(self, state: State, message: Message) -> Turn:
        """One turn, checked by the guard. Never raises for anything a citizen can type."""
        library, shelf = self._library(), self._published()
        finder = self._offices.of(library.knowledge)
        work = _Turn(library, _remembered(state, message), message, self._hotline, self._composer, finder, shelf)
        turn = with_votes(work.threads.ratings.asked(work.take(), work.cues), message)
        return self._guard.checked(turn, library.knowledge, shelf.evidence)

    def resume(self, turn: Turn, message: Message, result: Result | DataResult | ReportResult) -> Turn:
        """Goes on with a turn that asked something of the caller; checked by the guard, too."""
        library = self._library()
        threads = Threads(library, self._offices.of(library.knowledge), turn.state, message)
        return self._guard.checked(threads.resumed(turn, result), library.knowledge)


def _remembered(state: State, message: Message) -> State:
    if state.last_at is not None and message.at - state.last_at > FORGET_AFTER:
        return State(rating=state.rating)
    return state


def _refs(kind: RecordKind, *idents: str) -> tuple[RecordRef, ...]:
    return tuple(RecordRef(kind=kind, id=ident) for ident in idents)


class _Turn:
    """The work on one message."""

    def __init__(
        self,
        library: Library,
        state: State,
        message: Message,
        hotline: str | None,
        composer: Composer,
        finder: OfficeFinder,
        shelf: Shelf,
    ) -> None:
        self.library = library
        self.shelf = shelf
        self.state = state
        self.message = message
        self.hotline = hotline
        self.composer = composer
        self.plans = PlanTurn(library, composer)
        self.threads = Threads(library, finder, state, message)
        self.cues: Cues | None = None
        """Of a typed message, once it is read."""

    def take(self) -> Turn:
        alarm = self.threads.alarm
        before = self.threads.before_all() if alarm is None else None
        if before is not None:
            return self.threads.threaded(before)
        if self.message.choice is not None:
            return self.threads.threaded(self._choice(self.message.choice))
        query = self.library.analyse(self.message.text)
        if not query.words:
            return self.threads.threaded(self._end(replies.empty(), Outcome.SMALL_TALK))
        self.cues, asked = find_cues(query), find_aspects(query)
        if alarm is not None:
            asks = bool(asked.aspects) and not asked.general
            return self.threads.safety.before(self._text_or_published(query, self.cues, asked) if asks else None, alarm)
        picked = resolve_offered(self.state, query, self.cues)
        if picked is not None:
            return self.threads.threaded(self._choice(picked, asked.aspects))
        first = self.threads.first_look(query, self.cues, asked)
        return self.threads.threaded(first or self._text_or_published(query, self.cues, asked))

    def _text_or_published(self, query: Query, cues: Cues, asked: Asked) -> Turn:
        turn = in_place_of(self._text(query, cues, asked), self.shelf, query, self.state, self.message)
        return self.threads.reports.offered_too(turn)

    def _text(self, query: Query, cues: Cues, asked: Asked) -> Turn:
        named = [code for code in procedure_codes(query.text) if self.library.knowledge.procedure(code)]
        if named:
            return self._answer(named[0], asked.aspects, (Candidate(code=named[0], name="", probability=1.0),), 1.0)
        if self._only_social(query, cues):
            return self._end(replies.social(cues), Outcome.SMALL_TALK)
        says_more = matter_of(query, cues, [True] * len(query.words), asked.keep).content
        planned = self.plans.answer(query, self.state.plan) if says_more or self.state.plan is not None else None
        if planned is not None:
            return self._planned(planned)
        if "office" in cues:
            return self._end(replies.office_unknown(self.hotline), Outcome.OUT_OF_SCOPE)
        return self.threads.begun(query, cues, asked) or self._procedure(query, cues, asked)

    def _only_social(self, query: Query, cues: Cues) -> bool:
        """Whether nothing telling is left beside greeting, thanks and the like."""
        if not any(name in cues for name in _SOCIAL):
            return False
        left = query.keeping(cues.left(len(query.words), _SOCIAL)).content
        return len(left) == 0 or (("thanks" in cues or "who" in cues) and len(left) <= 1)

    # -- procedures

    def _procedure(self, query: Query, cues: Cues, asked: Asked) -> Turn:
        meant = meant_words(query.typed, query.text)
        topic = self._current_code()
        placeless = self.library.places.free(query) if topic is None else meant
        matter = matter_of(query, cues, [a and b for a, b in zip(meant, placeless, strict=True)], asked.keep)
        back = self._earlier_topic(matter, cues)
        if back is not None:
            return self._answer(back, asked.aspects or self.state.last_aspects, (), 1.0)
        if not matter.content and topic is None:
            matter = matter_of(query, cues, meant, asked.keep_mentions)
        if not matter.content:
            return self._follow_up(topic, asked)
        correcting = "correction" in cues or not all(meant)
        may_ask = self.state.last_outcome is not Outcome.ASK_BACK
        situation = self._situation(topic, asks_aspect=bool(asked.aspects) and not asked.general)
        decision = decide(self.library, matter, cues, situation, correcting=correcting, may_ask=may_ask)
        return self._carry_out(decision, query, asked, cues)

    def _situation(self, topic: str | None, *, asks_aspect: bool) -> Situation:
        codes = [item.id for item in self.state.topics if item.kind == "procedure"]
        asked = self.state.last_outcome is Outcome.ASK_BACK
        offered = dict.fromkeys(choice.code for choice in self.state.offered if asked and choice.code)
        served = [code for code in (*codes, *offered) if self.library.knowledge.procedure(code)]
        return Situation(
            topic=topic if topic in served else None,
            earlier=tuple(code for code in codes if code != topic and code in served),
            offered=tuple(code for code in offered if code in served),
            pending=self.state.pending_text if asked else "",
            asks_aspect=asks_aspect,
        )

    def _carry_out(self, decision: Decision, query: Query, asked: Asked, cues: Cues) -> Turn:
        candidates = self._candidates(decision)
        if decision.kind is Kind.ANSWER and decision.target is not None:
            aspects = self._aspects(decision.target, asked, cues)
            summary = not asked.aspects or asked.general
            summary = summary and aspects in (asked.aspects, _DEFAULT_ASPECTS)
            return self._answer(
                decision.target, aspects, candidates, decision.score, summary=summary, extras=self._extras(query, asked)
            )
        if decision.kind in (Kind.GROUP, Kind.CHOOSE):
            reply, sources = self._offer(decision)
            return self._end(
                reply, Outcome.ASK_BACK, candidates, asked.aspects, decision.score, sources=sources, pending=query.text
            )
        if decision.kind is Kind.ELSEWHERE and decision.target is not None:
            entry = self.library.knowledge.elsewhere[decision.target[2:]]
            reply, sources = replies.elsewhere(entry), _refs(RecordKind.ELSEWHERE, entry.id)
            return self._end(
                reply, Outcome.OUT_OF_SCOPE, candidates, asked.aspects, decision.score, sources=sources
            )
        if decision.kind is Kind.FAQ and decision.target is not None:
            faq = self.library.knowledge.faqs[decision.target[2:]]
            reply, sources = replies.faq(faq), _refs(RecordKind.FAQ, faq.id)
            return self._end(reply, Outcome.ANSWER, candidates, asked.aspects, decision.score, sources=sources)
        return self._unknown(query, cues, candidates, decision.score, asked.aspects)

    def _offer(self, decision: Decision) -> tuple[Reply, tuple[RecordRef, ...]]:
        if decision.kind is Kind.GROUP and decision.target is not None:
            group = self.library.knowledge.groups[decision.target[2:]]
            return replies.ask_group(group), _refs(RecordKind.GROUP, group.id)
        found = [self.library.knowledge.procedure(item.target) for item in decision.candidates]
        procedures = [procedure for procedure in found if procedure is not None]
        return replies.ask_which(procedures), _refs(RecordKind.PROCEDURE, *(p.code for p in procedures))

    def _aspects(self, code: str, asked: Asked, cues: Cues) -> tuple[Aspect, ...]:
        """Aspects to answer: those asked for, or the old ones when a new procedure only replaces the old ("còn X?")."""
        if asked.aspects:
            return asked.aspects
        if self.state.pending_aspects:
            return self.state.pending_aspects
        carries = "anaphora" in cues or "correction" in cues
        return (self.state.last_aspects if carries and code != self._current_code() else ()) or _DEFAULT_ASPECTS

    def _follow_up(self, topic: str | None, asked: Asked) -> Turn:
        offered = next((choice.code for choice in self.state.offered if choice.code), None)
        code = topic if topic is not None or self.state.last_outcome is not Outcome.ASK_BACK else offered
        if code is not None:
            return self._answer(code, asked.aspects or self.state.last_aspects, (), 1.0)
        return self._end(replies.which_procedure(), Outcome.ASK_BACK, aspects=asked.aspects)

    def _earlier_topic(self, matter: Query, cues: Cues) -> str | None:
        """The earlier procedure that "quay lại cái …" or "cái thứ hai" points to."""
        codes = [topic.id for topic in self.state.topics if topic.kind == "procedure"]
        if not codes:
            return None
        if cues.ordinal is not None and not matter.content:
            return codes[cues.ordinal] if -1 <= cues.ordinal < len(codes) else None
        if "back" not in cues:
            return None
        if not matter.content:
            return codes[-2] if len(codes) > 1 else codes[-1]
        ranking = self.library.rank(matter)
        return next((c.target for c in ranking.candidates if c.target in codes), None)

    # -- choices

    def _choice(self, choice: str, aspects: Sequence[Aspect] = ()) -> Turn:
        tapped = self.threads.tapped(choice)
        if tapped is not None:
            return tapped
        more = self.plans.more(choice) if choice.startswith("t:") else None
        if more is not None:
            return self._planned(more)
        code = code_of_choice(choice)
        kind = choice[:2]
        procedure = self.library.knowledge.procedure(code) if code else None
        if procedure is None:
            return self._gone(code)
        candidate = Candidate(code=procedure.code, name=procedure.display_name, probability=1.0)
        if kind == "d:":
            wanted: tuple[Aspect, ...] = (Aspect.DOCUMENTS,)
            return self._answer(procedure.code, wanted, (candidate,), 1.0, unfold=True)
        if kind == "a:":
            wanted = (Aspect(choice.rsplit(":", 1)[1]),)
            return self._answer(procedure.code, wanted, (candidate,), 1.0)
        if kind == "b:":
            return self.threads.booking.asked_for(procedure.code)
        wanted = tuple(aspects) or self.state.pending_aspects
        return self._answer(procedure.code, wanted, (candidate,), 1.0)

    # -- plans, the unknown

    def _planned(self, planned: Planned) -> Turn:
        state = self._next(planned.outcome, (), planned.reply, plan=planned)
        return Turn(
            state=state,
            reply=planned.reply,
            outcome=planned.outcome,
            sources=planned.sources,
            score=planned.score,
            knowledge_version=self.library.version,
        )

    def _unknown(
        self, query: Query, cues: Cues, candidates: tuple[Candidate, ...], score: float, aspects: tuple[Aspect, ...]
    ) -> Turn:
        if any(name in cues for name in _SOCIAL) and len(query.content) <= 3:
            return self._end(replies.social(cues), Outcome.SMALL_TALK)
        planned = self.plans.last_resort(query) if self._current_code() is None else None
        if planned is not None:
            return self._planned(planned)
        return self._end(replies.unknown(self.hotline), Outcome.OUT_OF_SCOPE, candidates, aspects, score)

    # -- putting the turn together

    def _current_code(self) -> str | None:
        topics = self.state.topics
        return topics[-1].id if topics and topics[-1].kind == "procedure" else None

    def _named(self, code: str) -> tuple[Candidate, ...]:
        procedure = self.library.knowledge.procedure(code)
        name = procedure.display_name if procedure else ""
        return (Candidate(code=code, name=name, probability=1.0),)

    def _candidates(self, decision: Decision) -> tuple[Candidate, ...]:
        found = []
        for item in decision.candidates:
            procedure = self.library.knowledge.procedure(item.target)
            if procedure is not None:
                probability = min(1.0, max(0.0, item.probability))
                found.append(Candidate(code=item.target, name=procedure.display_name, probability=probability))
        if decision.kind is Kind.GROUP and decision.target is not None:
            codes = [variant.code for variant in self.library.knowledge.groups[decision.target[2:]].variants]
            found.sort(key=lambda candidate: candidate.code not in codes)
        return tuple(found)

    def _answer(
        self,
        code: str,
        aspects: tuple[Aspect, ...],
        candidates: tuple[Candidate, ...],
        score: float,
        *,
        unfold: bool = False,
        summary: bool = False,
        extras: _Extras | None = None,
    ) -> Turn:
        procedure = self.library.knowledge.procedure(code)
        if procedure is None:
            return self._gone(code)
        others = tuple(candidate for candidate in candidates if candidate.code != code)
        own = next((c for c in candidates if c.code == code and c.name), None)
        first = own or Candidate(code=code, name=procedure.display_name, probability=min(1.0, max(0.0, score)))
        reply = self.composer.answer(procedure, () if summary else aspects, unfold=unfold)
        sources = _refs(RecordKind.PROCEDURE, code)
        if extras is not None:
            reply, sources = extras(code, reply, sources)
        return self._end(reply, Outcome.ANSWER, (first, *others), aspects, score, sources=sources, topic=code)

    def _extras(self, query: Query, asked: Asked) -> _Extras:
        """Adds to an answer what else the message asks: other matters, and where a commune of old belongs now."""

        def add(code: str, reply: Reply, sources: tuple[RecordRef, ...]) -> tuple[Reply, tuple[RecordRef, ...]]:
            found = [self.library.knowledge.procedure(other) for other in further_matters(self.library, query, code)]
            others = [procedure for procedure in found if procedure is not None]
            merged = self.library.places.merged(query) if Aspect.PLACE in asked.aspects else []
            reply = with_matters(reply, [(procedure.code, procedure.display_name) for procedure in others])
            reply = with_merged(reply, [(item.former, item.office.commune or item.office.name) for item in merged])
            named = _refs(RecordKind.PROCEDURE, *(procedure.code for procedure in others))
            return reply, (*sources, *named, *_refs(RecordKind.OFFICE, *(item.office.id for item in merged)))

        return add

    def _gone(self, code: str | None) -> Turn:
        """A choice that leads nowhere any more."""
        sources = _refs(RecordKind.GONE, code) if code else ()
        return self._end(replies.old_choice(code), Outcome.OUT_OF_SCOPE, sources=sources)

    def _end(
        self,
        reply: Reply,
        outcome: Outcome,
        candidates: tuple[Candidate, ...] = (),
        aspects: tuple[Aspect, ...] = (),
        score: float | None = None,
        *,
        sources: tuple[RecordRef, ...] = (),
        topic: str | None = None,
        pending: str = "",
    ) -> Turn:
        state = self._next(outcome, aspects, reply, topic=topic, pending=pending)
        return Turn(
            state=state,
            reply=reply,
            outcome=outcome,
            sources=sources,
            procedures=candidates[:10],
            aspects=aspects,
            score=None if score is None else min(1.0, max(0.0, score)),
            knowledge_version=self.library.version,
        )

    def _next(
        self,
        outcome: Outcome,
        aspects: tuple[Aspect, ...],
        reply: Reply,
        *,
        topic: str | None = None,
        plan: Planned | None = None,
        pending: str = "",
    ) -> State:
        topics = self.state.topics
        if topic is not None:
            topics = history(topics, Topic(kind="procedure", id=topic, at=self.message.at))
        if plan is not None and plan.plan_id is not None:
            topics = history(topics, Topic(kind="plan", id=plan.plan_id, at=self.message.at))
        asking = outcome is Outcome.ASK_BACK
        return State(
            topics=topics,
            offered=reply.choices,
            pending_aspects=aspects if asking else (),
            pending_text=pending if asking else "",
            last_outcome=outcome,
            last_aspects=aspects if outcome is Outcome.ANSWER else self.state.last_aspects,
            last_at=self.message.at,
            plan=plan.memory if plan is not None else None,
            booking=self.state.booking,
            report=self.state.report,
            rating=self.state.rating,
        )
