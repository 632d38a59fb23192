"""What a window is about: all that rules and the consent timeline ask of one."""

from typing import NamedTuple


class Screen(NamedTuple):
    """What a window is about."""

    policy: bool
    """Names a privacy policy."""
    titled: bool
    """Names it in its title; without one, in its links or first text."""
    separate: bool
    """Says that it requests one thing separately."""
    explicit: frozenset[str]
    """Special categories of data to which alone it asks to agree."""
    accepts: tuple[str, ...]
    rejects: tuple[str, ...]
    topics: frozenset[str]
    """``share``, ``personalisation``, ``ai_training``, ``marketing``, ``sensitive`` as far as named."""
    types: frozenset[str]
    asks: bool
    """Has a control that agrees or refuses, or is a notice with few controls, whatever their words."""
    prechecked: bool
    login_consent: bool
    """Says that signing in or going on is consent, and has no control that agrees without ambiguity."""
    vague: bool
    reward: bool
    reasons: bool
    """States what something is for."""
    head_topics: frozenset[str]
    """Topics of the title alone."""
    head_types: frozenset[str]
    head_separate: bool
    clear_accept: bool
    """Has a control that agrees without ambiguity."""
    bundle: frozenset[str]
    """Topics also covered by its agreement to the policy: named, and without their own box or switch here."""
    words: str
    unknown: tuple[str, ...] = ()
    """Buttons whose words are not known here."""
    withdraws: bool = False
    """Asks whether to withdraw a consent: in its title, a short text or on a button."""
    speaks: bool = False
    """Speaks of data or terms, names a document or has a link: may ask for a consent in words that are not known."""
    relates: bool = False
    """Says what the app does with what is the user's, or asks for something of it, and offers nothing."""
    requests: bool = False
    """Says what is done with the kinds of data that it names, or speaks of data otherwise."""
    everyday: bool = False
    """Is about something else (an update, a rating, an order) by its title or controls, and does not mention data or
    terms."""
    prose: int = 0
    """Length of its longest text, in characters of plain text (a Latin one counts half)."""
    rationale: bool = False
    """Only states what a permission is for, before the system asks."""
    links: frozenset[str] = frozenset()
    controls: frozenset[str] = frozenset()
    """The words of its buttons."""
    choices: tuple[tuple[str, bool], ...] = ()
    """Its boxes and switches that can be left out, by their words, and where they stood when it was first seen."""
    platform: bool = False
    """Speaks as a consent platform does: it asks for what rests on consent (advertising, measurement, partners), not
    for what a function needs that the user asks for."""
    senders: tuple[str, ...] = ()
    """Its controls that send off what its boxes say."""
    insists: bool = False
    """Says what cannot be done without agreeing, or asks whether somebody who refuses means to leave."""
    leaving: bool = False
    """Asks whether somebody means to leave, or to refuse: an affirmative answer refuses."""
    purchase: bool = False
    """Sells something (a subscription, a trial): its answer is about that, unless it asks for data as well."""
    proposed: bool = False
    """Somebody else offers something (a friend, a caller, a group): its answer is about that, whatever it names."""
    refers: bool = False
    """Only points to the policy, and agrees to terms at most."""
    told: bool = False
    """Says so of the policy or of personal data in a sentence, not by a link alone."""
    texts: int = 0
    """Number of texts it shows besides its title and its buttons."""
    ticked: str = ""
    """Whether a box that is drawn, or only says that something was read, is ticked: as ``drawn.ticked``."""
    agreeing: frozenset[str] = frozenset()
    """Of its controls those of which it says that a tap on them agrees, in plain words."""
    contrary: frozenset[str] = frozenset()
    """Of its controls those that are the contrary of another, in words that are not known."""
    layer: str = ""
    """Of what it is the second layer: see ``Layers``."""
    headed: bool = False
    """Names the policy in its title."""
    agreement: str = ""
    """The one sentence that says that somebody agrees to the policy, beside which a box may stand."""

    @property
    def sends(self) -> bool:
        """Has a control that sends off what its boxes say."""
        return bool(self.senders)

    @property
    def refuses(self) -> bool:
        """Has a control that refuses, or boxes that can be left out and are sent off."""
        return bool(self.rejects or (self.sends and self.choices))

    @property
    def answers(self) -> tuple[str, ...]:
        """Its controls that may agree. Beside one that does, and an explicit request, those in other words are of the
        page that it is drawn into."""
        return self.accepts if self.explicit and self.accepts else (*self.accepts, *self.unknown)

    @property
    def lone(self) -> bool:
        """Has a single control besides those that lead elsewhere, and it does not refuse: no other answer is offered,
        whatever its words."""
        return not self.refuses and not self.choices and len(self.answers) == 1

    @property
    def goes_on(self) -> bool:
        """Has a control that agrees, or one that is taken for it as there is no other."""
        return bool(self.accepts) or self.lone

    @property
    def refusable(self) -> bool:
        """Has exactly one control besides those that refuse or lead elsewhere."""
        return bool(self.rejects) and len(self.answers) == 1
