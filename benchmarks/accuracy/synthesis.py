# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The group `synthesis`: images that `diffam synth` makes from fits. How near they are to the CT around the vertebrae, and
whether a fit of such an image finds the meshes it was made from."""
import json

import nibabel
import numpy

import cases
import fits
import masks

NEAR_MM = 9.6             # of the surface: where the appearance is learned
WINDOW = (-200, 700)      # HU: the window of the fit, beyond which it learns nothing
LOOKS = {"plain": ("--noise", "20"), "in the CT": (), "5 mm slices": ("--noise", "20", "--spacing", "1", "1", "5")}


def intensities(path):
    image = nibabel.load(path)
    return image, numpy.clip(numpy.asanyarray(image.dataobj).astype(numpy.float32), *WINDOW)


def nearness(ct, made, mask):
    """Mean absolute difference (HU) and correlation of two images near the surfaces of a mask."""
    image, true = intensities(ct)
    _, seen = intensities(made)
    inside = numpy.asanyarray(nibabel.load(mask).dataobj) > 0
    near = abs(masks.signed_distance(inside, numpy.array(image.header.get_zooms()[:3], float))) < NEAR_MM
    return float(abs(true[near] - seen[near]).mean()), float(numpy.corrcoef(true[near], seen[near])[0, 1])


def refitted(runner, case, fitted, look, folder):
    """Scores of a fit of an image against the mask it was made from, and how far its vertices are from their own places."""
    name = look.replace(" ", "_")
    made = folder / f"{name}_ct.nii.gz"
    background = ("--background", case.ct) if look == "in the CT" else ()
    runner.call(["synth", "-r", fitted, "-o", made, "--overwrite", "--threads", runner.threads, *background, *LOOKS[look]])
    runner.call(["fit", "-q", "-i", made, "-c", folder / f"{name}_ctd.json", "-o", folder / name, "--overwrite",
                 "--report", "none", "--threads", runner.threads, "--hu-offset", "none"])  # a plain image has neither air nor fat
    runner.call(["eval", "-p", folder / name / f"{name}_seg-vert_msk.nii.gz", "-g", folder / f"{name}_seg-vert_msk.nii.gz",
                 "--json", folder / f"{name}_eval.json", "--overwrite"])
    labels = [v for v in json.loads((folder / f"{name}_eval.json").read_text())["labels"] if v["in_truth"]]
    moved = [numpy.linalg.norm(fits.read_ply_vertices(p) - fits.read_ply_vertices(folder / name / "meshes" / p.name), axis=1)
             for p in sorted((fitted / "meshes").glob("*.ply"))]
    return {"look": look, "dice": float(numpy.mean([v["dice"] for v in labels])),
            "mean_mm": float(numpy.mean([v["surface"]["mean_mm"] for v in labels])),
            "most_mean_mm": max(v["surface"]["mean_mm"] for v in labels),
            "vertex_mm": float(numpy.concatenate(moved).mean())}


def run(data, out, runner):
    """One entry for each scan with a true mask."""
    rows = []
    for case in cases.real_cases(data, out):
        fitted = runner.folder(case)
        folder = out / "synthesis" / fitted.name
        folder.mkdir(parents=True, exist_ok=True)
        plain = folder / "as_learned_ct.nii.gz"
        runner.call(["synth", "-r", fitted, "-o", plain, "--noise", "0", "--overwrite", "--threads", runner.threads])
        difference, correlation = nearness(case.ct, plain, next(fitted.glob("*_seg-vert_msk.nii.gz")))
        rows.append({"case": case.name, "difference_hu": difference, "correlation": correlation,
                     "fits": [refitted(runner, case, fitted, look, folder) for look in LOOKS]})
    return rows


def markdown(rows):
    lines = ["| scan | mean difference to the CT, HU | correlation |", "|---|---|---|"]
    lines += [f"| {r['case']} | {r['difference_hu']:.0f} | {r['correlation']:.2f} |" for r in rows]
    lines += ["", "| image made from the fit of | look | Dice | mean distance, mm | of the worst vertebra | of vertices, mm |",
              "|---|---|---|---|---|---|"]
    lines += [f"| {r['case']} | {f['look']} | {f['dice']:.3f} | {f['mean_mm']:.2f} | {f['most_mean_mm']:.2f} | {f['vertex_mm']:.2f} |"
              for r in rows for f in r["fits"]]
    return "\n".join(lines) + "\n"
