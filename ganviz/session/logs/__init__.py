"""Loss logs of other programs' GANs: read as data only, brought to this program's conventions, said in words."""
