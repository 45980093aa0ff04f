"""Where an NLI model lies: a folder of this machine, or a name on the Hugging Face hub, fetched once."""

from __future__ import annotations

import os
import re
from pathlib import Path

import structlog

from claimwatch.errors import JudgeError

log = structlog.get_logger("claimwatch.judge")

EXTRA = 'The judge nli needs libraries that are not installed. Type:  pip install "claimwatch[nli]"'
DEFAULT_MODEL = "MoritzLaurer/mDeBERTa-v3-base-xnli-multilingual-nli-2mil7"
CONFIG, TOKENIZER = "config.json", "tokenizer.json"
# In full precision first: dynamic quantisation costs multilingual encoders much of their accuracy.
NETWORKS = (
    "model.onnx", "onnx/model.onnx", "onnx/model_fp16.onnx", "onnx/model_quantized.onnx", "model_quantized.onnx",
)  # fmt: skip
_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")


def is_hub_name(model: str) -> bool:
    """Say whether a model is named as the hub names them: OWNER/NAME."""
    return _HUB_NAME.fullmatch(model) is not None


def network_in(folder: Path) -> Path | None:
    """Return the ONNX file to run, None when a folder has none."""
    return next((folder / name for name in NETWORKS if (folder / name).is_file()), None)


def missing_in(folder: Path) -> list[str]:
    """Return the files a folder lacks to be a model; [] when it is one."""
    lacking = [name for name in (CONFIG, TOKENIZER) if not (folder / name).is_file()]
    return lacking if network_in(folder) else [*lacking, NETWORKS[0]]


def fetch(model: str, *, endpoint: str | None = None, cache: Path | None = None) -> Path:
    """Return the folder of a model of the hub, fetching what is not there yet; needs no network after that.

    On a terminal a bar shows how far it is. Raises: JudgeError, with what to do instead.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        from huggingface_hub import HfApi, hf_hub_download, snapshot_download
    except ImportError as error:
        raise JudgeError(EXTRA) from error
    try:
        folder = Path(snapshot_download(model, local_files_only=True, cache_dir=cache))
    except OSError:  # of which the library's "not here yet" is one
        folder = None
    if folder is not None and not missing_in(folder):
        return folder
    log.info("fetching a model, once", model=model)
    try:
        listed = {
            each.rfilename for each in HfApi(endpoint=endpoint).model_info(model, timeout=20).siblings or ()
        }
        network = next((name for name in NETWORKS if name in listed), None)
        if network is not None and TOKENIZER in listed:
            for name in (CONFIG, TOKENIZER, network, f"{network}_data", f"{network}.data"):
                if name in listed:
                    hf_hub_download(model, name, cache_dir=cache, endpoint=endpoint)
            return Path(snapshot_download(model, local_files_only=True, cache_dir=cache))
    except Exception as error:  # its own, its HTTP library's and the system's
        raise JudgeError(
            f"I cannot fetch the model {model} from the hub ({_brief(error)}). Fetch it where there is a network, "
            "copy its folder here, and write in claimwatch.yaml:  judge: {nli: {model: /the/folder}}"
        ) from error
    raise JudgeError(
        f"{model} on the hub has no {TOKENIZER if network else 'ONNX file'}; claimwatch runs models that have "
        f"{CONFIG}, {TOKENIZER} and one of: {', '.join(NETWORKS)}."
    )


def _brief(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:120]}" if lines else type(error).__name__
