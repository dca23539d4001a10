"""The contract of notifiers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import ClassVar
from uuid import uuid4

import pytest

from holkas.extensions.notifier import Notifier
from holkas.model.notice import Notice, NoticeKind
from holkas.model.revision import Person
from holkas.roles.errors import ToolError

TEXT = "shop 1.2 failed at prod: the disk is full\n\nrevision 4be8: größer & schöner <b>"


class NotifierContract:
    """Give ``notifier`` one whose channel works. ``received``: the texts that arrived there, in whatever order, each as
    people see it (subject and text); None where nobody can look. ``down``: a notifier whose channel cannot be reached,
    None where there is no such thing.

    recipient: an address to which the contract's notices may go; empty for nobody.
    """

    recipient: ClassVar[str] = ""

    @pytest.fixture
    def notifier(self) -> Notifier:
        """The notifier under test; override this."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'notifier'")

    @pytest.fixture
    def received(self) -> Callable[[], list[str]] | None:
        """What has arrived."""
        return None

    @pytest.fixture
    def down(self) -> Notifier | None:
        """One whose channel cannot be reached."""
        return None

    @pytest.fixture
    def notice(self) -> Notice:
        """A failure that is told, under an id of its own."""
        to = (Person(name=self.recipient, email=self.recipient),) if self.recipient else ()
        return Notice(
            id=f"contract/failure/{uuid4().hex}",
            kind=NoticeKind.FAILURE,
            subject="contract: shop 1.2 failed at prod",
            text=TEXT,
            recipients=to,
            environment="prod",
            command=("holkas", "run", "pipeline.yaml"),
        )

    def test_it_is_a_notifier_with_a_name(self, notifier: Notifier) -> None:
        assert isinstance(notifier, Notifier)
        assert notifier.name

    def test_a_notice_arrives_whole(
        self, notifier: Notifier, notice: Notice, received: Callable[[], list[str]] | None
    ) -> None:
        notifier.notify(notice)
        if received is None:
            pytest.skip("nobody can look what arrives")
        (arrived,) = [one for one in received() if notice.subject in one]
        for line in notice.text.splitlines():
            assert line in arrived

    def test_the_same_again_is_harmless(
        self, notifier: Notifier, notice: Notice, received: Callable[[], list[str]] | None
    ) -> None:
        notifier.notify(notice)
        notifier.notify(notice)
        if received is not None:
            assert any(notice.subject in one for one in received())

    @pytest.mark.parametrize("kind", list(NoticeKind))
    def test_every_kind_is_taken(self, notifier: Notifier, notice: Notice, kind: NoticeKind) -> None:
        try:
            notifier.notify(replace(notice, kind=kind, environment="", command=()))
        except ToolError as error:
            pytest.fail(f"a notice of the kind {kind} is refused: {error}")

    @pytest.mark.parametrize(
        ("subject", "text"),
        [
            ("two\r\nBcc: somebody@example.org\r\n\r\nlines", "text"),
            ("subject", ""),
            ("nul \0 and escape \x1b[2J", "nul \0 and half a character \ud800"),
            ("x" * 5_000, "line\n" * 20_000),
        ],
        ids=["headers", "nothing", "controls", "much"],
    )
    def test_odd_texts_are_taken_or_refused_in_a_sentence(
        self, notifier: Notifier, notice: Notice, subject: str, text: str
    ) -> None:
        try:
            notifier.notify(replace(notice, subject=subject, text=text))
        except ToolError as error:
            assert "\n" not in str(error)
        notifier.notify(replace(notice, id=notice.id + "/after"))

    def test_many_at_once_arrive(
        self, notifier: Notifier, notice: Notice, received: Callable[[], list[str]] | None
    ) -> None:
        subjects = [f"contract: number {number:02}" for number in range(12)]
        with ThreadPoolExecutor(4) as pool:
            told = pool.map(
                lambda subject: notifier.notify(
                    replace(notice, id=f"{notice.id}/{subject}", subject=subject)
                ),
                subjects,
            )
        assert list(told) == [None] * 12
        if received is not None:
            arrived = received()
            assert [one for one in subjects if not any(one in text for text in arrived)] == []

    def test_a_channel_that_is_down_says_so(self, down: Notifier | None, notice: Notice) -> None:
        if down is None:
            pytest.skip("there is none that is down")
        with pytest.raises(ToolError) as caught:
            down.notify(notice)
        assert str(caught.value)
        assert "\n" not in str(caught.value)
