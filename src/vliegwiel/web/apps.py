from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "vliegwiel.web"
    label = "web"
