"""Video files and pictures.

Made for the simulator, measured for the judge; the only door to PyAV.
"""
