"""The client held to recorded exchanges."""
