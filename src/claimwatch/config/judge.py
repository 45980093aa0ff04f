"""The section `judge:` -> who is asked when the embedded judge is not sure."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Mapping, Scalar
from claimwatch.config.problems import Problems
from claimwatch.config.secrets import Vault
from claimwatch.config.settings import LlmEndpoint, NliModel, SecondJudges

KEYS = ("wait", "nli", "llm")
NLI_KEYS = ("model", "temperature", "supports", "contradicts")
LLM_KEYS = ("url", "model", "key", "key_file", "key_env", "timeout", "per_hour", "at_once")
_OWN = ("localhost", "127.0.0.1", "::1")
_LIBRARIES = ("onnxruntime", "tokenizers", "huggingface_hub", "numpy")


def read_judge(node: Mapping | None, vault: Vault, problems: Problems) -> SecondJudges:
    """Return the judges of the section; without it none but the embedded one judges."""
    if node is None:
        return SecondJudges()
    fields = Fields(node, "judge", KEYS, problems)
    wait = fields.span("wait")
    if wait is not None and not 1 <= wait.total_seconds() <= 300:
        fields.error(31, fields.value("wait"), "wait", "wait takes 1s to 5m: so long an item waits.")
        wait = None
    nli, llm = fields.mapping("nli"), fields.mapping("llm")
    return SecondJudges(
        nli=_nli(nli, vault, problems) if nli is not None else None,
        llm=_llm(llm, vault, problems) if llm is not None else None,
        wait=wait or SecondJudges().wait,
    )


def _nli(node: Mapping, vault: Vault, problems: Problems) -> NliModel | None:
    from claimwatch.judges.nli.hub import DEFAULT_MODEL, EXTRA, is_hub_name, missing_in

    fields = Fields(node, "judge, nli", NLI_KEYS, problems)
    if any(find_spec(name) is None for name in _LIBRARIES):
        fields.error(1, node, "", EXTRA.replace("Type:  ", "Type:\n  "))
    model = fields.text("model") or DEFAULT_MODEL
    folder = vault.base / Path(model).expanduser()
    if folder.is_dir():
        model = str(folder)
        if lacking := missing_in(folder):
            fields.error(
                1,
                fields.value("model"),
                "model",
                f"{folder} is no NLI model: {' and '.join(lacking)} missing.",
            )
    elif not is_hub_name(model):
        fields.error(
            1, fields.value("model"), "model",
            f"There is no folder {model} beside the config directory. Name a folder, or a model of the hub:\n"
            f"  model: {DEFAULT_MODEL}",
        )  # fmt: skip
    return NliModel(
        model,
        temperature=_figure(fields, "temperature", 0.1, 10.0),
        supports=_figure(fields, "supports", 0.0, 1.0),
        contradicts=_figure(fields, "contradicts", 0.0, 1.0),
    )


def _llm(node: Mapping, vault: Vault, problems: Problems) -> LlmEndpoint | None:
    fields = Fields(node, "judge, llm", LLM_KEYS, problems)
    url = fields.text("url")
    if url is None and not fields.has("url"):
        fields.missing("url", '"http://127.0.0.1:11434/v1"', spoken="The judge llm")
    model = fields.text("model")
    if model is None and not fields.has("model"):
        fields.missing("model", "the name of the model there", spoken="The judge llm")
    key = vault.take(fields, "key", "key of the endpoint", "can spend your money")
    usable = url is None or _is_endpoint(url, fields, keyed=key is not None)
    timeout = fields.span("timeout")
    if timeout is not None and not 1 <= timeout.total_seconds() <= 300:
        fields.error(31, fields.value("timeout"), "timeout", "timeout takes 1s to 5m.")
        timeout = None
    per_hour = fields.whole("per_hour", least=1, most=100_000)
    at_once = fields.whole("at_once", least=1, most=16)
    if url is None or model is None or not usable:
        return None
    usual = LlmEndpoint(url, model)
    return LlmEndpoint(
        url,
        model,
        SecretStr(key) if key else None,
        timeout=timeout or usual.timeout,
        per_hour=per_hour or usual.per_hour,
        at_once=at_once or usual.at_once,
    )


def _is_endpoint(url: str, fields: Fields, *, keyed: bool) -> bool:
    place = fields.value("url")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host:
        fields.error(
            7, place, "url", f'"{url}" is no address. Write it up to /v1:\n  url: "http://127.0.0.1:11434/v1"'
        )
        return False
    if parts.username or parts.password or parts.query:
        if isinstance(place, Scalar):
            fields.problems.hide(place.text)
        fields.error(
            30, place, "url", "A key in the address shows in logs. Move it to a file and use key_file."
        )
        return False
    if url.rstrip("/").endswith("/chat/completions"):
        fields.error(7, place, "url", f"Leave out /chat/completions:  url: {url.rstrip('/')[:-17]}")
        return False
    if keyed and parts.scheme == "http" and host not in _OWN:
        fields.problems.warn(
            30, place, "judge, llm, url", f"The key crosses the network to {host} unencrypted."
        )
    return True


def _figure(fields: Fields, name: str, least: float, most: float) -> float | None:
    written = fields.text(name)
    if written is None:
        return None
    try:
        figure = float(written)
    except ValueError:
        figure = -1.0
    if not least <= figure <= most:  # false of "nan" too
        fields.error(31, fields.value(name), name, f"{name} takes a number from {least:g} to {most:g}.")
        return None
    return figure
