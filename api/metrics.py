"""What Prometheus reads: requests, turns, queues. Labels are few and closed; none comes from a citizen."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0)


class Metrics:
    """One registry per application, so that two of them in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "banhoi_http_requests", "HTTP requests", ("method", "route", "status"), registry=self.registry
        )
        self.request_seconds = Histogram(
            "banhoi_http_request_seconds", "Time to answer a request", ("route",),
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.turns = Counter("banhoi_turns", "Messages answered", ("channel", "outcome"), registry=self.registry)
        self.turn_seconds = Histogram(
            "banhoi_turn_seconds", "Time from arrival to answer", ("channel",),
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.failed = Counter("banhoi_turns_failed", "Messages without answer", ("channel",), registry=self.registry)
        self.unsupported = Counter(
            "banhoi_unsupported_claims", "Statements for which the guard withheld an answer", ("kind",),
            registry=self.registry,
        )  # fmt: skip
        self.duplicates = Counter(
            "banhoi_duplicates", "Messages that had arrived before", ("channel",), registry=self.registry
        )
        self.unlabelled = Counter(
            "banhoi_labels_failed", "Messages of which labels or a place could not be told", ("part",),
            registry=self.registry,
        )  # fmt: skip
        self.webhook_rejects = Counter(
            "banhoi_webhook_rejects", "Webhook calls refused", ("channel", "reason"), registry=self.registry
        )
        self.limited = Counter("banhoi_rate_limited", "Messages over the limit", ("channel",), registry=self.registry)
        self.limiter_down = Counter(
            "banhoi_rate_limiter_errors", "Messages let through uncounted", registry=self.registry
        )
        self.inbox = Gauge("banhoi_inbox_rows", "Messages that wait", ("status",), registry=self.registry)
        self.outbox = Gauge("banhoi_outbox_rows", "Replies that wait", ("status",), registry=self.registry)
        self.database_up = Gauge("banhoi_database_up", "Whether the database answers", registry=self.registry)
        self.knowledge = Gauge(
            "banhoi_knowledge_info", "Version of the knowledge in use", ("version",), registry=self.registry
        )

    def show_knowledge(self, version: str) -> None:
        """Makes `version` the only one shown."""
        self.knowledge.clear()
        self.knowledge.labels(version=version).set(1)

    def show_queues(self, inbox: dict[str, int], outbox: dict[str, int]) -> None:
        """Sets how many rows wait; a status without rows reads 0."""
        self.inbox.labels(status="new").set(inbox.get("new", 0))
        for status in ("pending", "failed"):
            self.outbox.labels(status=status).set(outbox.get(status, 0))

    def render(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
