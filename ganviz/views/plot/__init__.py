"""Plots that can be touched: the only place that imports pyqtgraph, and only when a plot is first shown."""
