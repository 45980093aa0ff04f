"""The section `channel:` -> named receivers, checked by the settings model of their channel."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, SecretStr, ValidationError

from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Mapping as MappingNode
from claimwatch.config.nodes import Node, Scalar, Sequence
from claimwatch.config.problems import Problems, did_you_mean
from claimwatch.config.secrets import Vault
from claimwatch.config.settings import Receiver
from claimwatch.config.topics import good_id

_BOOLS = {"true": True, "false": False}


def channel_models() -> Mapping[str, type[BaseModel]]:
    """Return the settings model of every channel type (imported late: channels are dear to import)."""
    from claimwatch.channels.registry import SETTINGS

    return SETTINGS


def read_receivers(
    entries: Iterable[tuple[Scalar, Node]], vault: Vault, problems: Problems, places: dict[str, Node]
) -> dict[str, Receiver]:
    """Return the receivers that can be used, by name; `places` is filled with where they stand."""
    receivers: dict[str, Receiver] = {}
    for key, node in entries:
        places[f"channel {key.text}"] = key
        if not good_id(key, "channel", problems):
            continue
        receiver = _read_receiver(key, node, vault, problems)
        if receiver is not None:
            receivers[key.text] = receiver
    return receivers


def read_operators(
    written: tuple[Scalar, Node] | None, channels: Collection[str], problems: Problems
) -> tuple[str, ...]:
    """Return the receivers that are told when claimwatch itself has trouble."""
    if written is None:
        return ()
    key, _ = written
    fields = Fields(
        MappingNode(key.source, key.line, key.column, key.end, [written]), "", ("operator",), problems
    )
    found = []
    for name, place in fields.placed_texts("operator"):
        if name in channels:
            found.append(name)
        elif not problems.incomplete:
            fields.error(
                13, place, "operator", f'There is no channel "{name}".{did_you_mean(name, channels)}'
            )
    return tuple(dict.fromkeys(found))


def _read_receiver(key: Scalar, node: Node, vault: Vault, problems: Problems) -> Receiver | None:
    what = f"channel {key.text}"
    models = channel_models()
    if not isinstance(node, MappingNode):
        problems.error(5, key, what, f"Channel {key.text} has no type. Add:  type: email")
        return None
    written = node.get("type")
    kind = written.text.strip() if isinstance(written, Scalar) else ""
    if kind not in models:
        if not kind:
            problems.error(5, key, what, f"Channel {key.text} has no type. Add:  type: email")
        elif written is not None:
            hint = did_you_mean(kind, models) or f" One of: {', '.join(models)}."
            problems.error(25, written, f"{what}, type", f'There is no channel type "{kind}".{hint}')
        _hide_all(node, problems)
        return None
    model = models[kind]
    secret = {
        _written_name(name, info) for name, info in model.model_fields.items() if is_secret(info.annotation)
    }
    plain = {_written_name(name, info): info for name, info in model.model_fields.items()}
    known = ["type", *(name for name in plain if name not in secret)]
    known += [f"{name}_{where}" for name in secret for where in ("file", "env")]
    # A secret written in the file is known, so that it is refused in better words than "no such setting".
    fields = Fields(node, what, [*known, *sorted(secret)], problems)
    failed = len(problems.all()) if problems.failed else 0
    values: dict[str, Any] = {}
    for name, info in plain.items():
        if name in secret and name == "url" and fields.has("url") and _is_private(node):
            # an address that only one's own machine or network reaches is no secret
            values[name] = fields.text("url")
        elif name in secret:
            taken = vault.take(fields, name, _spoken(kind, name), "can post")
            if taken is not None:
                values[name] = taken
            elif (
                not any(fields.has(each) for each in (name, f"{name}_file", f"{name}_env"))
                and info.is_required()
            ):
                fields.missing(f"{name}_file", f"secrets/{key.text}")
        elif name != "type" and fields.has(name):
            value = _plain_value(fields, name)
            if _is_path(info.annotation) and isinstance(value, str):
                value = str(vault.base / Path(value).expanduser())
            values[name] = [value] if _is_list(info.annotation) and not isinstance(value, list) else value
    if problems.failed and len(problems.all()) != failed:
        return None
    try:
        return Receiver(kind, model.model_validate(values))
    except ValidationError as error:
        _tell(error, fields)
        return None


def _is_private(node: MappingNode) -> bool:
    private = node.get("private")
    return isinstance(private, Scalar) and private.text == "true"


def _written_name(name: str, info: Any) -> str:
    return info.alias if isinstance(info.alias, str) else name


def is_secret(annotation: Any) -> bool:
    """Say whether a field's type holds a secret."""
    return annotation is SecretStr or any(is_secret(each) for each in get_args(annotation))


def _is_list(annotation: Any) -> bool:
    origin = get_origin(annotation)
    return origin in (list, tuple, set, frozenset) or any(_is_list(each) for each in get_args(annotation))


def _is_path(annotation: Any) -> bool:
    return annotation is Path or Path in get_args(annotation)


def _spoken(kind: str, name: str) -> str:
    return f"{kind.capitalize()} {'address' if name in ('url', 'address') else name.replace('_', ' ')}"


def _hide_all(node: MappingNode, problems: Problems) -> None:
    # Of which type it is is not known, hence neither which of its settings is a secret.
    for name, value in node.entries:
        if name.text not in ("type", "to") and isinstance(value, Scalar):
            problems.hide(value.text)


def _plain_value(fields: Fields, name: str) -> Any:
    """Return a setting as text, true or false, list or mapping; what is empty or lost is told."""
    key, node = fields.values[name]
    return _python(fields, name, key, node)


def _python(fields: Fields, name: str, key: Node, node: Node) -> Any:
    if isinstance(node, Sequence):
        return [_python(fields, name, item, item) for item in node.items]
    if isinstance(node, MappingNode):
        return {inner.text: _python(fields, name, inner, value) for inner, value in node.entries}
    scalar = fields.as_scalar(node, key, name, "a value")
    if scalar is None:
        return None
    return _BOOLS.get(scalar.text, scalar.text) if scalar.plain else scalar.text


def _tell(error: ValidationError, fields: Fields) -> None:
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        name = str(each["loc"][0]) if each["loc"] else ""
        message = each["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
        message = message[:1].upper() + message[1:]
        if each["type"] == "missing":
            fields.missing(name, "[desk@example.org]" if name == "to" else "...")
        elif name and fields.has(name):
            fields.error(1, fields.value(name), name, f"{message}{'' if message.endswith('.') else '.'}")
        else:
            fields.error(1, fields.node, name, f"{message}{'' if message.endswith('.') else '.'}")
