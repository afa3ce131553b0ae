"""The only room where two threads meet."""
