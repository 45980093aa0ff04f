"""What a feed's entry says of web pages: `full_text:` and `select:`; both need the extra "pages"."""

from __future__ import annotations

from importlib.util import find_spec

from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Node, Scalar
from claimwatch.core.model import Select

PARTS = ("item", "title", "link", "summary", "date")
_INSTALL = "Install them:\n  pip install 'claimwatch[pages]'"


def full_text(fields: Fields) -> bool:
    """Return whether the pages of the items are read too."""
    asked = fields.flag("full_text")
    if asked and find_spec("trafilatura") is None:
        fields.error(
            1,
            fields.key("full_text"),
            "full_text",
            f"full_text needs libraries that are not here. {_INSTALL}",
        )
    return asked


def read_select(fields: Fields) -> Select | None:
    """Return the selectors of a page without a feed, each checked."""
    mapping = fields.mapping("select")
    if mapping is None:
        return None
    inner = Fields(mapping, f"{fields.what}, select", PARTS, fields.problems)
    if find_spec("lxml") is None or find_spec("cssselect") is None:
        fields.error(
            1, fields.key("select"), "select", f"select needs libraries that are not here. {_INSTALL}"
        )
        return None
    parts = {part: _selector(inner, part) for part in PARTS}
    if not inner.has("item"):
        inner.missing("item", '"article.news"', spoken="select")
    item = parts.pop("item")
    return None if item is None else Select(item, **parts)


def _selector(fields: Fields, part: str) -> str | None:
    written = fields.text(part)
    if written is None:
        return None
    from cssselect import HTMLTranslator, SelectorError

    try:
        HTMLTranslator().css_to_xpath(written)
    except SelectorError as error:
        node, at = fields.value(part), _place(str(error), len(written))
        fields.error(
            4, _letter(node, at), part, f'"{written}" is not a CSS selector: it breaks off at character {at + 1}.'
            if at < len(written) else f'"{written}" is not a CSS selector: something is missing at its end.',
        )  # fmt: skip
        return None
    return written


def _place(message: str, length: int) -> int:
    """Return where cssselect stopped reading; it says so as "... at 7>"."""
    digits = message.rpartition(" at ")[2].rstrip(">")
    return min(int(digits), length) if digits.isdecimal() else 0


def _letter(node: Node, at: int) -> Node:
    """Return the place of a letter of a value that stands on one line."""
    if not isinstance(node, Scalar) or at >= node.end - node.column:
        return node
    column = node.column + at + (not node.plain)
    return Node(node.source, node.line, column, column + 1)
