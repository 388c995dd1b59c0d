# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Measures the accuracy of fits: fits every scan that has a true mask, prints a table, and draws box plots.

    python3 benchmarks/accuracy DATA_DIR                    the group `quick`
    python3 benchmarks/accuracy DATA_DIR scans simulated    these groups; `all` means all groups

Groups:
    quick       two scans and two simulated CTs, with the fast preset
    scans       the real scans, with every template
    simulated   CTs simulated from masks, with every template and two looks
    presets     every preset
    ablations   without the image, the normal, or the edge loss
    shares      the default preset, each time with one setting of the paper instead of its own
    seeds       three seeds
    long        3,000 iterations
    find        searches for the spine in scans, simulated CTs, 120 random crops of them and images without a spine;
                writes find.md, find.json, find.png, and the pictures of failures in finds/; needs
                -DDIFFAM_BUILD_BENCHMARKS=ON
    pins        `diffam find --pin` on half of the crops; writes pins.md, and the picture of each search in finds/
    regions     sub-regions and landmarks of fits against true masks; writes regions.md and regions.json
    measures    densities and volumes of fits against those of true masks; in the same files
    landmarks   landmarks and measurements of fits of generated CTs against the true ones; writes landmarks.md and
                landmarks.json; needs -DDIFFAM_BUILD_BENCHMARKS=ON
    synthesis   images made from fits, against the CT and against their own meshes; writes synthesis.md
    slices      fits of the same scans in slices of 4 to 8 mm, with and without --slice-points; writes slices.md
    confidence  calibrates and tests the confidence on fits that were spoiled before they began; writes confidence.md and
                confidence.svg
    starts      one scan with centres 10 mm off, and with templates rotated by 30 degrees
A template is never used on a patient whose mask it was made from. The results of fits are kept, so that a run
continues where an earlier one stopped.
Writes accuracy.md, accuracy.json and one PNG per template to --output. Needs python3-numpy, python3-scipy,
python3-nibabel and the release build; python3-matplotlib for the plots.
"""
import argparse
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
try:
    import boxplots
    import cases
    import confidence
    import finds
    import fits
    import landmarks
    import regions
    import slices
    import starts
    import synthesis
    import tables
except ImportError as missing:
    sys.exit(f"accuracy: {missing}: apt-get install python3-numpy python3-scipy python3-nibabel, and run /usr/bin/python3")

WITHOUT_PLOTS = "accuracy: no box plots without matplotlib: apt-get install python3-matplotlib"
ROOT = pathlib.Path(__file__).resolve().parents[2]
PAPER = ("--preset", "paper", "--iterations", "300")
PRESETS = (("--preset", "fast"), (), PAPER)
SHARES = (  # the default preset with one setting of the paper at a time, then with terms that are off by default
    (), ("--shape-rate", "0.01"), ("--final-rate", "1"), ("--edge-contrast", "1"), ("--rising-edges", "1"),
    ("--weight-normal", "0.1"), ("--alpha-last", "0.4"), ("--modes", "150"), ("--window-high", "1000"), ("--blur", "2.56"),
    ("--renderer", "exact"), ("--end-mask", "0"), ("--variance-from-template", "0"),
    ("--lordotic-end", "0"), ("--chain-scale", "0"), ("--start-search", "0"), ("--surface-stage", "0"), ("--rib-variance", "1"),
    ("--weight-end-wall", "0"), ("--weight-centre-wall", "1"))
CERVICAL, THORACIC = ("gl003", "gl017"), ("healthivert", "verse004")


def jobs_of(group, data, out, runner):
    """The (case, template, settings, seeds) of a group. A template is a name, or a name and arguments of `fit`."""
    real = list(cases.real_cases(data, out))
    verse014 = real[0]
    if group == "quick":
        some = [real[0], real[1], *cases.simulated_cases(data, out, ("gl003", "healthivert"), ("plain",))]
        return [(c, "builtin", ("--preset", "fast"), (1,)) for c in some] + \
               [(c, "mean_lumbar", ("--preset", "fast"), (1,)) for c in real[:2]]
    if group == "scans":
        return [(c, t, (), (1,)) for c in real for t in cases.TEMPLATES]
    if group == "simulated":
        made = cases.simulated_cases(data, out, CERVICAL + THORACIC, cases.simulate.LOOKS)
        return [(c, t, (), (1,)) for c in made for t in ("builtin", "masks", "average")
                if t != "average" or c.patient not in CERVICAL]
    if group == "presets":
        return [(c, "builtin", p, (1,)) for c in real for p in PRESETS] + \
               [(verse014, "mean_lumbar", p, (1,)) for p in PRESETS]
    if group == "ablations":
        some = [(verse014, "builtin", ()), (verse014, "mean_lumbar", PAPER)]
        some += [(c, "builtin", ()) for c in cases.simulated_cases(data, out, ("gl003", "verse004"), ("plain",))]
        return [(c, t, (*s, *left_out), (1,)) for c, t, s in some
                for left_out in ((), *(("--without", loss) for loss in ("image", "normal", "edge")))]
    if group == "shares":
        some = [verse014, real[2], *cases.simulated_cases(data, out, ("gl017",), ("plain",))]
        third = out / "templates" / f"L3_{runner.program_digest}.ply"
        third.parent.mkdir(parents=True, exist_ok=True)
        runner.call(["template", "--level", "L3", "-o", third, "--overwrite"])
        return [(c, "builtin", s, (1,)) for s in SHARES for c in some] + \
               [(c, ("L3 for all", ("-t", str(third))), (), (1,)) for c in some]
    if group == "seeds":
        return [(verse014, t, s, (1, 2, 3)) for t in ("builtin", "mean_lumbar")
                for s in ((), PAPER)]
    if group == "long":
        return [(verse014, t, ("--preset", "paper"), (1,)) for t in ("builtin", "mean_lumbar")]
    if group == "starts":
        return starts_of(verse014, out, runner.program)
    sys.exit(f"accuracy: no group {group} (see --help)")


def starts_of(case, out, program):
    """Jobs with a wrong start of one vertebra (in the middle, or at an end), or of all vertebrae."""
    first, middle, last, everywhere = 20, 22, 24, 0
    lumbar = range(first, last + 1)
    ways = {first: ("up", "down"), middle: ("up", "down", "front", "left"), last: ("up", "down"), everywhere: ("front", "right")}
    jobs = [(case, "builtin", (), (1,))]
    jobs += [(starts.moved(case, out, label, way), "builtin", (), (1,)) for label in ways for way in ways[label]]
    for label in (middle, last, everywhere):
        for axis in "xyz":
            for degrees in (starts.TURNED_DEGREES, -starts.TURNED_DEGREES):
                folder = starts.turned_templates(program, out, lumbar, label, axis, degrees)
                jobs.append((case, (folder.name, ("-t", str(folder))), (), (1,)))
    return jobs


GROUPS = ("quick", "scans", "simulated", "presets", "ablations", "shares", "seeds", "long", "starts", "find", "pins", "regions", "measures",
          "landmarks", "synthesis", "slices", "confidence")


def run(group, data, out, runner, wanted):
    rows = []
    for case, template, settings, seeds in jobs_of(group, data, out, runner):
        if wanted and template not in wanted:
            continue
        if isinstance(template, tuple):
            template, start = template
        else:
            start = cases.template_arguments(template, case, data, runner)
        if start is None:
            continue
        found = [runner.fit(case, start, settings, seed) for seed in seeds]
        rows.append({"group": group, "case": case.name, "template": template,
                     "settings": " ".join(settings) or "default", "seeds": len(seeds),
                     "vertebrae": [v for f in found for v in f["vertebrae"]],
                     "seconds": sum(f["seconds"] for f in found) / len(found)})
        total = tables.summary(rows[-1]["vertebrae"])["total"]
        print(f"{group:<10} {case.name:<24} {template:<12} {rows[-1]['settings']:<34} Dice {total['dice']:.3f} "
              f"least {total['dice_least']:.3f}  HD95 {total['hd95_mm'] or float('nan'):.1f} mm  "
              f"{rows[-1]['seconds']:.0f} s", flush=True)
    return rows


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("data", type=pathlib.Path, metavar="DATA_DIR", help="see docs/results.md for its sources")
    p.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join((*GROUPS, "all")))
    p.add_argument("-o", "--output", type=pathlib.Path, default=ROOT / "out/accuracy")
    p.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/bin/diffam")
    p.add_argument("--template", action="append", choices=cases.TEMPLATES,
                   help="only rows of this template (repeatable); a template from masks takes minutes per case")
    p.add_argument("--threads", type=int, default=0, help="threads of a fit; 0: all cores")
    p.add_argument("--fits", type=int, default=confidence.FITS, help="spoiled fits of the group confidence")
    p.add_argument("--only", action="append", default=[], metavar="NAME",
                   help="of the group confidence only the jobs of this scan or with this fault (repeatable)")
    p.add_argument("--limit", type=int, help="of the group confidence at most this number of jobs that have not run before")
    a = p.parse_args()
    if not os.access(a.program, os.X_OK):
        sys.exit(f"accuracy: no program {a.program}: cmake --preset release && cmake --build --preset release")
    if not (a.data / "verse014_ct_L1-L5").is_dir():
        sys.exit(f"accuracy: {a.data} has no folder verse014_ct_L1-L5: expected the folder of the data")
    groups = a.groups or ["quick"]
    groups = GROUPS if "all" in groups else groups
    for g in set(groups) - set(GROUPS):
        sys.exit(f"accuracy: no group {g} (see --help)")
    a.output.mkdir(parents=True, exist_ok=True)
    runner = fits.Runner(a.program.resolve(), a.output, a.threads)
    rows = []
    if "find" in groups:
        found, none = finds.run(a.data, a.output, runner)
        (a.output / "find.json").write_text(json.dumps({"searches": found, "without_spine": none}, indent=1))
        (a.output / "find.md").write_text(finds.markdown(found, none))
        print(finds.markdown(found, none))
        print(f"pictures of failures: {finds.picture_failures(runner, found)}")
        if not boxplots.draw_groups(a.output / "find.png", finds.distances_by_group(found), "found centres to the known ones, mm", "find"):
            print(WITHOUT_PLOTS, file=sys.stderr)
    if "pins" in groups:
        text = finds.markdown(finds.run_pinned(a.data, a.output, runner))
        (a.output / "pins.md").write_text(text)
        print(text)
    if "landmarks" in groups:
        errors = landmarks.run(a.output, runner, a.program.resolve().parents[1] / "benchmarks/diffam_true_measures")
        (a.output / "landmarks.json").write_text(json.dumps(errors, indent=1))
        (a.output / "landmarks.md").write_text(landmarks.markdown(errors))
        print(landmarks.markdown(errors))
    if "synthesis" in groups:
        made = synthesis.run(a.data, a.output, runner)
        (a.output / "synthesis.md").write_text(synthesis.markdown(made))
        print(synthesis.markdown(made))
    if "slices" in groups:
        text = slices.markdown(slices.run(a.data, a.output, runner))
        (a.output / "slices.md").write_text(text)
        print(text)
    if "confidence" in groups:
        print(confidence.run(a.data, a.output, runner, a.fits, a.only, a.limit))
    if {"regions", "measures"} & set(groups):
        parts, points = regions.run_regions(a.data, a.output, runner) if "regions" in groups else ([], [])
        measured = regions.run_measures(a.data, a.output, runner) if "measures" in groups else []
        (a.output / "regions.json").write_text(json.dumps({"regions": parts, "landmarks": points, "measures": measured}, indent=1))
        (a.output / "regions.md").write_text(regions.markdown(parts, points, measured))
        print(regions.markdown(parts, points, measured))
    groups = [g for g in groups if g not in ("find", "pins", "regions", "measures", "landmarks", "synthesis", "slices", "confidence")]
    if not groups:
        return
    for group in groups:
        rows += run(group, a.data, a.output, runner, a.template)
        (a.output / "accuracy.md").write_text(tables.markdown(rows))
        (a.output / "accuracy.json").write_text(json.dumps(rows, indent=1))
    of_good_starts = [r for r in rows if r["group"] != "starts"]
    for template in dict.fromkeys(r["template"] for r in of_good_starts):
        kept = [v for r in of_good_starts if r["template"] == template and r["settings"] == "default" for v in r["vertebrae"]]
        kept = kept or [v for r in of_good_starts if r["template"] == template for v in r["vertebrae"]]
        if not boxplots.draw(a.output / f"accuracy_{template}.png", kept, f"template: {template}"):
            print(WITHOUT_PLOTS, file=sys.stderr)
            break
    print(f"\n{tables.markdown(rows)}")


try:
    main()
except RuntimeError as failed:
    sys.exit(f"accuracy: {failed}")
