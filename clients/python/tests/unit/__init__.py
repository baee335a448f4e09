"""Tests that need no service of pycell: what answers here is a small HTTP server on loopback that says what it is told."""
