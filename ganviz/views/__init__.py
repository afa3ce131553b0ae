"""What a person sees and does: looks, plots, their bases, pictures of a run, forms, controls and the window.

Each room imports those after it: window, then controls and pictures, forms, bases, plot, look; and all of them
``overrides``, which is at work before their first class is made.
"""

from ganviz.views.overrides import raise_objects

raise_objects()
