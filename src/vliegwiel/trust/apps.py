from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "vliegwiel.trust"
    label = "trust"
