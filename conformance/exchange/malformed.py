"""What is raised inside this room where recorded data is no exchange; readers add the file and the place."""


class Malformed(ValueError):
    """An entry that is no exchange, and why."""
