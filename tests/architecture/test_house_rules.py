"""The house measures, kept by tests: what every committed file must hold to.

import-linter keeps who may import whom (pyproject.toml); this file keeps the rest: sizes, docs,
locks, and that nothing of this or that machine's package registry slips into the repository.
"""

from __future__ import annotations

import ast
import functools
import itertools
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared_schema.sync.lan_address import SERVICE

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements/lock.txt", "requirements/mobile.txt")

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
# Written by a generator's author, kept as it came.
AS_IT_CAME = "benchmarks/citydocs.py"

# Put together from halves, so that this file does not name what it forbids.
_REGISTRIES = "|".join(
    first + second
    for first, second in [
        ("py", "pi"),
        ("python", "hosted"),
        ("npm", "js"),
        ("yarn", "pkg"),
        ("ana", "conda"),
        ("deb", "ian"),
        ("ubu", "ntu"),
    ]
)
REGISTRY_HOST = re.compile(
    rf"(?<![\w@])(?:[a-z0-9-]+\.)*(?:{_REGISTRIES})\.(?:flet\.dev|(?:org|com|net|io|dev)\b)", re.I
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@functools.cache
def committed() -> tuple[str, ...]:
    """Every file git knows and the work tree has, relative to the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return tuple(name for name in listing.split("\0") if name and (ROOT / name).is_file())


def source_files() -> list[str]:
    return [
        name
        for name in committed()
        if name.endswith(".py") and not name.startswith("tests/") and name != AS_IT_CAME
    ]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads(read(name))


def package(requirement: str) -> str:
    """`Uvicorn[standard]>=1` and `uvicorn==1` are both about `uvicorn`."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, f"not a requirement: {requirement!r}"
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Package -> (version, number of hashes), from a lock."""
    entries: dict[str, tuple[str, int]] = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", read(name)):
        head = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", block)
        assert head, f"{name}: not a pinned requirement: {block.splitlines()[0]!r}"
        entries[package(head[1])] = (head[2], len(re.findall(r"--hash=sha256:[0-9a-f]{64}", block)))
    return entries


def report(rule: str, violations: list[str]) -> None:
    assert not violations, "\n  ".join([rule, *violations])


# -------------------------------------------------------------------------------------- registries


def test_no_committed_file_names_a_package_registry() -> None:
    """Where packages come from is the machine's business; a fork elsewhere has other addresses."""
    violations = []
    for name in committed():
        try:
            text = read(name)
        except UnicodeDecodeError:  # not a text
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if found := REGISTRY_HOST.search(line):
                violations.append(f"{name}:{number}: {found[0]}")
    report("A committed file names a package registry's host; take the address out:", violations)


@pytest.mark.parametrize(
    ("text", "is_host"),
    [
        ("https://files.python" + "hosted.org/x", True),
        ("index = py" + "pi.org/simple", True),
        ("py" + "pi.flet.dev", True),
        ("registry.npm" + "js.org", True),
        ("packages/py" + "pi.tsv", False),
        ("python.org", False),
    ],
)
def test_the_registry_rule_can_fail(text: str, is_host: bool) -> None:
    assert bool(REGISTRY_HOST.search(text)) is is_host


# ------------------------------------------------------------------------------------------- locks


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_a_hash_for_each_package_and_no_address(lock: str) -> None:
    bare = [name for name, (_, hashes) in locked(lock).items() if not hashes]
    report(f"{lock}: packages without a hash (run `make lock`):", bare)
    addresses = [line for line in read(lock).splitlines() if "://" in line or line[:2] == "--"]
    report(f"{lock}: an address or an index option (run `make lock`):", addresses)


def test_lock_holds_every_dependency_at_its_pin() -> None:
    project = toml("pyproject.toml")["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *itertools.chain.from_iterable(extras)]
    lock = locked("requirements/lock.txt")
    stale = []
    for requirement in wanted:
        version, _ = lock.get(package(requirement), ("nothing", 0))
        pin = re.search(r"==([^\s;,]+)", requirement)
        if version == "nothing" or (pin and pin[1] != version):
            stale.append(f"{requirement}: the lock has {version}")
    report("requirements/lock.txt does not match pyproject.toml (run `make lock`):", stale)


def test_phone_versions_are_the_same_wherever_they_are_written() -> None:
    lock = locked("requirements/mobile.txt")
    differing = [
        f"{name}: flet.toml {pin}, requirements/mobile.txt {lock.get(package(name), ('none',))[0]}"
        for name, pin in toml("flet.toml")["build"]["pins"].items()
        if lock.get(package(name), ("none",))[0] != pin
    ]
    report("flet.toml and requirements/mobile.txt disagree on what a phone runs:", differing)


def test_phone_lock_holds_everything_the_app_ships() -> None:
    shipped = {package(line) for line in toml("pyproject.toml")["project"]["dependencies"]}
    absent = sorted(shipped - locked("requirements/mobile.txt").keys())
    report("The app ships packages that requirements/mobile.in lacks:", absent)


# ----------------------------------------------------------------------------------------- the app


def test_the_app_ships_no_server_package() -> None:
    """Each megabyte is paid for on a bad link, and the phone has no build of most of these."""
    project = toml("pyproject.toml")["project"]
    app = {package(line) for line in project["dependencies"]}
    elsewhere = {
        package(line)
        for extra in ("server", "cli", "dev")
        for line in project["optional-dependencies"][extra]
    }
    transitive = {"starlette", "uvloop", "httptools", "flet-cli", "flet-desktop", "psycopg-binary"}
    report("[project.dependencies] ships to phones; move:", sorted(app & (elsewhere | transitive)))
    pulled_in = sorted(locked("requirements/mobile.txt").keys() & transitive)
    report("A dependency of the app pulls in a server package:", pulled_in)


FLET_TOML_KEYS = {
    "app": {"name": str, "bundle_id": str, "version": str, "build_number": int},
    "colours": {"seed": str, "alert": str},
    "languages": {"default": str, "available": list},
    "servers": {"addresses": list},
    "city": {"card": str, "time_zone": str},
    "build": {"platforms": list, "python": str, "pins": dict, "android": dict, "ios": dict},
}


def test_a_phone_is_asked_for_what_neighbours_need() -> None:
    """Without these, finding neighbours fails on phones, and nothing says why."""
    asked = toml("flet.toml")["build"]
    wanted = {
        f"android.permission.{name}"
        for name in (
            "INTERNET", "ACCESS_WIFI_STATE", "CHANGE_WIFI_MULTICAST_STATE", "NEARBY_WIFI_DEVICES",
            "ACCESS_LOCAL_NETWORK",
        )
    }  # fmt: skip
    lacking = wanted - {name for name, on in asked["android"]["permission"].items() if on is True}
    report("flet.toml asks Android for too little:", sorted(lacking))
    assert asked["ios"]["info"]["NSBonjourServices"] == [SERVICE.removesuffix(".local.")]
    assert asked["ios"]["info"]["NSLocalNetworkUsageDescription"]


def test_a_phone_is_asked_for_a_camera_and_for_no_microphone() -> None:
    build = toml("flet.toml")["build"]
    android, ios = build["android"]["permission"], build["ios"]["info"]
    assert android["android.permission.CAMERA"] is True
    assert ios["NSCameraUsageDescription"].strip(), "iOS ends an app that does not say why"
    assert not [each for each in (*android, *ios) if "AUDIO" in each or "Microphone" in each]


def test_flet_toml_has_what_the_app_needs() -> None:
    city = toml("flet.toml")
    wrong = [
        f"[{table}] {key}: needs a {kind.__name__}"
        for table, keys in FLET_TOML_KEYS.items()
        for key, kind in keys.items()
        if not isinstance(city.get(table, {}).get(key), kind)
    ]
    report("flet.toml lacks a value, or has one of another type:", wrong)

    app, languages = city["app"], city["languages"]
    assert re.fullmatch(r"[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)+", app["bundle_id"]), app["bundle_id"]
    assert len(app["name"]) <= 30, f"the name is too long for a home screen: {app['name']}"
    bad = [f"{name} = {value}" for name, value in city["colours"].items() if not is_colour(value)]
    report("flet.toml: colours are written #RRGGBB:", bad)
    assert languages["default"] in languages["available"], "the default language is not available"
    plain = [url for url in city["servers"]["addresses"] if not url.startswith("https://")]
    report("flet.toml: server addresses start with https://", plain)


def is_colour(value: str) -> bool:
    return re.fullmatch(r"#[0-9A-Fa-f]{6}", value) is not None


# ----------------------------------------------------------------------------------------- sources


def test_files_are_short() -> None:
    long = [
        f"{name}: {lines} lines"
        for name in source_files()
        if (lines := len(read(name).splitlines())) > FILE_LINES_MAX
    ]
    report(f"Over {FILE_LINES_MAX} lines: a sign that a file holds two things:", long)


def functions(name: str) -> Iterator[Function]:
    for node in ast.walk(ast.parse(read(name), name)):
        if isinstance(node, Function):
            yield node


def test_functions_are_short() -> None:
    long = [
        f"{name}:{node.lineno}: {node.name} has {lines} lines"
        for name in source_files()
        for node in functions(name)
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]
    report(f"Over {FUNCTION_LINES_MAX} lines: split by what each part is for:", long)


def test_every_shared_module_says_what_it_is() -> None:
    """shared_schema is the specification: its module headers are what an implementer reads."""
    silent = [
        name
        for name in source_files()
        if name.startswith("shared_schema/") and not ast.get_docstring(ast.parse(read(name), name))
    ]
    report("Modules of shared_schema without a docstring at the top:", silent)


CLOCK_READS = {"now", "utcnow", "today"}


def test_shared_schema_reads_no_clock() -> None:
    """Time is drawn once, by the caller, at save; import-linter forbids the `time` module."""
    reads = [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name in source_files()
        if name.startswith("shared_schema/")
        for node in ast.walk(ast.parse(read(name), name))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCK_READS
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and ast.unparse(node.func.value).split(".")[-1] in {"datetime", "date"}
    ]
    report("shared_schema is given the time, it does not read it:", reads)


def test_what_is_entered_is_taken_with_the_client_s_first_message() -> None:
    """A view that reads a control when it "has changed" reads too late: client/views/entered.py."""
    late = [
        f"{name}:{number}: {line.strip()}"
        for name in source_files()
        if name.startswith("client/views/")
        for number, line in enumerate(read(name).splitlines(), 1)
        if re.search(r"\be\.control\b|\.current\.value\b", line)
    ]
    report("give what takes a key, a choice or a room as `data`:", late)
