"""YAML is read strictly: as written, with its place, whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimwatch.config.nodes import Mapping, Node, Scalar, Sequence, Source
from claimwatch.config.problems import Problems
from claimwatch.config.yaml_reader import MAX_DEPTH, read_yaml


def read(text: str | bytes) -> tuple[Node | None, Problems]:
    problems = Problems()
    body = text if isinstance(text, bytes) else text.encode()
    return read_yaml(body, Source("a.yaml"), problems), problems


def value(text: str) -> str:
    root, problems = read(text)
    assert not problems.failed
    assert isinstance(root, Mapping)
    found = root.entries[0][1]
    assert isinstance(found, Scalar)
    return found.text


@pytest.mark.parametrize(
    "written", ["no", "off", "010", "0o7", "22:30", "2025-07-03", "1e3", "0x1F", "=", "1_000"]
)
def test_what_old_yaml_turns_into_something_else_stays_as_written(written: str) -> None:
    assert value(f"language: {written}\n") == written


def test_places_count_letters_not_bytes_also_behind_wide_ones() -> None:
    root, _ = read("name: {북한: [조선, 'x y']}\n")
    assert isinstance(root, Mapping)
    inner = root.entries[0][1]
    assert isinstance(inner, Mapping)
    names = inner.entries[0][1]
    assert isinstance(names, Sequence)
    second = names.items[1]
    assert (second.line, second.column, second.end) == (1, 17, 22)


def test_a_block_of_text_is_one_text() -> None:
    assert value("text: >\n  Up to 30,000 more\n  may be sent.\n") == "Up to 30,000 more may be sent.\n"


def test_an_empty_file_is_nothing_and_no_error() -> None:
    for text in ("", "# only a comment\n", "---\n"):
        root, problems = read(text)
        assert root is None or (isinstance(root, Scalar) and root.empty)
        assert not problems.failed


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    root, _ = read("\ufefftimezone: UTC\n")
    assert isinstance(root, Mapping)
    assert root.entries[0][0].text == "timezone"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"timezone: \xff\n", "not UTF-8"),
        (b"timezone: a\x00b\n", "U+0000"),
        (b"timezone: a\x1b[31mb\n", "U+001B"),
        (b"a: &a [x]\nb: *a\n", "names a place"),
        (b"? [a, b]\n: c\n", "one word"),
        (b"a: !!set {b}\n", "tag"),
        (b"a: %x\n", "%"),
        (b"a: [b\n", "never closed"),
        (b"a: |3\n b\n", "a.yaml"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_place(body: bytes, said: str) -> None:
    root, problems = read(body)
    assert root is None
    (problem,) = problems.all()
    assert said in problem.render()
    assert problem.severity == "error"
    assert problems.incomplete


def test_depth_is_bounded() -> None:
    for opened in ("[", "{a: "):
        root, problems = read("a: " + opened * 100_000)
        assert root is None
        (problem,) = problems.all()
        assert f"{MAX_DEPTH} deep" in problem.message


def test_a_file_of_aliases_does_not_multiply() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    root, problems = read("\n".join(lines))
    assert root is None
    assert problems.failed


def test_size_is_bounded() -> None:
    root, problems = read(b"a: b\n" * (32 * 1024 * 1024 // 5 + 2))
    assert root is None
    assert "larger than 32 MB" in problems.all()[0].message


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:#-[]{}>|&*!%@`'\"\\,? \n\t~0"), max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    root, problems = read(text)
    for problem in problems.all():
        assert problem.message
        assert problem.render()
    if problems.failed:
        assert root is None
