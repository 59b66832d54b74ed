"""The real command, run as a user runs it: another process, its exit status and what it printed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = """\
CertCentral Services API: Domain locking on List orders
We added the domain_locking_status parameter to the response of the List orders endpoint, so that integrations
can see whether a domain is locked.

Scheduled maintenance on April 20, 2024
DigiCert will do maintenance on April 20, 2024, 22:00 - 24:00 MDT (April 21, 2024, 04:00 - 06:00 UTC).

CertCentral: Bug fix for expired orders
We fixed a bug where an expired order was still counted as active on the dashboard.
"""
FRENCH = """\
Maintenance planifiée le 6 février 2021
Une maintenance aura lieu le 6 février 2021 de 22:00 à 24:00 HNR (7 février 2021 de 05:00 à 07:00 UTC).

CertCentral : correction d’un défaut
Nous avons corrigé un défaut : l’état d’une commande expirée n’était plus mis à jour dans le tableau de bord.
"""


def relnotes(
    *arguments: str | Path,
    cwd: Path,
    stdin: bytes = b"",
    before: Callable[[], object] | None = None,
    stdout: int = subprocess.PIPE,
    **variables: str,
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in `cwd`, with `variables` set and `before` called first; any exit status will do."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "webapp.cli", *map(str, arguments)],
        cwd=cwd,
        env=environment() | variables,
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        preexec_fn=before,
        timeout=120,
        check=False,
    )


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RELNOTES", "COV"))}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line on stderr of a run that must have failed with exit status 1 and printed nothing else."""
    said = done.stderr.decode()
    assert done.returncode == 1, (done.returncode, said)
    assert said.endswith("\n")
    assert said.count("\n") == 1, said
    assert "Traceback" not in said
    assert said.startswith("relnotes: ")
    assert not done.stdout
    return said
