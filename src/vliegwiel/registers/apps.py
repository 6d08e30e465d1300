from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "vliegwiel.registers"
    label = "registers"
