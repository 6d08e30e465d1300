import warnings

# The package of the embedded database looks for a folder of the desktop session, which a server does not have, and warns.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
