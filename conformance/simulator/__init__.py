"""A provider made from its spec: faithful by default, wrong on request."""

from conformance.simulator.application import simulate
from conformance.simulator.simulator_options import MAGIC, Options

__all__ = ["MAGIC", "Options", "simulate"]
