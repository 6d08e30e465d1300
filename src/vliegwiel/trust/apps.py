from django.apps import AppConfig

from vliegwiel.base.jobs import surround

from .traces import operation


class TrustConfig(AppConfig):
    name = "vliegwiel.trust"
    label = "trust"

    def ready(self) -> None:
        # What a job looks at is one operation of the processing log, as what a request looks at is.
        surround(operation)
