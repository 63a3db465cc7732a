"""Which policy is in force: its hash decides which verdicts count."""

from __future__ import annotations

from assistant.study import Study

__all__ = ["policy_hash"]


def policy_hash(study: Study) -> str:
    """Hash of the values of the study's ``policy.toml``; a changed policy voids old verdicts."""
    from eval.policy import load_policy

    return load_policy(study.policy_file).sha256
