"""How often small trained nets are at a kink on real data, why, and what torch's gradient is there.

Beside two claims of the literature, which are counted, exactly: batch size one and biases in all layers make automatic
differentiation by the parameters a Clarke subgradient (Park, Chun, Lee, ICLR 2024); in full precision the choice of
relu'(0) matters with probability zero (Bertoin et al., NeurIPS 2021).  Resumable; needs torch and scikit-learn.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from counting_kinks import looking
from counting_kinks.shown import draw, table, write_csv
from counting_kinks.training import Setting, settings, trained

import subgrad_hardness as sh
from subgrad_hardness.survey.journal import Journal

Rows = list[tuple[Setting, int, Mapping[str, Any]]]


def gone_through(
    given: argparse.Namespace, chosen: Sequence[Setting], journal: Journal
) -> Iterator[tuple[Setting, int, Any]]:
    """Every record, from the file or looked at now."""
    for setting in chosen:
        calls = [("inputs", looking.by_inputs)] + [("parameters", looking.by_parameters)] * (setting.net == "dense")
        keys = [(point, by, call) for point in range(given.points) for by, call in calls]
        missing = [key for key in keys if f"{setting}; by {key[1]}; {key[0]}" not in journal.records]
        net = trained(setting, given.seed) if missing else None
        for point, by, call in keys:
            key = f"{setting}; by {by}; {point}"
            if key not in journal.records:
                assert net is not None
                x = net.points[point : point + 1]
                journal.add(key, {**call(net.module, x, given.time_limit, given.logit), "right": net.right})
            yield setting, point, journal.records[key]


def claims(rows: Rows) -> Iterator[str]:
    """The published claims beside the counts."""
    clarke = ("lexicographic", "clarke")
    for biases in (True, False):
        those = [r for s, _, r in rows if r["by"] == "parameters" and s.biases is biases]
        counts = Counter(r["verdict"] in clarke for r in those)
        kinked = sum(r["kinks"] > 0 for r in those)
        word = "with" if biases else "without"
        other = Counter(r["verdict"] for r in those if r["verdict"] not in clarke)
        said = ", ".join(f"{name} {number}" for name, number in other.items()) or "none"
        yield (
            f"Park, Chun, Lee ({word} biases, one point a batch, by parameters): {counts[True]} of {len(those)} are "
            f"Clarke subgradients; {kinked} points are at a kink; others: {said}"
        )
    for inputs in ("full", "quantised", "binary"):
        those = [r for s, _, r in rows if s.inputs == inputs and s.net == "dense"]
        kinked = sum(r["live"] > 0 for r in those)
        yield f"Bertoin et al. (dense nets, {inputs} inputs): {kinked} of {len(those)} are at a kink that matters"
        those = [r for s, _, r in rows if s.inputs == inputs and "convolution" in s.net]
        kinked = sum(r["live"] > 0 for r in those)
        yield f"  the same of convolutions: {kinked} of {len(those)}"


def main() -> int:
    """Train, look, tell."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--points", type=int, default=20, help="of each setting, not trained on (default 20)")
    parser.add_argument("--seed", type=int, default=0, help="of the training (default 0)")
    parser.add_argument("--logit", type=int, help="whose gradient (default: the top one's, point by point)")
    parser.add_argument("--time-limit", type=float, default=5.0, help="seconds for one gradient (default 5)")
    parser.add_argument("--only", default="", help="settings whose name has this text")
    parser.add_argument("--journal", default="census.jsonl", help="records; a run that was stopped goes on from it")
    parser.add_argument("--csv", help="write the records as a table, too")
    parser.add_argument("--plot", help="draw verdicts and nearest kinks (.png, .svg, .pdf)")
    given = parser.parse_args()
    try:
        return census(given)
    except (sh.ParameterError, sh.OutputError, sh.NetError) as problem:
        print(problem, file=sys.stderr)
        return 2


def census(given: argparse.Namespace) -> int:
    """What ``main`` was asked for."""
    import torch

    chosen = [setting for setting in settings() if given.only in str(setting)]
    options = {"seed": given.seed, "time_limit": given.time_limit, "logit": given.logit, "torch": torch.__version__}
    rows: Rows = []
    with Journal(given.journal, options) as journal:
        for setting, point, record in gone_through(given, chosen, journal):
            if not point:
                print(f"{setting}; by {record['by']}: {record['right']:.2f} right", file=sys.stderr, flush=True)
            rows.append((setting, point, record))
    grouped: dict[tuple[Setting, str], list[Mapping[str, Any]]] = {}
    for setting, _, record in rows:
        grouped.setdefault((setting, record["by"]), []).append(record)
    print(table(grouped))
    for line in claims(rows):
        print(line)
    if given.csv:
        write_csv(given.csv, rows)
    if given.plot:
        draw(given.plot, grouped)
    return 0


if __name__ == "__main__":
    sys.exit(main())
