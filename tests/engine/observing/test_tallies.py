from __future__ import annotations

from assistream.engine.observing.tallies import OTHERS, Count, Names, Times


def test_counts() -> None:
    count = Count("a", "b", ("kind",))
    count.add("x")
    count.add("x", much=3)
    count.add("y")
    assert count.values == {("x",): 4, ("y",): 1}


def test_times_fall_into_classes_whose_limits_belong_to_them() -> None:
    times = Times("a", "b", (1.0, 2.0))
    for seconds in (0.5, 1.0, 1.5, 2.0, 3.0):
        times.add(seconds)
    assert times.values[()].counts == [2, 2, 1]
    assert times.values[()].sum == 8.0


def test_names_of_clients_are_so_many_at_most() -> None:
    names = Names(2)
    assert [names(name) for name in ("a", "b", "c", "a", "b")] == ["a", "b", OTHERS, "a", "b"]
    assert len(Names()("x" * 1000)) == 100
