"""What a run will send: the jobs that prove every accept side, and free requests around them."""
