"""Does the API do what its OpenAPI description says, whatever is sent?  schemathesis tries to show that not.

Its examples are the same in every run: the edges of every parameter, made-up values, values that break the
description, and pages that are followed from one to the next.  It asks a real server.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

CONFIG = Path(__file__).with_name("schemathesis.toml")
TOOL = shutil.which("st", path=Path(sys.executable).parent)
RUN = ("--max-examples", "10", "--generation-deterministic", "--no-color", "--max-response-time", "20")


def test_schemathesis_finds_nothing(address: str, tmp_path: Path) -> None:
    assert TOOL, "schemathesis is one of the test tools of pyproject.toml"
    description = f"{address}/api/v1/openapi.json"
    done = subprocess.run(
        [TOOL, "--config-file", CONFIG, "run", description, *RUN],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    assert "No issues found" in done.stdout
