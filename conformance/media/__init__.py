"""Make and look at video files: the only door to PyAV."""
