"""What pyproject.toml cannot say: every package below ganviz/, plus resources/ as ``ganviz/_resources``."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["ganviz", "ganviz.*"]), "ganviz._resources"],
    package_dir={"ganviz._resources": "resources"},
)
