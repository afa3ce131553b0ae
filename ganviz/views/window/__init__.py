"""The window: arranges controls and views, passes wishes on and shows what came back."""
