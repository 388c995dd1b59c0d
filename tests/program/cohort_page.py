# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Opens the page of a cohort in a browser: cohort_page.py DIFFAM CHROMIUM [FOLDER]

The cohort has one fit, copies of it with other confidences, and a damaged file with a hostile name. FOLDER, if given, gets
the screenshots.
"""
import json
import shutil
import sys

from browser import PageTest, run

HOSTILE = "<img src=x onerror=alert(1)>&\"'"
NAMES = "[...document.querySelectorAll('.cases .name')].map((name) => name.textContent)"


def copy_results(out, name, confidence):
    """The results of sub-a as those of another scan whose first vertebra has this confidence."""
    folder = out / f"sub-{name}"
    shutil.copytree(out / "sub-a", folder)
    for file in folder.glob("a_*"):
        file.rename(folder / file.name.replace("a_", f"{name}_", 1))
    report = json.loads((folder / "report.json").read_text())
    report["vertebrae"][0]["confidence"] = confidence
    report["vertebrae"][0]["flags"] = ["moved 20 mm"] if name == "d" else []
    (folder / "report.json").write_text(json.dumps(report))


class CohortPage(PageTest):
    @classmethod
    def make_page(cls, folder):
        data, out = folder / "data", folder / "out"
        cls.diffam("phantom", "-o", data, "--name", "a", "--levels", "L2-L3", "--spacing", 2, 2, 2.5)
        cls.diffam("cohort", data, out, "participant", "--iterations", 12, "--samples", 500, "--modes", 30)
        for name, confidence in (("b", 0.01), ("c", 0.005), ("d", 0.9)):
            (data / f"{name}_ct.nii.gz").write_bytes((data / "a_ct.nii.gz").read_bytes())
            copy_results(out, name, confidence)
        (data / f"{HOSTILE}_ct.nii.gz").write_bytes(b"\x1f\x8b")
        (data / "late_ct.nii.gz").write_bytes(b"")
        cls.diffam("cohort", data, out, "participant", "--skip-existing", "--scan", "sub-imgsrcxonerroralert1", code=65)
        cls.diffam("cohort", data, out, "group")
        return out / "cohort.html"

    def test_nothing_is_complained_of_and_only_pictures_are_fetched(self):
        self.browser.wait_for("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")
        self.assertEqual(self.browser.complaints, [])
        others = [r for r in self.browser.requests if r != self.page.as_uri()]
        self.assertTrue(all(r.startswith("file:") and r.endswith("_snp.png") for r in others), others)
        self.assertEqual(self.value("document.images.length"), 4)

    def test_the_worst_comes_first(self):
        self.assertEqual(self.value(NAMES), ["sub-imgsrcxonerroralert1", "sub-d", "sub-c", "sub-b", "sub-a", "sub-late"])
        self.assertIn("4 of 6 scans done, 1 failed, 1 not run", self.value("document.getElementById('verdict-line').textContent"))

    def test_names_and_reasons_are_texts(self):
        self.assertIn(HOSTILE, self.value("document.getElementById('failures').textContent"))
        self.assertEqual(self.value("document.querySelectorAll('img[src=x]').length"), 0)

    def test_heads_sort_and_filters_filter(self):
        head = "[...document.querySelectorAll('.cases thead button')].find((b) => b.textContent === 'Scan')"
        self.value(f"{head}.click(), {head}.click()")
        self.assertEqual(self.value(NAMES)[0], "sub-late")
        self.assertEqual(self.value(f"{head}.parentElement.getAttribute('aria-sort')"), "descending")
        self.value("(() => { const box = document.querySelector('#scan-tools input'); box.value = 'SUB-B'; box.dispatchEvent(new Event('input')); })()")
        self.assertEqual(self.value(NAMES), ["sub-b"])
        self.value("(() => { const box = document.querySelector('#scan-tools input'); box.value = ''; box.dispatchEvent(new Event('input')); })()")
        self.value("[...document.querySelectorAll('.cases thead button')].find((b) => b.textContent === 'Verdict').click()")
        self.assertEqual(self.value(NAMES)[2], "sub-c")

    def test_keys_go_from_scan_to_scan(self):
        focused = "document.activeElement.textContent"
        self.value("document.querySelectorAll('.cases .name')[2].focus()")
        self.browser.press("ArrowDown")
        self.browser.wait_for(f"{focused} === 'sub-b'")
        self.browser.press("ArrowUp")
        self.browser.wait_for(f"{focused} === 'sub-c'")
        link = self.page.parent / self.value("document.activeElement.getAttribute('href')")
        self.assertTrue(link.is_file(), link)

    def test_it_fits_into_narrow_and_wide_windows(self):
        self.check_widths("cohort")


if __name__ == "__main__":
    run(sys.argv)
