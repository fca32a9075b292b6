"""The places that name versions agree, and the workflows are well formed."""

import itertools
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.lock").read_text()
# One entry: its first line, and the continuation lines with the hashes.
ENTRIES = re.findall(r"^[^#\s](?:.*\\\n)*.*", LOCK, re.MULTILINE)
MINORS = ("3.11", "3.12", "3.13")


DIRECT = [*PROJECT["dependencies"], *itertools.chain(*PROJECT["optional-dependencies"].values())]


@pytest.mark.parametrize("direct", DIRECT)
def test_every_direct_requirement_is_locked_within_its_range(direct):
    """Exact versions live in the lock alone; the package asks for no less than what was tried."""
    wanted = Requirement(direct)
    locked = {
        entry.name: entry.specifier
        for entry in (Requirement(text.split("\\")[0]) for text in ENTRIES)
    }
    assert str(wanted.specifier).count(">=") == 1, f"{direct} has no lower bound"
    assert "==" not in str(wanted.specifier)
    [version] = locked[re.sub(r"[-_.]+", "-", wanted.name).lower()]
    assert wanted.specifier.contains(version.version)


def test_every_locked_package_has_hashes():
    """An installation must not accept a file that was not there when the lock was made."""
    assert len(ENTRIES) > len(DIRECT)
    assert [entry for entry in ENTRIES if not re.match(r"[a-z0-9-]+==\S+", entry)] == []
    assert [entry for entry in ENTRIES if "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_address():
    """The lock has to work with any package index."""
    assert "://" not in LOCK
    assert not re.search(r"^\s*(-i|--(extra-)?index-url|--find-links|-f)\b", LOCK, re.MULTILINE)


@pytest.mark.parametrize("minor", MINORS)
@pytest.mark.parametrize(
    ("platform", "machine", "package"),
    [
        ("linux", "x86_64", "tensorflow-cpu"),
        ("linux", "aarch64", "tensorflow"),
        ("darwin", "arm64", "tensorflow"),
    ],
)
def test_each_platform_gets_one_tensorflow(minor, platform, machine, package):
    """Both builds of TensorFlow own the same files; only one may be installed."""
    environment = {
        "python_version": minor,
        "python_full_version": f"{minor}.9",
        "sys_platform": platform,
        "platform_machine": machine,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    chosen = [
        entry.name
        for entry in (Requirement(text.split("\\")[0]) for text in ENTRIES)
        if entry.marker is None or entry.marker.evaluate(environment)
    ]
    assert [name for name in chosen if name in ("tensorflow", "tensorflow-cpu")] == [package]
    assert len(chosen) == len(set(chosen)), "one version of each package"


def test_conda_installs_the_lock_on_a_supported_python():
    """environment.yml must not be a second list of versions."""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, pip, packages = environment["dependencies"]
    name, version = python.split("=")
    assert (name, pip, packages) == ("python", "pip", {"pip": ["-r requirements.lock"]})
    assert SpecifierSet(PROJECT["requires-python"]).contains(f"{version}.0")


def test_the_workflows_follow_the_schema():
    """A misspelt key in a workflow would otherwise show only after a push."""
    files = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    command = [sys.executable, "-m", "check_jsonschema", *files]
    command += ["--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert files
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_test_workflow_covers_the_supported_pythons():
    """Each Python that the package admits is tested."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text())
    tested = workflow["jobs"]["tests"]["strategy"]["matrix"]["python"]
    admitted = SpecifierSet(PROJECT["requires-python"])
    candidates = [f"3.{minor}" for minor in range(30)]
    assert tested == [minor for minor in candidates if admitted.contains(f"{minor}.99")]
