"""``ganviz bench``: how fast the engine is, alone and watched, as ratios measured within one run."""
