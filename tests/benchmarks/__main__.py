"""`make bench`: what scoring costs, beside the same result by others, and how long people wait for the application.

A table for people, JSON for machines.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.benchmarks.costs import measured
from tests.benchmarks.report import told, with_ratios
from tests.benchmarks.use import use
from tests.benchmarks.work import ASSESSMENTS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="where to write the JSON")
    parser.add_argument("--assessments", type=int, default=ASSESSMENTS, help="fewer for a quick look")
    parser.add_argument("--people", type=int, default=200, help="how many answer at once")
    parser.add_argument("--seconds", type=float, default=60, help="for how long they do")
    options = parser.parse_args()
    waiting = use(options.people, options.seconds)
    found = with_ratios({**measured(options.assessments), "use": waiting})
    sys.stdout.write(told(found) + "\n")
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
