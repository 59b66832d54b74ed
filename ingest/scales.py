"""How much do cues speak for something?  Linear models, learned from labelled texts.

`names.json` holds a weight for each cue that speaks for or against a name;
`python tests/ingest/learn_names.py` learns them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from importlib.resources import files
from math import exp

import msgspec

MOST = 5_000  # hundredths: beyond it all is the same


class Scale(msgspec.Struct, frozen=True, dict=True):
    """Weights of cues, in hundredths of a natural logarithm of odds; `bias` is what no cue tells."""

    bias: int
    weights: dict[str, int]

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.weights)

    def chance(self, cues: Iterable[str]) -> float:
        """How likely it is, 0 to 1, that what gives these cues, each of which counts once, is so."""
        return 1 / (1 + exp(-max(-MOST, min(MOST, self.odds(cues))) / 100))

    def odds(self, cues: Iterable[str]) -> int:
        """The same in hundredths of the logarithm of odds."""
        return self.bias + sum(map(self.weights.__getitem__, self._known.intersection(cues)))


class Scales(msgspec.Struct, frozen=True):
    """What is weighed: whether a word is a parameter's name, whether the name of a call begins at a word, and
    whether it goes on to one."""

    parameter: Scale
    call: Scale
    call_goes_on: Scale


@cache
def scales() -> Scales:
    return msgspec.json.decode((files("ingest") / "names.json").read_bytes(), type=Scales)
