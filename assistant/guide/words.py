"""Words of the trade that nobody can be asked to know, each explained in half a sentence.

The one place for them: pages show the explanation where the word is pointed at, and the terminal
behind the word where it first stands (`explained`).
"""

from __future__ import annotations

import re

from assistant.transcripts.records import ADJUDICATED

__all__ = ["WORDS", "explained"]

WORDS = {
    "lane": "What may happen to a code's suggestions, judged by how well they agreed with people.",
    "unproven": "Too few passages coded by people to judge this code.",
    "withhold": "The model is not shown to know this code: it is not shown to agree with people "
    "beyond chance, or not shown to do better than word statistics.",
    "vague": "People are not shown to agree on this code, or only one person coded.",
    "accept": "As good as another person on this code; many at once after a passed audit.",
    "review": "Useful, but each suggestion needs a person's decision.",
    "check": "Some suggestions are planted and wrong, and some passages without one are asked "
    "about, to see whether you still read. Which they were is said as soon as you have answered.",
    "void": "What it was measured on, or by, changed since: figures and lane count no more.",
    "kappa": "Agreement beyond chance: 1 is perfect, 0 is what chance alone would give.",
    "F1": "Of the passages that either of two gave a code, how far both did: 1 all, 0 none. "
    "Chance is not taken into account.",
    "AC1": "Agreement beyond chance, counted so that it suffers less than kappa where a code is "
    "very rare or very common.",
    "alpha": "Agreement beyond chance of any number of people at once; 1 is perfect, 0 is chance.",
    "baseline": "What could be had without a model, such as from counting words alone.",
    "token": "A piece of a word: what models read and write, and what is paid for.",
    "strategy": "How the model is asked: “list”, for all codes of some passages at once; “judge”, "
    "yes or no about one code and one passage.",
    "recipe": "All that determines what a model would say: model, prompt, codebook and settings.",
    "seed": "The number that a draw by chance begins with: from the same one it is drawn the same "
    "way again.",
    "stratum": "A group of passages of which a sample draws its own share, such as all that have "
    "a suggestion of some code.",
    "shortlist": "The few most likely codes of a passage that a model is asked about with “judge”.",
    "ceiling": "How well people agree with each other on the same code and the same passages.",
    "interval": "With few interviews a figure is uncertain; the true one likely lies in here.",
    "exposure": "What a person had seen of other people's or the model's codes when coding.",
    "scope": "The passages and codes that a person looked at. Outside them there is no “no”.",
    "independent": "Coded without seeing other codes, as stated by the study.",
    "blind": "Coded without seeing other codes, as recorded by this program.",
    "after-model": "Coded after the model's codes had been shown; never used to measure it.",
    "adjudicated": f"{ADJUDICATED[0].upper()}{ADJUDICATED[1:]}: never the measure of anything.",
    "unknown": "Nobody has said what this person had seen; it counts towards no verdict.",
    "suggestion": "A code that the model proposes. It counts only when a person accepts it.",
    "segment": "One paragraph of one speaker: the unit in which agreement is counted.",
    "run": "One pass of a model over some interviews.",
    "prompt": "The instruction that the model is given together with a passage.",
    "codebook": "The list of codes with their definitions.",
}
"""Short explanations: ``{{ term("kappa") }}`` shows the word with its explanation."""


def explained(text: str, *words: str) -> str:
    """``text`` with the explanation of each of these words in brackets behind its first place.

    Raises `KeyError` for a word that has no explanation, and `ValueError` where the text has not
    got the word: the explanation would be nowhere.
    """
    for word in words:
        meaning = WORDS[word].rstrip(".")
        # At the beginning of a sentence, and as several: “Lanes”.
        some = f"[{word[0].upper()}{word[0]}]{re.escape(word[1:])}s?"
        found = re.search(rf"\b{some}(?: \d+)?\b”?", text)
        if found is None:
            raise ValueError(f"“{word}” is not in: {text}")
        said = f" ({meaning[:1].lower()}{meaning[1:]})"
        text = text[: found.end()] + said + text[found.end() :]
    return text
