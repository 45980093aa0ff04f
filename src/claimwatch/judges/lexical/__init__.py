"""The embedded judge: what a text says of a claim, by named rules, in many languages."""

from claimwatch.judges.lexical.claimed import describe_frame
from claimwatch.judges.lexical.judge import NAME, LexicalJudge, judge
from claimwatch.judges.lexical.known_names import KnownNames

__all__ = ["NAME", "KnownNames", "LexicalJudge", "describe_frame", "judge"]
