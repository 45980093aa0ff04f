"""An alert for programs: a webhook's body and a line of the JSON Lines file. Field names are a contract."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from claimwatch.core.model import Alert, Change, Claim, Correction, Match, Record, Relation, Report
from claimwatch.core.quoting import Segment, segments
from claimwatch.core.safety import clean, safe_link
from claimwatch.core.wording import Reading

_MESSAGES = {Relation.CORRECTION: "correction", Relation.WITHDRAWN: "withdrawal", Relation.UPDATES: "update"}


def alert_json(alert: Alert, reading: Reading, key: str) -> dict[str, Any]:
    """Return the alert as JSON values; `id` is the delivery's key, the same on every copy."""
    reports = [entry.report for entry in alert.entries] or [alert.report]
    if reading.sections:
        return _digest(alert, reading, key)
    return {
        "type": "claimwatch.alert",
        "schema": "1",
        "id": key,
        "alert": alert.fingerprint,
        "code": alert.code,
        "message": _MESSAGES.get(alert.relation, "alert"),
        "references": [alert.correction.alert] if alert.correction else [],
        "headline": reading.headline,
        "created": _time(alert.created_at),
        "reason": alert.reason,
        "relation": {
            "value": alert.relation.value,
            "form": alert.form,
            **({"self": True} if alert.own_source else {}),
        },
        "topic": {"id": alert.topic, "title": reading.topic},
        "claim": _claim(alert.claim, alert),
        "change": _change(alert.change),
        "notes": list(reading.notes),
        "correction": _correction(alert.correction),
        "evidence": _evidence(reading.quote, alert),
        "speaker": _text(alert.speaker),
        "standing": _standing(alert),
        "items": [
            *(_item(report) for report in reports),
            *({**_item(report), "reprint": True} for report in alert.carriers),
        ],
        "entries": [
            {
                "relation": entry.relation.value,
                "title": clean(entry.report.title, limit=1000),
                "url": safe_link(entry.report.url),
                "claim": _text(entry.claim),
                "change": _change(entry.change),
                "evidence": "".join(s.text for s in segments(entry.evidence, ())) or None,
            }
            for entry in alert.entries
        ],
        "match": _match(alert.match, alert.record),
        "judge": {
            "name": alert.judge,
            "confidence": round(alert.confidence, 4),
            "reasons": [clean(w) for w in alert.why],
        },
        "tlp": reading.tlp,
    }


def _digest(alert: Alert, reading: Reading, key: str) -> dict[str, Any]:
    return {
        "type": "claimwatch.digest",
        "schema": "1",
        "id": key,
        "code": alert.code,
        "headline": reading.headline,
        "created": _time(alert.created_at),
        "reason": alert.reason,
        "sections": [{"title": title, "lines": list(lines)} for title, lines in reading.sections],
        "tlp": reading.tlp,
    }


def _claim(claim: Claim | None, alert: Alert) -> dict[str, Any] | None:
    if claim is None:
        return None
    now = alert.standing.status if alert.standing else None
    return {
        "id": claim.id,
        "short": clean(claim.short),
        "text": clean(claim.text),
        "quantity": claim.quantity,
        "said_by": [clean(name) for name in claim.said_by],
        "reported": claim.reported.isoformat() if claim.reported else None,
        "status": {"was": alert.status_was, "now": now},
    }


def _evidence(quote: tuple[Segment, ...], alert: Alert) -> list[dict[str, Any]]:
    """Return the quotation as a W3C TextQuoteSelector around its first marked words."""
    if not quote:
        return []
    at = next((n for n, segment in enumerate(quote) if segment.marked), 0)
    return [
        {
            "language": alert.evidence_language,
            "text": "".join(segment.text for segment in quote),
            "selector": {
                "type": "TextQuoteSelector",
                "exact": quote[at].text,
                "prefix": "".join(segment.text for segment in quote[:at]),
                "suffix": "".join(segment.text for segment in quote[at + 1 :]),
            },
            "hedge": _text(alert.hedge),
        }
    ]


def _correction(correction: Correction | None) -> dict[str, Any] | None:
    if correction is None:
        return None
    return {
        "of": clean(correction.of),
        "relation": correction.relation.value,
        "what": clean(correction.what),
        "fact": clean(correction.fact),
        "by": _text(correction.by),
    }


def _item(report: Report) -> dict[str, Any]:
    return {
        "title": clean(report.title, limit=1000),
        "url": safe_link(report.url),
        "outlet": clean(report.outlet),
        "reliability": report.reliability,
        "near": report.near,
        "language": report.language,
        "published": _time(report.published_at),
        "first_seen": _time(report.seen_at),
    }


def _standing(alert: Alert) -> dict[str, int] | None:
    now = alert.standing
    if now is None:
        return None
    return {
        "for": now.origins_for,
        "against": now.origins_against,
        "newsrooms": now.newsrooms,
        "outlets": now.outlets,
    }


def _match(match: Match | None, record: Record | None) -> dict[str, Any] | None:
    if match is None:
        return None
    names: dict[str, list[str]] = {}
    for found in match.found:
        names.setdefault(found.line, []).append(clean(found.text, limit=100))
    judged = {"right": record.right, "of": record.judged} if record else None
    return {"score": round(match.score, 4), "band": match.band.value, "names": names, "judged": judged}


def _change(change: Change | None) -> dict[str, Any] | None:
    return {"from": clean(change.old), "to": clean(change.new), "percent": change.percent} if change else None


def _text(text: str | None) -> str | None:
    return clean(text) if text else None


def _time(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
