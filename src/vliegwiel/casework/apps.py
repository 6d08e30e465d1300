import importlib

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "vliegwiel.casework"
    label = "casework"

    def ready(self) -> None:
        # It registers itself with the catalogue, which lies below and cannot ask for it.
        importlib.import_module("vliegwiel.casework.underway")
