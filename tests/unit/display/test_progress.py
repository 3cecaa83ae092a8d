from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from klantprofiel.display import progress, working

if TYPE_CHECKING:
    from collections.abc import Iterator


class Screen:
    """The error stream of a process that runs in a terminal, and what is written to it."""

    def __init__(self) -> None:
        self._reader, writer = os.openpty()
        self.stream = os.fdopen(writer, "w")

    def written(self) -> str:
        self.stream.flush()
        os.set_blocking(self._reader, False)
        parts = []
        while True:
            try:
                parts.append(os.read(self._reader, 65536))
            except BlockingIOError:
                return b"".join(parts).decode(errors="replace")

    def close(self) -> None:
        self.stream.close()
        os.close(self._reader)


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    screen.close()


def sit_before(screen: Screen, monkeypatch: pytest.MonkeyPatch, *, patience: float = 0.0) -> None:
    """Have the error stream be this screen; pytest takes it back between a fixture and its test."""
    monkeypatch.setattr(sys, "stderr", screen.stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", patience)


def wait_for(screen: Screen, text: str) -> str:
    seen = ""
    for _ in range(500):
        seen += screen.written()
        if text in seen:
            break
        time.sleep(0.02)
    return seen


def test_work_that_is_soon_done_shows_nothing(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    sit_before(screen, monkeypatch, patience=progress.PATIENCE_SECONDS)
    with working("lezen", total=2) as advance:
        advance(2)
    assert screen.written() == ""


def test_long_work_shows_how_far_it_is_and_leaves_nothing_behind(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_before(screen, monkeypatch)
    with working("lezen [van] klanten", total=4) as advance:
        advance(1)
        assert "lezen [van] klanten" in wait_for(screen, "25%")
        advance(1)
        assert "50%" in wait_for(screen, "50%")
    assert screen.written().endswith("\x1b[2K")  # its line is wiped


def test_work_without_a_total_shows_that_it_goes_on(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    sit_before(screen, monkeypatch)
    with working("keuren"):
        assert "keuren" in wait_for(screen, "keuren")


def test_work_that_fails_takes_its_bar_away_and_the_next_has_one(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        with working("delen", total=1):
            wait_for(screen, "delen")
            raise ZeroDivisionError

    sit_before(screen, monkeypatch)
    with pytest.raises(ZeroDivisionError):
        fail()
    with working("tellen", total=1):
        assert "tellen" in wait_for(screen, "tellen")


def test_work_inside_other_work_shows_nothing(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    sit_before(screen, monkeypatch)
    with working("buiten", total=1):
        wait_for(screen, "buiten")
        with working("binnen", total=1) as advance:
            advance(1)
        time.sleep(0.05)
        assert "binnen" not in screen.written()


def test_without_a_terminal_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with working("lezen", total=1) as advance:
        time.sleep(0.02)
        advance(1)
    assert stream.getvalue() == ""


def test_without_an_error_stream_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with working("lezen") as advance:
        advance(1)


def test_without_a_terminal_nothing_is_imported() -> None:
    script = (
        "import sys\nfrom klantprofiel.display import working\n"
        "with working('lezen') as advance: advance(1)\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"rich", "jinja2"} & set(done.stdout.split())
    assert done.stderr == ""
