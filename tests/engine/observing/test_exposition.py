from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import parser as plain
from prometheus_client.openmetrics import parser as openmetrics

from assistream.engine.observing.exposition import Gauge, exposed
from assistream.engine.observing.metrics import Metrics


def some() -> Metrics:
    metrics = Metrics()
    metrics.requests.add("GET", 'a "route"\n', "200", much=3)
    for seconds in (0.0005, 0.02, 60.0):
        metrics.request_seconds.add(seconds, "GET", "/v1")
    return metrics


@pytest.mark.parametrize(("accept", "parse"), [("", plain), ("application/openmetrics-text", openmetrics)])
def test_it_is_what_prometheus_reads(accept: str, parse: Any) -> None:
    body, content_type = exposed(some(), [Gauge("a_gauge", "What it is.", 5)], "1.2", accept)
    assert content_type.startswith(accept or "text/plain")
    families: dict[str, Any] = {one.name: one for one in parse.text_string_to_metric_families(body.decode())}
    [sample] = families["assistream_requests"].samples
    assert (sample.labels["route"], sample.value) == ('a "route"\n', 3)
    times = {
        sample.labels.get("le", sample.name): sample.value for sample in families["assistream_request_seconds"].samples
    }
    assert (times["0.001"], times["0.01"], times["0.025"], times["10.0"], times["+Inf"]) == (1, 1, 2, 2, 3)
    assert times["assistream_request_seconds_sum"] == 60.0205
    assert families["a_gauge"].samples[0].value == 5
    assert families["assistream_info"].samples[0].labels == {"version": "1.2"}
    assert {"process_open_fds", "python_info"} <= families.keys()


def test_what_has_no_labels_is_there_from_the_start() -> None:
    body, _ = exposed(Metrics(), [], "1", "")
    text = body.decode()
    assert "assistream_run_seconds_count 0.0\n" in text
    assert 'assistream_run_seconds_bucket{le="+Inf"} 0.0\n' in text
    assert "assistream_request_seconds_count" not in text
