"""An optional judge: a language model behind any OpenAI-compatible endpoint."""

from claimwatch.judges.llm.judge import LlmJudge

__all__ = ["LlmJudge"]
