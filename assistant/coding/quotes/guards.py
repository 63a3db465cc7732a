"""Words that may not differ between a model's quote and the text it is matched to.

A close match forgives a dropped "um" or a mended spelling. It must never forgive what turns the
meaning round: a negation, a number or a word of quantity on one side and not on the other, a
negating prefix, or an ellipsis that joins two places. What those words are depends on the language,
so close matching exists only for languages with a list here; `guard_for` gives None for all others.

All words are folded (lower case, ``'`` for every apostrophe).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

__all__ = ["ELLIPSIS", "Guard", "Word", "guard_for", "words_of"]

ELLIPSIS = re.compile(r"[\[(]\s*\.{2,}\s*[\])]|\.{3,}|\.\.(?!\.)")
"""In folded text: ``...``, ``[...]``, ``(...)``."""

# A number with its sign, separators and per cent is one word, so that 1.5 never equals 15 or -1.5.
# So is a compound with hyphens ("twenty-five", "non-smoker"), and a symbol that changes a number.
_TOKEN = re.compile(
    r"(?:(?<![^\s(\['])[-+])?\d+(?:[.,:/]\d+)*(?:\s?%)?(?:[^\W\d_]+)?"
    r"|[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*(?:-[^\W_]+)*"
    r"|[%$€£¥°<>=+]"
)
# What stands between the parts of a number that is written as one word.
_BETWEEN = {
    "de": ("und",),
    "nl": ("en", "ën"),
    "it": ("vent", "trent", "quarant", "cinquant", "sessant", "settant", "ottant", "novant"),
}
_ENGLISH_STEM = {"ca": "can", "wo": "will", "sha": "shall", "ai": "ai"}


@dataclass(frozen=True)
class Word:
    """A folded word and where it stands in the folded text."""

    text: str
    start: int
    end: int


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


@dataclass(frozen=True)
class Guard:
    """What may not change in one language, and what may be left out freely."""

    language: str
    negations: frozenset[str]
    numbers: frozenset[str]
    quantities: frozenset[str]
    """All, some, more, less, always, only … : they change how much is claimed."""
    prefixes: tuple[str, ...]
    """A word with it says the opposite of the word without it."""
    fillers: frozenset[str]
    """Noises of speech, which models leave out when they quote."""

    def protects(self, word: str) -> bool:
        """Whether a change of this word may change the meaning outright."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._protects(word)
        return known

    @cached_property
    def _known(self) -> dict[str, bool]:
        return {}

    def _protects(self, word: str) -> bool:
        if not word[0].isalpha() or self.is_number(word):
            return True
        return any(part in self.negations or part in self.quantities for part in _parts(word))

    def is_number(self, word: str) -> bool:
        """Whether a word is a number, in digits or in words (also ``fünfundzwanzig``)."""
        if any(c.isnumeric() for c in word) or self._compounds.fullmatch(word):
            return True
        return any(part in self.numbers for part in word.split("-"))

    @cached_property
    def _compounds(self) -> re.Pattern[str]:
        numbers = "|".join(sorted(self.numbers, key=len, reverse=True))
        between = "|".join(_BETWEEN.get(self.language, ()))
        parts = f"{numbers}|{between}" if between else numbers
        return re.compile(rf"(?:{parts})*(?:{numbers})")

    def opposed(self, one: str, other: str) -> bool:
        """Whether two words of similar spelling differ in a negating prefix or a telling ending."""
        short, long = sorted((one, other), key=len)
        if any(long.startswith(p) and long[len(p) :][:3] == short[:3] for p in self.prefixes):
            return True
        return any(
            one.endswith(end) != other.endswith(end) for end in ("less", "los", "loos", "ee")
        )


def _parts(word: str) -> tuple[str, ...]:
    return (word, *word.split("-")) if "-" in word else (word,)


def words_of(folded: str) -> tuple[Word, ...]:
    """The words of a folded text; punctuation is left out. ``don't`` is ``do`` and ``not``."""
    words: list[Word] = []
    for match in _TOKEN.finditer(folded):
        start, end, text = match.start(), match.end(), match.group()
        if text == "t" and words and words[-1].end == start - 1 and folded[start - 1] == "'":
            stem = words[-1]
            if stem.text.endswith("n") and len(stem.text) > 1:
                base = (
                    "can"
                    if stem.text == "can"
                    else _ENGLISH_STEM.get(stem.text[:-1], stem.text[:-1])
                )
                words[-1] = Word(base, stem.start, stem.end - 1)
                words.append(Word("not", stem.end - 1, end))
                continue
        if text == "cannot":
            words += [Word("can", start, start + 3), Word("not", start + 3, end)]
            continue
        words.append(Word(text, start, end))
    return tuple(words)


_GUARDS = (
    Guard(
        "en",
        _set(
            "no not never none nobody nothing nowhere neither nor without hardly barely scarcely "
            "rarely seldom unless except cannot nope nah t dont cant wont isnt wasnt didnt doesnt"
        ),
        _set(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
            "eighty ninety hundred hundreds thousand thousands million millions billion billions "
            "dozen dozens half quarter third first second fourth fifth once twice double triple "
            "percent"
        ),
        _set(
            "all every each both some any few many much more most less least several always often "
            "sometimes usually only almost nearly too enough before after if would could might may "
            "maybe perhaps should must used"
        ),
        ("un", "in", "im", "ir", "il", "dis", "non", "non-", "mis", "anti", "anti-"),
        _set("um uh er erm ah eh hm hmm mm mhm uhm mmm"),
    ),
    Guard(
        "de",
        _set(
            "nicht nichts nie niemals niemand nirgends nirgendwo kein keine keinen keinem keiner "
            "keines keins ohne weder noch nein nee kaum ausser selten nix ned net"
        ),
        _set(
            "null ein eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn "
            "vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreissig "
            "vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend million millionen "
            "milliarde milliarden dutzend halb halbe hälfte drittel viertel erste ersten zweite "
            "zweiten dritte dritten einmal zweimal dreimal doppelt prozent"
        ),
        _set(
            "alle allen aller alles jede jeder jedes jeden beide beiden einige einigen manche "
            "wenig wenige weniger viel viele vielen mehr meist meisten mindestens höchstens immer "
            "oft manchmal nur fast genug zu vor nach wenn falls würde würden könnte könnten "
            "vielleicht sollte sollten müsste muss dürfte"
        ),
        ("un", "miss", "nicht", "nicht-", "in", "anti", "a"),
        _set("äh ähm öh öhm hm hmm mhm äm ehm"),
    ),
    Guard(
        "fr",
        _set(
            "ne n non pas point jamais rien personne aucun aucune nul nulle ni sans guère "
            "nullement sauf rarement ptet"
        ),
        _set(
            "zéro un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze "
            "quinze seize vingt vingts trente quarante cinquante soixante septante huitante "
            "nonante cent cents mille million millions milliard milliards douzaine dizaine "
            "vingtaine centaine demi demie moitié tiers quart premier première deuxième second "
            "seconde troisième double pourcent"
        ),
        _set(
            "tout toute tous toutes chaque quelque quelques plusieurs peu beaucoup plus moins "
            "toujours souvent parfois seulement seul presque assez trop avant après si peut-être "
            "devrait pourrait faudrait"
        ),
        ("in", "im", "ir", "il", "dé", "dés", "mal", "non-", "non", "anti", "mé", "més"),
        _set("euh heu hum hm ben bah beh hein mhm"),
    ),
    Guard(
        "es",
        _set(
            "no ni nunca jamás nada nadie ningún ninguno ninguna ningunos ningunas sin tampoco "
            "apenas excepto salvo"
        ),
        _set(
            "cero un uno una dos tres cuatro cinco seis siete ocho nueve diez once doce trece "
            "catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós "
            "veintitrés veinticuatro veinticinco treinta cuarenta cincuenta sesenta setenta "
            "ochenta noventa cien ciento cientos doscientos trescientos quinientos mil millón "
            "millones docena medio media mitad tercio cuarto primero primera primer segundo "
            "segunda tercero tercera doble"
        ),
        _set(
            "todo toda todos todas cada ambos ambas algún alguno alguna algunos algunas poco poca "
            "pocos pocas mucho mucha muchos muchas más menos siempre veces sólo solo solamente "
            "casi bastante demasiado antes después si quizá quizás tal podría debería"
        ),
        ("in", "im", "ir", "i", "des", "dis", "anti", "mal", "a"),
        _set("eh em este mmm hm pues ehm ah"),
    ),
    Guard(
        "it",
        _set(
            "no non né mai niente nulla nessuno nessuna nessun senza neanche nemmeno neppure "
            "tranne mica appena"
        ),
        _set(
            "zero un uno una due tre quattro cinque sei sette otto nove dieci undici dodici "
            "tredici quattordici quindici sedici diciassette diciotto diciannove venti trenta "
            "quaranta cinquanta sessanta settanta ottanta novanta cento duecento mille mila "
            "milione milioni miliardo miliardi dozzina mezzo mezza metà terzo quarto primo prima "
            "secondo seconda terza doppio"
        ),
        _set(
            "tutto tutta tutti tutte ogni entrambi entrambe alcuni alcune qualche poco poca pochi "
            "poche molto molta molti molte più meno sempre spesso talvolta solo soltanto quasi "
            "abbastanza troppo dopo se forse potrebbe dovrebbe"
        ),
        ("in", "im", "ir", "il", "s", "dis", "mal", "anti", "a"),
        _set("eh ehm mmm hm uhm boh mah beh"),
    ),
    Guard(
        "nl",
        _set(
            "niet niets nooit niemand nergens geen zonder noch nee nauwelijks behalve zelden "
            "evenmin nie"
        ),
        _set(
            "nul een één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien "
            "vijftien zestien zeventien achttien negentien twintig dertig veertig vijftig zestig "
            "zeventig tachtig negentig honderd duizend miljoen miljard dozijn half halve helft "
            "derde kwart eerste tweede vierde eenmaal tweemaal dubbel procent"
        ),
        _set(
            "alle alles allemaal elk elke ieder iedere iedereen beide beiden sommige enkele weinig "
            "minder minst veel vele meer meest meeste altijd vaak soms alleen slechts maar bijna "
            "genoeg te voor na als misschien zou zouden kon konden moest moet"
        ),
        ("on", "in", "niet", "niet-", "mis", "anti", "a"),
        _set("eh ehm uh uhm euh hm hmm mhm"),
    ),
    Guard(
        "pt",
        _set(
            "não nao nunca jamais nada ninguém ninguem nenhum nenhuma nem sem tampouco exceto salvo"
        ),
        _set(
            "zero um uma dois duas três tres quatro cinco seis sete oito nove dez onze doze treze "
            "catorze quatorze quinze dezesseis dezasseis dezessete dezassete dezoito dezenove "
            "dezanove vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem cento "
            "centenas duzentos trezentos quinhentos mil milhão milhões bilhão bilhões dúzia meio "
            "meia metade terço quarto primeiro primeira segundo segunda terceiro terceira dobro"
        ),
        _set(
            "todo toda todos todas tudo cada ambos ambas algum alguma alguns algumas pouco pouca "
            "poucos poucas muito muita muitos muitas mais menos sempre vezes só apenas somente "
            "quase bastante demais antes depois se talvez poderia deveria"
        ),
        ("in", "im", "ir", "i", "des", "dis", "anti", "mal", "a"),
        _set("eh hum hm ahn hã né ãh uhm"),
    ),
)
_BY_LANGUAGE = {guard.language: guard for guard in _GUARDS}


def guard_for(language: str) -> Guard | None:
    """The guard of a language (ISO 639-1, a region after it is ignored: ``pt-BR``), or None."""
    return _BY_LANGUAGE.get(language.replace("_", "-").split("-")[0].lower())
