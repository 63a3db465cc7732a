"""Words that stand before, within or beside a name and say that it is one, and of what."""

from __future__ import annotations

import re

__all__ = [
    "AND",
    "ARTICLES",
    "GENERIC_SPEAKER",
    "ORGANISATION",
    "OWNED",
    "PARTICLES",
    "PLACE_BEFORE",
    "SHORT_TITLE",
    "SPEAKER_TOO",
    "TITLES",
]

PARTICLES = {
    *("de", "da", "do", "dos", "du", "des", "del", "della", "di", "van", "von", "der", "den"),
    *("ten", "ter", "bin", "ben", "ibn", "al", "el", "ul", "la", "le", "y", "of", "and", "the"),
    *("et", "und", "für", "for", "st", "abu", "bou", "los", "las", "les"),
}
AND = {"and", "et", "und", "y"}
SPEAKER_TOO = {"i", "me", "moi", "ich", "yo"}
"""“Maria and I” are two people."""
OWNED = re.compile(r"(?:mein|dein|sein|ihr|unser|euer|eur|ein|kein)(?:e[nmrs]?)?")
"""“Meine Frau und ich”: a noun, not a name."""
ARTICLES = {"the", "and", "et", "und", "y", "of", "for"}
TITLES = {
    *("mr", "mrs", "ms", "miss", "dr", "prof", "professor", "sir", "madam", "madame", "mme"),
    *("monsieur", "mademoiselle", "herr", "frau", "señor", "señora", "don", "doña", "si", "sidi"),
    *("lalla", "hajj", "haj", "uncle", "aunt", "auntie", "father", "sister", "brother", "imam"),
}
ORGANISATION = {
    *("university", "université", "universität", "institute", "institut", "ministry", "ministère"),
    *("ministerium", "association", "company", "school", "école", "schule", "hospital", "hôpital"),
    *("krankenhaus", "church", "college", "bank", "ltd", "inc", "gmbh", "sarl", "foundation"),
    *("fondation", "stiftung", "union", "party", "cooperative", "coopérative", "museum", "council"),
    *("agency", "office", "centre", "center", "society", "société", "club", "federation", "ngo"),
}
SHORT_TITLE = re.compile(r"(?:mr|mrs|ms|mx|dr|prof|mme|fr|sr|hr)[.]", re.IGNORECASE)
"""Written with a full stop that ends no sentence."""
PLACE_BEFORE = {
    *("in", "at", "from", "to", "near", "around", "à", "au", "en", "dans", "chez", "vers"),
    *("nach", "aus", "bei", "a", "desde", "hacia", "a", "dal", "towards", "outside", "via"),
}
GENERIC_SPEAKER = re.compile(
    r"(?:(?:unknown|unidentified|other)\s+)?(?:interviewer(?:in)?|interviewee|interview|moderator|participant|respondent|speaker|person|voice"
    r"|int|p|r|i|s|q|a|m|f|w|unknown|narrator|researcher|facilitator|translator|interpreter"
    r"|befragte|befragter|enquêteur|enquêté|intervieweur|man|woman|all)(?:[\s._-]*\d+)*[\s._-]*[a-z]?",
    re.IGNORECASE,
)
