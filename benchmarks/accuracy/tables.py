# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Rows of results as markdown and JSON."""
import statistics

import masks

SEGMENTS = ("cervical", "thoracic", "lumbar")


def finite_mean(values):
    kept = [v for v in values if v is not None]
    return statistics.fmean(kept) if kept else None


def number(value, digits=3):
    if value is None:
        return ""
    text = f"{value:.{digits}f}"
    return text[1:] if text.startswith("0.") else text


def summary(vertebrae):
    """Means over vertebrae, for each segment and in total."""
    parts = {s: [v for v in vertebrae if masks.segment_of(v["label"]) == s] for s in SEGMENTS}
    parts["total"] = vertebrae
    return {name: {
        "count": len(rows), "dice": finite_mean(r["dice"] for r in rows),
        "dice_least": min((r["dice"] for r in rows), default=None),
        "hd95_mm": finite_mean(r["hd95_mm"] for r in rows), "mean_mm": finite_mean(r["mean_mm"] for r in rows),
        "vertex_mm": finite_mean(r["vertex_mm"] for r in rows),
        "volume_ratio": finite_mean(r["volume_ratio"] for r in rows),
        "quality_least": min((r["quality_least"] for r in rows), default=None),
        "self_intersecting": sum(r["self_intersections"] > 0 for r in rows),
    } for name, rows in parts.items() if rows}


def markdown(rows):
    """The tables. A row is a dict with group, case, template, settings, seeds, vertebrae (of all seeds), seconds."""
    lines = []
    for group in dict.fromkeys(r["group"] for r in rows):
        lines += [f"## {group}", "",
                  "| case | template | settings | seeds | Dice by label | mean Dice | HD95 mm | surface mm | vertex mm "
                  "| volume / truth | worst triangle | self-intersecting | s |",
                  "|---|---|---|---|---|---|---|---|---|---|---|---|---|"]
        for r in (r for r in rows if r["group"] == group):
            s = summary(r["vertebrae"])["total"]
            labels = sorted({v["label"] for v in r["vertebrae"]}, key=masks.rank)
            dice = " ".join(
                f"{masks.name_of(l)} {number(finite_mean(v['dice'] for v in r['vertebrae'] if v['label'] == l))}"
                for l in labels)
            lines.append(
                f"| {r['case']} | {r['template']} | {r['settings']} | {r['seeds']} | {dice} | **{number(s['dice'])}** "
                f"| {number(s['hd95_mm'], 1)} | {number(s['mean_mm'], 2)} | {number(s['vertex_mm'], 2)} "
                f"| {number(s['volume_ratio'], 2)} | {number(s['quality_least'], 2)} "
                f"| {s['self_intersecting']} of {s['count']} | {r['seconds']:.0f} |")
        lines.append("")
    return "\n".join(lines + by_segment(rows))


def by_segment(rows):
    lines = ["## By segment", "", "| group | template | settings | " + " | ".join(SEGMENTS) + " | total |",
             "|---|---|---|" + "---|" * (len(SEGMENTS) + 1)]
    for key in dict.fromkeys((r["group"], r["template"], r["settings"]) for r in rows):
        together = [v for r in rows if (r["group"], r["template"], r["settings"]) == key for v in r["vertebrae"]]
        s = summary(together)
        cells = [f"{number(s[p]['dice'])} ({s[p]['count']})" if p in s else "" for p in (*SEGMENTS, "total")]
        lines.append("| " + " | ".join((*key, *cells)) + " |")
    return lines + [""]
