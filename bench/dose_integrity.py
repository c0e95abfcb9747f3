"""How many attacks on orders and alarms are told, and how much everyday traffic is taken for one.

    python bench/dose_integrity.py [--seeds 4] [--list]

The exchanges are made by ``bench/dose/``: each class is a story, told with other numbers, drugs and makers' dialects. An attack is found if a sign of
its own class is told; an everyday exchange is a false alarm if any sign is. Doubts (what the traffic does not decide) are neither, and are counted.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from dose.exchanges import Exchange, exchanges
from dose.listen import facts_of

from asepsis.model.dose import DoseDoubt, DoseSign


def main() -> int:
    """Print a line for each class; 1 if anything is wrong."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", type=int, default=4)
    arguments.add_argument("--list", action="store_true", help="what was said of each exchange that is wrong")
    chosen = arguments.parse_args()
    by_class: dict[str, list[tuple[Exchange, bool, int]]] = defaultdict(list)
    for exchange in exchanges(chosen.seeds):
        facts = facts_of(exchange)
        signs = [fact for fact in facts if isinstance(fact, DoseSign)]
        right = any(fact.sign in exchange.signs for fact in signs) if exchange.signs else not signs
        by_class[exchange.name].append((exchange, right, sum(isinstance(fact, DoseDoubt) for fact in facts)))
        if chosen.list and not right:
            print(f"  {exchange.name} {exchange.seed}: {[(fact.sign.value, fact.shown) for fact in signs]}")
    return _report(by_class)


def _report(by_class: dict[str, list[tuple[Exchange, bool, int]]]) -> int:
    wrong = 0
    for name, results in by_class.items():
        attack, right = bool(results[0][0].signs), sum(right for _, right, _ in results)
        wrong += len(results) - right
        said = f"{right} of {len(results)} found" if attack else f"{len(results) - right} of {len(results)} flagged"
        print(f"{'attack' if attack else 'everyday':9} {name:60} {said:18} doubts {sum(doubts for _, _, doubts in results)}")
    attacks = [result for results in by_class.values() for result in results if result[0].signs]
    days = [result for results in by_class.values() for result in results if not result[0].signs]
    found, flagged = sum(right for _, right, _ in attacks), sum(not right for _, right, _ in days)
    print(f"attacks {found} of {len(attacks)} found; everyday {flagged} of {len(days)} flagged")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
