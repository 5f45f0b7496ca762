"""What was counted, as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

# Imported by who asks for metrics: it would be half of the time in which an engine starts.
from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from .metrics import Metrics
from .tallies import Count, Times


@dataclass(frozen=True, slots=True)
class Gauge:
    """How much there is now."""

    name: str
    help: str
    value: float


def exposed(metrics: Metrics, gauges: Sequence[Gauge], version: str, accept: str) -> tuple[bytes, str]:
    """The text, and its content type, which the ``Accept`` header of the request decides."""
    registry = CollectorRegistry(auto_describe=False)  # of this engine alone: there may be several in a process
    registry.register(_Collected(metrics, gauges, version))
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


class _Collected(Collector):
    def __init__(self, metrics: Metrics, gauges: Sequence[Gauge], version: str) -> None:
        self._metrics, self._gauges, self._version = metrics, gauges, version

    def collect(self) -> Iterable[Metric]:
        info = GaugeMetricFamily("assistream_info", "Which version this is.", labels=["version"])
        info.add_metric([self._version], 1)
        yield info
        for gauge in self._gauges:
            yield GaugeMetricFamily(gauge.name, gauge.help, value=gauge.value)
        yield from map(_counter, self._metrics.counts)
        yield from map(_histogram, self._metrics.times)


def _counter(count: Count) -> Metric:
    family = CounterMetricFamily(count.name, count.help, labels=count.labels)
    for labels, value in count.values.items():
        family.add_metric(labels, value)
    return family


def _histogram(times: Times) -> Metric:
    family = HistogramMetricFamily(times.name, times.help, labels=times.labels)
    # What has no labels is there from the start, so that its first increase is seen.
    for labels, spread in (times.values or ({} if times.labels else {(): times.nothing})).items():
        family.add_metric(labels, list(_buckets(times.limits, spread.counts)), spread.sum)
    return family


def _buckets(limits: Sequence[float], counts: Sequence[int]) -> Iterator[tuple[str, float]]:
    return zip((*map(str, limits), "+Inf"), accumulate(counts), strict=True)
