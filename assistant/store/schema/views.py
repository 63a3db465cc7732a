"""Views that a researcher can open: every row is joined down to names and quotes.

As the released steps m005 and m007 made them; a later step that changes one has its own text.
"""

from __future__ import annotations

__all__ = ["UNDONE_VIEWS", "VIEWS"]

_CURRENT_DECISIONS = """
CREATE VIEW current_decisions AS
SELECT d.* FROM decisions d
WHERE d.id = (SELECT max(later.id) FROM decisions later WHERE later.suggestion_id = d.suggestion_id)
  AND d.decision <> 'undo'
"""

# A reviewer's own coding made by amending counts only as long as that decision does.
_UNDONE = """
CREATE VIEW undone_codings AS
SELECT d.coding_id FROM decisions d
WHERE d.coding_id IS NOT NULL
  AND d.coding_id NOT IN (SELECT c.coding_id FROM current_decisions c WHERE c.coding_id IS NOT NULL)
"""

_SUGGESTIONS = """
CREATE VIEW view_suggestions AS
SELECT s.id, t.name AS transcript, c.name AS coder, s.code, s.segment,
       g.speaker, s.start_char AS start, s.end_char AS "end", s.quote, s.rationale,
       s.confidence, s.probability, s.anchoring, s.reply_quote,
       coalesce(d.decision, 'open') AS decision, d.reviewer, d.decided_at, d.reason,
       s.run_id AS run, s.call_id AS call
FROM suggestions s
JOIN transcripts t ON t.id = s.transcript_id
JOIN runs r ON r.id = s.run_id
JOIN coders c ON c.id = r.coder_id
LEFT JOIN segments g ON g.transcript_id = s.transcript_id AND g.idx = s.segment
LEFT JOIN current_decisions d ON d.suggestion_id = s.id
"""

_CODINGS_BEFORE = """
CREATE VIEW view_codings AS
SELECT t.name AS transcript, c.name AS coder, c.kind AS coder_kind, k.code,
       k.start_char AS start, k.end_char AS "end", k.quote,
       coalesce(k.exposure, p.exposure, 'unknown') AS exposure,
       coalesce(f.name, '') AS source_file, k.origin, NULL AS run, NULL AS decision
FROM codings k
JOIN transcripts t ON t.id = k.transcript_id
JOIN coders c ON c.id = k.coder_id
LEFT JOIN scopes p ON p.coder_id = k.coder_id AND p.transcript_id = k.transcript_id
LEFT JOIN documents f ON f.id = k.document_id
UNION ALL
SELECT v.transcript, v.coder, 'model', v.code, v.start, v."end", v.quote, '', '', 'suggestion',
       v.run, v.decision
FROM view_suggestions v
"""

_CALLS = """
CREATE VIEW view_calls AS
SELECT c.id, c.run_id AS run, t.name AS transcript, k.first_segment, k.last_segment,
       k.code AS asked_about, c.attempt, c.outcome, c.error, c.http_status, c.finish_reason,
       c.response_model, c.input_tokens, c.output_tokens, c.cached_tokens, c.cost, c.latency_ms,
       c.received_at, c.reused_call_id, c.reply_text, q.body AS request
FROM calls c
JOIN chunks k ON k.id = c.chunk_id
JOIN transcripts t ON t.id = k.transcript_id
LEFT JOIN requests q ON q.sha256 = c.request_sha256
"""

_DECISIONS = """
CREATE VIEW view_decisions AS
SELECT d.id, d.decided_at, d.reviewer, d.decision, d.reason, d.seconds,
       t.name AS transcript, s.code, s.quote, s.rationale, s.run_id AS run, d.suggestion_id,
       b.because, b.verdict_id AS verdict, b.audit_id AS audit, b.undone_at,
       k.code AS own_code, k.quote AS own_quote
FROM decisions d
JOIN suggestions s ON s.id = d.suggestion_id
JOIN transcripts t ON t.id = s.transcript_id
LEFT JOIN bulk_decisions b ON b.id = d.bulk_id
LEFT JOIN codings k ON k.id = d.coding_id
"""

_CODINGS = _CODINGS_BEFORE.replace(
    "UNION ALL", "WHERE k.id NOT IN (SELECT u.coding_id FROM undone_codings u)\nUNION ALL"
)

VIEWS = (_CURRENT_DECISIONS, _SUGGESTIONS, _CODINGS_BEFORE, _CALLS, _DECISIONS)
UNDONE_VIEWS = (_UNDONE, "DROP VIEW view_codings", _CODINGS)
