"""What an evaluation holds besides its headline: passages as marked, planning, ``--all``.

`measuring` makes the record, `results` is it.
"""
