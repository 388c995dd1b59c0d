# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Tables and plots of the study: the paper's Table 1 and Figure 2, and VerSe's own measures.

The paper: H. Kim and J. Park, "Vertebral segmentation without training using differentiable appearance modeling of a
deformable spine template", SPIE Medical Imaging 2024. VerSe's measures: A. Sekuboyina et al., "VerSe: a vertebrae
labelling and segmentation benchmark for multi-detector CT images", Medical Image Analysis 73, 2021."""
import csv
import statistics

import boxplots
import masks
import tables

PUBLISHED = {  # Table 1 of the paper: mean Dice, VerSe'20 training set
    "paper": (0.633, 0.758, 0.863, 0.773), "paper-I": (0.309, 0.447, 0.567, 0.465),
    "paper-N": (0.582, 0.679, 0.798, 0.703), "paper-E": (0.635, 0.756, 0.858, 0.771)}
PARTS = (*tables.SEGMENTS, "total")


def vertebrae_of(rows, arm):
    """The vertebrae of the truth in all scans that ran; a missed one has a Dice of 0 and no distances."""
    out = []
    for r in rows:
        if r["arm"] == arm and not r["reason"]:
            out += [{"scan": r["scan"], **v} for v in r["vertebrae"]]
            out += [{"scan": r["scan"], "label": l, "dice": 0.0} for l in r["missed"]]
    return out


def in_part(vertebrae, part):
    return [v for v in vertebrae if part in ("total", masks.segment_of(v["label"]))]


def values(vertebrae, key):
    return [v[key] for v in vertebrae if v.get(key) is not None]


def mean_and_deviation(numbers, digits):
    if not numbers:
        return ""
    deviation = f" ({tables.number(statistics.stdev(numbers), digits)})" if len(numbers) > 1 else ""
    return tables.number(statistics.fmean(numbers), digits) + deviation


def table_1(rows, arms):
    """One row for each arm and part of the spine."""
    for arm in arms:
        all_of_arm = vertebrae_of(rows, arm)
        for at, part in enumerate(PARTS):
            own = in_part(all_of_arm, part)
            if not own:
                continue
            yield {"arm": arm, "segment": part, "vertebrae": len(own), "missed": sum("mean_mm" not in v for v in own),
                   "Dice (sd)": mean_and_deviation(values(own, "dice"), 3),
                   "published": tables.number(PUBLISHED[arm][at]) if arm in PUBLISHED else "",
                   "mean distance, mm (sd)": mean_and_deviation(values(own, "mean_mm"), 2),
                   "HD95, mm (sd)": mean_and_deviation(values(own, "hd95_mm"), 2),
                   "vertices to the truth, mm (sd)": mean_and_deviation(values(own, "vertex_mm"), 2)}


def verse_measures(rows, arms):
    """VerSe's measures: means over the vertebrae of a scan, then mean and median over scans. A vertebra that is missed, or
    whose scan failed, has a Dice of 0 and is not identified; it has no distances."""
    for arm in arms:
        own = [r for r in rows if r["arm"] == arm and (r["vertebrae"] or r["missed"])]
        if not own:
            continue
        def by_scan(of_scan):
            found = [of_scan(r) for r in own]
            return [x for x in found if x is not None]
        def share(r, key):
            return sum(v.get(key, 0) for v in r["vertebrae"]) / (len(r["vertebrae"]) + len(r["missed"]))
        dice = by_scan(lambda r: share(r, "dice"))
        hausdorff = by_scan(lambda r: tables.finite_mean(v["hausdorff_mm"] for v in r["vertebrae"]))
        distance = by_scan(lambda r: tables.finite_mean(v.get("centre_distance_mm") for v in r["vertebrae"]))
        identified = sum(bool(v.get("centre_identified")) for r in own for v in r["vertebrae"])
        count = sum(len(r["vertebrae"]) + len(r["missed"]) for r in own)
        def both(numbers, digits):
            return f"{tables.number(statistics.fmean(numbers), digits)} ({tables.number(statistics.median(numbers), digits)})" if numbers else ""
        yield {"arm": arm, "scans": len(own), "failed": sum(bool(r["reason"]) for r in own), "vertebrae": count,
               "missed": sum(len(r["missed"]) for r in own), "Dice, mean (median)": both(dice, 3),
               "HD, mm, mean (median)": both(hausdorff, 1), "identification rate, %": f"{100 * identified / count:.1f}",
               "mean localisation distance, mm, mean (median)": both(distance, 2)}


def scan_rows(rows):
    for r in rows:
        dice = values(r["vertebrae"], "dice") + [0.0] * len(r["missed"])
        yield {"scan": r["scan"], "arm": r["arm"], "result": "failed" if r["reason"] else "done",
               "vertebrae": len(dice), "missed": len(r["missed"]), "mean Dice": f"{statistics.fmean(dice):.4f}" if dice else "",
               "seconds": f"{r['seconds']:.1f}" if r["seconds"] else "", "reason": r["reason"]}


def vertebra_rows(rows, arms):
    columns = ("dice", "mean_mm", "hd95_mm", "hausdorff_mm", "vertex_mm", "volume_ratio", "centre_distance_mm", "centre_identified",
               "self_intersections")
    for arm in arms:
        for v in vertebrae_of(rows, arm):
            yield {"scan": v["scan"], "arm": arm, "label": v["label"], "name": masks.name_of(v["label"]),
                   "segment": masks.segment_of(v["label"]), **{c: "" if v.get(c) is None else v[c] for c in columns}}


def write_csv(path, rows):
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, rows[0] if rows else ())
        table.writeheader()
        table.writerows(rows)


def markdown(rows):
    if not rows:
        return "None.\n"
    lines = ["| " + " | ".join(rows[0]) + " |", "|---" * len(rows[0]) + "|"]
    return "\n".join(lines + ["| " + " | ".join(str(x).replace("|", "/") for x in r.values()) + " |" for r in rows]) + "\n"


def draw(folder, rows, arms):
    """Figure 2 for each arm, and Dice by segment of all arms. Returns False without matplotlib."""
    drawn = True
    for arm in arms:
        own = [{"vertex_mm": None, **v} for v in vertebrae_of(rows, arm)]
        for ending in ("svg", "png") if own else ():
            drawn = boxplots.draw(folder / f"figure2_{arm}.{ending}", own, arm) and drawn
    groups = {f"{s}\n{arm}": values(in_part(vertebrae_of(rows, arm), s), "dice") for s in tables.SEGMENTS for arm in arms}
    groups = {n: v for n, v in groups.items() if v}
    for ending in ("svg", "png") if groups else ():
        drawn = boxplots.draw_groups(folder / f"dice_by_segment.{ending}", groups, "Dice", "arms of the study") and drawn
    return drawn


def write(folder, rows, arms, heading):
    """Writes all tables and plots; returns the Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    scans = list(scan_rows(rows))
    parts = {"table1": list(table_1(rows, arms)), "verse": list(verse_measures(rows, arms)), "scans": scans}
    for name, table in (*parts.items(), ("vertebrae", list(vertebra_rows(rows, arms)))):
        write_csv(folder / f"{name}.csv", table)
    failed = [{k: r[k] for k in ("scan", "arm", "reason")} for r in scans if r["reason"]]
    text = "\n".join((
        "# Study\n", heading + "\n", "## Table 1 of the paper\n",
        "Over all vertebrae of the scans that ran. A missed vertebra has a Dice of 0 and no distances.\n", markdown(parts["table1"]),
        "## Measures of VerSe\n", " ".join(verse_measures.__doc__.split()) + "\n", markdown(parts["verse"]), "## Failed\n", markdown(failed)))
    (folder / "study.md").write_text(text)
    if not draw(folder, rows, arms):
        text += "\nNo box plots without matplotlib: apt-get install python3-matplotlib\n"
    return text
