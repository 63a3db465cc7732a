"""Which policy is in force: its hash decides which verdicts count."""

from __future__ import annotations

from assistant.study import Study

__all__ = ["policy_hash"]


def policy_hash(study: Study) -> str:
    """Hash of ``policy.toml`` and of ``[units]`` in ``study.toml``: what verdicts are made by.

    A change of either voids old verdicts.
    """
    from eval.verdicts.policy import load_policy, standards_hash

    return standards_hash(load_policy(study.policy_file), study.config.units)
