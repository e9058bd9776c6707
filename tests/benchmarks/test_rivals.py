"""What `make bench` compares is the same result, or the comparison says nothing."""

from __future__ import annotations

import numpy as np
import pytest

from assessment.scoring.engine import node_scores, score_nodes
from tests.benchmarks.rivals import RIVALS
from tests.benchmarks.work import Work, invented


@pytest.fixture(scope="module")
def work() -> Work:
    return invented(300)


@pytest.mark.parametrize("name", RIVALS)
def test_every_engine_gives_the_same_scores(work: Work, name: str) -> None:
    ours = node_scores(work.plan, work.codes)
    dimensions, whole = RIVALS[name](work.as_long_table(), work.question_facts(), len(work.codes))
    np.testing.assert_allclose(dimensions, ours[:, 1:], rtol=0, atol=1e-12)
    np.testing.assert_allclose(whole, ours[:, 0], rtol=0, atol=1e-12)


def test_the_score_alone_is_the_one_among_all_measures(work: Work) -> None:
    assert np.array_equal(
        node_scores(work.plan, work.codes), score_nodes(work.plan, work.codes, work.caps).score
    )


def test_a_score_has_the_same_bits_whatever_is_scored_with_it(work: Work) -> None:
    together = node_scores(work.plan, work.codes)
    alone = [node_scores(work.plan, row[None, :])[0] for row in work.codes]
    assert np.array_equal(together, alone)
