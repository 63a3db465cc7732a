"""Check what a database can break: every hash again, every quote against its text, every rule.

`verify` reads only. A finding names the row and says what it means for the user.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.codebook.records import Codebook
from assistant.counting import counted
from assistant.errors import DataError
from assistant.hashing import hash_text
from assistant.llm.records import ChatRequest
from assistant.store.database import Store
from assistant.store.shapes import misshapen

__all__ = ["Finding", "VerifyResult", "verify"]


@dataclass(frozen=True)
class Finding:
    rule: str
    where: str
    what: str


@dataclass(frozen=True)
class VerifyResult:
    checked: dict[str, int]
    """What was looked at, and how many of it."""
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.findings


def verify(store: Store) -> VerifyResult:
    """Check the whole database."""
    findings: list[Finding] = []
    checked: dict[str, int] = {}
    for check in (
        _integrity,
        _shapes,
        _texts,
        _segments,
        _quotes,
        _versions,
        _requests,
        _runs,
        _decisions,
        _reference,
        _withdrawn,
    ):
        name, count, found = check(store)
        checked[name] = count
        findings.extend(found)
        if check is _integrity and any(f.rule == _SOUND for f in found):
            break  # what a damaged file says about its rows means nothing
    return VerifyResult(checked, tuple(findings))


_SOUND = "the file is sound"
_Checked = tuple[str, int, list[Finding]]


def _integrity(store: Store) -> _Checked:
    try:
        said = [str(row[0]) for row in store.rows("PRAGMA integrity_check")]
    except DataError as error:
        said = [str(error)]
    found = [Finding(_SOUND, "study.db", text) for text in said if text != "ok"]
    if found:
        return "database file", 1, found
    found += [
        Finding("rows refer to rows that exist", f"table {row[0]}, row {row[1]}", str(row[2]))
        for row in store.rows("PRAGMA foreign_key_check")
    ]
    return "database file", 1, found


def _shapes(store: Store) -> _Checked:
    found = [Finding("every record can be read", *one) for one in misshapen(store)]
    return "events", int(store.value("SELECT count(*) FROM events")), found


def _texts(store: Store) -> _Checked:
    rows = store.rows("SELECT name, sha256, text FROM transcripts WHERE withdrawn_at IS NULL")
    found = [
        Finding("a transcript never changes", r["name"], "its text does not match its hash")
        for r in rows
        if hash_text(r["text"]) != r["sha256"]
    ]
    return "transcripts", len(rows), found


def _segments(store: Store) -> _Checked:
    found: list[Finding] = []
    count = 0
    for t in store.rows("SELECT id, name, text FROM transcripts WHERE withdrawn_at IS NULL"):
        place = 0
        for s in store.rows(
            "SELECT idx, start_char, end_char FROM segments WHERE transcript_id = ? ORDER BY idx",
            (t["id"],),
        ):
            count += 1
            if s["start_char"] != place or s["end_char"] < s["start_char"]:
                found.append(
                    Finding(
                        "segments tile the transcript",
                        f"{t['name']}, segment {s['idx']}",
                        f"it starts at {s['start_char']} where {place} was expected",
                    )
                )
            place = s["end_char"]
        if place != len(t["text"]):
            found.append(
                Finding(
                    "segments tile the transcript",
                    t["name"],
                    f"they end at {place}, the text at {len(t['text'])}",
                )
            )
    return "segments", count, found


def _quotes(store: Store) -> _Checked:
    texts = {
        r["id"]: (r["name"], r["text"])
        for r in store.rows("SELECT id, name, text FROM transcripts WHERE withdrawn_at IS NULL")
    }
    found: list[Finding] = []
    count = 0
    for table in ("codings", "suggestions"):
        for r in store.rows(
            f"SELECT id, transcript_id, start_char, end_char, quote FROM {table} ORDER BY id"
        ):
            if r["transcript_id"] not in texts:
                continue
            count += 1
            name, text = texts[r["transcript_id"]]
            if text[r["start_char"] : r["end_char"]] != r["quote"]:
                found.append(
                    Finding(
                        "every quote stands in its transcript",
                        f"{table}, row {r['id']}, {name}",
                        f"the text at {r['start_char']}–{r['end_char']} is not the quote",
                    )
                )
    return "quotes", count, found


def _versions(store: Store) -> _Checked:
    found: list[Finding] = []
    books = store.rows("SELECT sha256, name, content FROM codebooks WHERE source <> ''")
    for r in books:
        if _codebook_hash(r["content"]) != r["sha256"]:
            found.append(
                Finding("a codebook version never changes", r["name"], "its hash does not match")
            )
    prompts = store.rows("SELECT sha256, prompt_id, source FROM prompts WHERE source <> ''")
    for r in prompts:
        if hash_text(r["source"]) != r["sha256"]:
            found.append(
                Finding("a prompt version never changes", r["prompt_id"], "its hash does not match")
            )
    return "codebook and prompt versions", len(books) + len(prompts), found


def _requests(store: Store) -> _Checked:
    found: list[Finding] = []
    rows = store.rows("SELECT sha256, body FROM requests WHERE body <> ''")
    for r in rows:
        if _request_hash(r["body"]) != r["sha256"]:
            found.append(
                Finding("a request never changes", r["sha256"][:20], "its hash does not match")
            )
    return "requests", len(rows), found


def _codebook_hash(content: str) -> str:
    """``""`` when it cannot be read any more."""
    try:
        return Codebook.model_validate_json(content).sha256
    except ValueError:
        return ""


def _request_hash(body: str) -> str:
    try:
        return ChatRequest.model_validate_json(body).sha256
    except ValueError:
        return ""


def _runs(store: Store) -> _Checked:
    found: list[Finding] = []
    rows = store.rows("SELECT id, status FROM runs")
    for r in rows:
        if r["status"] != "complete":
            continue
        missing = store.value(
            "SELECT count(*) FROM run_transcripts x "
            "JOIN segments g ON g.transcript_id = x.transcript_id "
            "LEFT JOIN segment_outcomes o ON o.run_id = x.run_id "
            "AND o.transcript_id = x.transcript_id AND o.segment = g.idx "
            "WHERE x.run_id = ? AND o.status IS NULL",
            (r["id"],),
        )
        if missing:
            found.append(
                Finding(
                    "every segment of a finished run has an outcome",
                    f"run {r['id']}",
                    f"without one: {counted(missing, 'segment')}",
                )
            )
    twice = store.rows(
        "SELECT run_id, transcript_id, start_char, code, count(*) AS n FROM suggestions "
        "GROUP BY run_id, transcript_id, segment, start_char, end_char, code HAVING n > 1"
    )
    found += [
        Finding("nothing is suggested twice", f"run {r['run_id']}, code {r['code']}", "doubled")
        for r in twice
    ]
    return "runs", len(rows), found


def _decisions(store: Store) -> _Checked:
    found = [
        Finding(
            "no bulk acceptance without verdict and audit, or a reason",
            f"bulk decision {r['id']}",
            "it names none",
        )
        for r in store.rows(
            "SELECT id FROM bulk_decisions WHERE because = '' "
            "AND (verdict_id IS NULL OR audit_id IS NULL)"
        )
    ]
    found += [
        Finding(
            "a bulk decision stands on a verdict that lets it through",
            f"bulk decision {r['id']}",
            f"the verdict's lane is {r['lane']}",
        )
        for r in store.rows(
            "SELECT b.id, v.lane FROM bulk_decisions b JOIN verdicts v ON v.id = b.verdict_id "
            "WHERE b.because = '' AND v.lane <> 'accept'"
        )
    ]
    found += [
        Finding(
            "a bulk decision stands on an audit that was passed",
            f"bulk decision {r['id']}",
            f"audit {r['audit_id']} was not",
        )
        for r in store.rows(
            "SELECT b.id, b.audit_id FROM bulk_decisions b JOIN audits a ON a.id = b.audit_id "
            "WHERE b.because = '' AND a.passed IS NOT 1"
        )
    ]
    found += [
        Finding(
            "an amended suggestion has the reviewer's own coding",
            f"decision {r['id']}",
            "it names none",
        )
        for r in store.rows(
            "SELECT id FROM decisions WHERE decision = 'amend' AND coding_id IS NULL"
        )
    ]
    found += [
        Finding(
            "taking back names a decision on the same suggestion",
            f"decision {r['id']}",
            "it names another row",
        )
        for r in store.rows(
            "SELECT u.id FROM decisions u JOIN decisions o ON o.guid = u.undoes WHERE "
            "u.decision <> 'undo' OR o.decision = 'undo' OR o.suggestion_id <> u.suggestion_id"
        )
    ]
    return "decisions", int(store.value("SELECT count(*) FROM decisions")), found


def _reference(store: Store) -> _Checked:
    rows = store.rows("SELECT id, origin, exposure FROM codings WHERE origin = 'review'")
    found = [
        Finding(
            "codings made after seeing the model are never reference",
            f"coding {r['id']}",
            f"its exposure is {r['exposure']}",
        )
        for r in rows
        if r["exposure"] not in ("after-model", "adjudicated")
    ]
    return "codings added while reading", len(rows), found


def _withdrawn(store: Store) -> _Checked:
    """Nothing that a withdrawal erased may be there again."""
    rows = store.rows("SELECT id, name, text FROM transcripts WHERE withdrawn_at IS NOT NULL")
    found: list[Finding] = []
    for r in rows:
        left = int(bool(r["text"]))
        for table, column in (
            ("codings", "quote"),
            ("suggestions", "quote"),
            ("suggestions", "reply_quote"),
            ("unplaced", "reply_quote"),
            ("uncoded", "quote"),
            ("documents", "text"),
        ):
            left += store.value(
                f"SELECT count(*) FROM {table} WHERE transcript_id = ? AND {column} <> ''",
                (r["id"],),
            )
        left += store.value(
            "SELECT count(*) FROM calls c JOIN chunks k ON k.id = c.chunk_id "
            "LEFT JOIN requests q ON q.sha256 = c.request_sha256 "
            "WHERE k.transcript_id = ? AND (c.raw <> '' OR c.reply_text <> '' OR q.body <> '')",
            (r["id"],),
        )
        if left:
            found.append(
                Finding(
                    "a withdrawn transcript has no words",
                    r["name"],
                    f"some are left in {counted(left, 'row')}",
                )
            )
    return "withdrawn transcripts", len(rows), found
