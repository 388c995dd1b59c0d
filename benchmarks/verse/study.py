# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Runs the arms of the study on scans. What is done is kept, and what failed is not tried again unless asked for."""
import concurrent.futures
import json
import sys

import cases
import fits

PAPER = ("--preset", "paper")
LOSSES = {"I": "image", "N": "normal", "E": "edge"}
VERSE_SPACING = "1"  # mm: where VerSe compares, and the voxels of the paper


def settings_of(arm):
    """Arguments of `diffam fit`. The letters after a minus leave out a loss, as the paper names its ablations."""
    name, _, loss = arm.partition("-")
    return (PAPER if name == "paper" else ("--accept-levels",) if name == "found" else ()) + (
        ("--without", LOSSES[loss]) if loss else ())


ARMS = tuple(name + left_out for name in ("paper", "ours") for left_out in ("", *(f"-{l}" for l in LOSSES))) + ("found",)


def case_of(scan, arm, centroid_frame):
    frame = ("--centroid-frame", centroid_frame) if centroid_frame else ()
    started = arm != "found"  # this arm has no centres, and finds the vertebrae itself
    return cases.Case(f"{scan.name}_{arm}", scan.name, scan.ct, scan.centres if started else None, scan.truth,
                      frame if started else (), ("--spacing", VERSE_SPACING, *frame), true_centres=scan.centres)


def run_one(scan, arm, options, runner):
    """{"scan", "arm", "reason" (empty: done), "seconds", "vertebrae", "missed"} of one fit; None for a fit that is left out,
    since only tables are wanted and it has not run."""
    row = {"scan": scan.name, "arm": arm, "reason": scan.problem(), "seconds": None, "vertebrae": [],
           "missed": sorted(scan.labels())}
    if row["reason"]:
        return row
    case = case_of(scan, arm, options.centroid_frame)
    of_paper = arm.startswith("paper")
    settings = settings_of(arm) + (("--iterations", str(options.iterations)) if of_paper and options.iterations else ())
    template = ("-t", str(options.template)) if of_paper and options.template else ()
    place = runner.place(case, template, settings)
    failed = place / "failed.txt"
    if failed.exists() and not options.retry:
        return row | {"reason": failed.read_text()}
    if options.tables_only and not (place / "scores.json").exists():
        return None
    failed.unlink(missing_ok=True)
    try:
        scores = json.loads((runner.folder(case, template, settings) / "scores.json").read_text())
    except fits.Failed as e:
        if e.stopped:  # it goes on in the next run
            raise
        place.mkdir(parents=True, exist_ok=True)
        failed.write_text(e.reason)
        return row | {"reason": e.reason}
    return row | {k: scores[k] for k in ("seconds", "vertebrae", "missed")}


def run(scans, arms, options, runner):
    """The rows of all fits, in the order of arms and scans."""
    jobs = [(scan, arm) for scan in scans for arm in arms]  # the arms of a scan together: early tables are fair
    rows = {}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        waiting = {pool.submit(run_one, *job, options, runner): job for job in jobs}
        try:
            for done in concurrent.futures.as_completed(waiting):
                row = done.result()
                if row is None:
                    continue
                rows[row["scan"], row["arm"]] = row
                dice = [v["dice"] for v in row["vertebrae"]] + [0] * len(row["missed"])
                text = f"failed: {row['reason']}" if row["reason"] else f"Dice {sum(dice) / max(1, len(dice)):.3f}  {row['seconds']:.0f} s"
                print(f"{len(rows)} of {len(jobs)}  {row['scan']:<20} {row['arm']:<8} {text}", file=sys.stderr, flush=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [rows[scan.name, arm] for arm in arms for scan in scans if (scan.name, arm) in rows]
