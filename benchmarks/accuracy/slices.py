# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The group `slices`: the same scans in thick slices, each the mean of some thin ones. Fits with and without a mean of several
predictions along the thickness are scored on the voxels of the true mask."""
import json

import nibabel
import numpy

import cases
import masks

THICK_MM = (5, 8)
PATIENTS = ("gl003", "verse010", "malekosh")  # simulated
POINTS = ("1", "5")


def thickened(case, thickness, file):
    """Writes the CT with its thin slices averaged along the axis that is nearest to the patient's. Returns the new distance of
    the slices in mm, a whole number of old ones."""
    ct = nibabel.load(case.ct)
    axis = [code in "SI" for code in nibabel.aff2axcodes(ct.affine)].index(True)
    thin = float(ct.header.get_zooms()[axis])
    count = max(1, round(thickness / thin))
    voxels = numpy.moveaxis(numpy.asanyarray(ct.dataobj).astype(numpy.float32), axis, 0)
    whole = voxels[: len(voxels) // count * count]
    means = whole.reshape(-1, count, *whole.shape[1:]).mean(axis=1)
    step = numpy.eye(4)
    step[axis, axis], step[axis, 3] = count, (count - 1) / 2
    image = numpy.moveaxis(means, 0, axis).round().astype(numpy.int16)
    nibabel.save(nibabel.Nifti1Image(image, ct.affine @ step), file)
    return count * thin


def scores(runner, case, made, centres, points, folder):
    """Mean scores of a fit, of its mask on the voxels of the truth."""
    fitted, exact = folder / f"points_{points}", folder / f"points_{points}_ct.nii.gz"
    runner.call(["fit", "-q", "-i", made, "-c", centres, "-o", fitted, "--overwrite", "--report", "none", "--threads", runner.threads,
                 "--slice-points", points, *case.fit])
    runner.call(["synth", "-r", fitted, "-o", exact, "--like", case.ct, "--overwrite", "--threads", runner.threads])
    to = folder / f"points_{points}.json"
    runner.call(["eval", "-p", folder / f"points_{points}_seg-vert_msk.nii.gz", "-g", case.truth, "--json", to, "--overwrite",
                 *case.score])
    labels = [v for v in json.loads(to.read_text())["labels"] if v["in_truth"] and "dice" in v]
    return {"dice": float(numpy.mean([v["dice"] for v in labels])),
            **{name: float(numpy.mean([v["surface"][name] for v in labels])) for name in ("hd95_mm", "mean_mm")}}


def run(data, out, runner):
    """One entry for each scan and thickness."""
    rows = []
    real = [c for c in cases.real_cases(data, out) if not c.renumber]
    for case in (*real, *cases.simulated_cases(data, out, PATIENTS, ("plain",))):
        report = json.loads((runner.folder(case) / "report.json").read_text())
        for thickness in THICK_MM:
            folder = out / "slices" / f"{runner.folder(case).name}_{thickness}"
            folder.mkdir(parents=True, exist_ok=True)
            made, centres = folder / "thick_ct.nii.gz", folder / "centres.csv"
            mm = thickened(case, thickness, made)
            masks.write_centres(centres, {v["label"]: v["given_centre_mm"] for v in report["vertebrae"]})
            rows.append({"case": case.name, "mm": mm, **{p: scores(runner, case, made, centres, p, folder) for p in POINTS}})
    return rows


def markdown(rows):
    def cell(s):
        return f"{s['dice']:.3f}, {s['hd95_mm']:.1f}, {s['mean_mm']:.2f}"
    lines = ["| scan | slices, mm | one prediction: Dice, HD95, mean distance (mm) | mean of five |", "|---|---|---|---|"]
    lines += [f"| {r['case']} | {r['mm']:.1f} | {cell(r['1'])} | {cell(r['5'])} |" for r in rows]
    for p in POINTS:
        lines.append(f"\nmean Dice with --slice-points {p}: {numpy.mean([r[p]['dice'] for r in rows]):.3f}")
    return "\n".join(lines) + "\n"
