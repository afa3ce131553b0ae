"""Sweeps: every combination of some settings, each over the same seeds, on this machine or on a cluster."""
