"""The engine: what a run is made of, how it trains, and what can be measured of it."""
