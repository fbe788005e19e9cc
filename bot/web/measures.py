"""What Prometheus reads at `/metrics`; no label holds a name that comes from outside."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.web.clock import Clock
from bot.web.todo import NotKept, Todo

OTHER = "other"
SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900)
MOST_STATUS = 599


class Measures:
    """All counters, in a registry of their own; a Meter (see bot/web/meter.py)."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._webhooks = Counter(
            "portico_webhooks", "Webhooks by event and status.", ("forge", "event", "answer"),
            registry=self.registry,
        )  # fmt: skip
        self._looks = Counter(
            "portico_looks",
            "Looks at repositories and changes.",
            ("forge", "outcome"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "portico_look_seconds",
            "How long looks took.",
            ("forge",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._requests = Counter(
            "portico_forge_requests", "Requests to a forge.", ("forge", "status"), registry=self.registry
        )
        self._remaining = Gauge(
            "portico_forge_rate_limit_remaining", "Requests that the forge still allows.", ("forge",),
            registry=self.registry,
        )  # fmt: skip

    def answered(self, forge: str, event: str, status: int) -> None:
        self._webhooks.labels(forge, event, str(status)).inc()

    def looked(self, forge: str, outcome: str, seconds: float) -> None:
        self._looks.labels(forge, outcome).inc()
        self._seconds.labels(forge).observe(seconds)

    def requested(self, forge: str, status: int) -> None:
        self._requests.labels(forge, str(status) if 0 <= status <= MOST_STATUS else OTHER).inc()

    def remaining(self, forge: str, requests: int) -> None:
        self._remaining.labels(forge).set(requests)

    def watch(self, todo: Todo, now: Clock) -> None:
        """Show the list's depth whenever somebody reads."""
        self.registry.register(_Queue(todo, now))

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _Queue(Collector):
    def __init__(self, todo: Todo, now: Clock) -> None:
        self._todo = todo
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = self._now()
        try:
            depth, is_safe = self._todo.depth(now), not self._todo.warning()
        except NotKept:
            return  # `/readyz` says so; the counters are shown nevertheless
        looks = GaugeMetricFamily("portico_queue_looks", "Looks in the queue.", labels=("state",))
        for state in ("waiting", "running", "given_up"):
            looks.add_metric((state,), getattr(depth, state))
        yield looks
        age = max(0.0, now - depth.oldest) if depth.oldest else 0.0
        yield GaugeMetricFamily("portico_queue_oldest_seconds", "Age of the oldest look.", value=age)
        yield GaugeMetricFamily(
            "portico_queue_safe",
            "1 while nothing is known by which looks in the queue may be lost.",
            value=is_safe,
        )
