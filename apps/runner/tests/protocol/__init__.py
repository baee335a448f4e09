"""Frames, requests and limits."""
