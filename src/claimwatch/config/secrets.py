"""Secrets: from a file or the environment, never from the settings themselves."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Scalar

MAX_SECRET_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class Vault:
    """Where secrets may lie: files relative to `base`, and the environment."""

    base: Path
    environ: Mapping[str, str]

    def take(self, fields: Fields, name: str, spoken: str, harm: str = "can use it") -> str | None:
        """Return the secret that `NAME_file` or `NAME_env` points at; None when there is none.

        `spoken` names it to people ("Slack address"), `harm` says what a reader of the file could do.
        """
        inside = fields.value(name) if fields.has(name) else None
        if inside is not None:
            if isinstance(inside, Scalar):
                fields.problems.hide(inside.text)
            fields.error(
                30, inside, name,
                f"The {spoken} stands in the file; anyone who reads it {harm}. "
                f"Move it to a file and use {name}_file.",
            )  # fmt: skip
            return None
        if fields.has(f"{name}_file") and fields.has(f"{name}_env"):
            fields.error(
                30, fields.key(f"{name}_env"), f"{name}_env",
                f"Both {name}_file and {name}_env are written. Keep one.",
            )  # fmt: skip
            return None
        path = fields.text(f"{name}_file")
        if path is not None:
            return self._from_file(fields, f"{name}_file", path)
        variable = fields.text(f"{name}_env")
        if variable is None:
            return None
        value = self.environ.get(variable, "").strip()
        if not value:
            fields.error(
                30, fields.value(f"{name}_env"), f"{name}_env",
                f"The environment has no {variable}. Set it where claimwatch is started.",
            )  # fmt: skip
            return None
        fields.problems.hide(value)
        return value

    def _from_file(self, fields: Fields, name: str, written: str) -> str | None:
        path = self.base / Path(written).expanduser()

        def refuse(message: str) -> None:
            fields.error(30, fields.value(name), name, message)

        try:
            with path.open("rb") as opened:
                mode = path.stat().st_mode
                body = opened.read(MAX_SECRET_BYTES + 1)
        except FileNotFoundError:
            looked = "" if Path(written).is_absolute() else " (looked for beside the config directory)"
            refuse(f"There is no file {written}{looked}.")
            return None
        except OSError as error:
            refuse(f"I cannot read {written}: {(error.strerror or 'unknown reason').lower()}.")
            return None
        if mode & stat.S_IROTH:
            refuse(f"Everyone on this machine can read {written}. Type:  chmod o-rwx {written}")
            return None
        try:
            value = body.decode("utf-8").strip()
        except UnicodeDecodeError:
            value = "\n"
        if not value or "\n" in value or len(body) > MAX_SECRET_BYTES:
            refuse(f"{written} must hold the secret alone, on one line.")
            return None
        fields.problems.hide(value)
        return value
