"""An alert that somebody asks to be sent again says so, under an id of its own."""

from __future__ import annotations

from dataclasses import replace

from claimwatch.core.model import Alert, Section

REASON = "resent"
_WORDS = "Sent again because somebody asked for it; it is no new development."


def resent(alert: Alert) -> Alert:
    """Return the alert as it is told a second time."""
    sections = (Section("RESENT", (_WORDS,)), *alert.sections) if alert.sections else ()
    return replace(alert, reason=REASON, notes=(_WORDS, *alert.notes), sections=sections)
