"""Words with a capital that are nobody's name: at the end of a name they are cut off.

Interviews are full of sentences that begin without a full stop before them (“for Company X And
then …”), of spelled letters, and of abbreviations that everybody uses.
"""

from __future__ import annotations

import re

__all__ = ["NOT_NAMES", "is_abbreviation", "is_function_word", "is_spelled", "stands_for_a_name"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOT_NAMES = frozenset(
    (
        *("ok", "okay", "tv", "god", "mum", "mom", "dad", "covid", "none", "mm", "phd", "msc"),
        *("bsc", "mba", "master", "bachelor", "monday", "tuesday", "wednesday", "thursday"),
        *("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays"),
        *("friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june"),
        *("july", "august", "september", "october", "november", "december", "christmas", "easter"),
        *("ramadan", "inaudible", "laughs", "laughter", "crosstalk", "english", "french", "german"),
        *("arabic", "spanish", "italian", "internet", "interviewer", "interviewee", "moderator"),
        *("yes", "no", "yeah", "well", "um", "uh", "mhm", "hmm", "oh", "ah", "er", "erm"),
    )
)
"""Alone they are proposed as names of nobody."""
_ABBREVIATIONS = _words(
    """
    ai ml api ceo cto cfo hr rh it tv dvd cd pc cpu gpu ram sql html http https url pdf usb kpi roi
    id faq sms gps dna hiv aids ngo ict etl nlp cicd gdpr rgpd qa ui ux iot csv json xml
    """
)
_FUNCTION_WORDS = _words(  # without those that are names too: Will, May, Ben, Ella, Ma, Son
    """
    i a an and but or nor so yet because if then than when while where what which who whom whose why
    how that this these those there here he she it we you they me him her us them my your his its
    our their is am are was were be been do does did have has had can could would shall should
     might must not no yes yeah yep nope okay ok well um uh mhm hmm oh ah er erm like just also
    maybe actually basically now let let's for in on at to of by with from as about after before all
    some any every each one two sorry thanks thank right sure exactly
    je tu il elle on nous vous ils elles ce cet cette ces ça mais ou et donc or ni car que qui quoi
    dont où quand comme si non oui ouais voilà alors après avant bon bah euh hein enfin puis
    parce pour dans sur avec sans chez est sont était étaient a ont un une le la les des du de au
    aux mon mes ton ta tes sa ses notre nos votre vos leur leurs pas très bien là aussi
    ich du er sie es wir ihr und aber oder denn weil wenn dann als wie wo was wer warum dass nein
    doch also ja genau hm äh ähm nun dies diese dieser dieses das die der den dem ein eine einen
    mein dein sein unser euer ist sind war waren hat haben hatte für mit von zu im am auf
    yo tú él nosotros ellos pero o porque cuando donde como sí entonces bueno pues este esta
    esto es era fue con para por del al el los las io lui lei noi voi loro perché quando dove
    sì allora questo questa è sono era con per eu ele ela nós mas porque onde sim então
    """
)
_CONTRACTED = re.compile(
    r"(?:\w+['’](?:m|ve|ll|d|re|s|t)|(?:c|j|n|s|d|l|m|t|qu|jusqu|lorsqu|puisqu)['’]\w+)",
    re.IGNORECASE,
)
_PLACEHOLDERS = _words(
    """
    company city region country university school person place organisation organization town
    village hospital department team project product client customer supplier name bank street
    compagnie entreprise société ville région pays université école personne lieu équipe projet
    produit client banque firma stadt land universität schule projekt empresa ciudad país
    """
)


def is_function_word(word: str) -> bool:
    """``And``, ``Donc``, ``I'm``: in no language the end of a name. ``O'Brien`` is none."""
    small = word.casefold()
    if small in _FUNCTION_WORDS:
        return True
    if _CONTRACTED.fullmatch(word) is None:
        return False
    head, _ = re.split("['’]", small, maxsplit=1)
    return head in _FUNCTION_WORDS or (len(head) <= 2 and not word[len(head) + 1].isupper())


def is_abbreviation(term: str) -> bool:
    """``AI``, and the plural of any: ``GPUs``. An organisation's own (``OCP``) is none."""
    small = term.casefold()
    plural = re.fullmatch(r"[A-Z]{2,}s", term) is not None
    return plural or small in _ABBREVIATIONS


def is_spelled(words: list[str]) -> bool:
    """``C P U``: letters spelled out."""
    return len(words) > 1 and all(len(word) == 1 for word in words)


def stands_for_a_name(words: list[str]) -> bool:
    """``Company X``: somebody has put it in place of a name already."""
    return (
        len(words) == 2 and len(words[1]) == 1 and words[0].casefold().rstrip("s") in _PLACEHOLDERS
    ) or (len(words) == 1 and words[0].casefold() in _PLACEHOLDERS)
