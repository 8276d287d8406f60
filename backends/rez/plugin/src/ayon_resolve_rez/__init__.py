"""Adds ``rez ayon`` to rez. The command itself is found by rez, in ``rezplugins/command/ayon.py``."""


def main():
    """Run ``rez-ayon``, which is ``rez ayon`` in one word."""
    from rez.cli._main import run

    return run("ayon")
