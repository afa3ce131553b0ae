"""Speed tricks, each beside its plain form: the only room that names private or aten-level torch.

A file is one kind of trick. It says why it is there and what its plain form is; a test of the same name holds the two
together, and ``GANVIZ_PLAIN_KERNELS=1`` turns all tricks off (:mod:`ganviz.kernels.switch`). What is imported by specs,
which are listed and shown without torch, imports torch where it computes.
"""
