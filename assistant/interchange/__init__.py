"""What comes into a study and what leaves it, and what the user may set right of what came.

imports         files become transcripts with several coders; begin with `imports.importing`
projects        what every reader of another tool's project ends in, and how it is taken in
readers, refi   other tools' formats
study_codebook  the study's codebook: its versions, what they make people look at again
names           of coders and transcripts, set right
withdrawal      a participant's withdrawal, with the files outside the database
export, sharing, trail
                what leaves: for other tools, for a colleague, as the record of what happened

Beside them stand what users state of transcripts (`transcripts`) and of what each coder really
coded (`coded_parts`), and an audit's passages as text files and back (`audit_files`).
"""
