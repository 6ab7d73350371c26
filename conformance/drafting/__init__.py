"""Write a first spec from what a provider publishes, its questions marked, and see what drifts."""
