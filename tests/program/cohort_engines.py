# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Runs a cohort by the engines of examples/cohort: cohort_engines.py DIFFAM EXAMPLES

Snakemake on this machine, Snakemake on Slurm, and a Slurm array all give the bytes of `diffam cohort` alone. Slurm runs on
loopback, one node, in a temporary folder. Skipped (77) without snakemake; the part of Slurm also needs root, slurm-wlm and
munge.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

DIFFAM, EXAMPLES = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
if not shutil.which("snakemake"):
    print("skipped: no snakemake here")
    sys.exit(77)
FIT = "--iterations 12 --samples 500 --modes 30"
SLURM = ("munged", "slurmctld", "slurmd", "sbatch")
PATH = os.environ["PATH"] + ":/usr/sbin"


def run(*words, code=0, **how):
    ended = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **how)
    assert ended.returncode == code, f"{words}: code {ended.returncode}\n{ended.stdout[-4000:]}"
    return ended.stdout


def results(out):
    """All files of the fits, but for those with times."""
    return {str(f.relative_to(out)): f.read_bytes() for f in out.glob("sub-*/**/*") if f.is_file() and f.name != "report.json"}


class Slurm:
    """slurmctld and slurmd on loopback, with two cores."""

    def __init__(self, folder):
        self.folder = folder
        name = os.uname().nodename.split(".")[0]
        (folder / "munge.key").write_bytes(os.urandom(128))
        for file, mode in ((folder, 0o755), (folder / "munge.key", 0o400)):
            file.chmod(mode)
        socket = folder / "munge.socket"
        (folder / "slurm.conf").write_text(f"""
ClusterName=test
SlurmctldHost={name}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={socket}
CredType=cred/munge
SlurmctldPort=26817
SlurmdPort=26818
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
MinJobAge=300
ReturnToService=2
SlurmdParameters=config_overrides
KillWait=5
NodeName={name} NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000
PartitionName=test Nodes={name} Default=YES MaxTime=60 State=UP
""")
        (folder / "state").mkdir()
        (folder / "spool").mkdir()
        self.environment = {**os.environ, "PATH": PATH, "SLURM_CONF": str(folder / "slurm.conf")}
        self.processes = []
        self.start("munged", "--foreground", "--force", f"--key-file={folder}/munge.key", f"--socket={socket}",
                   f"--pid-file={folder}/munge.pid", f"--log-file={folder}/munge.log", f"--seed-file={folder}/munge.seed")
        self.wait(socket.exists)
        self.start("slurmctld", "-D")
        self.start("slurmd", "-D", "-N", name)
        self.wait(lambda: self.state_of_node() == "idle")

    def start(self, *words):
        self.processes.append(subprocess.Popen(words, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def restart_node(self):
        """Stops slurmd, which leaves the tasks running, and starts it again."""
        node = self.processes.pop()
        node.terminate()
        node.wait()
        self.start(*node.args)

    def state_of_node(self):
        return self.say("sinfo", "-h", "-o", "%t").strip()

    def state_of(self, job):
        """PENDING, RUNNING and so on; empty for a job that is over."""
        return self.say("squeue", "-h", "-o", "%T", "-j", job).strip()

    def say(self, *words):
        return subprocess.run(words, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout

    def wait(self, ready, seconds=180):
        until = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < until, "\n".join(f.read_text()[-1500:] for f in self.folder.glob("*.log"))
            time.sleep(0.2)

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait()


class Engines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory(prefix="diffam-engines-")
        cls.folder = pathlib.Path(cls.kept.name)
        cls.data = cls.folder / "data"
        for seed in (1, 2):
            run(DIFFAM, "phantom", "-o", cls.data, "--name", f"p{seed}", "--levels", "L2-L3", "--spacing", 2, 2, 2.5, "--seed", seed)
        (cls.data / "cut_ct.nii.gz").write_bytes((cls.data / "p1_ct.nii.gz").read_bytes()[:2000])
        run(DIFFAM, "cohort", cls.data, cls.folder / "alone", "participant", *FIT.split(), code=65)
        cls.expected = results(cls.folder / "alone")
        assert len(cls.expected) > 30

    @classmethod
    def tearDownClass(cls):
        cls.kept.cleanup()

    def check(self, out):
        self.assertEqual(results(out), self.expected)
        table = (out / "cohort.csv").read_text()
        self.assertIn("sub-cut,cut,,failed,65,", table)

    def snakemake(self, name, *more, environment=None):
        out = self.folder / name
        environment = {**(environment or os.environ), "XDG_CACHE_HOME": str(self.folder / "cache")}
        run("snakemake", "-s", EXAMPLES / "Snakefile", *more, "--config", f"program={DIFFAM}", f"data={self.data}", f"output={out}",
            f"options={FIT}", "memory_unknown_mb=500", cwd=self.folder, env=environment)
        self.check(out)

    def test_snakemake_on_this_machine(self):
        self.snakemake("local", "--profile", EXAMPLES / "profiles/local")

    @unittest.skipUnless(os.geteuid() == 0 and all(shutil.which(p, path=PATH) for p in SLURM), "no Slurm here, or not root")
    def test_slurm(self):
        slurm = Slurm(pathlib.Path(tempfile.mkdtemp(prefix="slurm-", dir=self.folder)))
        try:
            self.snakemake("slurm", "--profile", EXAMPLES / "profiles/slurm", environment=slurm.environment)
            self.array(slurm)
            self.time_limit(slurm)
        finally:
            slurm.stop()

    def array(self, slurm):
        """The array script: a task is cancelled, the node's daemon is stopped and started, and the array is sent again."""
        out = self.folder / "array"
        job = self.send(slurm, out, "1-3", FIT)
        slurm.wait(lambda: slurm.state_of(f"{job}_2") in ("RUNNING", ""))
        slurm.say("scancel", f"{job}_2")
        slurm.restart_node()
        slurm.wait(lambda: slurm.state_of(job) == "")
        job = self.send(slurm, out, "1-3", FIT)
        slurm.wait(lambda: slurm.state_of(job) == "")
        run(DIFFAM, "cohort", self.data, out, "group")
        self.check(out)

    def time_limit(self, slurm):
        """A task that is told that its time ends is queued again, with its checkpoint."""
        out = self.folder / "late"
        job = self.send(slurm, out, "2", "--iterations 100000 --checkpoint-every 5 --samples 500 --modes 30")
        checkpoint = out / "sub-p1/p1_checkpoint.bin"
        slurm.wait(checkpoint.exists)
        run("scancel", "--batch", "--signal=USR1", f"{job}_2", env=slurm.environment)
        slurm.wait(lambda: slurm.state_of(f"{job}_2") == "PENDING")
        self.assertTrue(checkpoint.exists())
        run("scancel", job, env=slurm.environment)

    def send(self, slurm, out, tasks, options):
        return run("sbatch", "--parsable", f"--array={tasks}", "--mem=500", EXAMPLES / "cohort.sbatch", self.data, out,
                   *options.split(), cwd=self.folder, env={**slurm.environment, "DIFFAM": str(DIFFAM)}).strip()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
