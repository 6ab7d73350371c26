"""A provider made from its spec: faithful by default, wrong on request."""

from conformance.simulator.application import simulate
from conformance.simulator.simulator_options import FAILING_PROMPT, SimulatorOptions

__all__ = ["FAILING_PROMPT", "SimulatorOptions", "simulate"]
