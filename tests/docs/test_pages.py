"""Pages name files, headings and commands that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from misto.cli.app import build

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])


def test_there_are_pages() -> None:
    assert len(PAGES) > 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_exist(page: Path) -> None:
    named = r"`((?:client|sync_server|shared_schema|misto|benchmarks|tests|docs|tools)/[\w./-]+)`"
    for path in re.findall(named, page.read_text(encoding="utf-8")):
        assert (ROOT / path).exists(), f"{page.name} names {path}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_into_a_page_find_their_heading(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", text):
        aim = page.parent / target if target else page
        assert anchor in anchors(aim), f"{page.name} links to {target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """The headings of a page, as a link names them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands() -> list[list[str]]:
    """The `misto` commands that the README shows."""
    lines = re.findall(r"^\$ misto (.+?)(?: &)?$", README, re.M)
    lines += re.findall(r"`misto ((?:doctor|bench|simulate) ?[^`]*)`", README)
    return [shlex.split(line) for line in lines]


def test_the_readme_shows_the_command_line() -> None:
    assert len(commands()) > 8


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_commands_that_the_readme_shows_are_commands(words: list[str]) -> None:
    command: Any = typer.main.get_command(build())
    left = list(words)
    while hasattr(command, "commands") and left:
        command = command.commands[left.pop(0)]
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in left if word.startswith("--")} <= options


def test_make_targets_that_the_readme_shows_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([a-z-]+)\b", README.split("## The story")[0]):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_every_room_of_the_code_is_on_the_plan() -> None:
    plan = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = ("client", "sync_server", "shared_schema", "misto")
    rooms = {
        f"{package}/{folder.parent.name}"
        for package in packages
        for folder in (ROOT / package).glob("*/__init__.py")
    }
    assert len(rooms) > 10
    assert rooms <= set(re.findall(r"^\| `([\w/]+)` \|", plan, re.M))


def glossary() -> list[list[str]]:
    """Word, meaning, and what people see, of each line of the glossary."""
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (.+?) \| (.+?) \| ?(.*?) ?\|$", page, re.M)
    return [list(line) for line in lines if line[0] not in ("word", "---")]


def test_the_glossary_says_each_word_once() -> None:
    words = [word for line in glossary() for word in line[0].split(", ")]
    assert len(words) > 40
    assert sorted(words) == sorted(set(words))


def test_people_see_the_words_that_the_glossary_says_they_see() -> None:
    shown = (ROOT / "client" / "i18n" / "uk.json").read_text(encoding="utf-8").lower()
    told = [word for line in glossary() for word in re.split(r" / |, ", line[2]) if word]
    assert len(told) > 10
    assert [word for word in told if word.lower() not in shown] == []


def test_every_decision_is_on_the_list_and_has_its_parts() -> None:
    folder = ROOT / "docs" / "adr"
    listed = re.findall(r"^- \[(.+)\]\((.+)\)$", (folder / "README.md").read_text("utf-8"), re.M)
    assert sorted(name for _, name in listed) == sorted(
        path.name for path in folder.glob("[0-9]*.md")
    )
    for title, name in listed:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.startswith(f"# {title}\n")
        assert re.findall(r"^## (.+)$", text, re.M) == [
            "Context", "Decision", "Consequences", "Alternatives",
        ]  # fmt: skip
