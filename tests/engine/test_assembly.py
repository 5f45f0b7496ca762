from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest

from assistream.engine.assembly import Plan, assembled, toolbox
from assistream.engine.keyring import Keyring
from assistream.engine.models import Rehearsal
from assistream.engine.observing.watch import Wishes
from assistream.engine.store import Store
from assistream.engine.terms import Terms
from assistream.engine.views.call import Limits, Services
from assistream.errors import ConfigurationError

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The engine has a loop of its own, and it is asyncio's."""
    return "asyncio"


def assembled_for(plan: Plan) -> AbstractAsyncContextManager[tuple[Services, Keyring]]:
    return assembled(plan, partial(toolbox, plan))


class Closing(Rehearsal):
    closed = 0

    async def aclose(self) -> None:
        self.closed += 1


def plan(path: Path, model: Rehearsal) -> Plan:
    return Plan(
        path=path,
        model=model,
        embedder=None,
        interpreter=None,
        terms=Terms(),
        max_runs=10,
        max_queued=10,
        keepalive=15,
        limits=Limits(),
        wishes=Wishes(),
        api_keys=["given"],
        is_local=True,
    )


async def test_the_parts_work_on_one_database(tmp_path: Path) -> None:
    model = Closing()
    async with assembled_for(plan(tmp_path / "a.db", model)) as (services, keyring):
        assert services.model is model
        assert keyring.demands
        with pytest.raises(ConfigurationError, match="in use"):
            await Store(tmp_path / "a.db").open()
    assert model.closed == 1


async def test_all_is_taken_apart_after_an_error(tmp_path: Path) -> None:
    model = Closing()
    with pytest.raises(ZeroDivisionError):
        async with assembled_for(plan(tmp_path / "a.db", model)):
            raise ZeroDivisionError
    assert model.closed == 1
    async with assembled_for(plan(tmp_path / "a.db", model)):  # nobody has it open any more
        pass


async def test_a_database_that_is_none_leaves_nothing_open(tmp_path: Path) -> None:
    model = Closing()
    with pytest.raises(ConfigurationError):
        async with assembled_for(plan(tmp_path, model)):
            raise AssertionError("there is no engine")
    assert model.closed == 0
