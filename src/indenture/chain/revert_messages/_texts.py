"""How the messages of a domain are kept."""

from __future__ import annotations

from indenture.errors import ContractRevert

#: By the class that is raised: for each custom error its message and its hint.
Texts = dict[type[ContractRevert], dict[str, tuple[str, str]]]
