# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The group `find`: searches in real scans, in CTs simulated from masks, in random crops of both, and in images without
a spine; then a third of the crops with a part of the method left out. The group `pins`: `diffam find` on half of the
crops with one name given. Crops are 2 to 12 vertebrae long, half of them also narrow, each stored along other axes than
its scan. A crop without ribs, sacrum and axis cannot be named; there, the right answer is "not sure"."""
import json
import shutil
import subprocess

import nibabel
import numpy

import cases
import crops
import masks
import negatives

NEAR_MM = 10      # a vertebra is found where a found centre is this near
FALSE_MM = 15     # a found centre is false where no known centre is this near, between two known neighbours
NOTHING = {"vertebrae": [], "sure": False, "margin": 0, "anchors": [], "contradictions": []}
LEFT_OUT = ("canal", "anchors", "distances")
# Patients and looks of the simulated CTs, with room for ribs around the masks. None has a sacrum.
SIMULATED = (("verse004", "plain"), ("gl003", "plain"), ("healthivert", "plain"), ("malekosh", "contrast"),
             ("gl017", "contrast"), ("verse010", "contrast"), ("verse014", "contrast"))


def scans(data):
    """(name, path of the CT, {label: centre in world RAS mm}, whether ribs show) of each real scan."""
    for folder, ct, centres in (("verse014_ct_L1-L5", "sub-verse014_ct.nii.gz", "sub-verse014_seg-vb_ctd.json"),
                                ("lidc0001_chest_C7-L3", "ct.nii.gz", "ct_seg-subreg_ctd.json"),
                                ("acrin_neck_C2-T1", "ct.nii.gz", "ct_clicked_seg-subreg_ctd.json"),
                                ("totalseg_aorta_metal", "ct.nii.gz", "ct_seg-subreg_ctd.json")):
        path = data / folder / ct
        if path.exists():
            yield folder.split("_")[0], path, masks.read_centres(data / folder / centres, nibabel.load(path)), True
    trunk = data / "totalsegmentator_3mm"
    if trunk.exists():
        yield "totalseg_3mm", trunk / "example_ct.nii.gz", masks.body_centres(
            trunk / "example_ct_vertebrae_pp_refined.nii.gz", wanted=lambda l: 20 <= l <= 24), True


def simulated(data, out):
    for patient, look in SIMULATED:
        for case in cases.simulated_cases(data, out, (patient,), (look,), margin=(40, 30, 22)):
            yield case.name, case.ct, masks.read_csv(case.centres), True


def compare(found, centres, low, high):
    """Counts of one search against the centres that are known."""
    whole = {l: numpy.asarray(c) for l, c in crops.whole_in(centres, low, high).items()}
    places = [numpy.array(v["position_ras_mm"]) for v in found["vertebrae"]]
    distances, wrong = [], 0
    for label, centre in whole.items():
        away = [float(numpy.linalg.norm(p - centre)) for p in places]
        nearest = int(numpy.argmin(away)) if away else None
        if nearest is None or away[nearest] > NEAR_MM:
            continue
        distances.append(away[nearest])
        wrong += found["vertebrae"][nearest]["label"] != label
    gaps = [(centres[l + 1][2], centres[l][2]) for l in centres if l + 1 in centres]
    false = sum(min(float(numpy.linalg.norm(p - c)) for c in centres.values()) > FALSE_MM for p in places
                if any(lower < p[2] < upper for lower, upper in gaps))
    return {"whole": len(whole), "distances": distances, "wrong": wrong, "false": false, "sure": found["sure"],
            "margin": found["margin"], "anchors": found["anchors"]}


def search(runner, name, ct, *more):
    """The record of `diffam find`, from an earlier run if there is one of the same program. No vertebrae and not sure if
    no spine was found. The picture of the search stays in the folder of the results."""
    folder = runner.out / "finds" / runner.program_digest / name
    done = folder / "search.json"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        seconds = runner.call(["find", "-q", "-i", ct, "-o", folder, "--threads", runner.threads, *more], may_fail=(65,))
        records = sorted(folder.glob("*_find.json"))
        record = json.loads(records[0].read_text()) if records else NOTHING
        folder.mkdir(parents=True, exist_ok=True)
        done.write_text(json.dumps({**record, "seconds": seconds}))
    return json.loads(done.read_text())


def searches(runner, files, *options):
    """The records of many searches by one process of benchmarks/find: the library's search, one thread, CPU seconds."""
    program = runner.program.parents[1] / "benchmarks/diffam_find_searches"
    if not program.exists():
        raise RuntimeError(f"no program {program}: cmake --preset release -DDIFFAM_BUILD_BENCHMARKS=ON")
    done = subprocess.run([program, *options, *map(str, files)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{program.name}: {done.stderr.strip()}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def row_of(group, c, found):
    return {"case": group, "name": c["name"], "ct": str(c["ct"]), "seconds": found["seconds"], "in_view": c["anchors"],
            **compare(found, c["centres"], c["low"], c["high"])}


def crops_of(data, out, count, seed):
    """(whole scans and simulated CTs, `count` crops of the scans, `count` of the simulated CTs, the scans)."""
    whole, cropped, real = [], [], list(scans(data))
    for kind, some in (("scan", real), ("simulated", list(simulated(data, out)))):
        for name, ct, centres, ribs in some:
            low, high = crops.box_of(nibabel.load(ct))
            whole.append({"name": f"{kind} {name}", "ct": ct, "centres": centres, "low": low, "high": high,
                          "anchors": crops.anchors_in_view(centres, low, high, ribs)})
        cropped += [{**c, "name": f"{kind}_{c['name']}"} for c in crops.made(some, out / "crops" / kind, count, seed)]
    return whole, cropped, real


def run(data, out, runner, count=60, seed=1):
    """Rows of all searches, and of those in images without a spine."""
    whole, cropped, real = crops_of(data, out, count, seed)
    rows = [row_of(c["name"], c, f) for c, f in zip(whole, searches(runner, [c["ct"] for c in whole]))]
    rows += [row_of(f"crops of {c['scan']}", c, f)
             for c, f in zip(cropped, searches(runner, [c["ct"] for c in cropped]))]
    some = cropped[::3]
    for part in LEFT_OUT:
        found = searches(runner, [c["ct"] for c in some], "--without", part)
        rows += [row_of(f"crops, without {part}", c, f) for c, f in zip(some, found)]
    none = negatives.made(real, out / "negatives", seed)
    return rows, [{"name": n["name"], "kind": n["kind"], "vertebrae": len(f["vertebrae"]), "sure": f["sure"],
                   "seconds": f["seconds"]} for n, f in zip(none, searches(runner, [n["ct"] for n in none]))]


def failed(row):
    """Whether a row is below the aims: a vertebra is missed or false, or the names are wrong and sure, or not sure
    though something in view tells them."""
    return (len(row["distances"]) < row["whole"] or row["false"] > 0 or (row["wrong"] > 0 and row["sure"])
            or (row["in_view"] and not row["sure"]))


def picture_failures(runner, rows):
    """The pictures of `diffam find` for the rows of the whole method that failed. Returns their folder."""
    for r in rows:
        if failed(r) and not r["case"].startswith("crops, "):
            search(runner, "failed_" + r["name"].replace(" ", "_"), r["ct"])
    return runner.out / "finds" / runner.program_digest


def distances_by_group(rows):
    """The distances of found vertebrae of each group of whole scans and crops."""
    groups = {}
    for r in rows:
        if not r["case"].startswith("crops, "):
            groups.setdefault(r["case"].replace("crops of ", "crops\n"), []).extend(r["distances"])
    return {name: d for name, d in groups.items() if d}


def run_pinned(data, out, runner, count=60, seed=1):
    """Rows of `diffam find --pin` on every second crop: the middle vertebra's name and place are given."""
    rows = []
    for c in crops_of(data, out, count, seed)[1][::2]:
        whole = crops.whole_in(c["centres"], c["low"], c["high"])
        if whole:
            label = sorted(whole, key=masks.rank)[len(whole) // 2]
            pin = masks.name_of(label) + "=" + ",".join(f"{x:.1f}" for x in whole[label])
            rows.append(row_of("crops, one name given", c, search(runner, c["name"] + "_pinned", c["ct"], "--pin", pin)))
    return rows


def markdown(rows, none=()):
    head = ["case", "searches", "whole vertebrae", "found", "median mm", "largest mm", "false", "sure", "named wrong and sure",
            "right but not sure", "anchor in view", "of them sure", "seconds"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    groups = {name: [r for r in rows if r["case"] == name] for name in dict.fromkeys(r["case"] for r in rows)}
    of_crops = [r for r in rows if r["case"].startswith("crops of")]
    whole = {k: v for k, v in groups.items() if not k.startswith("crops, ")}
    for name, some in {**whole, **({"all crops": of_crops} if of_crops else {}), **groups}.items():
        distances = [d for r in some for d in r["distances"]] or [float("nan")]
        anchored = [r for r in some if r["in_view"]]
        lines.append("| " + " | ".join(map(str, (
            name, len(some), sum(r["whole"] for r in some), sum(len(r["distances"]) for r in some),
            f"{numpy.median(distances):.1f}", f"{max(distances):.1f}", sum(r["false"] for r in some),
            sum(r["sure"] for r in some), sum(r["sure"] and r["wrong"] > 0 for r in some),
            sum(not r["sure"] and r["wrong"] == 0 and bool(r["distances"]) for r in some), len(anchored),
            sum(r["sure"] for r in anchored), f"{sum(r['seconds'] for r in some) / max(len(some), 1):.1f}"))) + " |")
    if not none:
        return "\n".join(lines) + "\n"
    chains = [n for n in none if n["vertebrae"]]
    lines += ["", f"Images without a spine: {len(none)}; with a chain of vertebrae: {len(chains)}"
              + (" (" + ", ".join(f"{n['name']}: {n['kind']}" for n in chains) + ")" if chains else "") + "."]
    return "\n".join(lines) + "\n"
