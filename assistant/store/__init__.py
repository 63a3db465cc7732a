"""The study's database; the only place with SQL, also for other programs' databases.

A folder a subject, the tables of all of them made in `schema`. Beside the folders stands what
belongs to none: `database` (opening, transactions), `records` (what is given out), `versions` of
codebooks and prompts, `verify`. Functions take the open `Store` first and give frozen records.
"""
