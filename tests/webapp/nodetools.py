"""Which tools of other ecosystems are there?  Java, Node.js and npm packages; tests without them are skipped.

npm install --no-save axe-core@4 ical.js@2 jsonfeed-schema@0.5 vnu-jar@26
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

MODULES = Path(__file__).resolve().parents[2] / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"
ICAL = MODULES / "ical.js" / "dist" / "ical.es5.cjs"
JSON_FEED = MODULES / "jsonfeed-schema" / "schema-v1.1.json"
VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
JAVA, NODE = shutil.which("java"), shutil.which("node")


def needs(file: Path, program: str | None = "", name: str = "") -> pytest.MarkDecorator:
    """Skips where a file of npm's is missing, or the program that runs it."""
    if program is None:
        return pytest.mark.skip(reason=f"{name} is not installed")
    package = file.relative_to(MODULES).parts[0]
    return pytest.mark.skipif(
        not file.is_file(), reason=f"{package} is not installed (npm install {package})"
    )


needs_vnu = needs(VNU, JAVA, "java")
needs_ical = needs(ICAL, NODE, "node")
needs_json_feed = needs(JSON_FEED)


def vnu(files: Iterable[Path], *options: str) -> list[dict[str, Any]]:
    """What the W3C's checker has to say of the files, warnings and notes too."""
    command = [str(JAVA), "-jar", str(VNU), "--format", "json", "--stdout", *options, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    found: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return found


READ_CALENDAR = """
const ICAL = require(process.argv[1]);
const calendar = new ICAL.Component(ICAL.parse(require("fs").readFileSync(0, "utf8")));
const events = calendar.getAllSubcomponents("vevent").map(one => new ICAL.Event(one)).map(event => ({
  uid: event.uid, summary: event.summary, description: event.description, sequence: event.sequence,
  start: event.startDate.toJSDate().toISOString(), end: event.endDate.toJSDate().toISOString(),
  status: event.component.getFirstPropertyValue("status"), url: event.component.getFirstPropertyValue("url"),
  categories: event.component.getFirstProperty("categories").getValues(),
}));
const [name, refresh] = ["name", "refresh-interval"].map(key => calendar.getFirstPropertyValue(key));
console.log(JSON.stringify({name, refresh: refresh.toSeconds(), events}));
"""


def read_calendar(data: bytes) -> dict[str, Any]:
    """A calendar as ical.js, which many calendar programs are built on, understands it."""
    done = subprocess.run(
        [str(NODE), "-e", READ_CALENDAR, str(ICAL)], input=data, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found
