"""The only door to a network: live, in process, recorded."""
