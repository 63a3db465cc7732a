"""What leaves for other tools and people: one file a format, all drawn from one `Export`.

`exporting` is the entry, `loading` makes it of the rows in `records`. REFI-QDA is written in
`assistant.interchange.refi`, since what is written there is read there too.
"""
