"""System calls, seccomp, resource limits and forks, without a jail."""
