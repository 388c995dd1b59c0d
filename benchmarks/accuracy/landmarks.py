# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The group `landmarks`: landmarks and measurements of fits of generated CTs against those of the shapes from which the
CTs were made (diffam_true_measures)."""
import csv
import subprocess

import numpy

SPINES = (("L1", "L5", 1), ("L1", "L5", 2), ("L1", "L5", 3), ("T1", "T12", 2), ("C1", "C7", 2))
AIMS = {"mm": 1.0, "degrees": 3.0}


def true_values(tool, first, last, seed):
    """{(vertebra, name): (unit, values)}; the unit of a landmark is `landmark`, its values are world mm."""
    done = subprocess.run([str(tool), first, last, str(seed)], capture_output=True, text=True, check=True)
    return {(r["vertebra"], r["name"]): (r["kind"], [float(r[k]) for k in ("value", "y", "z") if r[k]])
            for r in csv.DictReader(done.stdout.splitlines())}


def found_values(folder):
    found = {}
    for r in csv.DictReader((folder / "phantom_landmarks.csv").read_text().splitlines()):
        found[r["vertebra"], r["landmark"]] = [float(r[k]) for k in "xyz"]
    for r in csv.DictReader((folder / "phantom_measures.csv").read_text().splitlines()):
        found.update({(r["name"], k): [float(v)] for k, v in r.items() if k not in ("label", "name") and v})
    for r in csv.DictReader((folder / "phantom_angles.csv").read_text().splitlines()):
        found["spine", r["angle"]] = [float(r["degrees"])]
    return found


def run(out, runner, tool):
    """One row for each landmark and measurement of each vertebra: spine, segment, name, unit, error (found - true; of a
    landmark the distance)."""
    rows = []
    for first, last, seed in SPINES:
        name = f"{first}-{last}_{seed}"
        folder = out / "landmarks" / f"{name}_{runner.program_digest}"
        if not (folder / "fit/report.json").exists():
            runner.call(["phantom", "-o", folder, "--levels", f"{first}-{last}", "--seed", seed, "--overwrite"])
            runner.call(["fit", "-q", "-i", folder / "phantom_ct.nii.gz", "-c", folder / "phantom_ctd.json", "-o", folder / "fit",
                         "--threads", runner.threads, "--overwrite", "--report", "none"])
        found = found_values(folder / "fit")
        for (vertebra, what), (unit, true) in true_values(tool, first, last, seed).items():
            if (vertebra, what) not in found:
                continue
            off = numpy.subtract(found[vertebra, what], true)
            error = float(numpy.linalg.norm(off)) if unit == "landmark" else float(off[0])
            rows.append({"spine": name, "segment": first[0], "vertebra": vertebra, "name": what, "unit": unit, "error": error})
    return rows


def kind_of(name):
    """Left and right of one thing are one row."""
    return name.replace("_left", "").replace("_right", "")


def markdown(rows):
    lines = ["| landmark or measurement | unit | number | mean error | median of the size | 95 % below | within the aim |",
             "|---|---|---|---|---|---|---|"]
    units = {kind_of(r["name"]): r["unit"] for r in rows}
    for name, unit in sorted(units.items(), key=lambda u: (u[1], u[0])):
        errors = numpy.array([r["error"] for r in rows if kind_of(r["name"]) == name])
        size, aim = abs(errors), AIMS.get(unit)
        mean = "" if unit == "landmark" else f"{errors.mean():+.2f}"
        lines.append(f"| {name} | {'mm' if unit == 'landmark' else unit} | {len(errors)} | {mean} | {numpy.median(size):.2f} | "
                     f"{numpy.quantile(size, .95):.2f} | {f'{100 * (size <= aim).mean():.0f} %' if aim else ''} |")
    return "\n".join(lines) + "\n"
