"""What a run will send: the few jobs that prove every accept side, and the free requests around them."""
