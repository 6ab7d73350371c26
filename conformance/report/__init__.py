"""Write what a run says, and everything that is made from it."""
