#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# recipes.sh SOURCE: the recipes in packaging/ are well formed, build with options that exist, and have the version of
# the library. Conan reads its recipe, where it is installed.
set -euo pipefail
cd "$1"
python=$(command -v python3) || exit 77
"$python" -B - <<'END'
import ast, json, pathlib, re

def expect(what, expected, got):
    if expected != got:
        raise SystemExit(f"{what}: expected {expected!r}, got {got!r}")

version = re.search(r'define DIFFAM_VERSION "(.*)"', pathlib.Path("include/diffam/version.hpp").read_text())[1]
port = json.loads(pathlib.Path("packaging/vcpkg/diffam/vcpkg.json").read_text())
expect("vcpkg.json, version", version, port["version"])
expect("vcpkg.json, name", "diffam", port["name"])
recipe = ast.parse(pathlib.Path("packaging/conan/conanfile.py").read_text())
members = {a.targets[0].id: ast.literal_eval(a.value) for c in recipe.body if isinstance(c, ast.ClassDef)
           for a in c.body if isinstance(a, ast.Assign)}
expect("conanfile.py, version", version, members["version"])
conda = pathlib.Path("packaging/conda/meta.yaml").read_text()
expect("meta.yaml, version", version, re.search(r"^  version: (.*)$", conda, re.M)[1])
try:
    import yaml
except ImportError:
    pass
else:
    expect("meta.yaml, name", "diffam", yaml.safe_load(conda)["package"]["name"])
expect("CITATION.cff, version", version, re.search(r"^version: (.*)$", pathlib.Path("CITATION.cff").read_text(), re.M)[1])

build = "".join(p.read_text() for p in [pathlib.Path("CMakeLists.txt"), *pathlib.Path("cmake").glob("*.cmake")])
known = set(re.findall(r"(?:option|set|find_path)\((DIFFAM_\w+)", build))
for file in ("packaging/vcpkg/diffam/portfile.cmake", "packaging/conan/conanfile.py", "packaging/conda/build.sh"):
    for name in re.findall(r"DIFFAM_[A-Z_]+", pathlib.Path(file).read_text()):
        if name not in known:
            raise SystemExit(f"{file}: {name} is no option of the build")
END
if command -v conan >/dev/null; then
  CONAN_HOME=$(mktemp -d)
  export CONAN_HOME
  trap 'rm -r "$CONAN_HOME"' EXIT
  conan inspect packaging/conan >/dev/null
fi
bash -n packaging/conda/build.sh
