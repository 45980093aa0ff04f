from __future__ import annotations

import io
import json

import pytest
import structlog

from claimwatch.cli.logs import set_up_logs


def test_the_log_goes_to_standard_error_and_feed_text_cannot_forge_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs()
    structlog.get_logger().info("polled", title="a\n12:00:00 [error] forged \x1b[31mred")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "\x1b[31m" not in said.err


def test_a_log_for_machines_is_json_with_the_traceback_inside(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(as_json=True)
    try:
        raise ValueError("bad\nvalue")
    except ValueError:
        structlog.get_logger().exception("failed", feed="Приклад")
    (line,) = capsys.readouterr().err.splitlines()
    event = json.loads(line)
    assert (event["event"], event["feed"], event["level"]) == ("failed", "Приклад", "error")
    assert "ValueError: bad" in event["exception"]


def test_decisions_are_logged_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    structlog.get_logger().debug("assessed")
    assert capsys.readouterr().err == ""
    set_up_logs(verbose=True)
    structlog.get_logger().debug("assessed")
    assert "assessed" in capsys.readouterr().err


def test_that_nobody_reads_the_log_any_more_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    set_up_logs()
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("sys.stderr", closed)
    structlog.get_logger().error("storage fails")  # as after `claimwatch run 2>&1 | head`
