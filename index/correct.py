"""What to try when nothing was found?  The same query with nearly the same words, or with some of them."""

from __future__ import annotations

import re
from itertools import islice

from index.querylang import And, Node, Not, Or, Phrase, Word, words_of
from index.schema import TEXT
from index.view import View
from index.words import WORD

MAX_SUGGESTIONS = 3


def corrections(text: str, root: Node | None, view: View) -> tuple[str, ...]:
    """The query with each unknown word replaced by a known one that is spelt nearly so, best first."""
    said = [part for node in words_of(root) for part in WORD.findall(node.text)]
    near = {word: view.speller.near(word) for word in dict.fromkeys(said) if not known(word, view)}
    near = {word: found for word, found in near.items() if found}
    if not near:
        return ()
    most = max(map(len, near.values()))
    choices = (
        {word: found[min(rank, len(found) - 1)] for word, found in near.items()} for rank in range(most)
    )
    made = (_replaced(text, choice) for choice in choices)
    return tuple(islice(dict.fromkeys(made), MAX_SUGGESTIONS))


def known(word: str, view: View) -> bool:
    """Whether some entry holds the word in any inflection; common words count as known."""
    found = view.planner.terms(word)
    return not found or any(view.postings.frequency(TEXT, term) for term in found)


def _replaced(text: str, choice: dict[str, str]) -> str:
    pattern = "|".join(map(re.escape, choice))
    return re.sub(rf"(?<![^\W_])({pattern})(?![^\W_])", lambda found: choice[found[0]], text)


def relaxed(root: Node | None) -> Node | None:
    """Some of the words instead of all; None where there is nothing to relax."""
    if isinstance(root, And):
        kept = [node for node in root.nodes if not isinstance(node, Not)]
        dropped = tuple(node for node in root.nodes if isinstance(node, Not))
    elif isinstance(root, Phrase):
        kept, dropped = [Word(one) for one in root.text.split()], ()
    else:
        return None
    loose = [one for node in kept for one in _loosened(node)]
    if len(loose) < 2:
        return None
    return And((Or(tuple(loose)), *dropped)) if dropped else Or(tuple(loose))


def _loosened(node: Node) -> list[Node]:
    return [Word(one) for one in node.text.split()] if isinstance(node, Phrase) else [node]
