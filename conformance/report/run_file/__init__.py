"""The run file: written as the run goes on; every report is made from it."""
