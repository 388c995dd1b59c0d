# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Runs a cohort by the engines of examples/cohort: cohort_engines.py DIFFAM EXAMPLES

Snakemake on this machine, Snakemake on Slurm, and a Slurm array all give the bytes of `diffam cohort` alone. Slurm runs on
loopback, one node, in a temporary folder. Skipped (77) without snakemake; the part of Slurm also needs root, slurm-wlm and
munge.
"""
import os
import pathlib
import sys
import tempfile
import threading
import unittest

from engines import HAS_SLURM, HAS_SNAKEMAKE, Cohort, Slurm, results, run

DIFFAM, EXAMPLES = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
if not HAS_SNAKEMAKE:
    print("skipped: no snakemake here")
    sys.exit(77)
FIT = "--iterations 12 --samples 500 --modes 30"


class Engines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory(prefix="diffam-engines-")
        cls.folder = pathlib.Path(cls.kept.name)
        cls.data = cls.folder / "data"
        for seed in (1, 2):
            run(DIFFAM, "phantom", "-o", cls.data, "--name", f"p{seed}", "--levels", "L2-L3", "--spacing", 2, 2, 2.5, "--seed", seed)
        (cls.data / "cut_ct.nii.gz").write_bytes((cls.data / "p1_ct.nii.gz").read_bytes()[:2000])
        cls.cohort = Cohort(DIFFAM, EXAMPLES, cls.folder, cls.data, FIT)
        cls.cohort.alone(cls.folder / "alone", code=65)
        cls.expected = results(cls.folder / "alone")
        assert len(cls.expected) > 30

    @classmethod
    def tearDownClass(cls):
        cls.kept.cleanup()

    def check(self, out):
        self.assertEqual(results(out), self.expected)
        self.assertIn("sub-cut,cut,,failed,65,", (out / "cohort.csv").read_text())

    def snakemake(self, name, slurm=None):
        self.cohort.snakemake(self.folder / name, name, slurm, timeout=900)
        self.check(self.folder / name)

    def test_snakemake_on_this_machine(self):
        self.snakemake("local")

    @unittest.skipUnless(HAS_SLURM, "no Slurm here, or not root")
    def test_slurm(self):
        slurm = Slurm(pathlib.Path(tempfile.mkdtemp(prefix="slurm-", dir=self.folder)))
        try:
            slurm.refuse.touch()  # Snakemake sends the first jobs again
            back = threading.Thread(target=slurm.bring_back, daemon=True)
            back.start()
            self.snakemake("slurm", slurm)
            self.assertFalse(slurm.refuse.exists())
            self.array(slurm)
            self.time_limit(slurm)
        finally:
            slurm.stop()

    def array(self, slurm):
        """The array script: a task is cancelled, the node's daemon is stopped and started, and the array is sent again."""
        out = self.folder / "array"
        job = self.cohort.send(slurm, out, "1-3")
        slurm.wait(lambda: slurm.state_of(f"{job}_2") in ("RUNNING", ""))
        slurm.say("scancel", f"{job}_2")
        slurm.restart_node()
        slurm.wait(lambda: slurm.state_of(job) == "")
        job = self.cohort.send(slurm, out, "1-3")
        slurm.wait(lambda: slurm.state_of(job) == "")
        self.cohort.group(out)
        self.check(out)

    def time_limit(self, slurm):
        """A task that is told that its time ends is queued again, with its checkpoint."""
        out = self.folder / "late"
        job = self.cohort.send(slurm, out, "2", "--iterations 100000 --checkpoint-every 5 --samples 500 --modes 30".split())
        checkpoint = out / "sub-p1/p1_checkpoint.bin"
        slurm.wait(checkpoint.exists)
        run("scancel", "--batch", "--signal=USR1", f"{job}_2", env=slurm.environment)
        slurm.wait(lambda: slurm.state_of(f"{job}_2") == "PENDING")
        self.assertTrue(checkpoint.exists())
        run("scancel", job, env=slurm.environment)


class Workflow(unittest.TestCase):
    def test_a_record_of_an_earlier_try_does_not_finish_a_scan(self):
        """A stand-in for the program ends with some code, where a record with some code is left."""
        for ended, recorded, done in ((0, 0, True), (65, 65, True), (66, 75, False), (70, 65, False), (127, 65, False)):
            with tempfile.TemporaryDirectory() as folder, self.subTest(ended=ended, recorded=recorded):
                folder = pathlib.Path(folder)
                program, out = folder / "program", folder / "out"
                program.write_text("#!/bin/sh\ncase \"$*\" in\n*' list') printf 'scan\\nsub-a\\n';;\n"
                                   "*--dry-run*) printf 'scan\\nsub-a\\tnot run\\t9\\n';;\n" f"*) exit {ended};;\nesac\n")
                program.chmod(0o755)
                (out / "logs").mkdir(parents=True)
                (out / "logs/sub-a.json").write_text(f'{{\n  "code": {recorded},\n  "reason": ""\n}}\n')
                cohort = Cohort(program, EXAMPLES, folder, folder / "data", "")
                cohort.snakemake(out, "local", code=0 if done else 1, further=("retries=0", "--until", "fit"), timeout=300)
                self.assertEqual((out / "logs/sub-a.done").exists(), done)


class Status(unittest.TestCase):
    def test_states_of_a_job(self):
        """What Snakemake is told where `scontrol` says this."""
        answers = {
            "JobId=7 JobName=a JobState=COMPLETED Reason=None": "success",
            "JobId=7 JobName=a JobState=COMPLETING Reason=None": "running",
            "JobId=7 JobName=a JobState=SIGNALING Reason=None": "running",
            "JobId=7 JobName=a JobState=PENDING Reason=BeginTime": "running",
            "JobId=7 JobName=a JobState=NODE_FAIL Reason=NodeDown": "failed",
            "JobId=7 JobName=a JobState=CANCELLED Reason=None": "failed",
            "slurm_load_jobs error: Invalid job id specified": "failed",
            "slurm_load_jobs error: Unable to contact slurm controller (connect failure)": "running",
        }
        with tempfile.TemporaryDirectory() as folder:
            scontrol = pathlib.Path(folder, "scontrol")
            for said, state in answers.items():
                where, code = (2, 1) if "error" in said else (1, 0)
                scontrol.write_text(f"#!/bin/sh\necho '{said}' >&{where}\nexit {code}\n")
                scontrol.chmod(0o755)
                told = run(EXAMPLES / "profiles/slurm/status.sh", 7, env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
                self.assertEqual(told.strip(), state, said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
