# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Calibrates the confidence of a vertebra (measure/confidence.hpp) on fits that were spoiled before they began
(spoil.py), and tests it. Whatever is said of a scan comes from a model that has not seen this scan; beside it is what the
program says, whose model is fixed."""
import csv
import json

import numpy

import spoil

FITS = 400
GOOD, BAD = 0.8, 0.7      # Dice
FLAG = 0.5                # the program flags a vertebra with less confidence
COEFFICIENTS = ("constant", "falling", "offset", "crush", "moved")
BINS = (0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0001)


def rows_of(number, facts, runner, out):
    """The vertebrae of a spoiled fit: evidence, Dice, and whether something else than the confidence flags them."""
    folder = out / "spoiled" / f"{number:04d}"
    measured = folder / f"measured_{runner.program_digest}"
    if not measured.exists():  # a fit is kept when the evidence changes
        unfinished = measured.with_name(measured.name + "_unfinished")
        runner.call(["measure", "-q", "-r", folder / "fit", "-i", folder / "ct.nii.gz", "-o", unfinished, "--overwrite",
                     "--threads", 1, *facts["template"]])
        unfinished.rename(measured)
    report = json.loads((folder / "fit/report.json").read_text())
    flags = {v["name"]: [f for f in v["flags"] if not f.startswith("confidence")] for v in report["vertebrae"]}
    for r in csv.DictReader(next(measured.glob("*_measures.csv")).read_text().splitlines()):
        if not r["confidence"]:
            continue  # not visible
        if not r["edge_offset_mm"]:
            continue  # no edge: its confidence is 0 without a model
        falling, offset, moved = (float(r[k]) for k in ("falling_edges", "edge_offset_mm", "moved_mm"))
        crush = abs(numpy.log(float(r["crush_ratio"] or 1)))
        yield {"number": number, "scan": facts["scan"], "kind": facts["kind"], "name": r["name"], "dice": facts["dice"][r["label"]],
               "x": [1, falling, offset, crush, numpy.log1p(moved)],
               "said": float(r["confidence"]), "flagged": bool(flags[r["name"]]), "warned": bool(report["warnings"])}


def probability(x, b):
    return 1 / (1 + numpy.exp(-numpy.clip(x @ b, -30, 30)))


def fitted(x, good, ridge=0.1):
    """Coefficients by Newton's method, with a small penalty on those of evidence with unit deviation."""
    deviation = x.std(axis=0)
    deviation[0] = 1
    z, penalty = x / deviation, ridge * numpy.diag([0] + [1] * (x.shape[1] - 1))
    b = numpy.zeros(x.shape[1])
    for _ in range(100):
        p = probability(z, b)
        step = numpy.linalg.solve(z.T @ (z * (p * (1 - p))[:, None]) + penalty, z.T @ (good - p) - penalty @ b)
        b = b + step
        if abs(step).max() < 1e-9:
            return b / deviation
    raise RuntimeError("confidence: the logistic model did not converge")


def auc(p, good):
    """Probability that a good vertebra has more confidence than a bad one; a tie counts half."""
    if good.all() or not good.any():
        return float("nan")
    difference = p[good][:, None] - p[~good][None, :]
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


class Table:
    """Vertebrae with their confidence, each by a model that has not seen its scan, or as the program says it."""

    def __init__(self, rows, as_said=False):
        self.rows = rows
        self.x = numpy.array([r["x"] for r in rows], float)
        self.dice, self.scan, self.kind = (numpy.array([r[k] for r in rows]) for k in ("dice", "scan", "kind"))
        self.other = numpy.array([r["flagged"] for r in rows])
        self.warned = numpy.array([r["warned"] for r in rows])
        self.good, self.bad = self.dice >= GOOD, self.dice < BAD
        self.p = numpy.array([r["said"] for r in rows])
        for scan in () if as_said else sorted(set(self.scan)):
            own = self.scan == scan
            self.p[own] = probability(self.x[own], fitted(self.x[~own], self.good[~own]))

    def line(self, name, own, flag=FLAG):
        good, bad, low = self.good & own, self.bad & own, self.p < flag
        missed = bad & ~low
        share = f"{100 * low[good].mean():.1f} %" if good.any() else ""
        return (f"| {name} | {own.sum()} | {good.sum()} | {auc(self.p[own], self.good[own]):.3f} | {share} | "
                f"{missed.sum()} of {bad.sum()} | {(missed & ~self.other).sum()} | {(missed & ~self.other & ~self.warned).sum()} |")

    def reliability(self):
        for low, high in zip(BINS, BINS[1:]):
            own = (self.p >= low) & (self.p < high)
            if own.any():
                yield low, min(high, 1), int(own.sum()), self.p[own].mean(), self.good[own].mean()


def diagram(bins):
    """The reliability as an SVG: a point a bin, with an area like its number of vertebrae."""
    def at(v):
        return 40 + 240 * v
    points = "".join(f'<circle class="a" cx="{at(p):.0f}" cy="{320 - at(share):.0f}" r="{1.2 * n ** 0.5:.1f}"/>' for _, _, n, p, share in bins)
    ticks = "".join(f'<text x="{at(v) - 8:.0f}" y="298">{v}</text><text x="12" y="{324 - at(v):.0f}">{v}</text>' for v in (0, .5, 1))
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 320" width="300" height="320" role="img"><title>Reliability of the '
            'confidence</title><style>svg{--paper:#fff;--ink:#222;--a:#0072b2}@media(prefers-color-scheme:dark){svg{--paper:#1b1e22;'
            '--ink:#e6e6e6;--a:#6cc3ff}}.p{fill:var(--paper)}text{font:12px sans-serif;fill:var(--ink)}.g{stroke:var(--ink);fill:none;'
            'opacity:.5}.a{fill:var(--a);fill-opacity:.6}</style><rect class="p" width="300" height="320" rx="8"/>'
            f'<path class="g" d="M40 40V280H280M40 280L280 40"/>{ticks}{points}<text x="100" y="314">mean confidence</text>'
            '<text x="40" y="24">share with a Dice of at least .8</text></svg>\n')


def report(rows, refused, fits):
    t = Table(rows)
    b = fitted(t.x, t.good)
    real = ~numpy.char.startswith(t.scan, "sim_")
    lines = ["{" + ", ".join(f".{n} = {v:.3f}" for n, v in zip(COEFFICIENTS, b)) + "}",
             "",
             f"{fits} fits; {refused} more were refused.", "",
             "| set | vertebrae | Dice >= .8 | AUC | of these flagged | Dice < .7 and not flagged | nor for another reason "
             "| nor with a warning |", "|---|---|---|---|---|---|---|---|", t.line("all", real | True), t.line("real scans", real),
             t.line("simulated CTs", ~real)]
    lines += [t.line(f"- {scan}", t.scan == scan) for scan in sorted(set(t.scan))]
    lines += [t.line(f"- {kind}", t.kind == kind) for kind in sorted(set(t.kind))]
    lines += [t.line(f"all, flagged below {flag}", real | True, flag) for flag in (0.2, 0.3, 0.4)]
    said = Table(rows, as_said=True)
    lines += [said.line("all, as the program says", real | True), said.line("real scans, as the program says", real)]
    for who, table in (("", t), (", as the program says", said)):
        lines += ["", f"| confidence{who} | vertebrae | mean confidence | share with Dice >= .8 |", "|---|---|---|---|"]
        lines += [f"| {low:g} to {high:g} | {n} | {p:.2f} | {share:.2f} |" for low, high, n, p, share in table.reliability()]
    sure = t.dice >= 0.85
    lines += ["", f"Of {sure.sum()} vertebrae with a Dice of at least .85, {(t.p[sure] < FLAG).sum()} are flagged."]
    missed = [r for r, m in zip(rows, t.bad & (t.p >= FLAG)) if m]
    lines += ["", "Not flagged:"] + [f"- {r['number']:04d} {r['scan']}, {r['kind']}, {r['name']}: {r['dice']:.2f}" for r in missed]
    return "\n".join(lines) + "\n", diagram(list(t.reliability()))


def run(data, out, runner, most_fits=FITS, only=(), limit=None):
    """Runs the jobs 0 ... most_fits - 1 of the scans and faults in `only` (empty: all), at most `limit` of them that have not
    run before, and reports on those that have run."""
    scans = list(spoil.scans(data, out))
    rows, refused, fits, new = [], 0, 0, 0
    for number in range(most_fits):
        if only and not {spoil.kind_of(number), spoil.scan_of(number, scans).name} & set(only):
            continue
        if not spoil.has_run(number, out):
            if new == limit:
                continue
            new += 1
        facts = spoil.job(number, scans, runner, out)
        refused += bool(facts["refused"])
        if not facts["refused"]:
            fits += 1
            rows += rows_of(number, facts, runner, out)
    rows = list({(r["scan"], r["name"], *r["x"]): r for r in rows}.values())  # two jobs may have done the same
    text, picture = report(rows, refused, fits)
    (out / "confidence.md").write_text(text)
    (out / "confidence.svg").write_text(picture)
    return text
