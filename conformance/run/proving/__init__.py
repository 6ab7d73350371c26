"""The prover, proved: break each clause on purpose and see whether a run finds exactly that."""
