"""Video files and pictures: made for the simulator, measured for the judge; the only door to PyAV."""
