from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "vliegwiel.rounds"
    label = "rounds"
