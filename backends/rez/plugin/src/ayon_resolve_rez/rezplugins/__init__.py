"""Where rez looks for plugins in an installed package."""

from rez.plugin_managers import extend_path

__path__ = extend_path(__path__, __name__)
