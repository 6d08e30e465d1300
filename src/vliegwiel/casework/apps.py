from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "vliegwiel.casework"
    label = "casework"
