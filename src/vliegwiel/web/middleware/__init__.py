"""What every request passes through, in the order of `settings.MIDDLEWARE`."""

from .errors import Errors
from .language import Language
from .login import LoginSession
from .municipality import MunicipalityByHost
from .requestlog import RequestLog
from .security import SecurityHeaders

__all__ = ["Errors", "Language", "LoginSession", "MunicipalityByHost", "RequestLog", "SecurityHeaders"]
