"""System calls, seccomp, namespaces and resource limits."""
