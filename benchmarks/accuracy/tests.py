# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Tests of the benchmark. They need neither data nor the program: /usr/bin/python3 benchmarks/accuracy/tests.py"""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
try:
    import nibabel
    import numpy
    import scipy.ndimage  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

import boxplots
import cases
import confidence
import fits
import masks
import regions
import simulate
import tables


def toy_mask(labels=(18, 19, 20, 21)):
    """Cylinders 24 mm high, 34 mm apart, with a process behind, on voxels of 1 x 1 x 1.5 mm with LPS axes."""
    spacing = numpy.array([1, 1, 1.5])
    shape = (70, 90, 34 * len(labels) * 2 // 3 + 20)
    volume = numpy.zeros(shape, numpy.uint8)
    x, y, z = (g * s for g, s in zip(numpy.mgrid[:shape[0], :shape[1], :shape[2]], spacing))
    centres = {}
    for n, label in enumerate(reversed(labels)):
        c = numpy.array([35, 30, 26 + 34 * n])
        body = (numpy.hypot(x - c[0], y - c[1]) < 18) & (abs(z - c[2]) < 12)
        process = (abs(x - c[0]) < 5) & (y > c[1]) & (y < c[1] + 45) & (abs(z - c[2]) < 6)
        volume[body | process] = label
        centres[label] = c / spacing
    affine = numpy.diag([-1, -1, 1.5, 1])
    return nibabel.Nifti1Image(volume, affine), {l: nibabel.affines.apply_affine(affine, c)
                                                for l, c in centres.items()}


class Masks(unittest.TestCase):
    def test_distance_is_signed_and_in_mm(self):
        mask = numpy.zeros((40, 40, 20), bool)
        mask[10:30, 10:30, 5:15] = True
        d = masks.signed_distance(mask, (1, 1, 2))
        self.assertAlmostEqual(d[20, 20, 10], -9.5, delta=1.2)
        self.assertAlmostEqual(d[2, 20, 10], 7.5, delta=0.7)

    def test_depth_begins_at_the_faces_of_voxels(self):
        mask = numpy.zeros((9, 9, 9), bool)
        mask[2:7, 2:7, 2:7] = True  # a cube of 15 mm
        depth = regions.depth_below_surface(mask, numpy.array([3.0, 3.0, 3.0]))
        self.assertAlmostEqual(depth[4, 4, 4], 7.5)
        self.assertAlmostEqual(depth[2, 4, 4], 1.5)
        filled = regions.depth_below_surface(mask[2:7, 2:7, 2:7], numpy.array([3.0, 3.0, 3.0]))
        numpy.testing.assert_allclose(filled, depth[2:7, 2:7, 2:7])

    def test_the_body_is_the_thick_part(self):
        image, centres = toy_mask((20,))
        index = masks.depth_centre(numpy.asanyarray(image.dataobj) == 20, (1, 1, 1.5))
        world = nibabel.affines.apply_affine(image.affine, index)
        self.assertLess(numpy.linalg.norm(world - centres[20]), 2)

    def test_centres_are_written_and_read_in_order(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "c.csv"
            masks.write_centres(path, {20: [1, 2, 3], 19: [4, 5, 6], masks.T13: [7, 8, 9]})
            names = [line.split(",")[0] for line in path.read_text().splitlines()[2:]]
            self.assertEqual(names, ["T12", "T13", "L1"])
            bad = pathlib.Path(folder) / "c.json"
            bad.write_text('[{"direction": ["P", "I", "R"]}, {"label": 20, "X": 1, "Y": 1, "Z": 1}]')
            with self.assertRaises(ValueError):
                masks.read_centres(bad, toy_mask()[0])


class Simulation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.image, cls.centres = toy_mask()
        cls.made = simulate.simulate(cls.image, cls.centres, simulate.LOOKS["plain"], seed=3)

    def at(self, image, world, radius=3):
        data = numpy.asanyarray(image.dataobj).astype(float)
        i = numpy.rint(nibabel.affines.apply_affine(numpy.linalg.inv(image.affine), world)).astype(int)
        return data[tuple(slice(k - radius, k + radius + 1) for k in i)]

    def test_ends_of_the_chain_stay_in_the_ct_without_a_label(self):
        ct, truth, kept = self.made
        self.assertEqual(sorted(kept), [19, 20])
        self.assertEqual(set(numpy.unique(truth.dataobj)), {0, 19, 20})
        look = simulate.LOOKS["plain"]
        for label in (18, 19, 21):
            self.assertAlmostEqual(self.at(ct, self.centres[label]).mean(), look.marrow, delta=30)

    def test_the_atlas_keeps_its_label(self):
        image, centres = toy_mask((1, 2, 3))
        self.assertEqual(sorted(simulate.simulate(image, centres, simulate.LOOKS["plain"])[2]), [1, 2])

    def test_what_the_mask_cuts_is_no_truth(self):
        volume = numpy.asanyarray(self.image.dataobj).copy()
        volume[0, 0, :30] = 20  # reaches the border
        image = nibabel.Nifti1Image(volume, self.image.affine)
        self.assertEqual(masks.cut_labels(volume), {20})
        self.assertEqual(sorted(simulate.simulate(image, self.centres, simulate.LOOKS["plain"])[2]), [19])

    def test_the_truth_is_the_mask(self):
        _, truth, _ = self.made
        before = numpy.asanyarray(self.image.dataobj)
        index = numpy.argwhere(numpy.asanyarray(truth.dataobj) > 0)
        there = numpy.linalg.inv(self.image.affine) @ truth.affine
        old = before[tuple(numpy.rint(nibabel.affines.apply_affine(there, index)).astype(int).T)]
        new = numpy.asanyarray(truth.dataobj)[tuple(index.T)]
        self.assertGreater((old == new).mean(), 0.95)
        volume = len(index) * abs(numpy.linalg.det(truth.affine[:3, :3]))
        self.assertAlmostEqual(volume / (numpy.isin(before, [19, 20]).sum() * 1.5), 1, delta=0.04)

    def test_tissues(self):
        ct = self.made[0]
        look = simulate.LOOKS["plain"]
        middle = (self.centres[19] + self.centres[20]) / 2
        self.assertAlmostEqual(self.at(ct, middle, 1).mean(), look.disc, delta=25)
        wall = max(self.at(ct, self.centres[19] + numpy.array([dx, 0, 0]), 0).item() for dx in numpy.arange(14, 20, 0.5))
        self.assertGreater(wall, look.marrow + 200)
        far = self.at(ct, self.centres[20] + numpy.array([-30, -30, 0]), 3)
        self.assertLess(far.mean(), look.muscle + 30)

    def test_noise_follows_the_seed_and_looks_differ(self):
        again = simulate.simulate(self.image, self.centres, simulate.LOOKS["plain"], seed=3)
        other = simulate.simulate(self.image, self.centres, simulate.LOOKS["plain"], seed=4)
        same = numpy.asanyarray(self.made[0].dataobj)
        self.assertTrue((same == numpy.asanyarray(again[0].dataobj)).all())
        self.assertFalse((same == numpy.asanyarray(other[0].dataobj)).all())
        thick = simulate.simulate(self.image, self.centres, simulate.LOOKS["contrast"])
        self.assertAlmostEqual(thick[0].header.get_zooms()[2], 2)
        self.assertEqual(thick[0].shape, thick[1].shape)
        self.assertLess(abs(self.at(thick[0], self.centres[20]).mean() - simulate.LOOKS["contrast"].marrow), 25)


class Cases(unittest.TestCase):
    def test_no_template_meets_its_own_patient(self):
        case = cases.Case("sim_verse004_plain", "verse004", None, None, None)
        for name, patients in cases.TEMPLATES.items():
            if "verse004" in patients:
                self.assertIsNone(cases.template_arguments(name, case, pathlib.Path("data"), None))
        self.assertEqual(cases.template_arguments("builtin", case, pathlib.Path("data"), None), ())

        class Runner:
            def template_without(self, patient, used):
                return f"{patient} of {len(used)}"
        self.assertEqual(cases.template_arguments("masks", case, pathlib.Path("data"), Runner()),
                         ("-t", "verse004 of 7"))

    def test_ply_vertices(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "m.ply"
            head = ("ply\nformat binary_little_endian 1.0\nelement vertex 2\nproperty float x\nproperty float y\n"
                    "property float z\nproperty uchar red\nelement face 1\nproperty list uchar int vertex_indices\n"
                    "end_header\n")
            rows = b"".join(numpy.array(v, "<f4").tobytes() + b"\7" for v in ([1, 2, 3], [4, 5, 6]))
            path.write_bytes(head.encode() + rows + b"\3" + bytes(12))
            self.assertEqual(fits.read_ply_vertices(path).tolist(), [[1, 2, 3], [4, 5, 6]])


class Tables(unittest.TestCase):
    rows = [{"label": l, "dice": d, "hd95_mm": h, "mean_mm": 1, "vertex_mm": 1, "volume_ratio": 1, "quality_least": 0.4,
             "self_intersections": n} for l, d, h, n in ((3, 0.5, None, 0), (12, 0.8, 2, 1), (20, 0.9, 1, 0))]

    def test_means(self):
        s = tables.summary(self.rows)
        self.assertAlmostEqual(s["total"]["dice"], 2.2 / 3)
        self.assertAlmostEqual(s["total"]["hd95_mm"], 1.5)  # infinite values are None and do not count
        self.assertEqual(s["total"]["self_intersecting"], 1)
        self.assertEqual(s["thoracic"]["count"], 1)

    def test_markdown(self):
        text = tables.markdown([{"group": "g", "case": "c", "template": "t", "settings": "s", "seeds": 1,
                                 "vertebrae": self.rows, "seconds": 3}])
        self.assertIn("C3 .500 T5 .800 L1 .900", text)
        self.assertIn("| g | t | s | .500 (1) | .800 (1) | .900 (1) | .733 (3) |", text)

    def test_plots_or_a_clear_no(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "b.png"
            self.assertEqual(boxplots.draw(path, self.rows, "t"), path.exists())


class Confidence(unittest.TestCase):
    def test_the_fit_finds_the_coefficients(self):
        random = numpy.random.default_rng(1)
        x = numpy.column_stack([numpy.ones(20000), random.normal(size=(20000, 2))])
        true = numpy.array([0.5, 2, -1])
        good = random.random(20000) < confidence.probability(x, true)
        self.assertLess(abs(confidence.fitted(x, good) - true).max(), 0.1)

    def test_auc(self):
        good = numpy.array([False, True, False, True])
        self.assertEqual(confidence.auc(numpy.array([0.1, 0.9, 0.2, 0.8]), good), 1)
        self.assertEqual(confidence.auc(numpy.array([0.1, 0.1, 0.2, 0.2]), good), 0.5)
        self.assertEqual(confidence.auc(numpy.array([0.9, 0.1, 0.8, 0.2]), good), 0)

    @staticmethod
    def rows(scans):
        """Vertebrae whose one piece of evidence tells good from bad; in scan `a` it is the wrong way round."""
        return [{"scan": scan, "kind": "none", "name": "L1", "number": n, "dice": 0.9 if good else 0.1, "flagged": False, "warned": False,
                 "said": 0.6 if good else 0.4, "x": [1, 0.9 if good == (scan != "a") else 0.1]} for scan in scans for good in (True, False) for n in range(30)]

    def test_a_scan_is_judged_by_a_model_of_others(self):
        t = confidence.Table(self.rows("abcd"))  # a model that saw scan a would be unsure
        own = t.scan == "a"
        self.assertEqual(confidence.auc(t.p[own], t.good[own]), 0)

    def test_the_report_counts_what_is_missed(self):
        rows = self.rows("abcd")
        rows[30]["flagged"] = True  # a bad one of scan a
        text, picture = confidence.report(rows, 2, 3)
        self.assertIn("3 fits; 2 more were refused.", text)
        self.assertIn("| - a | 60 | 30 | 0.000 | 100.0 % | 30 of 30 | 29 | 29 |", text)
        self.assertIn("| all, as the program says | 240 | 120 | 1.000 | 0.0 % | 0 of 120 | 0 | 0 |", text)
        self.assertEqual(text.count(" a, none, L1: 0.10"), 30)
        self.assertIn("<circle", picture)


if __name__ == "__main__":
    unittest.main()
