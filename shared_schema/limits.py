"""Every limit of the protocol and the products, with its unit last in the name.

A limit is checked before the thing it limits is parsed or allocated. `docs/protocol.md` lists the
ones that a second implementation must share; a test keeps the two in step.
"""

from __future__ import annotations

from typing import Final

# The wire (shared by every implementation)
BUNDLE_BYTES_MAX: Final = 4 * 1024 * 1024
"""A bundle as it travels."""
SECTION_UNPACKED_BYTES_MAX: Final = 8 * 1024 * 1024
"""One section after decompression; read from the frame header before anything is allocated."""
CHANGE_BYTES_MAX: Final = 32 * 1024
"""One change: header, body and signature."""
BODY_UNPACKED_BYTES_MAX: Final = 64 * 1024
"""The plain payload of one change after decompression."""
BUNDLE_CHANGES_MAX: Final = 8_192
BUNDLE_RUNS_MAX: Final = 4_096
BUNDLE_DEVICES_MAX: Final = 4_096
BUNDLE_SECTIONS_MAX: Final = 32
BUNDLE_FEEDS_MAX: Final = 32
FEED_GAPS_MAX: Final = 32
FEED_NAME_CHARS_MAX: Final = 64
STATEMENT_BYTES_MAX: Final = 512 * 1024
SEALED_WRAPS_MAX: Final = 8
KEYED_WRAPS_MAX: Final = 128
"""Officers to whom one `trust.keyed` hands a queue's secret."""
KEY_NUMBER_MAX: Final = 2**16 - 1
SEQ_MAX: Final = 2**32 - 1
VERSION_MAX: Final = 2**53 - 1
TIME_MS_MAX: Final = 2**48 - 1
"""Unix milliseconds, as many bits as hybrid times have for them."""

# Courier bundles (shared by every implementation)
COURIER_BUNDLE_BYTES_MAX: Final = 16 * 1024 * 1024
"""A courier bundle as it travels: a file, or the sum of a LAN answer."""
COURIER_UNPACKED_BYTES_MAX: Final = 32 * 1024 * 1024
"""What of a courier bundle is unpacked at most; the rest of a longer one is not read."""
COURIER_ITEMS_MAX: Final = 4_096
"""Items of a courier bundle, unknown ones included, forms not."""
COURIER_FORMS_MAX: Final = 128
"""Forms of a courier bundle: as many as a filling has numbers for."""
COURIER_FORM_PIECES_MAX: Final = 64
"""Pieces of a form."""
COURIER_PROOFS_MAX: Final = 8
"""Signed heads in one public item."""
CARRY_REQUESTS_MAX: Final = 256
"""Requests that one post to the batch door brings."""
CARRY_BYTES_MAX: Final = 8 * 1024 * 1024
"""A post to the batch door, and its answer, which takes no further reply once it is half full."""

# Budgets of one exchange
UP_BUDGET_BYTES: Final = 1024 * 1024
"""Changes a device offers in one request, before compression."""
DOWN_BUDGET_BYTES_DEFAULT: Final = 4 * 1024 * 1024
"""Changes the server returns when the device names no budget."""
DOWN_BUDGET_BYTES_MAX: Final = 6 * 1024 * 1024
OWN_CHANGES_MAX: Final = 256
"""Changes of each of the sender's own streams that a reply brings back."""
OWN_FEED_BYTES_MAX: Final = 256 * 1024
"""What a reply brings at most of the sender's own changes, before compression."""

# QR codes
FRAME_BYTES_MAX: Final = 2_048
"""One frame: head, piece and checksum. A QR code of 40-L holds 2,857."""
FRAMES_BYTES_MAX: Final = 256 * 1024
"""What one sequence of frames carries: four minutes at five a second."""
FRAMES_PIECES_MAX: Final = 2_048
FRAMES_TRANSFERS_MAX: Final = 4
"""Transfers that a reader has under way at once; the one not heard of for longest is let go."""

# Neighbours on a local network
LAN_BUNDLE_BYTES_MAX: Final = 5 * 1024 * 1024
"""One post or answer: a courier bundle of one reply as large as a reply may be fits."""
LAN_POSTS_MAX: Final = 64
"""Posts of one visit."""

# People's texts
TITLE_CHARS_MAX: Final = 200
TEXT_CHARS_MAX: Final = 10_000
SHORT_CHARS_MAX: Final = 300
ACT_OVER_MAX: Final = 16
"""Acts that one act of a desk names as replaced."""
PLACE_OFFERS_MAX: Final = 8
OUTAGE_STREETS_MAX: Final = 400
OUTAGE_QUEUES_MAX: Final = 32

# A city
CITY_QUEUES_MAX: Final = 24
"""Queues of a new city: a device that serves all of them still names every feed in one bundle."""

# Server
DEVICE_CHANGES_PER_DAY_MAX: Final = 50_000
DEVICE_BYTES_PER_DAY_MAX: Final = 64 * 1024 * 1024
GROUP_COMMIT_JOBS_MAX: Final = 256
GROUP_COMMIT_CHANGES_MAX: Final = 20_000
COMMIT_QUEUE_JOBS_MAX: Final = 2_048
PARTS_BYTES_MAX: Final = 16 * 1024 * 1024
"""What a server keeps of all posts in parts and of the replies to them; the oldest leaves."""
PARTS_POSTS_MAX: Final = 4_096
"""Posts in parts that a server keeps."""
PARTS_KEPT_S: Final = 900
"""How long a server keeps one after its last part."""

# On a device
PART_FROM_BYTES: Final = 4 * 1024
"""Posts from this size go in parts from the start; shorter ones only after a cut."""
NOTE_BYTES_MAX: Final = 256 * 1024
"""A draft, the settings, or marks, before sealing."""
NEWS_BUDGET_BYTES_DEFAULT: Final = 64 * 1024 * 1024
NEWS_BUDGET_BYTES_MIN: Final = 1024 * 1024
BACKUP_BYTES_MAX: Final = 64 * 1024 * 1024
"""A person's own data as one sealed file."""
CARRIED_BYTES_DEFAULT: Final = 32 * 1024 * 1024
"""Requests and replies of others that a courier stores."""
CARRIED_URGENT_SHARE: Final = 4
"""One part in so many of that room is kept for what is urgent (urgency 2 and 3)."""
CARRIED_IMPORT_SHARE: Final = 2
"""One import takes at most one part in so many of what is free."""
CARRIED_IMPORT_CHANGES_MAX: Final = 65_536
"""Changes that one import looks at: a forged one costs a signature check."""
CARRIED_UNPACKED_RATIO_MAX: Final = 32
"""How much more a carried bundle may unpack to than its own length, beyond 64 KiB."""
CARRIED_MERGED_BYTES_MAX: Final = 512 * 1024
"""A carried reply does not grow beyond this by what an older one has more of."""
CARRIED_SENDER_REQUESTS_MAX: Final = 16
"""Requests of one sender that a courier stores."""
OWN_REQUESTS_MAX: Final = 64
"""Own requests handed to couriers whose replies a device still knows how to read."""
OWN_REQUEST_BUDGET_BYTES: Final = 256 * 1024
"""Changes that a request asks back when it is handed to a courier."""
PUBLIC_BYTES_DEFAULT: Final = 256 * 1024
"""Trust and news that a courier hands on from its own log."""
ENDS_BYTES_DEFAULT: Final = 2 * 1024
"""Of revocations and dismissals that a device shows in codes, beside what else there is."""

# Pictures of a camera
SCAN_PICTURE_BYTES_MAX: Final = 16 * 1024 * 1024
"""One picture of a camera, or a file with many, before anything of it is decoded."""
SCAN_PICTURE_PIXELS_MAX: Final = 25_000_000
"""Of one picture; the usual 12 megapixels of a phone twice."""
SCAN_CODES_MAX: Final = 16
"""Codes of one picture that are looked at."""

# Claim slips
SLIP_TEXT_CHARS_MAX: Final = 1_000
"""What is typed, pasted or scanned as a slip, before it is taken apart."""
SLIP_BUDGET_BYTES: Final = 128 * 1024
"""Changes that a slip's request asks back; its reply fits into a sealed note."""

# Split views
HEADS_SEEN_MAX: Final = 32
"""Signed heads of each feed that a device remembers: those of the highest versions."""
HEAD_PROOF_BYTES_MAX: Final = 16 * 1024
"""A statement and its context, to be remembered as the proof of a head."""
SPLITS_MAX: Final = 64
"""Contradictions whose evidence is kept: the first ones. One is enough."""
EVIDENCE_BYTES_MAX: Final = 8 * 1024 * 1024
"""A file with the evidence of all of them, in hex."""

# Volunteers
INVITE_TEXT_CHARS_MAX: Final = 2_000
"""What is typed, pasted or scanned as an invitation, before it is taken apart."""
INVITE_DAYS_MAX: Final = 400
"""How long a desk may make somebody a volunteer, in days from its own clock."""
ROUND_STOPS_MAX: Final = 250
"""Doors on the list of a round; with all their notes they fit into one sealed note."""
ROUND_HANDED_MAX: Final = 400
"""Replies of which it is remembered that they were handed over."""
ROUND_WORDS_CHARS_MAX: Final = 120
"""A street, or what a volunteer notes about a door."""

# Secrets at rest
PIN_CHARS_MIN: Final = 4
CARD_BYTES_MAX: Final = 256 * 1024
