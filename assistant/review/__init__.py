"""The local web application: reading, reviewing and blind coding in the browser.

Pages show and ask; rules stay in `assistant.decisions` and `eval`, SQL in `assistant.store`.
"""
