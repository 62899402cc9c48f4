"""What has come of posts that were cut, and the replies to those that are whole: in memory only.

It saves a resident's bytes and is no promise: what is gone from here is sent again. Bounded in
bytes, posts and time; whoever has not been heard of for longest leaves first.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from shared_schema.limits import PARTS_BYTES_MAX, PARTS_KEPT_S, PARTS_POSTS_MAX
from shared_schema.sync.part import AnswerHead, PartHead, encode_answer, tag_of


@dataclass(slots=True)
class Post:
    """One post: what of its bundle is there, and its reply once it has been judged."""

    door: int
    total: int
    touched_s: float
    body: bytearray = field(default_factory=bytearray)
    reply: bytes = b""
    tag: bytes = b""
    kept: bool = True
    """Until it had to leave; who still works on it may finish."""
    judging: asyncio.Task[bytes] | None = None
    """What works out the reply now, for all who wait for it."""

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return len(self.body) + len(self.reply)

    @property
    def whole(self) -> bool:
        """Whether all of the bundle is there."""
        return len(self.body) == self.total


class Parts:
    """The unfinished posts of one server. It belongs to the event loop's thread."""

    def __init__(
        self, bytes_max: int = PARTS_BYTES_MAX, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._bytes_max = bytes_max
        self._clock_s = clock_s
        self._posts: OrderedDict[bytes, Post] = OrderedDict()
        self._used = 0

    def open(self, head: PartHead) -> Post:
        """The post that a part belongs to, begun if it is not here (any more)."""
        post = self._posts.get(head.post)
        if post is None or (post.door, post.total) != (head.door, head.total):
            self.drop(head.post)
            post = self._posts[head.post] = Post(head.door, head.total, 0.0)
        post.touched_s = self._clock_s()
        self._posts.move_to_end(head.post)
        self._make_room()
        return post

    def put(self, post: Post, offset: int, piece: bytes) -> int:
        """Add bytes that start at `offset`, as far as they go on from what is here.

        A connection that is dead without knowing it may still hand over what has come by another
        one long since. Returns the offset of what follows.
        """
        end = offset + len(piece)
        if not post.reply and offset <= len(post.body) < end:
            before = post.size
            post.body += piece[len(post.body) - offset : post.total - offset]
            self._used += post.kept * (post.size - before)
            self._make_room()
        return end

    def answered(self, post: Post, reply: bytes) -> None:
        """Keep the reply in place of the bundle."""
        before = post.size
        post.reply, post.tag, post.body = reply, tag_of(reply), bytearray()
        self._used += post.kept * (post.size - before)
        self._make_room()

    def drop(self, identity: bytes) -> None:
        """Forget a post."""
        gone = self._posts.pop(identity, None)
        if gone is not None:
            gone.kept = False
            self._used -= gone.size

    def _make_room(self) -> None:
        oldest_s = self._clock_s() - PARTS_KEPT_S
        while self._posts:
            identity, post = next(iter(self._posts.items()))
            full = self._used > self._bytes_max or len(self._posts) > PARTS_POSTS_MAX
            if not full and post.touched_s >= oldest_s:
                break
            self.drop(identity)


def answer_to(head: PartHead, post: Post) -> bytes:
    """What to say to a part, now: how much is here, and of the reply what is missing there."""
    if not post.reply:
        return encode_answer(AnswerHead(len(post.body)))
    start = head.got if head.tag == post.tag and head.got <= len(post.reply) else 0
    said = AnswerHead(post.total, len(post.reply), post.tag)
    return encode_answer(said) + post.reply[start:]
