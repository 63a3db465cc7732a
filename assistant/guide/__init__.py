"""What needs several parts that may not know each other, for the command line and pages alike.

a study      `overview`, `next_steps` and `steps` (what to do next), `unimported`, `settings_file`,
             `policy_file`, `whose`, `words`, `demo`
its codes    `measured`, `code_pages`, `lacking`, `incoming` (a codebook that comes as a file),
             `drafts` and `saving` (of a codebook or prompt), `shown`
its runs     `comparing`, `disagreeing`, `similar`, `bulk`, `exporting`
audits       `audits`, `audit_by_file`
two studies  `conflict_words`, `settling`
files        `outside`: those with participants' words that were written to a user's own place
"""
