"""Which pairing of two sides adds up highest?  Scores between numbered items in, chosen pairs out.  Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

EXACT_LIMIT = 800  # a group larger than this is matched greedily

Pair = tuple[int, int]
Scores = Mapping[Pair, float]


def best_pairs(scores: Scores) -> Iterator[Pair]:
    """The pairs, each item in one at most, whose scores (all above 0) add up highest."""
    for group in components(scores):
        yield from best(group, scores)


def components(scores: Scores) -> Iterator[list[Pair]]:
    """Groups of pairs that compete with each other, directly or through others."""
    root: dict[Pair, Pair] = {}

    def find(node: Pair) -> Pair:
        root.setdefault(node, node)
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for i, j in scores:
        root[find((0, i))] = find((1, j))
    groups: dict[Pair, list[Pair]] = defaultdict(list)
    for pair in scores:
        groups[find((0, pair[0]))].append(pair)
    return iter(groups.values())


def best(group: Sequence[Pair], scores: Scores) -> list[Pair]:
    """The pairing of one group that adds up highest."""
    rows, columns = sorted({i for i, _ in group}), sorted({j for _, j in group})
    if len(rows) == 1 or len(columns) == 1:
        return [max(group, key=lambda pair: (scores[pair], -pair[0], -pair[1]))]
    if max(len(rows), len(columns)) > EXACT_LIMIT:
        return _greedy(group, scores)
    row_of, column_of = ({name: at for at, name in enumerate(side)} for side in (rows, columns))
    size = max(len(rows), len(columns))
    gain = np.zeros((size, size))
    for i, j in group:
        gain[row_of[i], column_of[j]] = scores[i, j]
    chosen = assignment(-gain)
    return [(rows[a], columns[b]) for a, b in enumerate(chosen) if gain[a, b] > 0]


def _greedy(group: Sequence[Pair], scores: Scores) -> list[Pair]:
    taken: set[Pair] = set()
    chosen = []
    for i, j in sorted(group, key=lambda pair: (-scores[pair], pair)):
        if (0, i) not in taken and (1, j) not in taken:
            taken |= {(0, i), (1, j)}
            chosen.append((i, j))
    return chosen


def assignment(cost: npt.NDArray[np.float64]) -> list[int]:
    """The column for each row of a square matrix that makes the sum of costs least.

    Kuhn's Hungarian method with potentials (shortest augmenting paths), O(n³).
    """
    size = len(cost)
    row_price, column_price = np.zeros(size + 1), np.zeros(size + 1)
    row_of = np.full(size + 1, -1)  # of each column; the last column is the start of a search
    for row in range(size):
        came_from = _augment(cost, row, row_price, column_price, row_of)
        column = int(came_from.pop())
        while column != size:
            before = int(came_from[column])
            row_of[column] = row_of[before]
            column = before
    chosen = [0] * size
    for column in range(size):
        chosen[int(row_of[column])] = column
    return chosen


def _augment(
    cost: npt.NDArray[np.float64],
    row: int,
    row_price: npt.NDArray[np.float64],
    column_price: npt.NDArray[np.float64],
    row_of: npt.NDArray[np.int64],
) -> list[int]:
    """Grow a shortest path from `row` to a free column; the columns passed, then the free one."""
    size = len(cost)
    row_of[size], at = row, size
    slack, came_from = np.full(size, np.inf), np.full(size, size)
    used = np.zeros(size + 1, dtype=bool)
    while row_of[at] >= 0:
        used[at] = True
        here = int(row_of[at])
        reduced = cost[here] - row_price[here] - column_price[:size]
        better = ~used[:size] & (reduced < slack)
        slack[better], came_from[better] = reduced[better], at
        open_slack = np.where(used[:size], np.inf, slack)
        following = int(open_slack.argmin())
        step = open_slack[following]
        row_price[row_of[used]] += step
        column_price[used] -= step
        slack[~used[:size]] -= step
        at = following
    return [*came_from.tolist(), at]
