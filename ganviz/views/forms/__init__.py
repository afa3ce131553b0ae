"""Forms of specs, and fields of single values: each shows what is in force and says what the person wishes."""
