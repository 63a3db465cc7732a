"""PDFs to lines of an interview: what was drawn where, rows in reading order, and the two kinds.

`characters` is what a page draws, and what all others read. A print of Delve has its codes under
the passages (`delve` and its three parts); any other PDF with a text layer becomes rows (`layout`)
and paragraphs (`paragraphs`).
"""
