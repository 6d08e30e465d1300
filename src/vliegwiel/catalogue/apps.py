from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "vliegwiel.catalogue"
    label = "catalogue"
