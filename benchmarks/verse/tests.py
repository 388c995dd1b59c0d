# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Tests of the study: DIFFAM_PROGRAM=build/release/bin/diffam /usr/bin/python3 benchmarks/verse/tests.py. Without the
program, no study is run from end to end."""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "accuracy")]
try:
    import nibabel
    import numpy
    import scipy.ndimage  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

import boxplots
import layout
import report
import study

PROGRAM = os.environ.get("DIFFAM_PROGRAM")


def image(shape=(10, 12, 14), affine=numpy.diag([-1, 2, 3, 1])):
    return nibabel.Nifti1Image(numpy.zeros(shape, numpy.uint8), affine)


def read_csv(path):
    return list(csv.DictReader(path.read_text().splitlines()))


class Layout(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def touch(self, *names):
        for name in names:
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    def test_both_layouts_are_found(self):
        self.touch("t/rawdata/sub-verse1/sub-verse1_dir-ax_ct.nii.gz", "t/derivatives/sub-verse1/sub-verse1_dir-ax_seg-vert_msk.nii.gz",
                   "t/derivatives/sub-verse1/sub-verse1_dir-ax_seg-subreg_ctd.json", "GL1/GL1_CT.nii.gz", "GL1/GL1_CT_seg.nii.gz",
                   "GL1/GL1_CT_iso-ctd.json", "work/other_ct.nii.gz")
        found = layout.scans(self.root)
        self.assertEqual([s.name for s in found], ["sub-verse1_dir-ax", "GL1_CT"])
        self.assertEqual([s.problem() for s in found], ["", ""])

    def test_what_is_missing_is_said(self):
        self.touch("rawdata/sub-a/sub-a_ct.nii.gz", "rawdata/sub-b/sub-b_ct.nii.gz", "derivatives/sub-b/sub-b_seg-vert_msk.nii.gz")
        a, b = layout.scans(self.root)
        self.assertIn("sub-a_seg-vert_msk.nii.gz", a.problem())
        self.assertEqual(b.problem(), "no file of centres")
        row = study.run_one(b, "paper", None, None)
        self.assertEqual(row["reason"], "no file of centres")

    def test_a_doubled_name_gets_its_folders(self):
        self.touch(*(f"{part}/rawdata/sub-a/sub-a_ct.nii.gz" for part in ("verse19", "verse20")))
        self.assertEqual([s.name for s in layout.scans(self.root)], ["verse19-rawdata-sub-a-sub-a", "verse20-rawdata-sub-a-sub-a"])

    def test_labels_without_place_or_below_l6_do_not_count(self):
        path = self.root / "c.json"
        path.write_text('[{"direction": ["P", "I", "R"]}, {"label": 20, "X": 1, "Y": 2, "Z": 3}, {"label": 26, "X": 1, "Y": 2, "Z": 3}, '
                        '{"label": 21, "X": NaN, "Y": 2, "Z": 3}]')
        self.assertEqual(layout.Scan("", path, path, path).labels(), {20})
        self.assertEqual(layout.Scan("", path, path, None).labels(), set())

    def test_frames_of_the_challenge(self):
        centre = nibabel.affines.apply_affine(image().affine, [3, 4, 5])  # in an image of LAS axes, 1 x 2 x 3 mm
        self.assertEqual(list(layout.in_frame(centre, image(), "LAS")), [3, 8, 15])
        self.assertEqual(list(layout.in_frame(centre, image(), "IPL")), [(13 - 5) * 3, (11 - 4) * 2, 3])
        self.assertEqual(list(layout.in_frame(centre, image(), "PIR")), [(11 - 4) * 2, (13 - 5) * 3, 9 - 3])


class Report(unittest.TestCase):
    @staticmethod
    def vertebra(label, dice, **more):
        return {"label": label, "dice": dice, "mean_mm": 1, "hd95_mm": 2, "hausdorff_mm": 4, "vertex_mm": 1,
                "centre_distance_mm": 3, "centre_identified": True, **more}

    def setUp(self):
        self.rows = [{"scan": "a", "arm": "paper", "reason": "", "seconds": 1, "missed": [22],
                      "vertebrae": [self.vertebra(20, 0.9), self.vertebra(21, 0.6, centre_identified=False)]},
                     {"scan": "b", "arm": "paper", "reason": "no | file", "seconds": None, "missed": [10], "vertebrae": []}]

    def test_table_1_is_over_the_vertebrae_of_scans_that_ran(self):
        lumbar, total = report.table_1(self.rows, ("paper",))
        self.assertEqual((lumbar["segment"], lumbar["vertebrae"], lumbar["missed"]), ("lumbar", 3, 1))
        self.assertEqual(lumbar["Dice (sd)"], ".500 (.458)")  # .9, .6 and 0
        self.assertEqual(lumbar["HD95, mm (sd)"], "2.00 (.00)")
        self.assertEqual(total["published"], ".773")

    def test_verse_counts_failed_scans(self):
        row, = report.verse_measures(self.rows, ("paper", "ours"))
        self.assertEqual((row["scans"], row["failed"], row["vertebrae"], row["missed"]), (2, 1, 4, 2))
        self.assertEqual(row["Dice, mean (median)"], ".250 (.250)")  # .5 and 0
        self.assertEqual(row["identification rate, %"], "25.0")
        self.assertEqual(row["HD, mm, mean (median)"], "4.0 (4.0)")

    def test_the_ablations_of_the_paper(self):
        self.assertEqual(study.settings_of("paper-N"), ("--preset", "paper", "--without", "normal"))
        self.assertEqual(study.settings_of("ours"), ())

    def test_files_and_plots(self):
        with tempfile.TemporaryDirectory() as folder:
            text = report.write(pathlib.Path(folder), self.rows, ("paper",), "Heading.")
            self.assertIn("| b | paper | no / file |", text)
            self.assertEqual(len(read_csv(pathlib.Path(folder) / "vertebrae.csv")), 3)
            plots = {p.name for p in pathlib.Path(folder).iterdir() if p.suffix in (".svg", ".png")}
            expected = {f"{n}.{e}" for n in ("figure2_paper", "dice_by_segment") for e in ("svg", "png")}
            self.assertEqual(plots, expected if boxplots.new_figure() else set())


@unittest.skipUnless(PROGRAM, "no DIFFAM_PROGRAM")
class EndToEnd(unittest.TestCase):
    def run_script(self, *arguments):
        done = subprocess.run([sys.executable, "-B", *map(str, arguments), "--program", PROGRAM], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_a_study_of_generated_cts(self):
        with tempfile.TemporaryDirectory() as folder:
            data, out = pathlib.Path(folder) / "data", pathlib.Path(folder) / "out"
            self.run_script(HERE / "make_dataset.py", data, "--phantoms", 2, "--levels", "L1-L2", "--spacing", "2,2,2",
                            "--challenge-frame", "IPL")
            command = (HERE, data, out, "--arms", "paper", "--iterations", 3, "--jobs", 2)
            refused = self.run_script(*command)  # without the frame of its centres
            self.assertEqual(refused.stderr.count("--centroid-frame"), 2)
            command += ("--centroid-frame", "voxel-IPL-1mm")
            first = self.run_script(*command)
            (data / "training/phantom2_ctd.json").write_text("[]")
            self.assertNotIn("phantom2", self.run_script(*command, "--tables-only").stderr)
            second = self.run_script(*command)  # one scan is done, and the other one is another one now
            rows = {(r["scan"], r["arm"]): r for r in read_csv(out / "scans.csv")}
            self.assertEqual(rows["phantom1", "paper"]["result"], "done")
            self.assertIn("expected one or more, found none", rows["phantom2", "paper"]["reason"])
            fits_of = [p for p in (out / "fits").iterdir() if (p / "scores.json").exists()]
            self.assertEqual(len(fits_of), 2)
            for v in json.loads((fits_of[0] / "scores.json").read_text())["vertebrae"]:
                self.assertTrue(v["centre_identified"])
                self.assertGreater(v["dice"], 0.3)
                self.assertLess(v["vertex_mm"], 8)
            kept = [line for line in first.stderr.splitlines() if "phantom1" in line]
            self.assertEqual(sorted(l.split("  ", 1)[1] for l in kept),
                             sorted(l.split("  ", 1)[1] for l in second.stderr.splitlines() if "phantom1" in l))  # times too


if __name__ == "__main__":
    unittest.main()
