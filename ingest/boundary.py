"""Where does an entry begin?  Cues for and against are weighed, for titles and for texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from ingest.context import Context
from ingest.cues import CueRule, Weighed
from ingest.model import Cue
from ingest.roles import Role
from ingest.text_cues import TEXT_CUES
from ingest.title_cues import HEADING_CUES

THRESHOLD = 3.0
FEWEST_WORDS = 16  # of a row that is a text, its hours among them
_Asked = tuple[tuple[tuple[int, CueRule, float], ...], float]


class Scales:
    """A table of cues for one document, those chosen that can speak of a part with given words."""

    def __init__(self, context: Context, table: Sequence[Weighed]) -> None:
        self.context, self.table = context, table
        self.needs = [context.bits(cue.words) for cue in table]
        self.telling = reduce(or_, self.needs, 0)
        self.here = [n for n, cue in enumerate(table) if cue.page is None or cue.page(context)]
        self.asked: dict[tuple[int, Role], _Asked] = {}

    def weigh(self, at: int) -> tuple[Cue, ...]:
        """The cues that speak where the part at `at` stands; none where they do not add up to THRESHOLD.

        It stops as soon as what is left to ask cannot tip the scales.
        """
        context, part = self.context, self.context.parts[at]
        cues, most = self._asked(part.words & self.telling, context.parts[at - 1].role)
        spoken = []
        for number, check, weight in cues:  # `most` is what all can add up to that have not been silent
            if check(context, at):
                spoken.append(number)
                most += weight if weight < 0 else 0.0
            elif weight > 0:
                most -= weight
            if most < THRESHOLD:
                return ()
        told = [self.table[number] for number in sorted(spoken)]
        return tuple([Cue("boundary", cue.name, cue.weight, part.block.span) for cue in told])

    def _asked(self, words: int, above: Role) -> _Asked:
        """The cues to ask of a part with these words below a part of this role, the dear ones last, and the
        most they can add up to."""
        if (words, above) not in self.asked:
            table = self.table
            able = [n for n in self.here if not table[n].words or self.needs[n] & words]
            able = [n for n in able if (roles := table[n].above) is None or above in roles]
            able.sort(key=lambda n: (table[n].dear, table[n].weight > 0, -abs(table[n].weight)))
            cues = tuple((n, table[n].check, table[n].weight) for n in able)
            self.asked[words, above] = cues, sum(max(0.0, table[n].weight) for n in able)
        return self.asked[words, above]


class Boundaries:
    """Weighs whether entries begin at the parts of one document."""

    def __init__(self, context: Context) -> None:
        self.context, self.parts = context, context.parts
        self.headings, self.texts = Scales(context, HEADING_CUES), Scales(context, TEXT_CUES)

    def weigh(self, at: int) -> tuple[Cue, ...]:
        """The cues by which an entry begins at a part; none where it does not."""
        role = self.parts[at].role
        if role in (Role.HEADING, Role.GROUP, Role.LABEL) or self.context.asks_as_title(at):
            return self.headings.weigh(at)
        return self.texts.weigh(at) if role is Role.TEXT or self._is_sentence(at) else ()

    def _is_sentence(self, at: int) -> bool:
        """Whether a row of hours goes on as a text does: "June 4, 22:00 – 23:00 MDT: we replace …"."""
        part = self.parts[at]
        if part.role is not Role.DATED_ROW or not part.text.rstrip().endswith("."):
            return False
        return self.context.count(at) >= FEWEST_WORDS
