"""The tests of the client; ../README.md has the commands. `unit` needs no service, `service` one that runs."""
