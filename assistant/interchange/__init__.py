"""What comes into a study and what leaves it, and what the user may set right of what came.

In folders: `projects` (what every reader of another tool's project ends in, and how it is taken
in), `readers` and `refi` (other tools' formats), and what leaves: `export`, `sharing`, `trail`.

Beside them, by subject:

files of interviews  `importing` is the entry; `files_meant`, `import_*`, `labels`, `codes_ahead`
                     and `unpacked` read, `placing`, `near`, `joining` put files of the same
                     words together,
                     `deriving`, `duplicates`, `correcting` make the codings of each transcript,
                     `fates`, `own_words`, `changes` say what came of it, `asked` keeps questions;
                     `bringing` is the way of files from a browser, `no_interview` the way out
the study's codebook `codebooks`, `codebook_tables`, `codebook_history`, `editing`, `present`,
                     `recoding`, `unknown_names`
people as coders     `renaming`, `renamed`, `same_person`, `before_joining`, `coded_parts`
withdrawal           `withdrawing`, and `holding`: files outside the database with its words
transcripts          `transcripts` lists them and changes what is known of them; `transcript_names`,
                     `names_told`, `still_named` give them another name; `audit_files` are
                     an audit's passages as text files and back
"""
