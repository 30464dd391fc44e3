"""The same names and questions for programs from PyPI: rapidfuzz's token sort and csv-reconcile's Dice scorer."""

import sys
import time
from pathlib import Path

peer, folder = sys.argv[1], Path(sys.argv[2])
names = (folder / "names.txt").read_text(encoding="utf-8").split("\n")
questions = [line.split("\t") for line in (folder / "questions.tsv").read_text(encoding="utf-8").split("\n")]
first = ten = 0


def count(places, wanted):
    global first, ten
    first += places[:1] == [wanted]
    ten += wanted in places[:10]


if peer == "rapidfuzz":
    from rapidfuzz import fuzz, process, utils

    ready = [utils.default_process(name) for name in names]
    begun = time.process_time()
    for wanted, text in questions:
        found = process.extract(utils.default_process(text), ready, scorer=fuzz.token_sort_ratio, processor=None, limit=10)
        count([place for _, _, place in found], int(wanted))
    spent = time.process_time() - begun
    label = "rapidfuzz, token sort"
else:
    from csv_reconcile_dice import normalizeWord, scoreMatch

    # As csv-reconcile keeps them: the pairs of letters of each name, made once.
    ready = [normalizeWord(name) for name in names]
    begun = time.process_time()
    for wanted, text in questions:
        pairs = normalizeWord(text)
        scores = sorted(((-scoreMatch(pairs, other), place) for place, other in enumerate(ready)))[:10]
        count([place for _, place in scores], int(wanted))
    spent = time.process_time() - begun
    label = "csv-reconcile, dice"
all_of_them = len(questions)
print(f"{label:<28} {all_of_them / spent:>12.1f} /s   hit@1 {first / all_of_them:.3f}   hit@10 {ten / all_of_them:.3f}")
