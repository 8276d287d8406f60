"""Commands that are added to rez."""

from rez.plugin_managers import extend_path

__path__ = extend_path(__path__, __name__)
