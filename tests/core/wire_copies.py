"""One invented wire text and five prints of it: the same, cut, credited, under other headlines."""

from __future__ import annotations

LEAD = (
    "The foreign ministry of Avaria denies that any plan exists to send up to 5,000 more soldiers to Norland, "
    "its spokeswoman told reporters in the capital on Monday."
)
MORE = (
    "A report of the Norland intelligence service had spoken of such a plan last week. Norland has hosted "
    "units of its neighbour since the spring, mostly engineers who repair roads and bridges."
)
WIRE = ("Avaria denies a plan to send more soldiers to Norland", f"{LEAD} {MORE}")
COPIES = (
    WIRE,
    ("No more soldiers for Norland, Avaria says", f"{LEAD} {MORE}"),  # another headline
    ("Avaria: soldiers will stay at home", LEAD),  # another headline, and cut
    (WIRE[0], f"{LEAD} {MORE} (Example Wire)"),  # credited
    ("Avaria  denies a plan to send more soldiers to Norland", f"{LEAD}  {MORE}\u00a0Read more."),
)
