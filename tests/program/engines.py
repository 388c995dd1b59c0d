# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""A cohort by each of its engines: `diffam cohort` alone, Snakemake, and the array of Slurm. Slurm runs on loopback, one node of
two cores, in a temporary folder.
"""
import os
import shutil
import socket
import subprocess
import time

PATH = os.environ["PATH"] + ":/usr/sbin"
HAS_SNAKEMAKE = shutil.which("snakemake") is not None
HAS_SLURM = os.geteuid() == 0 and all(shutil.which(p, path=PATH) for p in ("munged", "slurmctld", "slurmd", "sbatch"))


def run(*words, code=0, **how):
    """What a command prints. It must end with this exit code; None: any. With timeout: in so many seconds."""
    try:
        ended = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **how)
    except subprocess.TimeoutExpired as late:
        raise AssertionError(f"{words}: not over after {late.timeout} s\n{(late.stdout or b'').decode()[-4000:]}") from late
    assert code in (None, ended.returncode), f"{words}: code {ended.returncode}\n{ended.stdout[-4000:]}"
    return ended.stdout


def results(out):
    """All files of the fits, but for those with times."""
    return {str(f.relative_to(out)): f.read_bytes() for f in out.glob("sub-*/**/*") if f.is_file() and f.name != "report.json"}


def free_port():
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


class Cohort:
    def __init__(self, program, examples, folder, data, options):
        self.program, self.examples, self.folder, self.data, self.options = program, examples, folder, data, options.split()

    def level(self, out, *level, code=0):
        return run(self.program, "cohort", "-q", self.data, out, *level, code=code)

    def alone(self, out, code=0):
        return self.level(out, "participant", "--skip-existing", *self.options, code=code)

    def group(self, out):
        """The text of the table."""
        self.level(out, "group")
        return (out / "cohort.csv").read_text()

    def snakemake(self, out, profile, slurm=None, code=0, further=(), **how):
        environment = {**(slurm.environment if slurm else os.environ), "XDG_CACHE_HOME": str(self.folder / "cache")}
        run("snakemake", "-s", self.examples / "Snakefile", "--profile", self.examples / "profiles" / profile, "--config",
            f"program={self.program}", f"data={self.data}", f"output={out}", "options=" + " ".join(self.options), "memory_unknown_mb=500",
            *further, cwd=self.folder, env=environment, code=code, **how)

    def send(self, slurm, out, tasks, options=None):
        """The number of an array of tasks, like "1-3"."""
        return run("sbatch", "--parsable", f"--array={tasks}", "--mem=500", self.examples / "cohort.sbatch", self.data, out,
                   *(options or self.options), cwd=self.folder, env={**slurm.environment, "DIFFAM": str(self.program)}).strip()


class Slurm:
    """slurmctld and slurmd on loopback, with two cores. While the file `refuse` is there, the node starts no job."""

    def __init__(self, folder):
        self.folder = folder
        name = os.uname().nodename.split(".")[0]
        (folder / "munge.key").write_bytes(os.urandom(128))
        for file, mode in ((folder, 0o755), (folder / "munge.key", 0o400)):
            file.chmod(mode)
        munge = folder / "munge.socket"
        self.refuse, prolog = folder / "refuse", folder / "prolog"
        prolog.write_text(f"#!/bin/sh\n[ ! -e {self.refuse} ]\n")
        prolog.chmod(0o755)
        (folder / "slurm.conf").write_text(f"""
ClusterName=test
SlurmctldHost={name}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={munge}
CredType=cred/munge
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
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
Prolog={prolog}
KillWait=5
NodeName={name} NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000
PartitionName=test Nodes={name} Default=YES MaxTime=60 State=UP
""")
        (folder / "state").mkdir()
        (folder / "spool").mkdir()
        self.environment = {**os.environ, "PATH": PATH, "SLURM_CONF": str(folder / "slurm.conf")}
        self.processes = []
        self.start("munged", "--foreground", "--force", f"--key-file={folder}/munge.key", f"--socket={munge}",
                   f"--pid-file={folder}/munge.pid", f"--log-file={folder}/munge.log", f"--seed-file={folder}/munge.seed")
        self.wait(munge.exists)
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

    def bring_back(self):
        """Waits until Slurm has taken out the node, which refused a job, and brings it back."""
        self.wait(lambda: self.state_of_node().startswith("drain"))
        self.refuse.unlink()
        self.say("scontrol", "update", f"nodename={os.uname().nodename.split('.')[0]}", "state=resume")

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
        self.say("scancel", "--user=root")
        self.wait(lambda: self.say("squeue", "-h") == "")
        for process in reversed(self.processes):
            process.terminate()
            process.wait()
