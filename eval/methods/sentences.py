"""The paragraphs of a methods section, drawn from facts; gaps are marked.

A gap reads ``[what: not known to the program]``: a person has to fill it, and a reader sees at once
where somebody has not. Each figure names the interviews that it rests on, and nothing is claimed
that the database does not hold: where a server forwards what it is sent, or whether somebody read
what was accepted many at a time, it cannot know.
"""

from __future__ import annotations

from assistant.transcripts.records import ADJUDICATED
from eval.evaluation.overrides import override_sentence
from eval.methods.agreed import agreed
from eval.methods.facts import CoderFact, Facts, RunFact
from eval.report.wording import how_many, listed, looked_at, share, was

__all__ = ["gap", "paragraphs"]

_EXPOSURES = {
    "independent": "without seeing other codes (as the researchers state)",
    "blind": "blind, in the program",
    "unknown": "with no record of what other codes had been seen",
    "adjudicated": f"adjudicated ({ADJUDICATED})",
    "after-model": "after seeing the model's suggestions",
}
_STRATEGIES = {
    "list": "The model was given one stretch of an interview at a time with the codebook, and was "
    "asked which codes apply and for the words that show it",
    "judge": "For each passage a few likely codes were chosen by {by}, and the model was asked "
    "about each of them whether it applies; its answers were weighed together with how near "
    "passage and code are by that",
}
_BY_UNKNOWN = "statistics of words and meanings"
_LANGUAGES = {
    "ar": "Arabic",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}


def gap(what: str) -> str:
    return f"[{what}: not known to the program]"


def paragraphs(facts: Facts) -> tuple[str, ...]:
    """Material, people, model, agreement, use: one paragraph each, where there is something."""
    made = [_material(facts), _people(facts)]
    if facts.run is not None:
        made.append(_model(facts, facts.run))
    if facts.measured is not None:
        made.append(agreed(facts.measured, " ".join(facts.remarks)))
    if facts.decisions is not None:
        made.append(_use(facts))
    made.append(f"{gap('Consent and ethics approval')} {_software(facts)}")
    return tuple(made)


def _software(facts: Facts) -> str:
    by = facts.run.versions if facts.run else {}
    version, python = by.get("second-coder"), by.get("python")
    coded = f"Second Coder {version}" if version else ""
    on = f" (Python {python})" if python else ""
    said = f"This text was written with {facts.program}"
    if coded and coded != facts.program:
        said += f", the coding was done with {coded}{on}"
    else:
        said = f"Coding and analysis used {facts.program}{on}" if facts.run else said
    return f"{gap('Availability of data and codebook')} {said}."


def _material(facts: Facts) -> str:
    languages = [(n, _language(name)) for name, n in facts.languages.items()]
    if len(languages) == 1:
        (_, name), *_ = languages
        spoken = f", {'all ' if facts.transcripts > 1 else ''}in {name},"
    else:
        spoken = f" ({listed(f'{n} in {name}' for n, name in languages)})" if languages else ""
    out = (
        f" {how_many(len(facts.withdrawn), 'more interview')} {was(len(facts.withdrawn))} "
        "withdrawn and erased."
        if facts.withdrawn
        else ""
    )
    return (
        f"The material is {how_many(facts.transcripts, 'interview transcript')}{spoken} with "
        f"{how_many(facts.words, 'word')} in {how_many(facts.passages, 'passage')} (paragraphs "
        f"within a speaker's turn).{out} {gap('How participants were found')}"
    )


def _language(code: str) -> str:
    if code == "not stated":
        return gap("language")
    return _LANGUAGES.get(code.split("-")[0].lower(), code)


def _people(facts: Facts) -> str:
    if not facts.coders:
        return f"No person's codes are in the study. {gap('Who coded')}"
    twice, apart = facts.doubly_coded, facts.independently_coded
    both = (
        "No interview was coded by two people separately."
        if not twice
        else f"{how_many(twice, 'interview')} {was(twice)} coded by two or more people"
        + (
            " independently of each other."
            if twice == apart
            else f", {apart or 'none'} of them known to be independent of each other."
        )
    )
    versions = how_many(facts.codebook_versions, "version")
    return (
        f"{'; '.join(_coder(c) for c in facts.coders)}. {both} "
        f"{gap('Training of the coders and how they were chosen')} {versions[:1].upper()}"
        f"{versions[1:]} of the codebook {'is' if facts.codebook_versions == 1 else 'are'} on "
        f"record. {gap('How the codebook was developed')}"
    )


def _coder(coder: CoderFact) -> str:
    kinds = [(n, _EXPOSURES.get(kind, kind)) for kind, n in coder.exposures.items()]
    how = kinds[0][1] if len(kinds) == 1 else listed(f"{n} {words}" for n, words in kinds)
    return f"{coder.name} coded {how_many(coder.transcripts, 'interview')}, {how}"


# --- the model -----------------------------------------------------------------------------------


def _model(facts: Facts, run: RunFact) -> str:
    answered = listed(run.models_answered) or run.model_asked
    asked = f" (asked for as {run.model_asked})" if answered != run.model_asked else ""
    by = run.shortlist_by or _BY_UNKNOWN
    with_what = f"codebook {run.codebook_sha256[:19]}"
    if run.model_asked == "none":
        who = f"The program alone, by {by}, no language model being asked to code,"
        how = " No prompt was sent."
        with_what = f"C{with_what[1:]}"
    else:
        who = f"A language model, {answered}{asked},"
        how = f" {_STRATEGIES[run.strategy].format(by=by)}." if run.strategy in _STRATEGIES else ""
        with_what = (
            f"Strategy “{run.strategy}”, prompt {run.prompt} ({run.prompt_sha256[:19]}), "
            f"{with_what}"
        )
    settings = ", ".join(
        f"{k.replace('_', ' ')} {v:g}" if isinstance(v, float) else f"{k.replace('_', ' ')} {v}"
        for k, v in run.parameters.items()
        if not (k == "chunk_tokens" and not v)
    )
    fitted = (
        f" For {how_many(run.calibrated, 'interview')} the suggestions were calibrated on what "
        "people coded in other interviews."
        if run.calibrated
        else ""
    )
    hidden = " Names on the study's list were replaced before anything was sent." * run.pseudonyms
    open_end = "" if run.status == "complete" else f" The run is {run.status}."
    again = (
        f" The same configuration was run {how_many(run.repeats, 'time')}"
        + f"; {run.unfinished} of these runs did not come to an end" * bool(run.unfinished)
        + "."
        if run.repeats > 1
        else ""
    )
    gone = f" ({run.withdrawn} of them withdrawn since)" if run.withdrawn else ""
    tried = facts.configurations
    prompts = f"prompts: {listed(facts.prompts_tried)}" if facts.prompts_tried else "no prompt"
    total = sum(n for _, n in facts.looks)
    looked = (
        f"people looked at the evidence {how_many(total, 'time')} in the program "
        f"({looked_at(facts.looks_by_kind)})"
        if total
        else "no look at the evidence is on record"
    )
    return (
        f"{who} coded {how_many(run.transcripts, 'interview')}{gone} {_when(run)}, "
        f"{_where(run)}.{how} "
        f"{with_what}{', ' + settings if settings else ''}.{fitted}{hidden}"
        f"{open_end}{again} {how_many(tried, 'configuration')} of model, prompt and codebook "
        f"{was(tried)} run in this study ({prompts}); {looked}."
    )


def _when(run: RunFact) -> str:
    start, end = run.started_at[:10], run.ended_at[:10]
    if not end:
        return f"from {start} on (the run has not ended)"
    return f"on {start}" if start == end else f"between {start} and {end}"


def _where(run: RunFact) -> str:
    if run.endpoint == "embedded" or run.model_asked == "none":
        inside = "inside the program on the researchers' computer; "
        return inside + (_embedded_at(run) or "no words were sent anywhere")
    also = "; " * bool(run.embedding) + _embedded_at(run)
    if run.local:
        return f"by a server in the researchers' own computer or network ({run.endpoint}){also}"
    return f"at {run.endpoint}{also}"


def _embedded_at(run: RunFact) -> str:
    if not run.embedding:
        return ""
    whose = "a server in the researchers' own computer or network (" * run.local
    return (
        "for the choice of codes the words of passages and of the codebook were sent to "
        f"{whose}{run.embedding_endpoint}{')' * run.local}, where the embedding model "
        f"{run.embedding} turned them into vectors"
    )


# --- use -----------------------------------------------------------------------------------------


def _use(facts: Facts) -> str:
    d = facts.decisions
    assert d is not None
    if not d.suggestions:
        return "The model made no suggestion."
    accepted = d.accepted_singly + d.accepted_unread
    made = []
    if d.open == d.suggestions:
        made.append(
            f"The run made {how_many(d.suggestions, 'suggestion')}; none has been decided on yet."
        )
    else:
        done = [
            f"{n:,} {was(n)} {what}"
            for n, what in (
                (accepted, "accepted"),
                (d.rejected, "rejected"),
                (d.amended, "amended"),
            )
            if n
        ]
        by = f" (decided by {listed(d.reviewers)})" if d.reviewers else ""
        still = f"; {d.open:,} {'is' if d.open == 1 else 'are'} open" if d.open else ""
        made.append(f"Of {how_many(d.suggestions, 'suggestion')} {listed(done)}{by}{still}.")
    if d.accepted_unread:
        made.append(
            f"{how_many(d.accepted_unread, 'suggestion')} ({share(d.accepted_unread / accepted)} "
            f"of those accepted) {was(d.accepted_unread)} accepted many at a time, without a "
            "decision on each."
        )
    elif accepted:
        made.append("Each acceptance was decided on one by one.")
    if facts.audits:
        made += [
            f"Audit {a.id} of {how_many(a.transcripts, 'interview')}: "
            + (
                a.sentence
                or {True: "passed.", False: "not passed.", None: "not finished."}[a.passed]
            )
            + {True: " It passed.", False: " It did not pass.", None: ""}[a.passed]
            * bool(a.sentence)
            for a in facts.audits
        ]
    else:
        made.append("No random sample of this run was coded blind for an audit.")
    for code, n, because, who, undone in d.overrides:
        made.append(override_sentence(code, n, because, who, undone))
    if accepted and not d.overrides:
        made.append("No acceptance against the policy is on record.")
    return " ".join(made)
