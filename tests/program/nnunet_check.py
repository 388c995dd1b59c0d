# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Checks an exported data set with nnU-Net's own check of integrity: nnunet_check.py DIFFAM

Skipped (77) where there is no nnunetv2 (pip).
"""
import pathlib
import subprocess
import sys
import tempfile

try:
    from nnunetv2.experiment_planning.verify_dataset_integrity import verify_dataset_integrity
except ImportError as missing:
    print(f"skipped: no nnU-Net here ({missing})")
    sys.exit(77)


def main(program):
    with tempfile.TemporaryDirectory(prefix="diffam-nnunet-") as folder:
        data, out, made = (pathlib.Path(folder, name) for name in ("data", "out", "Dataset101_Spines"))
        for seed in (1, 2):
            subprocess.run([program, "phantom", "-o", data, "--name", f"p{seed}", "--levels", "L2-L4", "--spacing", "2", "2", "2.5",
                            "--seed", str(seed)], check=True)
        subprocess.run([program, "cohort", data, out, "participant", "--iterations", "12", "--samples", "500",
                        "--modes", "30"], check=True)
        subprocess.run([program, "cohort", out, "export-nnunet", made, "--accept", "0.3", "--synthesize", "1"], check=True)
        verify_dataset_integrity(str(made), num_processes=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
