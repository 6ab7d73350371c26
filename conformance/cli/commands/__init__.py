"""The commands, one file each; `conformance.cli.main` imports one only when it is called."""
