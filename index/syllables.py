"""What can be a Vietnamese syllable, diacritics aside: an onset and a rime of the language's closed lists."""

from __future__ import annotations

import re

_ONSET = "b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|q|qu|r|s|t|th|tr|v|x"
_RIME = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|e|ec|ech|em|en|eng|enh|eo|ep|et|eu|"
    "i|ia|ich|iec|iem|ien|ieng|iep|iet|ieu|im|in|inh|ip|it|iu|"
    "o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oat|oay|oc|oe|oem|oen|oeo|oet|oi|om|on|ong|ooc|oong|op|ot|"
    "u|ua|uac|uan|uang|uat|uau|uay|uc|ue|uech|uenh|uet|ueu|ui|um|un|ung|uo|uoc|uoi|uom|uon|uong|uop|uot|uou|up|ut|uu|"
    "uy|uya|uych|uyen|uyet|uyn|uynh|uyp|uyt|uyu|y|yem|yen|yeng|yet|yeu"
)
_SYLLABLE = re.compile(f"(?:{_ONSET})?(?:{_RIME})")


def is_syllable(folded: str) -> bool:
    """Whether a word in small letters without diacritics is spelt as a syllable may be: "truong", but not "tagn"."""
    return _SYLLABLE.fullmatch(folded) is not None
