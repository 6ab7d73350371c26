"""Read a spec: document, source, scenario, job, cost, lint."""
