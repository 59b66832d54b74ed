"""What holds for all tests: property tests know no time limit, for a busy machine is no defect."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("relnotes", deadline=None)
settings.load_profile("relnotes")
