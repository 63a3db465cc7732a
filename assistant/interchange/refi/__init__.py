"""REFI-QDA, both ways: projects and codebooks of NVivo, ATLAS.ti, MAXQDA and others.

Reading begins in `reading`: the archive without trust, the XML, what positions count (`offsets`,
for each text in `conventions`). Writing begins in `writing`. The stamp (`stamp`) carries what the
format has no place for, so that what this program wrote returns exactly.
"""
