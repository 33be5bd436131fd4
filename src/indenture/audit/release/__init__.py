"""CODE-3: the code at each address is the release's, whatever the deployment file says of it."""

from indenture.audit.release.compare import Release, compare_release
from indenture.audit.release.parts import Believed

__all__ = ["Believed", "Release", "compare_release"]
