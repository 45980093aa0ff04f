"""An optional judge: any multilingual NLI cross-encoder, run by onnxruntime (extra `nli`)."""

from claimwatch.judges.nli.calibration import Calibration
from claimwatch.judges.nli.judge import NliJudge

__all__ = ["Calibration", "NliJudge"]
