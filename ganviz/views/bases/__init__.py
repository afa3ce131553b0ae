"""What views are made of: a view, canvases, charts and planes that can be touched, exports."""
