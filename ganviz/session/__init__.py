"""A run as a person sees it: commands, states, events, files. The window and the command line share it."""
