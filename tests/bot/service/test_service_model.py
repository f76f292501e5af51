"""Random histories: what the service counts equals what a plain model of the rules counts."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from service_world import OWNER, START, World, group, open_world, period, person, private

from bot.model import Sightings, Sms
from bot.service.types import Chat, Outcome, Person

PEOPLE = [person(1), person(2), person(3), person(4), OWNER]
CHATS = [group(1), group(2), private(1)]
TEXTS = ["scam 请登录 aaa.top 办理", "suspicious 请登录 bbb.top 办理", "verify 请登录 aaa.top 查询"]
DOMAINS = ["aaa.top", "bbb.top", "aaa.top"]


@dataclass
class Word:
    kind: str
    who: Person
    where: Chat
    text: int
    admin: bool
    at: int


@dataclass
class Model:
    """The rules in the plainest words."""

    words: list[Word] = field(default_factory=list)
    checks: list[tuple[Chat, int]] = field(default_factory=list)

    def last_of(self, who: Person, where: Chat, text: int) -> Word | None:
        own = [w for w in self.words if (w.who, w.where, w.text) == (who, where, text)]
        return own[-1] if own else None

    def say(self, word: Word) -> bool:
        last = self.last_of(word.who, word.where, word.text)
        if last is not None and last.kind == word.kind:
            return False
        self.words.append(word)
        return True

    def standing(self, text: int) -> list[Word]:
        return [w for w in self.words if w.text == text and self.last_of(w.who, w.where, w.text) is w]

    def everybody(self, text: int) -> bool:
        words = self.standing(text)
        owner = [w.kind for w in words if w.who == OWNER]
        if owner:
            return owner[-1] == "report"
        reports = [w for w in words if w.kind == "report"]
        return len({w.who for w in reports}) >= 3 and len({w.where for w in reports}) >= 2

    def confirmed(self, text: int, where: Chat) -> bool:
        everybody = self.everybody(text)
        if not where.group:
            return everybody
        here = [w for w in self.standing(text) if w.where == where]
        admins = [w.kind for w in here if w.admin]
        if admins:
            return admins[-1] == "report"
        return everybody or any(w.kind == "report" and TEXTS[text].startswith("scam") for w in here)

    def sightings(self, text: int) -> Sightings:
        owner = [w.kind for w in self.standing(text) if w.who == OWNER]
        if owner and owner[-1] == "correction":
            return Sightings()
        reports = [w for w in self.standing(text) if w.kind == "report"]
        people, chats = {w.who for w in reports}, {w.where for w in reports}
        return Sightings(len(people), len(chats), owner=bool(owner))

    def report(self, where: Chat, since: int, until: int) -> tuple[int, int, int, int, set[str]]:
        scams: dict[int, int] = {}
        first: dict[str, int] = {}
        corrections = 0
        for text in range(len(TEXTS)):
            here = [w for w in self.standing(text) if w.where == where]
            corrections += sum(w.kind == "correction" and since <= w.at < until for w in here)
            if not self.confirmed(text, where):
                continue
            for word in (w for w in here if w.kind == "report" and w.at < until):
                first[DOMAINS[text]] = min(first.get(DOMAINS[text], word.at), word.at)
                if word.at >= since:
                    scams[text] = scams.get(text, 0) + 1
        checks = sum(chat == where and since <= at < until for chat, at in self.checks)
        new = {domain for domain, at in first.items() if at >= since}
        return checks, len(scams), sum(scams.values()) - len(scams), corrections, new

    def forget(self, who: Person) -> None:
        self.words = [w for w in self.words if w.who != who]


STEP = st.tuples(
    st.sampled_from(["report", "report", "correction", "forget"]),
    st.integers(0, len(PEOPLE) - 1),
    st.integers(0, len(CHATS) - 1),
    st.integers(0, len(TEXTS) - 1),
    st.booleans(),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(STEP, max_size=25))
def test_random_histories(steps: list[tuple[str, int, int, int, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_play(Path(folder) / "z.db", steps))


async def _play(path: Path, steps: list[tuple[str, int, int, int, bool]]) -> None:
    model = Model()
    async with open_world(path) as world:
        for hour, (kind, who, where, text, admin) in enumerate(steps):
            world.clock.now = START + timedelta(hours=hour)
            if kind in {"report", "correction"}:
                word = Word(kind, PEOPLE[who], CHATS[where], text, admin and CHATS[where].group, hour)
                await _say(world, model, word)
            elif kind == "forget":
                await world.service.forget(PEOPLE[who])
                model.forget(PEOPLE[who])
        for text in range(len(TEXTS)):
            assert await world.service.sightings(Sms(TEXTS[text])) == model.sightings(text)
        half = len(steps) // 2
        for chat in CHATS[:2]:
            for since, until in ((0, 100), (0, half), (half, 100)):
                asked = period(START + timedelta(hours=since), START + timedelta(hours=until))
                found = await world.service.report(chat, asked)
                told = found.totals
                counted = (told.checks, told.scams, told.repeats, told.corrections, set(found.domains))
                assert counted == model.report(chat, since, until)


async def _say(world: World, model: Model, word: Word) -> None:
    model.checks.append((word.where, word.at))
    new = model.say(word)
    use = world.confirm if word.kind == "report" else world.dispute
    result = await use(TEXTS[word.text], word.who, word.where, admin=word.admin)
    assert result.outcome is (Outcome.RECORDED if new else Outcome.ALREADY)
    assert result.confirmed == model.confirmed(word.text, word.where)
