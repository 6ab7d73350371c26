"""Write a first spec from what a provider publishes, with every open question marked, and see what has drifted since."""
