#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Tells Snakemake the state of a job: running, success or failed. It needs no accounting data base. A job that Slurm no
# longer knows has failed: Snakemake then tries it again, and it goes on from its checkpoint. Where Slurm gives no answer,
# the job counts as running, and Snakemake asks again: a second job would get in its way.
told=$(scontrol --oneliner show job "$1" 2>&1)
state=$(sed -n 's/.* JobState=\([A-Z_]*\) .*/\1/p' <<<"$told")
case "$state" in
  COMPLETED) echo success ;;
  PENDING | CONFIGURING | RUNNING | COMPLETING | SUSPENDED | REQUEUED | REQUEUE_HOLD | RESIZING | STOPPED | SIGNALING | STAGE_OUT) echo running ;;
  "") [[ $told == *"Invalid job id"* ]] && echo failed || echo running ;;
  *) echo failed ;;
esac
