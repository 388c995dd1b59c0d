# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Opens the report of a fit in a browser: report_page.py DIFFAM CHROMIUM [FOLDER]

The fit is a short one of a generated CT, whose name is hostile. FOLDER, if given, gets the screenshots.
"""
import sys

from browser import READY, Browser, PageTest, run

NAME = "<img src=x onerror=alert(1)>&\"'{{data}}"
VIEWS = "[...document.querySelectorAll('.view canvas')]"


def fit(folder, out, *more):
    PageTest.diffam("fit", "-q", "-i", folder / f"{NAME}_ct.nii.gz", "-c", folder / f"{NAME}_ctd.json", "-o", folder / out, "--iterations", 12,
                    "--samples", 500, "--modes", 30, *more)
    return folder / out / f"{NAME}_report.html"


class Report(PageTest):
    @classmethod
    def make_page(cls, folder):
        cls.diffam("phantom", "-o", folder, "--name", NAME, "--levels", "L2-L3", "--spacing", 2, 2, 2.5)
        return fit(folder, "out")

    def test_nothing_is_complained_of_and_nothing_is_fetched(self):
        self.browser.wait_for(READY)
        self.assertEqual(self.browser.complaints, [])
        self.assertEqual(self.browser.requests, [self.page.as_uri()])

    def test_the_listener_hears_errors(self):
        with Browser(self.chromium, 400, 300) as other:
            other.open("data:text/html,<script>console.error('one')</script><script>nothing.there</script>")
            other.value("1")
            self.assertEqual(len(other.complaints), 2, other.complaints)

    def test_the_page_is_small(self):
        self.assertLess(self.page.stat().st_size, 6e6)

    def test_names_are_texts(self):
        self.assertEqual(self.value("document.getElementById('case').textContent"), NAME)
        self.assertEqual(self.value("document.querySelectorAll('img').length"), 0)
        self.assertIn(NAME + "_ct.nii.gz", self.value("document.getElementById('facts').textContent"))

    def test_the_verdict_comes_first(self):
        self.assertEqual(self.value("document.querySelector('main h2').textContent"), "Verdict")
        self.assertEqual(self.value("document.querySelectorAll('.flags li').length"), 2)

    def test_views_show_the_ct_and_contours(self):
        self.assertEqual(self.value(VIEWS + ".length"), 4)
        for n in range(4):
            self.assertGreater(self.value(f"Number({VIEWS}[{n}].dataset.lines)"), 50)
            greys = f"new Set({VIEWS}[{n}].getContext('2d').getImageData(0, 0, 300, 200).data).size"
            self.assertGreater(self.value(greys), 40)

    def test_contours_lie_on_the_edges_of_the_bone(self):
        # Bone inside, softer tissue outside: the grey 2 mm inside of a contour is brighter than 2 mm outside.
        difference = self.value("""(() => {
          const {size, origin, spacing} = data.slices;
          const meshes = readMeshes(data.meshes);
          return readVoxels(data.slices).then((voxels) => {
            const grey = (p) => voxels[p.reduce((sum, x, a) => sum + [1, size[0], size[0] * size[1]][a] * Math.round((x - origin[a]) / spacing), 0)];
            let sum = 0, count = 0;
            for (const mesh of meshes) {
              const v = mesh.vertices;
              for (let f = 0; f < mesh.faces.length; f += 3) {
                const [a, b, c] = [0, 1, 2].map((k) => [...v.slice(3 * mesh.faces[f + k], 3 * mesh.faces[f + k] + 3)]);
                const u = b.map((x, i) => x - a[i]), w = c.map((x, i) => x - a[i]);
                const n = [u[1] * w[2] - u[2] * w[1], u[2] * w[0] - u[0] * w[2], u[0] * w[1] - u[1] * w[0]], l = Math.hypot(...n);
                const middle = a.map((x, i) => (x + b[i] + c[i]) / 3);
                sum += grey(middle.map((x, i) => x - 2 * n[i] / l)) - grey(middle.map((x, i) => x + 2 * n[i] / l));
                ++count;
              }
            }
            return sum / count;
          });
        })()""")
        self.assertGreater(difference, 20)

    def test_keys_scroll_slices_and_turn_meshes(self):
        for n in range(4):
            slider = f"Number(document.querySelectorAll('.view input')[{n}].value)"
            self.value(VIEWS + f"[{n}].focus()")
            before = self.value(slider)
            self.browser.press("ArrowUp")
            self.browser.wait_for(f"{slider} === {before} + 1")
            self.browser.press("PageDown")
            self.browser.wait_for(f"{slider} === {before} - 9")
            # The slider moves before the view is drawn: a key for the slider can come first.
            up = f"{VIEWS}[{n}].dispatchEvent(new KeyboardEvent('keydown', {{key: 'ArrowUp'}}))"
            self.assertEqual(self.value(f"{up}, {slider}"), before - 8)
            self.value(f"document.querySelectorAll('.view input')[{n}].focus()")
            self.browser.press("ArrowUp")
            self.browser.wait_for(f"{slider} === {before} - 7")

    def test_meshes_are_drawn_and_coloured(self):
        # Sums of the red, green and blue of all pixels.
        sums = """(() => {
          const from = document.querySelector('.stage canvas'), to = document.createElement('canvas');
          [to.width, to.height] = [from.width, from.height];
          const context = to.getContext('2d'), sum = [0, 0, 0];
          context.drawImage(from, 0, 0);
          context.getImageData(0, 0, to.width, to.height).data.forEach((v, i) => { if (i % 4 < 3) sum[i % 4] += v; });
          return sum;
        })()"""
        by_level = self.value(sums)
        self.assertGreater(min(by_level), 1e6)
        self.value("document.querySelector('input[value=region]').click()")
        by_region = self.value(sums)
        self.assertNotEqual(by_level, by_region)
        self.value("document.querySelector('.stage canvas').focus()")
        self.browser.press("ArrowLeft")
        self.assertNotEqual(by_region, self.value(sums))
        self.assertGreaterEqual(self.value("document.querySelectorAll('.stage + .legend .swatch').length"), 8)

    def test_it_fits_into_narrow_and_wide_windows(self):
        self.check_widths("report")

    def test_the_view_in_3d_can_be_left_out(self):
        page = fit(self.folder, "flat", "--no-3d")
        self.assertNotIn("WebGLRenderer(", page.read_text().replace("THREE.WebGLRenderer(", ""))
        with Browser(self.chromium, 800, 600) as other:
            other.open(page.as_uri(), READY)
            self.assertEqual(other.complaints, [])
            self.assertIn("--no-3d", other.value("document.getElementById('scene').textContent"))
        self.assertFalse(fit(self.folder, "none", "--report", "none").exists())


if __name__ == "__main__":
    run(sys.argv)
