"""A folder of saved runs: found, read, and listed from an index that is made anew where it is missing or damaged."""
