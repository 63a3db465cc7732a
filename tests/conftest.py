"""What every test can rely on: no network but this machine, a home folder of its own, no keys.

Invariant: a test that would leave the machine fails, whatever the machine's settings are, and no
test reads or writes the developer's own home, cache or keys. The fixtures are few on purpose; what
belongs to one area stands in that area's own ``conftest.py``.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.browsing import browser, close_unless_next, mark
from tests.fakes.server import FakeLLM
from tests.one_embedding import embed_once
from tests.one_schema import copied_schema
from tests.real_prints import read_once
from tests.scheduling import scheduler

__all__ = ["browser"]

# How long an example takes depends on what else the machine does; a timing never fails a test.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

REPOSITORY = Path(__file__).resolve().parents[1]
INTERVIEWS = REPOSITORY.parent / "shared" / "interviews"

_NAMES_OF_THIS_MACHINE = {"", "localhost", "localhost.localdomain"}
_CLEARED = ("OPENAI_", "AZURE_OPENAI_", "SECONDCODER_")
_CLEARED_NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "DATA_GYM_CACHE_DIR")
_KEPT = "SECONDCODER_TEST_"
"""Variables with this start are settings of the suite itself and stay."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    return scheduler(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        mark(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    try:
        return (yield)
    finally:
        close_unless_next(nextitem)


def pytest_sessionfinish() -> None:
    close_unless_next(None)  # also where it was ended in the middle


class NetworkBlocked(RuntimeError):
    """A test tried to leave the machine."""


def _is_this_machine(host: object) -> bool:
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if name.lower() in _NAMES_OF_THIS_MACHINE:
        return True
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _check_address(sock: socket.socket, address: Any) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and not _is_this_machine(address[0]):
        raise NetworkBlocked(f"A test tried to reach {address!r}; tests stay on this machine.")


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Block connections and name look-ups that are not for this machine."""
    patch = pytest.MonkeyPatch()

    def guard(name: str) -> None:
        real: Callable[..., Any] = getattr(socket.socket, name)

        def guarded(self: socket.socket, *args: Any) -> Any:
            _check_address(self, args[-1])
            return real(self, *args)

        patch.setattr(socket.socket, name, guarded)

    for method in ("connect", "connect_ex", "sendto"):
        guard(method)

    real_lookup = socket.getaddrinfo

    def lookup(host: Any, *args: Any, **options: Any) -> Any:
        if not _is_this_machine(host):
            raise NetworkBlocked(f"A test tried to look up {host!r}; tests stay on this machine.")
        return real_lookup(host, *args, **options)

    patch.setattr(socket, "getaddrinfo", lookup)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _one_schema() -> Iterator[None]:
    """See `tests.one_schema`."""
    with copied_schema():
        yield


@pytest.fixture(scope="session", autouse=True)
def _real_prints() -> Iterator[None]:
    """See `tests.real_prints`."""
    with read_once(INTERVIEWS):
        yield


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Gives another empty folder at each call. Counted here: pytest looks through all folders there
    are for the next number, which takes milliseconds when there are thousands."""
    base, numbers = tmp_path_factory.mktemp("homes"), count()

    def make() -> Path:
        made = base / str(next(numbers))
        made.mkdir()
        return made

    return make


@pytest.fixture(autouse=True)
def _clean_environment(
    request: pytest.FixtureRequest, _homes: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A home and cache of the test's own; no keys, no settings of ours, no proxy.

    Tests marked ``model`` keep ``SECONDCODER_CACHE``: weights are too large to get for each test.
    """
    with_model = request.node.get_closest_marker("model") is not None
    for name in list(os.environ):
        if name.startswith(_KEPT) or (with_model and name == "SECONDCODER_CACHE"):
            continue
        if name.startswith(_CLEARED) or name.upper() in _CLEARED_NAMES:
            monkeypatch.delenv(name)
    home = _homes()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name, folder in {
        "XDG_CACHE_HOME": ".cache",
        "XDG_CONFIG_HOME": ".config",
        "XDG_DATA_HOME": ".local/share",
        "LOCALAPPDATA": "AppData/Local",
        "APPDATA": "AppData/Roaming",
        "TIKTOKEN_CACHE_DIR": ".cache/tiktoken",
    }.items():
        monkeypatch.setenv(name, str(home / folder))


@pytest.fixture(autouse=True)
def _embedded_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """See `tests.one_embedding`."""
    if request.node.get_closest_marker("model") is None:
        embed_once(monkeypatch)


@pytest.fixture(scope="session")
def interviews() -> Path:
    """Folder of the real interviews, beside the checkout. They are never copied into it."""
    if not INTERVIEWS.is_dir():
        pytest.skip(f"the real interviews are not there ({INTERVIEWS})")
    return INTERVIEWS


@pytest.fixture
def fake_llm() -> Iterator[FakeLLM]:
    """A started fake server with an empty queue of replies; see ``tests/fakes/server.py``."""
    with FakeLLM() as server:
        yield server
