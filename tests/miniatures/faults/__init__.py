"""The departures of each provider, one file for each."""
