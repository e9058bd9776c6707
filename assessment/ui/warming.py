"""Computes ahead what the CDAO's places show, where that takes longer than a reader waits.

The findings of a large group take seconds. They are computed when the process starts, and again when something was sent
or judged since; whoever looks then finds them. Nothing is kept that a page wouldn't have computed itself.
"""

from __future__ import annotations

import logging
import threading
import time

from assessment.access import Principal, Role, scope_of
from assessment.errors import AssessmentError
from assessment.organisation import Organisation, Round
from assessment.store.workspace import Revision, revision
from assessment.ui import resources

#: With fewer assessments than this a reader waits for less than a second.
LEAST_ASSESSMENTS = 1500
#: How often it is asked whether something changed, in seconds. People who answer share the processor with this.
_EVERY_S = 60.0
_log = logging.getLogger(__name__)


def start_warming() -> None:
    """From now on, beside everything else, until the process ends."""
    threading.Thread(target=_go_on, name="warming", daemon=True).start()


def _go_on() -> None:
    warmed: Revision | None = None
    while True:
        try:
            warmed = warm(warmed)
        except AssessmentError as error:
            # The pages say what is wrong to whoever opens one.
            _log.debug("nothing was computed ahead: %s", error)
        except Exception:
            _log.exception("nothing was computed ahead")
        time.sleep(_EVERY_S)


def warm(before: Revision | None) -> Revision:
    """Computes what changed since `before` for who may compare all units; gives what it is computed as of."""
    with resources.store().read() as connection:
        now = revision(connection)
    organisation, rounds = resources.organisation(now), resources.rounds(now)
    if now == before or _assessments(organisation, rounds) < LEAST_ASSESSMENTS:
        return now
    scope = scope_of(Principal("", Role.CDAO), organisation)
    for entry in reversed(rounds):
        resources.scores(scope, now, entry.id)
        resources.findings(scope, now, entry.id)
        resources.carried(scope, now, entry.id, (), ())
    return now


def _assessments(organisation: Organisation, rounds: tuple[Round, ...]) -> int:
    """About how many there are: every unit is asked most questionnaires of a round."""
    return len(organisation.units) * sum(len(entry.questionnaires) for entry in rounds)
